"""From a corpus to personas, with events on the way."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import anyio

from persona_core.errors import PersonaError
from persona_core.models import (
    Corpus,
    LoadingOptions,
    PersonaSet,
    SynthesisOptions,
)
from persona_core.models.events import Event, EventType
from persona_core.models.persona import Persona, Usage
from persona_core.synthesis import Extractive, Synthesiser

Heard = Callable[[Event], None]


async def generate(
    corpus: Corpus,
    synthesiser: Synthesiser | None = None,
    options: SynthesisOptions | None = None,
    *,
    on_event: Heard | None = None,
    loading: LoadingOptions | None = None,
    now: datetime | None = None,
    usage: Callable[[], Usage] | None = None,
) -> PersonaSet:
    """Make personas of a corpus, offline where no synthesiser is given.

    `on_event` hears what happens, in order. `loading` is what the corpus was loaded with, kept so that whoever checks
    reads the sources the same way. `now` is what the set says of when it was made; without it the clock's time, to
    the second. `usage`, asked at the end, says what the run took, in place of the synthesiser, which knows nothing of
    answers that led nowhere. Raises GenerationError where no personas can be made of this corpus, with those that could in
    `partial`; ConfigurationError where the options ask for what the corpus cannot give; ProviderError where a model
    does not answer.
    """
    teller = _Teller(on_event, usage)
    options = options or SynthesisOptions()
    maker = synthesiser or Extractive()
    teller.tell("generation.started", synthesiser=maker.name, participants=len(corpus.people))
    try:
        made = await maker.synthesise(corpus, options, teller.progress, teller.created)
    except PersonaError as error:
        partial = getattr(error, "partial", None)
        if isinstance(partial, PersonaSet):
            error.partial = _stamped(partial, loading, now, usage)  # type: ignore[attr-defined]
        teller.tell("generation.failed", reason=str(error))
        raise
    except anyio.get_cancelled_exc_class():
        teller.tell("generation.cancelled")
        raise
    teller.tell("generation.completed", personas=len(made.personas))
    return _stamped(made, loading, now, usage)


async def stream(
    corpus: Corpus,
    synthesiser: Synthesiser | None = None,
    options: SynthesisOptions | None = None,
    *,
    loading: LoadingOptions | None = None,
) -> AsyncIterator[Event]:
    """Make personas and give the events as they happen; `persona.created` holds the persona.

    Close it (`contextlib.aclosing`) to stop the work before its end. Raises what `generate` raises, after
    `generation.failed`.
    """
    send, receive = anyio.create_memory_object_stream[Event](math.inf)
    failure: list[PersonaError] = []

    def heard(event: Event) -> None:
        with suppress(anyio.BrokenResourceError):  # who listened has left
            send.send_nowait(event)

    async def work() -> None:
        with send:
            try:
                await generate(corpus, synthesiser, options, on_event=heard, loading=loading)
            except PersonaError as error:
                failure.append(error)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(work)
        try:
            async for event in receive:
                yield event
        except GeneratorExit:  # closed early: it must not leave the group as an error of a task
            failure.clear()
        receive.close()
        tasks.cancel_scope.cancel()
    if failure:
        raise failure[0]


class _Teller:
    """Numbers events and passes them on."""

    def __init__(self, heard: Heard | None, usage: Callable[[], Usage] | None) -> None:
        self._heard, self._usage = heard, usage
        self._sequence = 0

    def tell(self, kind: EventType, **data: Any) -> None:
        if self._heard is not None:
            self._sequence += 1
            self._heard(Event(type=kind, sequence=self._sequence, data=data))

    def progress(self, stage: str, done: int, of: int) -> None:
        cost = None if self._usage is None or self._heard is None else self._usage().cost_usd
        so_far = {} if cost is None else {"cost_usd": cost}
        self.tell("generation.progress", stage=stage, done=done, of=of, **so_far)

    def created(self, persona: Persona) -> None:
        self.tell("persona.created", persona=persona.model_dump(mode="json"))


def _stamped(
    made: PersonaSet,
    loading: LoadingOptions | None,
    now: datetime | None,
    usage: Callable[[], Usage] | None,
) -> PersonaSet:
    """Say when a set was made, what it took, and how its sources were read."""
    known = {} if loading is None else loading.model_dump(mode="json", exclude_defaults=True)
    said: dict[str, Any] = {"generated_at": now or datetime.now(UTC).replace(microsecond=0)}
    if usage is not None:
        said["usage"] = usage()
    return made.model_copy(
        update={
            "corpus": made.corpus.model_copy(update={"loading": known}),
            "generation": made.generation.model_copy(update=said),
        }
    )
