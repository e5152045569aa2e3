"""Which language is spoken, and how many speak another than English."""

from __future__ import annotations

import pytest

from persona_core import load
from persona_core.synthesis.language import other_languages

ENGLISH = ["I find that the bus is late most days", "It takes too long and it is cold"]
GERMAN = [
    "Der Bus ist nicht pünktlich und zu voll",
    "Es dauert mir zu lange, aber das ist auch nicht so wichtig",
]


def survey(english: int, german: int) -> bytes:
    """A survey of so many people."""
    said = [ENGLISH[i % 2] for i in range(english)] + [GERMAN[i % 2] for i in range(german)]
    rows = (f'P{i:02},"{words}, number {i}"\n' for i, words in enumerate(said))
    return ("participant,What do you think of the bus?\n" + "".join(rows)).encode()


@pytest.mark.parametrize(
    ("english", "german", "said"),
    [
        (20, 0, None),
        (18, 2, None),
        (16, 4, "4 of 20 participants seem to be in German"),
        (12, 8, "8 of 20 participants seem to be in German"),
        (2, 18, "the sources seem to be in German"),
    ],
)
def test_a_considerable_share_is_counted(english: int, german: int, said: str | None) -> None:
    """From a fifth of the participants on, another language is said with their number; nearly all is all."""
    assert other_languages(load([("survey.csv", survey(english, german))])) == said


def test_one_participant_in_two_languages() -> None:
    """Who changes the language is counted by segments."""
    turns = "".join(f"Interviewer: And then?\nP1: {words}.\n" for words in [*ENGLISH * 3, *GERMAN])
    assert other_languages(load([("a.txt", turns.encode())])) == "2 of 8 longer segments seem to be in German"


def test_what_is_asked_does_not_count() -> None:
    """An interviewer's language is not the participants'."""
    turns = "".join(f"Interviewer: {words}?\nP1: {ENGLISH[0]}.\n" for words in GERMAN * 4)
    assert other_languages(load([("a.txt", turns.encode())])) is None


def test_letters_that_english_has_not() -> None:
    """A language that is not listed is another than English all the same."""
    said = other_languages(
        load([("a.txt", ("Автобус всегда опаздывает, и зимой очень холодно. " * 8).encode())])
    )
    assert said == "the sources seem to be in a language other than English"
