"""`persona generate`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from persona_cli import engine, keeping, output, preview, remote, showing
from persona_cli.commands import _options
from persona_cli.commands._making import Request, make
from persona_core.loading import load
from persona_core.models import PersonaSet, SynthesisOptions
from persona_core.runs import left_over, to_json

_PARTIAL = 5
"""Exit code where some personas could not be made."""
_RUNS = Path("persona-runs")


@click.command(
    "generate",
    epilog=_options.examples(
        "persona generate interviews/",
        "persona generate survey.csv --participants people.csv --dry-run",
        "persona generate interviews/ --model openai/gpt-5-mini --budget 2 --out run",
        "persona generate interviews/ --server http://localhost:8000",
    ),
)
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option(
    "-n", "--count", type=click.IntRange(1, 100), default=3, show_default=True, help="Personas wanted."
)
@click.option(
    "--model",
    default=engine.OFFLINE,
    show_default=True,
    help="What makes them: extractive, which works offline, or any litellm name, such as openai/gpt-5-mini.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Run folder.  [default: persona-runs/<UTC time>]",
)
@_options.as_json
@click.option(
    "--seed", type=int, default=0, show_default=True, help="The same seed and sources give the same personas."
)
@click.option("--dry-run", is_flag=True, help="Show who is who and what is read as what; make nothing.")
@click.option("--group-by", metavar="COLUMN", help="One persona for each of the researcher's own groups.")
@_options.loading
@_options.asking
@click.option(
    "--force", is_flag=True, help="Replace the run folder where there is one, once the new one is whole."
)
@_options.server
@_options.debug
@click.pass_context
def command(ctx: click.Context, /, sources: tuple[str, ...], **values: Any) -> None:
    """Make personas of SOURCEs: files, folders, or - for standard input.

    Writes a run folder with report.html and personas.md for people and personas.json for programs.
    """
    if not sources:
        raise click.UsageError("name the files or folders to read, for example: persona generate interviews/")
    _refuse_contradictions(values)
    request = _request(sources, values)
    if values["dry_run"]:
        _dry_run(request, as_json=values["as_json"])
        return
    if (
        request.server is None
        and request.choice.offline
        and ctx.get_parameter_source("model") is ParameterSource.DEFAULT
    ):
        output.say(
            "Working offline, without a model: claims are chosen from the participants' own words "
            "(choose a model with --model NAME, for example openai/gpt-5-mini)."
        )
    with keeping.said(request.folder):
        made, notices = make(request)
    _show(made.personas, request.folder, as_json=values["as_json"])
    showing.warnings(notices)
    keeping.say_what_was_lost(made.lost)
    if made.failure is not None:
        output.say(f"Error: {made.failure}; the rest is written")
        keeping.say_how_to_take_up(request.folder, made.failure)
        ctx.exit(_PARTIAL)


def _refuse_contradictions(values: Mapping[str, Any]) -> None:
    """Refuse what cannot go with `--resume`, which has a folder and a journal of its own, and with a server, which keeps its own."""
    if values["server"]:
        here = [f"--{name.replace('_', '-')}" for name in ("resume", "replay", "no_journal") if values[name]]
        if here:
            raise click.UsageError(
                f"{here[0]} is for runs made on this machine, not by the server {values['server']}"
            )
    if values["resume"] is None:
        return
    if values["replay"] or values["no_journal"]:
        other = "--replay" if values["replay"] else "--no-journal"
        raise click.UsageError(f"--resume takes up the run's own journal: leave out {other}")
    if values["out"] and values["out"].absolute() != values["resume"].absolute():
        raise click.UsageError("--resume writes the folder that it takes up: leave out --out")


def _request(sources: tuple[str, ...], values: Mapping[str, Any]) -> Request:
    started = datetime.now(UTC)
    out = values["resume"] or values["out"]
    folder = out or (None if values["as_json"] else _a_free_folder(started))
    return Request(
        given=_options.sources_of(sources),
        reading=_options.reading(values),
        synthesis=SynthesisOptions(count=values["count"], seed=values["seed"], group_by=values["group_by"]),
        participants=values["participants"],
        folder=folder,
        force=values["force"],
        resume=values["resume"] is not None,
        choice=engine.Choice.of(values),
        arguments=_arguments(sources, values),
        started=started,
        server=values["server"] or None,
    )


def _arguments(sources: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: str(value) if isinstance(value, Path) else value for name, value in values.items() if value}
    return {"sources": list(sources), **said}


def _a_free_folder(started: datetime) -> Path:
    """A folder named by the time, numbered where that second has one already."""
    name = _RUNS / started.strftime("%Y-%m-%dT%H-%M-%SZ")
    numbered = (name.with_name(f"{name.name}-{n}") for n in range(2, 1000))
    return next((each for each in (name, *numbered) if not each.exists() and not left_over(each)), name)


def _show(personas: PersonaSet, folder: Path | None, *, as_json: bool) -> None:
    if as_json:
        output.document(to_json(personas))
    else:
        showing.personas(personas)
    if folder is None:
        return
    if as_json:
        output.say(f"Written to {folder}.")
    else:
        output.show(f"Written to {folder}; open {folder / 'report.html'}, or read {folder / 'personas.md'}.")


def _dry_run(request: Request, *, as_json: bool) -> None:
    with output.progress() as told:
        corpus = load(request.given, request.loading, participants=request.participants, progress=told)
    if as_json:
        output.document(preview.document(corpus))
    else:
        where = engine.host(request.choice) if request.server is None else remote.name_of(request.server)
        preview.show(corpus, request.synthesis, request.folder, where)
        if (
            request.server is None
            and (planned := engine.planned(request.choice, corpus, request.synthesis)) is not None
        ):
            engine.show_plan(planned, request.choice)
    showing.warnings(corpus.notices)
