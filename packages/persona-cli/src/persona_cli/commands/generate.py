"""`persona generate`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import anyio
import click
from click.core import ParameterSource

from persona_cli import engine, keeping, output, preview, remote, showing
from persona_cli.commands import _options
from persona_core.errors import GenerationError, LoadError
from persona_core.loading import load
from persona_core.loading.files import Given
from persona_core.models import Corpus, LoadingOptions, Notice, PersonaSet, SynthesisOptions
from persona_core.models.events import Event
from persona_core.models.job import ReadingOptions
from persona_core.models.persona import Withdrawal
from persona_core.pipeline import generate, honouring
from persona_core.pipeline.reporting import pages_of_a_run, revealing
from persona_core.runs import (
    Manifest,
    input_of,
    inputs_of,
    left_over,
    read_personas,
    run_folder,
    to_json,
    versions,
    write_run,
)

OFFLINE = engine.OFFLINE
_PARTIAL = 5
"""Exit code where some personas could not be made."""
_RUNS = Path("persona-runs")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for."""

    given: list[Given]
    reading: ReadingOptions
    synthesis: SynthesisOptions
    participants: Path | None
    folder: Path | None
    force: bool
    resume: bool
    choice: engine.Choice
    arguments: Mapping[str, Any]
    started: datetime
    server: str | None = None
    honoured: Mapping[str, Any] = field(default_factory=dict)
    """Who withdrew from the run that is replaced, as loading options."""
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def loading(self) -> LoadingOptions:
        """How sources are read, as `load` takes it."""
        return self.reading.loading(self.honoured)


@dataclass(frozen=True, slots=True)
class _Made:
    """What came of a request."""

    personas: PersonaSet
    egress: tuple[Mapping[str, Any], ...]
    prompts: Mapping[str, str]
    failure: GenerationError | None
    """Why some personas could not be made."""
    lost: int = 0
    """Calls whose answers did not arrive."""


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
    default=OFFLINE,
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
        made, notices = _make(request)
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


def _make(request: Request) -> tuple[_Made, tuple[Notice, ...]]:
    """Load, synthesise and write; where there is a folder, it is whole at the end or absent.

    Gives what was made, and what a reader must know of it and of the sources.
    """
    opened = (
        run_folder(request.folder, force=request.force, resume=request.resume)
        if request.folder
        else nullcontext()
    )
    with opened as folder:
        with output.progress() as told:
            corpus, request, gone = _timed(request, "loading", partial(_read, request, told))
        made = _timed(request, "synthesis", partial(_synthesised, corpus, request, folder))
        if gone:
            made = replace(made, personas=made.personas.model_copy(update={"withdrawn": gone}))
        to_read = None
        if folder is not None:
            pages = pages_of_a_run(made.personas, corpus)
            write_run(folder, made.personas, _manifest(request, corpus, made), pages)
            to_read = revealing(pages.values(), corpus)
    return made, (*_notices(corpus, made.personas), *([to_read] if to_read is not None else []))


def _read(request: Request, told: output.Progress) -> tuple[Corpus, Request, tuple[Withdrawal, ...]]:
    """Load the sources; without those who withdrew from a run of them that is replaced, whose tombstones stay."""
    before = _replaced(request)

    def reading(recorded: Mapping[str, Any]) -> Corpus:
        options = request.reading.loading(recorded)
        return load(request.given, options, participants=request.participants, progress=told)

    if before is None or not before.withdrawn:
        return reading({}), request, ()
    codes = ", ".join(each.participant for each in before.withdrawn)
    if request.server is not None:
        raise click.UsageError(
            f"{codes} withdrew from {request.folder}, and the server would be sent their words: take these out of the "
            "sources, and give another folder"
        )
    found = honouring(before, reading)
    if found is None:
        output.say(f"Note: {codes} withdrew from the run that is replaced, which was made of other sources.")
        return reading({}), request, ()
    output.say(f"Note: {codes} withdrew from the run that is replaced, and stays out of this one.")
    corpus, honoured = found
    return corpus, replace(request, honoured=honoured), before.withdrawn


def _replaced(request: Request) -> PersonaSet | None:
    """The personas in the folder that `--force` replaces."""
    if request.folder is not None and request.force:
        with suppress(LoadError):
            return read_personas(request.folder)
    return None


def _notices(corpus: Corpus, personas: PersonaSet) -> tuple[Notice, ...]:
    return tuple(dict.fromkeys((*personas.warnings, *corpus.notices)))


def _synthesised(corpus: Corpus, request: Request, folder: Path | None) -> _Made:
    if request.server is None:
        return anyio.run(_generate, corpus, request, folder)
    return _generate_there(corpus, request, request.server)


async def _generate(corpus: Corpus, request: Request, folder: Path | None) -> _Made:
    async with AsyncExitStack() as stack:
        chosen = await engine.build(request.choice, corpus, folder, request.started, stack)
        journal = chosen.journal
        failure = None
        with output.progress() as told:
            try:
                personas = await generate(
                    corpus,
                    chosen.synthesiser,
                    request.synthesis,
                    on_event=partial(_pass_on, told),
                    loading=request.loading,
                    now=chosen.began,
                    usage=None if journal is None else lambda: journal.usage,
                )
            except GenerationError as error:
                if not isinstance(error.partial, PersonaSet):
                    raise
                personas, failure = error.partial, error
        lost = 0 if journal is None or request.choice.replay else journal.lost
        return _Made(personas, chosen.egress(corpus), chosen.prompts(), failure, lost)


def _generate_there(corpus: Corpus, request: Request, server: str) -> _Made:
    choice, options = request.choice, request.synthesis
    failure = None
    calling = {name: getattr(choice, name) for name in engine.CALLING if name != "yes"}
    with remote.server(server, corpus, yes=choice.yes) as client, output.progress() as told:
        try:
            personas: PersonaSet = client.generate(
                list(request.given),
                count=options.count,
                seed=options.seed,
                model=choice.model,
                participants=request.participants or (),
                group_by=options.group_by,
                on_event=partial(_pass_on, told),
                **request.reading.model_dump(),
                **calling,
            )
        except GenerationError as error:
            if not isinstance(error.partial, PersonaSet):
                raise
            personas, failure = error.partial, error
    left = {
        "host": remote.name_of(server),
        "model": choice.model,
        "segments": len(corpus),
        "pseudonymised": False,
    }
    return _Made(personas, (left,), {}, failure)


def _pass_on(told: output.Progress, event: Event) -> None:
    """Tell the display how far a stage is, what it cost and who has appeared."""
    if event.type == "generation.progress":
        told(event.data["stage"], event.data["done"], event.data["of"], event.data.get("cost_usd"))
    elif event.type == "persona.created":
        told.line(f"{event.data['persona']['name']}: {event.data['persona']['title']}")


def _timed(request: Request, stage: str, work: Callable[[], Made]) -> Made:
    begun = time.perf_counter()
    done = work()
    request.timings[stage] = round(time.perf_counter() - begun, 3)
    return done


def _manifest(request: Request, corpus: Corpus, made: _Made) -> Manifest:
    return Manifest(
        versions=versions(),
        arguments=request.arguments,
        loading=request.loading,
        inputs=inputs_of(request.given, corpus, request.participants),
        participants_file=input_of(request.participants) if request.participants else None,
        started_at=request.started,
        timings=request.timings,
        generation=made.personas.generation,
        prompts=made.prompts,
        egress=made.egress,
        warnings=_notices(corpus, made.personas),
    )


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
