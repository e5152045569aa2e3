"""The lexicon of cues: each row is one way of saying something, and one that only looks like it."""

from __future__ import annotations

import pytest

from persona_core.synthesis.cues import hits, plain

SAYS = [
    ("goals", "I want to get home without having to think about it."),
    ("goals", "We're hoping to open a second shop next year."),
    ("goals", "My main goal is to finish the course before the baby comes."),
    ("goals", "I am trying to cut down the paperwork."),
    ("goals", "Honestly, I just want to see what it costs before I go."),
    ("goals", "I don't want to lose the whole morning over it."),
    ("goals", "I think I'd love to learn how the others do it."),
    ("needs", "I need to know the lift works before I leave."),
    ("needs", "I wish it would tell me which door to stand at."),
    ("needs", "I'd like a receipt that I can print."),
    ("needs", "It would be really helpful if the map worked offline."),
    ("needs", "What I need is one number that somebody answers."),
    ("needs", "We could really use a second screen."),
    ("pain_points", "I find it hard to read the small print."),
    ("pain_points", "My biggest frustration is the waiting."),
    ("pain_points", "I'm worried about paying twice."),
    ("pain_points", "I get lost in the menus."),
    ("pain_points", "I can't rely on it on the morning I need it."),
    ("pain_points", "The worst part is that nobody tells you."),
    ("pain_points", "I don't trust the app with my card."),
    ("pain_points", "It keeps logging me out."),
    ("pain_points", "It's really frustrating when my ticket vanishes."),
    ("behaviours", "I always check the board before I go down."),
    ("behaviours", "I screenshot the ticket every morning."),
    ("behaviours", "We've been using a spreadsheet for years."),
    ("behaviours", "I tend to print everything."),
    ("behaviours", "My routine is tea first, then the timetable."),
    ("behaviours", "I don't use the search at all."),
    ("motivations", "I love seeing the children's faces."),
    ("motivations", "I care about getting it right."),
    ("motivations", "I'm proud of what we built."),
    ("motivations", "It gives me peace of mind."),
    ("motivations", "What keeps me going is the people."),
    ("context", "I work as a nurse on nights."),
    ("context", "I'm a bookkeeper."),
    ("context", "We live out by the reservoir."),
    ("context", "My team is spread over three towns."),
]
DOES_NOT = [
    ("goals", "Do you want to see it?", "a question"),
    ("goals", "If I want to go home early, I ask.", "a condition"),
    ("goals", "There are topics I want to write about.", "a relative clause"),
    ("goals", "He said I want to go home.", "somebody else's words"),
    ("goals", "They want to save money.", "not the speaker"),
    ("goals", "I want to add one more thing.", "talk about the talk"),
    ("needs", "I don't need a map.", "denied"),
    ("needs", "The data I need is not there.", "a relative clause"),
    ("needs", "When I need a break I go outside.", "a condition"),
    ("needs", "Kneading dough is fun.", "inside another word"),
    ("pain_points", "It isn't a problem for me.", "denied"),
    ("pain_points", "That's a pain point I never had.", "denied"),
    ("pain_points", "I'm not really worried about it.", "denied"),
    ("pain_points", "It helps me when I'm stuck.", "solved"),
    ("pain_points", "If I get stuck, I ask my sister.", "a condition"),
    ("pain_points", "Parking is difficult for people in general.", "not the speaker's"),
    ("behaviours", "People who I usually meet are kind.", "a relative clause"),
    ("motivations", "I like just deleted the file.", "a filler"),
    ("motivations", "People like me are rare.", "a comparison"),
    ("motivations", "I'd like a coffee.", "a wish"),
    ("context", "I'm a big fan of trams.", "no occupation"),
    ("context", "I'm a bit of a worrier.", "no occupation"),
]


@pytest.mark.parametrize(("facet", "sentence"), SAYS)
def test_a_cue_is_heard(facet: str, sentence: str) -> None:
    """Each of these says something of its kind."""
    assert facet in {hit.facet for hit in hits(sentence)}


@pytest.mark.parametrize(("facet", "sentence", "why"), DOES_NOT)
def test_what_only_looks_like_a_cue_is_not(facet: str, sentence: str, why: str) -> None:
    """None of these says something of its kind, for the reason given."""
    assert facet not in {hit.facet for hit in hits(sentence)}, why


def test_curly_apostrophes_are_heard_like_straight_ones() -> None:
    """A sentence says the same, however its apostrophes are written."""
    assert (
        [hit.facet for hit in hits("I’m worried about paying twice.")]
        == [hit.facet for hit in hits("I'm worried about paying twice.")]
        == ["pain_points"]
    )


@pytest.mark.parametrize("sentence", ["İ want to go", "ẞI need it", "I’d\u00a0like\na map", ""])
def test_plain_keeps_every_character_in_its_place(sentence: str) -> None:
    """Offsets into the plain sentence are offsets into the sentence."""
    assert len(plain(sentence)) == len(sentence)
