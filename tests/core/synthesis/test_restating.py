"""First person to third: right, or not at all."""

from __future__ import annotations

import pytest

from persona_core.synthesis.candidates import Candidate, question_frame
from persona_core.synthesis.cues import hits
from persona_core.synthesis.describing import as_claim
from persona_core.synthesis.extractive.restating import quote_span, restate
from persona_core.text import content_stems


def candidate(sentence: str, question: str = "") -> Candidate:
    """A sentence as gathering makes it."""
    found = tuple(hits(sentence))
    return Candidate(
        0,
        (0, len(sentence)),
        0,
        sentence,
        tuple(content_stems(sentence)),
        found,
        question_frame(question) if question else None,
    )


@pytest.mark.parametrize(
    ("facet", "sentence", "restated"),
    [
        (
            "goals",
            "I want to know the price before I set off.",
            "Wants to know the price before they set off",
        ),
        ("goals", "We're trying to cut down the paperwork.", "Is trying to cut down the paperwork"),
        (
            "needs",
            "I need to know the lift works before I leave my house.",
            "Needs to know the lift works before they leave their house",
        ),
        ("needs", "I'd like a receipt for my own records.", "Would like a receipt for their own records"),
        (
            "pain_points",
            "I'm worried about paying twice by mistake.",
            "Is worried about paying twice by mistake",
        ),
        ("pain_points", "I can't rely on the times on nights.", "Can't rely on the times on nights"),
        (
            "behaviours",
            "I always check the board before I go down.",
            "Always checks the board before they go down",
        ),
        ("behaviours", "I do use the printed timetable on Sundays.", "Uses the printed timetable on Sundays"),
        ("motivations", "I love working with my hands all day.", "Loves working with their hands all day"),
        ("context", "I work as a nurse on nights.", "Works as a nurse on nights"),
    ],
)
def test_a_safe_sentence_is_restated(facet: str, sentence: str, restated: str) -> None:
    """The verb and the pronouns change, and nothing else."""
    assert restate(candidate(sentence), facet) == restated


@pytest.mark.parametrize(
    ("facet", "sentence"),
    [
        ("behaviours", "I check the board and I write it down and ask again."),
        ("needs", "I need you to tell me when your lift is broken."),
        ("needs", "I need it to work whenever they say."),
        ("goals", "I want to tell her that he was right."),
        ("behaviours", "I checked the board and wrote it down."),
        ("motivations", "I love it."),
    ],
)
def test_an_unsafe_sentence_is_left_as_it_was_said(facet: str, sentence: str) -> None:
    """Second persons, other people, dangling pronouns and coordinated verbs are not restated."""
    assert restate(candidate(sentence), facet) is None


def test_a_short_answer_stands_behind_what_its_question_asks() -> None:
    """A survey's scrap becomes a claim by its question."""
    question = "What makes it difficult to use?"
    assert restate(candidate("Version control.", question), "pain_points") == "Difficulty: version control"
    assert restate(candidate("GitHub support", question), "pain_points") == "Difficulty: GitHub support"


def test_a_quote_loses_its_opening_fillers_and_nothing_else() -> None:
    """What is quoted stands in the sentence as it is."""
    said = candidate("Well, you know, I check the board before I go down.")
    span = quote_span(said)
    assert span is not None
    assert said.text[slice(*span)] == "I check the board before I go down."


def test_a_long_quote_ends_at_a_clause() -> None:
    """A quote of over forty words is cut where a clause ends, never inside one."""
    long = (
        "I check the board before I go down, "
        + "and then I walk past the bakery and the bank and the little park with the pond, " * 4
        + "and that is that."
    )
    said = candidate(long)
    span = quote_span(said)
    assert span is not None
    assert 8 <= len(said.text[slice(*span)].split()) <= 42
    assert said.text[span[1]] in ", "


def test_a_claim_is_one_line_with_a_capital() -> None:
    """Line breaks inside a quote do not reach a claim's text."""
    assert as_claim("we missed\nthe  tram,") == "We missed the tram"
