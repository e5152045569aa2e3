"""The compositions everyone calls."""

from contextlib import aclosing
from datetime import UTC, datetime

import anyio
import pytest

from persona_core.errors import GenerationError
from persona_core.models import LoadingOptions, PersonaSet, SynthesisOptions
from persona_core.models.persona import Usage
from persona_core.pipeline import generate, stream
from persona_core.testing import sample_corpus

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
pytestmark = pytest.mark.anyio


class Scripted:
    """A synthesiser that gives back what it was told to."""

    name = "scripted"

    def __init__(self) -> None:
        self.asked: list[SynthesisOptions] = []

    async def synthesise(self, corpus, options, told=None, created=None):
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
    await generate(sample_corpus(), mine, SynthesisOptions(count=7), on_event=heard.append)
    assert mine.asked == [SynthesisOptions(count=7)]
    assert [event.type for event in heard] == [
        "generation.started",
        "generation.progress",
        "generation.completed",
    ]
    assert heard[1].data == {"stage": "personas", "done": 1, "of": 1}


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


async def test_a_stream_gives_every_event_once_and_in_order():
    """Events are numbered from 1 without gaps, and each persona stands in its own."""
    events = [event async for event in stream(sample_corpus(), options=SynthesisOptions(count=2))]
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert events[0].type == "generation.started"
    assert events[-1].type == "generation.completed"
    made = [event.data["persona"]["id"] for event in events if event.type == "persona.created"]
    assert made == ["persona-001", "persona-002"]


async def test_a_stream_that_fails_says_so_and_raises():
    """The last event is the failure; then the error itself comes."""
    events = []

    async def listen():
        async for event in stream(sample_corpus(), options=SynthesisOptions(count=50)):
            events.append(event)

    with pytest.raises(GenerationError, match="at most 6"):
        await listen()
    assert events[-1].type == "generation.failed"


async def test_a_stream_that_is_closed_stops_the_work():
    """Who leaves early leaves nothing running."""
    waiting = Scripted()

    async def forever(corpus, options, told=None, created=None):
        told("personas", 0, 1)
        await anyio.sleep_forever()

    waiting.synthesise = forever
    with anyio.fail_after(5):
        async with aclosing(stream(sample_corpus(), waiting)) as events:
            async for event in events:
                if event.type == "generation.progress":
                    break


async def test_what_was_made_before_a_failure_is_stamped_too():
    """A partial set says when it was made."""
    mine = Scripted()

    async def half(corpus, options, told=None, created=None):
        raise GenerationError("one of two failed", partial=PersonaSet())

    mine.synthesise = half
    with pytest.raises(GenerationError) as raised:
        await generate(sample_corpus(), mine, now=NOON)
    assert raised.value.partial.generation.generated_at == NOON


async def test_whoever_knows_better_says_what_a_run_took():
    """The synthesiser knows nothing of answers that led nowhere; what was made before a failure says it, too."""
    took = Usage(prompt_tokens=7, completion_tokens=3, cost_usd=0.5)
    made = await generate(sample_corpus(), Scripted(), usage=lambda: took)
    assert made.generation.usage == took
    assert (await generate(sample_corpus(), Scripted())).generation.usage == Usage()
