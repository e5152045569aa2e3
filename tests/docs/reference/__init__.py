"""The reference, written from the code: prose stands in the pages, and between two marks what the code says.

`python -m docs.reference` (in `tests`, or `make reference`) writes every page anew; a test fails where one is stale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from docs.reference import commands, dimensions, errors, events, files, requests, settings

ROOT = Path(__file__).parents[3]
FOLDERS = (ROOT / "docs" / "reference", ROOT / "docs" / "explanation")
BLOCKS: Mapping[str, Callable[[], str]] = {
    "commands": commands.commands,
    "dimensions": dimensions.dimensions,
    "error-tree": errors.tree,
    "errors": errors.errors,
    "event-headers": events.headers,
    "event-types": events.types,
    "events": events.events,
    "exit-codes": errors.exit_codes,
    "files-audit": files.audit,
    "files-evidence": files.evidence,
    "files-manifest": files.manifest,
    "files-permissive": files.permissive,
    "files-personas": files.personas,
    "files-scorecard": files.scorecard,
    "files-script": files.script,
    "levels": dimensions.levels,
    "model-settings": settings.models,
    "objects": requests.objects,
    "operations": requests.operations,
    "server-settings": settings.server,
    "settings": settings.command_line,
    "statuses": errors.statuses,
    "weights": dimensions.weights,
}
"""What the code says, by the name that a page's mark gives it."""
_MARKED = re.compile(
    r"^<!-- from the code: (?P<name>[\w-]+) -->\n.*?^<!-- end -->$", re.MULTILINE | re.DOTALL
)


@cache
def said(name: str) -> str:
    """What the code says under a name, made once."""
    return BLOCKS[name]().strip("\n")


def marked() -> dict[Path, str]:
    """Pages with marks, and their text."""
    pages = {
        page: page.read_text(encoding="utf-8") for folder in FOLDERS for page in sorted(folder.glob("*.md"))
    }
    return {page: text for page, text in pages.items() if _MARKED.search(text)}


def names_in(text: str) -> list[str]:
    """The names that a page's marks give."""
    return [each["name"] for each in _MARKED.finditer(text)]


def written(text: str) -> str:
    """A page with what the code says now."""
    return _MARKED.sub(
        lambda each: f"<!-- from the code: {each['name']} -->\n\n{said(each['name'])}\n\n<!-- end -->", text
    )
