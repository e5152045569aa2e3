"""What speaks against a claim."""

from __future__ import annotations

import pytest

from persona_core.synthesis.candidates import Candidate
from persona_core.synthesis.extractive.opposing import oppose
from persona_core.text import content_stems


def said(sentence: str) -> Candidate:
    """A sentence as a candidate."""
    return Candidate(0, (0, len(sentence)), 0, sentence, tuple(content_stems(sentence)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I love the paper tickets from the machine.", "I hate paper tickets from that machine."),
        ("The lift information is easy to find.", "The lift information is not easy to find."),
        ("I always check the lift information.", "I never check the lift information."),
        ("I trust the departure times on the app.", "I don't trust the departure times on that app."),
    ],
)
def test_opposites_about_one_thing_oppose(one: str, other: str) -> None:
    """An opposite word, or the same one denied, near what both are about; whichever is said first."""
    assert oppose(said(one), said(other))
    assert oppose(said(other), said(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I love the paper tickets from the machine.", "I love paper tickets, the machine is handy."),
        ("I love the paper tickets.", "I hate the early trams."),
        ("I don't hate paper tickets from the machine.", "I love paper tickets from the machine."),
        ("I don't use the search too often.", "The search is helpful to find stops."),
        (
            "Paper tickets suit a machine for people like me.",
            "I dislike people at the ticket machine with paper tickets.",
        ),
    ],
)
def test_what_agrees_or_is_about_something_else_does_not(one: str, other: str) -> None:
    """Agreement, double denial and other subjects are no opposition."""
    assert not oppose(said(one), said(other))
