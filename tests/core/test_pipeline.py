"""The compositions everyone calls."""

from datetime import UTC, datetime

import pytest

from persona_core.models import LoadingOptions, PersonaSet, SynthesisOptions
from persona_core.pipeline import generate
from persona_core.testing import sample_corpus

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
pytestmark = pytest.mark.anyio


class Scripted:
    """A synthesiser that gives back what it was told to."""

    name = "scripted"

    def __init__(self) -> None:
        self.asked: list[SynthesisOptions] = []

    async def synthesise(self, corpus, options, told=None):
        self.asked.append(options)
        if told is not None:
            told("personas", 1, 1)
        return PersonaSet()


async def test_offline_without_a_synthesiser():
    """Without a synthesiser personas are made offline, and stamped with the moment that was given."""
    made = await generate(sample_corpus(), options=SynthesisOptions(count=2), now=NOON)
    assert (made.generation.synthesiser, made.generation.model) == ("extractive", None)
    assert made.generation.generated_at == NOON
    assert len(made.personas) == 2


async def test_any_synthesiser_will_do():
    """A synthesiser of one's own is handed the options and the progress."""
    mine, heard = Scripted(), []
    await generate(
        sample_corpus(), mine, SynthesisOptions(count=7), progress=lambda *told: heard.append(told)
    )
    assert mine.asked == [SynthesisOptions(count=7)]
    assert heard == [("personas", 1, 1)]


async def test_the_clock_is_asked_to_the_second():
    """A time that nobody gave is now, in UTC, without fractions."""
    made = await generate(sample_corpus(), Scripted())
    assert made.generation.generated_at.tzinfo is UTC
    assert made.generation.generated_at.microsecond == 0


async def test_how_the_sources_were_read_is_kept():
    """What the loading options say beyond the defaults goes into the personas."""
    made = await generate(sample_corpus(), Scripted(), loading=LoadingOptions(header_rows=1))
    assert made.corpus.loading == {"header_rows": 1}


async def test_the_same_seed_gives_the_same_personas():
    """Two runs over the same corpus are equal."""
    options = SynthesisOptions(count=2, seed=3)
    first, second = [await generate(sample_corpus(), options=options, now=NOON) for _ in range(2)]
    assert first == second
