"""The participants file: who they are, what they allowed, and who withdrew."""

from __future__ import annotations

import pytest

from persona_core.errors import LoadError

ANSWERS = "participant,answer\n" + "".join(
    f"P{i},The number {i} was all that I wanted.\n" for i in range(1, 6)
)


@pytest.fixture
def register(study):
    """A participants file that stands outside the study."""
    return lambda text, name="../people.csv": study.write(name, text)


def test_by_participant(study, register):
    """Demographics, group and consent by participant; who is not listed has not consented."""
    study.write("a.csv", ANSWERS)
    path = register("Participant,age,group,quote_ok\nP1,31,heavy,yes\np2,42,light,no\nP3,53,light,\n")
    corpus = study.load(participants=path)
    assert {p.code: (dict(p.demographics), p.group, p.quote_ok) for p in corpus.people} == {
        "P1": ({"age": "31"}, "heavy", True),
        "P2": ({"age": "42"}, "light", False),
        "P3": ({"age": "53"}, "light", False),
        "P4": ({}, "", False),
        "P5": ({}, "", False),
    }
    assert [corpus.quotable(i) for i in range(5)] == [True, False, False, False, False]


def test_without_a_consent_column(study, register):
    """A participants file that asks nothing about quotes forbids none."""
    study.write("a.csv", ANSWERS)
    corpus = study.load(participants=register("participant,group\nP1,heavy\n"))
    assert all(person.quote_ok for person in corpus.people)


def test_consent_of_everybody_listed_is_not_consent_of_the_others(study, register):
    """Where the column stands, who is not listed has given no consent, though all who are have."""
    study.write("a.csv", ANSWERS)
    corpus = study.load(participants=register("participant,quote_ok\nP1,yes\nP2,yes\n"))
    assert {person.code: person.quote_ok for person in corpus.people} == {
        "P1": True,
        "P2": True,
        "P3": False,
        "P4": False,
        "P5": False,
    }


@pytest.mark.parametrize("named", ["talk-1.txt", "talk-1", "deep/talk-1.txt"])
def test_by_file(study, register, named):
    """A file's line gives its participant an id, or, without one, is about whoever the file is."""
    study.write("deep/talk-1.txt", "I: How?\nP: I walk.\nI: Far?\nP: No, near.\n")
    study.write("deep/talk-2.txt", "I: How?\nP: I ride.\nI: Far?\nP: Yes, far.\n")
    coded = study.load(participants=register(f"file,participant,age\n{named},T7,31\n"))
    assert coded.person("T7").demographics == {"age": "31"}
    uncoded = study.load(participants=register(f"file,age\n{named},31\n"))
    assert [dict(uncoded.person(uncoded.participant(i)).demographics) for i in (1, 5)] == [{"age": "31"}, {}]


def test_by_name(study, register):
    """Where the data has names, so may the participants file."""
    study.write(
        "a.txt", "Interviewer: How?\nMaya Okafor: I walk.\nInterviewer: Far?\nMaya Okafor: No, near.\n"
    )
    corpus = study.load(participants=register("participant,age\nmaya okafor,31\n"))
    assert [(person.code, dict(person.demographics)) for person in corpus.people] == [("P01", {"age": "31"})]


def test_withdrawn(study, register):
    """Who withdrew is not loaded at all, and the others' ids stay as they were."""
    study.write("a.csv", ANSWERS)
    before = {segment.text: segment.id for segment in study.load()}
    corpus = study.load(participants=register("participant,withdrawn\nP2,yes\nP4,1\n"))
    assert {person.code for person in corpus.people} == {"P1", "P3", "P5"}
    assert [segment.id for segment in corpus] == ["a.csv#1", "a.csv#3", "a.csv#5"]
    assert all(before[segment.text] == segment.id for segment in corpus)
    assert [corpus.position(f"a.csv#{n}") for n in range(1, 6)] == [0, None, 1, None, 2]
    assert not any("number 2" in text or "number 4" in text for text in corpus.columns.texts)
    assert corpus.sources[0].segments == 3
    assert corpus.sources[0].participants == 3


