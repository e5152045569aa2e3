"""How a corpus is put to a model."""

from __future__ import annotations

import pytest

from persona_core.errors import ConfigurationError
from persona_core.loading import load
from persona_core.models import Corpus, Role
from persona_core.models.completion import ModelLimits
from persona_core.synthesis.prompted.answers import MOST_OBSERVATIONS
from persona_core.synthesis.prompted.lines import Lines, clipped, tokens
from persona_core.synthesis.prompted.planning import plan, prompted_segments
from persona_core.testing import sample_corpus

SCRIPTS = {
    "English": "I take the tram to work and it is late more often than not. ",
    "Chinese": "我每天早上坐电车上班，可是车票总是打不开。",
    "Japanese": "毎朝電車で通勤していますが、切符がなかなか開きません。",
    "Korean": "저는 매일 아침 전차를 타고 출근하는데 표가 열리지 않아요. ",
    "Greek": "Παίρνω το τραμ κάθε πρωί και σχεδόν πάντα αργεί. ",
    "emoji": "Late 😀🚋🎫😀🚋🎫 ",
}


def interviews(*talks: str) -> Corpus:
    """One interview for each talk."""
    return load(
        [
            (f"P{n:02}.txt", f"Interviewer: And?\n\nParticipant: {talk}".encode())
            for n, talk in enumerate(talks)
        ]
    )


def large(people: int = 60) -> Corpus:
    """Interviews that do not fit a small context."""
    return interviews(*(f"Number {i}. {SCRIPTS['English'] * 24}" for i in range(people)))


def test_a_small_corpus_is_read_in_one_call() -> None:
    """Then there is one call for the archetypes and one for each persona."""
    found = plan(sample_corpus(), 3, ModelLimits(model="m", input_price=1.0, output_price=2.0))
    assert found.kind == "direct"
    assert [(stage.name, stage.calls) for stage in found.stages] == [("archetypes", 1), ("personas", 3)]
    assert found.cost_usd is not None
    assert 0 < found.cost_usd < 0.1


def test_a_large_one_is_read_in_batches_that_leave_nobody_out() -> None:
    """Every participant's words are in exactly one batch, and each batch fits the context."""
    corpus, limits = large(), ModelLimits(model="m", context=8000)
    found = plan(corpus, 4, limits)
    assert found.kind == "map-reduce"
    read = [piece for batch in found.batches for piece in batch]
    assert len(set(read)) == len(read)
    assert sorted({piece.position for piece in read}) == prompted_segments(corpus)
    for batch in found.batches:
        assert sum(piece.tokens for piece in batch) + found.answers["observe"] < limits.context


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_text_has_more_than_three_and_a_half_bytes_for_a_token_of_ours(script: str) -> None:
    """So that a price by bytes is a bound, and no script is taken for English."""
    text = SCRIPTS[script] * 10
    assert len(text.encode()) <= 3.5 * tokens(text)
    if script not in {"English", "Greek"}:
        assert tokens(text) >= sum(not each.isascii() for each in text)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_segment_larger_than_a_call_is_cut_into_pieces(script: str) -> None:
    """Together they are the whole of it, each fits, and none is empty."""
    talk = SCRIPTS[script] * 1500
    corpus = interviews(talk)
    limits = ModelLimits(model="m", context=8000)
    found = plan(corpus, 1, limits)
    pieces = [piece for batch in found.batches for piece in batch]
    lines = Lines(corpus)
    assert len(pieces) > 1
    assert max(piece.tokens for piece in pieces) <= found.piece_tokens
    whole = " ".join(talk.split())
    assert "".join(whole[piece.start : piece.end] for piece in pieces) == whole
    assert all(tokens(lines.text(piece)) <= found.piece_tokens for piece in pieces)


def test_a_piece_ends_behind_a_sentence_or_a_word() -> None:
    """Where there is one to end behind."""
    corpus = interviews(SCRIPTS["English"] * 600)
    position = prompted_segments(corpus)[0]
    lines = Lines(corpus)
    assert all(lines.text(piece).endswith(".") for piece in lines.pieces(position, 300))


def test_questions_count() -> None:
    """The wording of a survey's questions takes room, too, and a very long one is not sent whole."""
    asked = ",".join(f'"{n}. What do you think of {"this and that and " * 40}?"' for n in range(30))
    said = "I like my tram well enough, and number {} of its stops is where I get off to see friend {}"
    rows = "\n".join(f"P{i:02}," + ",".join(f'"{said.format(n, i)}"' for n in range(30)) for i in range(12))
    corpus = load([("survey.csv", f"participant,{asked}\n{rows}\n".encode())])
    lines = Lines(corpus)
    found = plan(corpus, 2, ModelLimits(model="m", context=8000))
    for batch in found.batches:
        questions = {corpus.columns.question[piece.position] for piece in batch}
        said = sum(tokens(lines.text(piece)) for piece in batch)
        assert (
            said + sum(tokens(lines.question(code)) for code in questions) < 8000 - found.answers["observe"]
        )
    assert max(tokens(lines.question(code)) for code in range(len(corpus.columns.questions))) <= 120


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_clipped_text_has_at_most_so_many_tokens(script: str) -> None:
    """And a short one stays as it is."""
    assert tokens(clipped(SCRIPTS[script] * 20, 50)) <= 50
    assert clipped("as it is", 50) == "as it is"


def test_interviewers_are_not_sent() -> None:
    """A model reads what participants said, and nothing else."""
    corpus = sample_corpus()
    assert {corpus.role(i) for i in prompted_segments(corpus)} == {Role.participant}


def test_an_unknown_price_is_unknown() -> None:
    """Not nothing."""
    found = plan(sample_corpus(), 1, ModelLimits(model="m"))
    assert (found.cost_usd, found.most_usd) == (None, None)


def test_the_researchers_groups_decide_how_many_are_written_and_nothing_is_read_before() -> None:
    """One persona call for each value, whatever count was asked for."""
    found = plan(sample_corpus(), 3, ModelLimits(model="m"), group_by="Occupation")
    assert [(stage.name, stage.calls) for stage in found.stages] == [("personas", 6)]


def test_a_context_that_is_too_small_is_refused_with_what_to_do() -> None:
    """Before anything is asked."""
    with pytest.raises(ConfigurationError, match=r"takes 2,000 tokens at once, too few.*--context"):
        plan(sample_corpus(), 1, ModelLimits(model="m", context=2000))


def test_a_batch_of_short_answers_holds_no_more_people_than_one_answer_can_note() -> None:
    """Of everybody up to three observations fit the most that an answer may hold."""
    rows = [f"r{n},I want cheaper tickets number {n}" for n in range(1500)]
    corpus = load([("short.csv", "\n".join(["participant,What would you change?", *rows]).encode())])
    found = plan(corpus, 3, ModelLimits(model="m"))
    people = [{corpus.columns.who[piece.position] for piece in batch} for batch in found.batches]
    assert max(map(len, people)) * 3 <= MOST_OBSERVATIONS
    assert sum(map(len, people)) == 1500
