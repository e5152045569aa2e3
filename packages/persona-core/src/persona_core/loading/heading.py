"""The `Key: value` lines above a transcript or a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from persona_core.loading import labels

_META_LINE = re.compile(
    r"^[ \t]*(?:[-*>][ \t]+)?(?:\*\*|__)?(?P<key>[^\W\d_][\w -]{0,30}?)(?:\*\*|__)?[ \t]*:[ \t]*(?:\*\*|__)?[ \t]*(?P<value>\S.*?)[ \t\r]*$"
)


def read_head(text: str) -> tuple[dict[str, str], int]:
    """Read the `Key: value` lines at the top; gives hints and where the body begins.

    Such lines are a head where one of their keys is no speaker (`Date`, `Duration`) and their values are short.
    """
    found: dict[str, str] = {}
    body = 0
    for start, end in _blocks(text):
        keys, stop = _head_lines(text, start, end)
        if keys and any(labels.is_metadata(key) for key in keys):
            found |= {key: value for key, value in keys.items() if key not in found}
            body = stop
        elif keys or stop < end:
            break
        if stop < end:
            break
    names = {
        "interviewer": ("interviewer", "moderator", "researcher", "facilitator"),
        "participant": ("participant", "respondent", "participant id", "pseudonym"),
    }
    return {name: found[key] for name, keys in names.items() for key in keys if key in found}, body


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """The first few stretches between blank lines."""
    start = 0
    for count, gap in enumerate(re.finditer(r"\n[ \t\r]*\n|\Z", text)):
        yield start, gap.start()
        start = gap.end()
        if count >= 8:
            return


def _head_lines(text: str, start: int, end: int) -> tuple[dict[str, str], int]:
    """The `Key: value` lines that open a block, below a title at most; and where they end."""
    keys: dict[str, str] = {}
    for line in text[start:end].splitlines(keepends=True):
        stripped = line.strip()
        match = _META_LINE.match(line.rstrip("\r\n"))
        if match and len(match["value"].split()) <= 6 and not match["value"].endswith((".", "?", "!")):
            keys.setdefault(match["key"].strip().lower(), match["value"].strip(" *_"))
        elif (
            stripped
            and not stripped.startswith(("#", "---", "===", "***"))
            and (keys or ":" in stripped or len(stripped.split()) > 10)
        ):
            return keys, start
        start += len(line)
    return keys, end
