"""Having a model judge personas: what leaves for it is said before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import anyio

from persona_cli import engine
from persona_core.models import Corpus, EvidenceReport, PersonaSet, Scorecard
from persona_core.models.corpus import Columns
from persona_core.pipeline import given_to_quality
from persona_core.pseudonyms import Pseudonyms
from persona_core.quality import Given
from persona_core.quality.judging import judge, question


def judged(
    card: Scorecard,
    made: PersonaSet,
    corpus: Corpus | None,
    report: EvidenceReport | None,
    values: Mapping[str, Any],
) -> Scorecard:
    """The scorecard with what the model of `--judge` says of each persona."""
    choice = engine.Choice.calling(values["judge"], values)
    given = given_to_quality(made, corpus, report)
    hide = _agreed(choice, given)
    return anyio.run(_judged, choice, card, given, hide)


def _agreed(choice: engine.Choice, given: Given) -> Callable[[str], str]:
    """Say what leaves for where; gives what takes out of a text what must not."""
    words = sum(_words(given, i) for i in range(len(given.personas)))
    people = f"{len(given.personas)} persona{'s' if len(given.personas) != 1 else ''} with their quotes"
    return engine.agreed(
        choice,
        f"{people}, {words:,} words",
        lambda: Pseudonyms(given.corpus or Corpus((), (), Columns())).hide,
    )


def _words(given: Given, i: int) -> int:
    checked = given.report.personas[i] if given.report else None
    asked = question(given.personas[i], given.corpus, checked, str)
    return len(asked.messages[-1].text.split())


async def _judged(
    choice: engine.Choice, card: Scorecard, given: Given, hide: Callable[[str], str]
) -> Scorecard:
    provider = engine.opened(choice)
    try:
        return await judge(provider, card, given, hide=hide, concurrency=choice.concurrency)
    finally:
        await provider.aclose()