def test_withdrawn_interview(study, register):
    """With the only participant of a file who withdrew goes what was asked of them."""
    study.write("P1.txt", "I: How, Maya?\nP: I walk.\nI: Far?\nP: No, near.\n")
    study.write("P2.txt", "I: How?\nP: I ride.\nI: Far?\nP: Yes, far.\n")
    corpus = study.load(participants=register("participant,withdrawn\nP1,yes\n"))
    assert [segment.id for segment in corpus] == ["P2.txt#1", "P2.txt#2", "P2.txt#3", "P2.txt#4"]
    assert not any("Maya" in text for text in (*corpus.columns.texts, *corpus.columns.questions))


def test_withdrawn_leaves_no_trace_in_tables(study, register):
    """Nothing that a row of a withdrawn participant held stays in the corpus: no answer, question, pointer or label."""
    rows = "".join(f"P{i},What about case {i}?,The number {i} was all that I wanted.\n" for i in range(1, 6))
    study.write("a.csv", "participant,question,answer\n" + rows)
    study.write(
        "b.txt",
        "Interviewer: How?\nMaya Okafor: I walk.\nBo Day: I ride.\nInterviewer: Far?\nMaya Okafor: No, near.\nBo Day: Far, yes.\n",
    )
    corpus = study.load(participants=register("participant,withdrawn\nP2,yes\nMaya Okafor,yes\n"))
    everything = repr((corpus.columns, corpus.people, corpus.sources))
    assert "case 3" in everything
    assert "case 2" not in everything
    assert "Okafor" not in everything


def test_everybody_withdrew(study, register):
    """Where nobody is left there is no corpus."""
    study.write("a.csv", "participant,answer\nP1,I walk to work each day.\nP1,The bus is late again.\n")
    with pytest.raises(LoadError, match="withdrew"):
        study.load(participants=register("participant,withdrawn\nP1,yes\n"))


@pytest.mark.parametrize("column", ["quote_ok", "withdrawn"])
def test_a_flag_that_is_neither(study, register, column):
    """What is neither yes nor no is refused with its place."""
    study.write("a.csv", ANSWERS)
    with pytest.raises(LoadError, match="“maybe” is neither yes nor no") as caught:
        study.load(participants=register(f"participant,{column}\nP1,yes\nP2,maybe\n"))
    assert caught.value.place == f"row 2, column “{column}”"


def test_no_key_column(study, register):
    """A participants file needs a key, in its header and in each row."""
    study.write("a.csv", ANSWERS)
    with pytest.raises(LoadError, match="needs a column"):
        study.load(participants=register("person,age\nP1,3\n"))
    with pytest.raises(LoadError, match="neither a participant nor a file") as caught:
        study.load(participants=register("participant,age\nP1,3\n,4\n"))
    assert caught.value.place == "row 2"


def test_found_in_a_folder(study, codes):
    """A table with `participant` and `quote_ok` or `withdrawn` in a folder is the participants file, and it is said."""
    study.write("a.csv", ANSWERS)
    study.write("zz people.csv", "participant;age;quote_ok\nP1;31;yes\nP2;42;no\n")
    corpus = study.load()
    assert [source.name for source in corpus.sources] == ["a.csv"]
    assert corpus.person("P1").demographics == {"age": "31"}
    assert [person.quote_ok for person in corpus.people if person.code in {"P1", "P2"}] == [True, False]
    assert "participants_file" in codes(corpus)


