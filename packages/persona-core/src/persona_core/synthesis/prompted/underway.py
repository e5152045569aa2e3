"""A synthesis under way: what its parts share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import TypeVar

import anyio

from persona_core.errors import PersonaError
from persona_core.models.completion import Completion, Prompt
from persona_core.models.corpus import Corpus
from persona_core.models.notice import Notice
from persona_core.models.options import SynthesisOptions
from persona_core.models.persona import Persona, Usage
from persona_core.provider import Provider
from persona_core.synthesis.prompted.failing import ends_the_run
from persona_core.synthesis.prompted.lines import Lines
from persona_core.synthesis.prompted.planning import Plan
from persona_core.verification import Finder

T = TypeVar("T")


class Metered:
    """A provider that keeps what each answer took, of those too that led nowhere."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._took: list[Usage] = []

    @property
    def model(self) -> str:
        """The model's name."""
        return self._provider.model

    @model.setter
    def model(self, name: str) -> None:
        self._provider.model = name

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer a prompt."""
        completion = await self._provider.complete(prompt)
        self._took.append(completion.usage)
        return completion

    @property
    def usage(self) -> Usage:
        """What all of it took, the same in whichever order the calls ended; an unknown cost makes the sum unknown."""
        costs = [each.cost_usd for each in self._took if each.cost_usd is not None]
        return Usage(
            prompt_tokens=sum(each.prompt_tokens for each in self._took),
            completion_tokens=sum(each.completion_tokens for each in self._took),
            cost_usd=fsum(costs) if len(costs) == len(self._took) else None,
        )


@dataclass(slots=True)
class Run:
    """One synthesis under way."""

    corpus: Corpus
    options: SynthesisOptions
    plan: Plan
    lines: Lines
    finder: Finder
    provider: Metered
    concurrency: int
    tell: Callable[[str, int, int], None]
    created: Callable[[Persona], None]
    notices: list[Notice] = field(default_factory=list)
    unread: list[PersonaError] = field(default_factory=list)
    """Why batches of segments could not be read."""


async def side_by_side(
    run: Run, stage: str, jobs: Sequence[Callable[[], Awaitable[T]]]
) -> list[T | PersonaError]:
    """Do jobs, so many at a time; an error of ours stands in the place of its result.

    Raises an error that ends the run, once what is under way has ended; no further job is begun then.
    """
    results: dict[int, T | PersonaError] = {}
    fatal: dict[int, PersonaError] = {}
    room = anyio.CapacityLimiter(run.concurrency)
    run.tell(stage, 0, len(jobs))

    async def one(place: int, job: Callable[[], Awaitable[T]]) -> None:
        async with room:
            if fatal:
                return
            try:
                results[place] = await job()
            except PersonaError as error:
                results[place] = error
                if ends_the_run(error):
                    fatal[place] = error
        run.tell(stage, len(results), len(jobs))

    async with anyio.create_task_group() as tasks:
        for place, job in enumerate(jobs):
            tasks.start_soon(one, place, job)
    if fatal:
        raise fatal[min(fatal)]
    return [results[place] for place in range(len(jobs))]
