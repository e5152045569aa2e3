"""What a reader must know before they believe who is who."""

from __future__ import annotations

import pytest

from persona_core.errors import ConfigurationError

TALK = [
    "How do you plan the whole of your week?",
    "I plan it on paper, every single Sunday.",
    "Why would you still do it on paper?",
    "Because the app has lost my notes twice.",
    "What would help you the most, then?",
    "Something that works without a network.",
]
CUES = [f"00:0{i}:00.000 --> 00:0{i}:09.000\n{line}\n" for i, line in enumerate(TALK)]
VTT = "WEBVTT\n\n" + "\n".join(CUES)
SRT = "\n".join(f"{i + 1}\n{cue.replace('.000', ',000')}" for i, cue in enumerate(CUES))


def test_recorded_talk_without_speakers(study, codes):
    """Captions that ask and name nobody are one participant, and that is said; labelled ones are not doubted."""
    assert "no_speakers" in codes(study.of("a.vtt", VTT))
    told = "\n".join(f"{'Interviewer' if line.endswith('?') else 'P1'}: {line}" for line in TALK)
    assert "no_speakers" not in codes(study.of("b.txt", told))
    assert "no_speakers" not in codes(study.of("c.txt", "\n\n".join(TALK[1::2])))


def test_one_interview_in_two_forms(study, codes):
    """The same words in two files are said to count twice."""
    study.write("a.vtt", VTT)
    assert "same_words" not in codes(study.load())
    study.write("a.srt", SRT)
    assert "same_words" in codes(study.load())


def test_the_same_answers_in_a_table_are_no_doubt(study, codes):
    """Answers that many give alike make no two tables one."""
    for name in ("a.csv", "b.csv"):
        rows = "".join(f'{name[0]}{i},"{line}"\n' for i, line in enumerate(TALK[1::2]))
        study.write(name, f"participant,What would help?\n{rows}")
    assert "same_words" not in codes(study.load())


@pytest.mark.parametrize("options", [{"participant_column": "who"}, {"column_roles": {"who": "other"}}])
def test_a_column_that_no_table_has(study, options):
    """A column that no table has is refused with those that are there; one that some table has is not."""
    rows = "P1,An undo button for everything.\nP2,A faster search of my notes.\n"
    study.write("a.csv", f"participant,What would help?\n{rows}")
    with pytest.raises(ConfigurationError, match="no table has a column “who”; there are “participant”"):
        study.load(**options)
    study.write(
        "b.csv", "who,What else would help?\nP1,A night mode for my eyes.\nP2,A real export to paper.\n"
    )
    assert len(study.load(**options)) == 4


def test_a_label_that_nobody_has(study, codes):
    """An interviewer whom no source knows is said."""
    study.write("a.txt", "Ada: What is it?\nBen: It is paper.\nAda: Why?\nBen: It stays.\n")
    assert "unknown_label" in codes(study.load(interviewers=("Bob",)))
    assert "unknown_label" not in codes(study.load(interviewers=("ada",)))
