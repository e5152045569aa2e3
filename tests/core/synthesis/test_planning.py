"""How a corpus is put to a model."""

from __future__ import annotations

from persona_core.loading import load
from persona_core.models import Corpus, Role
from persona_core.models.completion import ModelLimits
from persona_core.synthesis.planning import plan, prompted_segments, tokens
from persona_core.testing import sample_corpus


def large(people: int = 60) -> Corpus:
    """Interviews that do not fit a small context."""
    words = "I take the tram to work and it is late more often than not so I wait in the cold. " * 12
    return load(
        [
            (
                f"P{i:02}.txt",
                f"Interviewer: And?\n\nParticipant: Number {i}. {words}\n\nInterviewer: So?\n\nParticipant: {words}".encode(),
            )
            for i in range(people)
        ]
    )


def test_a_small_corpus_is_read_in_one_call() -> None:
    """Then there is one call for the archetypes and one for each persona."""
    found = plan(sample_corpus(), 3, ModelLimits(model="m", input_price=1.0, output_price=2.0))
    assert found.kind == "direct"
    assert [(stage.name, stage.calls) for stage in found.stages] == [("archetypes", 1), ("personas", 3)]
    assert found.cost_usd is not None
    assert 0 < found.cost_usd < 0.1


def test_a_large_one_is_read_in_batches_that_leave_nobody_out() -> None:
    """Every participant's segment is in exactly one batch, and each batch fits the context."""
    corpus, limits = large(), ModelLimits(model="m", context=8000)
    found = plan(corpus, 4, limits)
    assert found.kind == "map-reduce"
    assert sorted(i for batch in found.batches for i in batch) == prompted_segments(corpus)
    for batch in found.batches:
        assert (
            sum(tokens(corpus.columns.texts[i]) for i in batch)
            + found.stages[0].completion_tokens // len(found.batches)
            < limits.context
        )


def test_interviewers_are_not_sent() -> None:
    """A model reads what participants said, and nothing else."""
    corpus = sample_corpus()
    assert {corpus.role(i) for i in prompted_segments(corpus)} == {Role.participant}


def test_an_unknown_price_is_unknown() -> None:
    """Not nothing."""
    assert plan(sample_corpus(), 1, ModelLimits(model="m")).cost_usd is None
