"""`persona audit`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from persona_cli import output, remote, showing
from persona_cli.commands import _auditing, _material, _options
from persona_core.auditing import Auditor
from persona_core.errors import LoadError
from persona_core.models.audit import Audit
from persona_core.runs import to_json


@click.command(
    "audit",
    epilog=_options.examples(
        "persona audit prompt.txt --sources interviews/",
    ),
)
@click.argument("text", metavar="TEXTFILE")
@click.option(
    "--sources",
    multiple=True,
    required=True,
    metavar="SOURCE",
    help="File or folder of the study; repeat for more.",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=0.1,
    show_default=True,
    help="Say no above so much leakage.",
)
@click.option(
    "--k",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help="What so many participants said is nobody's.",
)
@_options.as_json
@_options.loading
@_options.server
@_options.yes
@_options.debug
def command(text: str, sources: tuple[str, ...], **values: Any) -> int:
    """Compare any text that is about to leave with the research material.

    TEXTFILE is a file in UTF-8, or - for standard input. Exits with 6 where it should not leave.
    """
    _options.read_once(text, *sources)
    content = _read(text)
    with output.progress() as told:
        found = _material.material(sources, values, told)
    audit = _audit(content, found, values)
    if values["as_json"]:
        output.document(to_json(audit))
    else:
        _auditing.show(audit, found.corpus)
    showing.warnings(found.corpus.notices)
    return 0 if audit.passed else _auditing.REFUSED


def _audit(content: str, found: _material.Material, values: Mapping[str, Any]) -> Audit:
    if not values["server"]:
        return Auditor(found.corpus, k=values["k"]).audit(content, threshold=values["threshold"])
    with remote.server(values["server"], found.corpus, yes=values["yes"]) as client:
        return client.audit(content, threshold=values["threshold"], k=values["k"], **found.asked())


def _read(text: str) -> str:
    try:
        data = sys.stdin.buffer.read() if text == "-" else Path(text).read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LoadError("is no text in UTF-8", path=text) from error
    except FileNotFoundError as error:
        raise LoadError("there is no such file", path=text) from error
    except OSError as error:
        raise LoadError("is no file that can be read", path=text) from error
