"""Making personas of what was asked for: sources read, personas made here or by a server, the run folder written."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import anyio
import click

from persona_cli import engine, output, remote
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
    read_personas,
    run_folder,
    versions,
    write_run,
)

T = TypeVar("T")


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
class Made:
    """What came of a request."""

    personas: PersonaSet
    egress: tuple[Mapping[str, Any], ...]
    prompts: Mapping[str, str]
    failure: GenerationError | None
    """Why some personas could not be made."""
    lost: int = 0
    """Calls whose answers did not arrive."""


def make(request: Request) -> tuple[Made, tuple[Notice, ...]]:
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


def _synthesised(corpus: Corpus, request: Request, folder: Path | None) -> Made:
    if request.server is None:
        return anyio.run(_here, corpus, request, folder)
    return _by_server(corpus, request, request.server)


async def _here(corpus: Corpus, request: Request, folder: Path | None) -> Made:
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
        return Made(personas, chosen.egress(corpus), chosen.prompts(), failure, lost)


def _by_server(corpus: Corpus, request: Request, server: str) -> Made:
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
    return Made(personas, (left,), {}, failure)


def _pass_on(told: output.Progress, event: Event) -> None:
    """Tell the display how far a stage is, what it cost and who has appeared."""
    if event.type == "generation.progress":
        told(event.data["stage"], event.data["done"], event.data["of"], event.data.get("cost_usd"))
    elif event.type == "persona.created":
        told.line(f"{event.data['persona']['name']}: {event.data['persona']['title']}")


def _timed(request: Request, stage: str, work: Callable[[], T]) -> T:
    begun = time.perf_counter()
    done = work()
    request.timings[stage] = round(time.perf_counter() - begun, 3)
    return done


def _manifest(request: Request, corpus: Corpus, made: Made) -> Manifest:
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
