"""Names in small letters before a colon: speakers where that is clear, and said to be unclear where it is not."""

from __future__ import annotations

import pytest


def speakers(corpus):
    """Label and role of every speaker of the first source."""
    return {speaker.label: speaker.role.value for speaker in corpus.sources[0].speakers}


ASKS_AND_ANSWERS = "{asks}: how do you plan?\n{answers}: on paper.\n{asks}: why?\n{answers}: it stays put.\n{asks}: is that all?\n{answers}: it is all.\n"


@pytest.mark.parametrize(
    ("asks", "answers"),
    [
        ("anna kowalski", "ben"),
        ("anna", "ben o'neil"),
        ("éva", "józef"),
        ("interviewer", "anna"),
        ("Tess", "anna"),
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_names_in_small_letters_speak(study, said, asks, answers, gap):
    """Who asks and who answers is told by what they say, as it is of names with a capital."""
    corpus = study.of("a.txt", ASKS_AND_ANSWERS.format(asks=asks, answers=answers).replace("\n", gap))
    assert speakers(corpus) == {asks: "interviewer", answers: "participant"}
    assert said(corpus)[1] == ("participant", corpus.people[0].code, "on paper.")


def test_a_turn_in_small_letters_may_run_over_paragraphs(study, said):
    """What follows a turn without a label belongs to it."""
    text = ASKS_AND_ANSWERS.format(asks="anna", answers="ben").replace(
        "on paper.", "on paper.\n\nwith a pen."
    )
    assert "on paper.\n\nwith a pen." in [
        text for _, _, text in said(study.of("a.txt", text.replace("?\n", "?\n\n")))
    ]


def test_who_speaks_once_in_small_letters(study):
    """Where every line opens a turn, nobody's words are taken for those of who spoke before."""
    corpus = study.of(
        "a.txt", "anna: how was it?\nben: good.\nanna: and for you?\ncleo: fine.\nben: same here.\n"
    )
    assert set(speakers(corpus)) == {"anna", "ben", "cleo"}


def test_one_name_in_two_cases_is_one_speaker(study):
    """`anna:` among `Anna:` is a slip of the key."""
    corpus = study.of(
        "a.txt",
        "Anna: how was it?\nBen: good, all of it.\nanna: and then?\nBen: I left for home.\nAnna: why?\nBen: rain.\n",
    )
    assert speakers(corpus) == {"Anna": "interviewer", "Ben": "participant"}


def test_colleagues_in_small_letters_are_unattributed(study, codes):
    """Whole sentences by turns are talk though nobody asks, and whose words count is not known."""
    turns = "anna: we could move it to the second slot.\nben: that would be too late for the others.\n"
    corpus = study.of("a.txt", turns * 3)
    assert speakers(corpus) == {"anna": "unattributed", "ben": "unattributed"}
    assert "unattributed" in codes(corpus)


@pytest.mark.parametrize(
    "text",
    [
        "breakfast: eggs\nlunch: soup\nbreakfast: toast\nlunch: salad\n",
        "pro: it is quick and easy, I think\ncon: is it dear?\npro: it works well for all of us\ncon: it breaks\n",
        "note: it rained. why?\nnote: it rained again.\n",
        "10:30: standup with all?\n11:30: lunch\n10:30: standup\n11:30: lunch\n",
        "it was fine.\n\nplan: go there. why not?\n\nthen I left.\n\nplan: go home.\n\nit rained.\n\nplan: sleep.\n",
        "see https://example.com/a: it helps?\nsee https://example.com/b: it helps.\n",
        "what i liked: the view?\nwhat i missed: the sea.\nwhat i liked: the food.\nwhat i missed: the sun.\n",
    ],
    ids=["meals", "pros", "notes", "times", "one key in prose", "addresses", "headings"],
)
def test_keys_in_small_letters_are_no_speakers(study, text):
    """A list's keys, headings, times and addresses speak no words."""
    assert study.of("a.txt", text).sources[0].kind == "prose"


def test_a_list_in_an_answer_stays_in_it(study):
    """Between who asks and who answers a key in small letters is part of the answer."""
    turn = "AI: which ones?\nUser: two things.\nreach: wide, is it not\nweight: low\n"
    assert set(speakers(study.of("a.txt", turn * 2))) == {"AI", "User"}


@pytest.mark.parametrize(
    "text",
    [
        "anna: it is warm.\nben: it is.\nanna: very much.\nben: quite.\n",
        "will: how do you plan?\nanna: on paper.\nwill: why?\nanna: it stays put.\n",
    ],
    ids=["short and without a question", "a word that is no name"],
)
def test_what_is_unclear_is_said(study, text):
    """Labels that may be people are named, with the options that settle it; the options do."""
    corpus = study.of("a.txt", text)
    (notice,) = [notice for notice in corpus.notices if notice.code == "no_speakers"]
    assert "“anna”" in notice.message
    assert "--participant-label" in notice.message
    asks = text.split(":")[0] if text.startswith("will") else "ben"
    answers = "anna"
    told = study.of("b.txt", text, interviewers=(asks,), participants=(answers,))
    assert {speaker.role.value for speaker in told.sources[-1].speakers} == {"interviewer", "participant"}
