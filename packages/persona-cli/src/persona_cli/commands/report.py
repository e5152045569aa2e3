"""`persona report`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import click

from persona_cli import output, showing
from persona_cli.commands import _material, _options
from persona_core.errors import CorpusMismatchError
from persona_core.limits import limits
from persona_core.models import Corpus, PersonaSet
from persona_core.pipeline.reporting import Format, report, revealing
from persona_core.rendering.audience import Audience

_FORMATS: Mapping[str, Format] = {
    ".html": "html",
    ".htm": "html",
    ".md": "md",
    ".markdown": "md",
    ".csv": "csv",
}


@click.command(
    "report",
    epilog=_options.examples(
        "persona report run -o report.html",
        "persona report run --format md --audience team -o -",
    ),
)
@click.argument("personas", metavar="PERSONAS")
@_options.sources
@click.option(
    "--audience",
    type=click.Choice(get_args(Audience)),
    default="share",
    show_default=True,
    help="share: nothing that says who somebody is; team: sources and places, too.",
)
@click.option(
    "-f",
    "--format",
    type=click.Choice(get_args(Format)),
    help="A page, prose, or a table.  [default: what FILE ends in, else html]",
)
@click.option(
    "-o",
    "--output",
    "file",
    required=True,
    type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="Where to write it; - for standard output.",
)
@_options.loading
@_options.debug
@click.pass_context
def command(ctx: click.Context, /, personas: str, sources: tuple[str, ...], **values: Any) -> None:
    """Write a report of PERSONAS: a poster for each, every claim with its quotes, and what they do not say.

    PERSONAS is a personas file, a run folder, or - for standard input. With the sources, quotes stand in the words
    around them, and the report is scored.
    """
    made = _material.personas_of(personas, sources)
    file: Path = values["file"]
    with output.progress() as told:
        corpus = _corpus(ctx, personas, made, sources, values, told)
        format = values["format"] or _FORMATS.get(file.suffix.lower(), "html")
        page = report(made, corpus, format=format, audience=values["audience"])
    if str(file) == "-":
        output.document(page.encode())
    else:
        file.write_bytes(page.encode())
        output.say(f"Written to {file}.")
    to_read = revealing([page], corpus) if corpus is not None and values["audience"] == "share" else None
    notices = (*made.warnings, *(corpus.notices if corpus is not None else ()))
    said = (*notices, *limits(made)) if format == "csv" else notices
    showing.warnings((*said, to_read) if to_read is not None else said)


def _corpus(
    ctx: click.Context,
    personas: str,
    made: PersonaSet,
    sources: tuple[str, ...],
    values: Mapping[str, Any],
    told: Any,
) -> Corpus | None:
    """The sources, where they are given or still stand where the run found them; a run is reported on without, too."""
    try:
        found = _material.material_of(ctx, personas, made, sources, values, told)
        corpus = found.corpus if found is not None else None
    except CorpusMismatchError as error:
        if sources:
            raise
        output.say(f"Note: {error}. The report is made without them (--sources says where they are now).")
        corpus = None
    if corpus is None:
        output.say(
            "Note: Without the sources quotes stand alone, evidence is not scored, and nobody looked for "
            "names or for words of those who did not allow to be quoted."
        )
    return corpus