def test_found_in_a_folder_but_not_the_one_given(study, register, codes):
    """With a participants file given, another in the folder is neither it nor research material, and that is said."""
    study.write("a.csv", ANSWERS)
    study.write("people.csv", "participant,quote_ok\nP1,no\n")
    corpus = study.load(participants=register("participant,quote_ok\nP1,yes\n"))
    assert corpus.person("P1").quote_ok
    assert [source.name for source in corpus.sources] == ["a.csv"]
    (notice,) = [notice for notice in corpus.notices if notice.code == "participants_file"]
    assert "people.csv" in notice.message


def test_a_survey_with_a_consent_column_is_a_survey_too(study):
    """Answers with a `quote_ok` column beside them are loaded, and the wish is heard."""
    rows = "".join(
        f"P{i},The number {i} was all that I wanted.,{'no' if i == 2 else 'yes'}\n" for i in range(1, 6)
    )
    corpus = study.of("a.csv", "participant,answer,quote_ok\n" + rows)
    assert len(corpus) == 5
    assert {person.code: person.quote_ok for person in corpus.people} == {
        "P1": True,
        "P2": False,
        "P3": True,
        "P4": True,
        "P5": True,
    }
    assert not any("number" in value for person in corpus.people for value in person.demographics.values())


def test_two_lines_about_one_participant(study, register):
    """Of two lines about somebody, the stricter holds."""
    study.write("a.csv", ANSWERS)
    corpus = study.load(
        participants=register(
            "participant,age,quote_ok,withdrawn\nP1,31,yes,no\nP1,,no,no\nP2,,yes,no\nP2,,yes,yes\n"
        )
    )
    assert corpus.person("P1").quote_ok is False
    assert corpus.person("P1").demographics == {"age": "31"}
    assert corpus.person("P2") is None


def test_unknown_participants_are_said(study, register):
    """A participants file that names who said nothing is told so: it may be a slip that leaves a wish unheard."""
    study.write("a.csv", ANSWERS)
    corpus = study.load(participants=register("participant,withdrawn\nP1,no\nP77,yes\n"))
    (notice,) = [notice for notice in corpus.notices if notice.code == "unknown_participants"]
    assert "P77" in notice.message
    assert "P1," not in notice.message


def test_the_participants_file_in_the_folder_is_no_material(study):
    """A participants file that is given and stands among the sources is read once."""
    study.write("a.csv", ANSWERS)
    path = study.write("people.csv", "participant,group\nP1,heavy\n")
    corpus = study.load(participants=path)
    assert [source.name for source in corpus.sources] == ["a.csv"]
    assert corpus.person("P1").group == "heavy"


def test_columns_are_known_however_they_are_spaced(study, register):
    """`Quote OK` and `with drawn` mean what `quote_ok` and `withdrawn` do, also in a file of the study."""
    study.write("a.csv", ANSWERS)
    text = "Participant ID,Quote OK,With-drawn\nP1,no,\nP2,yes,yes\nP3,yes,\n"
    for corpus in (study.load(participants=register(text)), study.write("who.csv", text) and study.load()):
        assert {p.code: p.quote_ok for p in corpus.people} == {
            "P1": False,
            "P3": True,
            "P4": False,
            "P5": False,
        }


@pytest.mark.parametrize("column", ["withdrew", "withdrawm", "quotes ok", "quote"])
def test_a_column_that_may_mean_consent_is_refused(study, register, column):
    """A column of yes and no that is nearly `withdrawn` or `quote_ok` is no demographic."""
    study.write("a.csv", ANSWERS)
    with pytest.raises(LoadError, match="may mean"):
        study.load(participants=register(f"participant,{column}\nP1,yes\nP2,\n"))


def test_names_match_whatever_their_white_space_and_unicode_form(study, register):
    """A name is the same with two spaces, and with its accents written as marks."""
    study.write(
        "a.txt", "Interviewer: Why?\nJón Moss: I like paper.\nInterviewer: Yes?\nAda Moss: So do I.\n"
    )
    corpus = study.load(participants=register("participant,withdrawn\nJo\u0301n  moss,yes\n"))
    assert [person.label for person in corpus.people] == ["Ada Moss"]
