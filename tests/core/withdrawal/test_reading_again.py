"""The sources read again without somebody who withdrew: the others keep their codes, their places and their words."""

from __future__ import annotations

import json
from pathlib import Path

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona_core.loading import load
from persona_core.models import Corpus, LoadingOptions, PersonaSet, SynthesisOptions
from persona_core.models.persona import Tier
from persona_core.pipeline import revise
from persona_core.synthesis.extractive import Extractive
from persona_core.testing import SAMPLE
from persona_core.text import OwnWords
from persona_core.verification import verify
from persona_core.withdrawal import recalled, remembered

PEOPLE = ("P01", "P02", "P03", "P04", "P05", "P06")
TALK = (
    "Interviewer: How do you travel?\n\n"
    "Ada: I walk to the mill when the bus is late, and I do not mind.\n\n"
    "Interviewer: And you?\n\n"
    "Bob: I never take the bus, I cycle everywhere that I want to go.\n"
)


def reading(files: dict[str, str], participants: Path | None = None):
    """Read files as personas say theirs are read."""

    def read(recorded=None) -> Corpus:
        options = LoadingOptions.model_validate(dict(recorded or {}))
        return load(
            [(name, text.encode()) for name, text in files.items()], options, participants=participants
        )

    return read


def made_of(corpus: Corpus, count: int = 2) -> PersonaSet:
    return anyio.run(Extractive().synthesise, corpus, SynthesisOptions(count=count))


def said(corpus: Corpus) -> dict[str, tuple[str | None, str]]:
    """Who said what, by segment."""
    return {
        corpus.segment_id(i): (corpus.participant(i), corpus.columns.texts[i]) for i in range(len(corpus))
    }


def answers(corpus: Corpus) -> dict[str, tuple[str | None, str]]:
    """What participants said, by segment."""
    return {at: each for at, each in said(corpus).items() if each[0] is not None}


def words_of(corpus: Corpus, code: str) -> OwnWords:
    texts = said(corpus).values()
    return OwnWords(
        (text for who, text in texts if who == code), (text for who, text in texts if who != code)
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(PEOPLE), unique=True, min_size=1, max_size=5))
def test_whoever_withdraws_in_whatever_order(leaving: list[str]) -> None:
    """Nothing of theirs is left, every other quote is still found where it stood, and nobody changes codes."""
    read = reading(dict(SAMPLE))
    first = corpus = read()
    personas = made_of(corpus)
    for code in leaving:
        revision, after = revise(personas, code, corpus, read)
        assert after is not None
        personas, corpus = revision.personas, after
    assert corpus.digest == personas.corpus.digest
    assert [each.participant for each in personas.withdrawn] == leaving
    assert answers(corpus) == {at: each for at, each in answers(first).items() if each[0] not in leaving}
    report = verify(personas, corpus)
    assert report.counts.total == report.counts.exact
    written = personas.model_dump_json()
    for code in leaving:
        assert not words_of(first, code).repeated_in(written)
        assert code not in {each.participant for persona in report.personas for each in _cited(persona)}


def _cited(persona):
    return [each for claim in persona.claims for each in claim.evidence]


def test_the_words_that_are_looked_for_do_stand_there_before() -> None:
    """Or the test above could not fail."""
    corpus = reading(dict(SAMPLE))()
    written = made_of(corpus).model_dump_json()
    assert [code for code in PEOPLE if words_of(corpus, code).repeated_in(written)]


def test_where_one_persona_is_everybody_there_are_no_others() -> None:
    """Nor is who withdrew one of them."""
    corpus = reading(dict(SAMPLE))()
    made = made_of(corpus, 1)
    assert "more than the others" not in made.personas[0].summary
    revision, _ = revise(made, "P01", corpus, reading(dict(SAMPLE)))
    [persona] = revision.personas.personas
    assert "a lot" in persona.summary
    assert "more than the others" not in persona.summary


def test_the_last_one_takes_everything_along() -> None:
    """Nobody is left to read."""
    read = reading({"a.csv": "participant,How?\nP01,I take the tram to the mill every day.\n"})
    corpus = read()
    personas = made_of(corpus, 1)
    revision, after = revise(personas, "P01", corpus, read)
    assert after is None
    assert revision.personas.personas == ()
    assert revision.personas.corpus.participants == 0
    assert revision.dropped == ("a.csv",)


def test_a_file_of_their_own_is_no_source_any_more() -> None:
    read = reading(dict(SAMPLE))
    corpus = read()
    revision, after = revise(made_of(corpus), "P01", corpus, read)
    assert revision.dropped == ("interviews/P01.md",)
    assert revision.spoken_in == ("interviews/P01.md", "survey.csv")
    assert after is not None
    assert [each.name for each in after.sources] == ["interviews/P02.md", "interviews/P03.vtt", "survey.csv"]


def test_a_shared_file_keeps_its_place_in_the_digest() -> None:
    """The bytes are the same; their rows are read past."""
    read = reading({"survey.csv": SAMPLE["survey.csv"]})
    corpus = read()
    revision, after = revise(made_of(corpus), "P04", corpus, read)
    assert revision.personas.corpus.digest == corpus.digest
    assert after is not None
    assert len(after) == len(corpus) - 2
    assert after.person("P04") is None


def test_names_across_files_keep_the_others_codes() -> None:
    """Ada is the first to be counted; without her file Bob would be P01."""
    solo = "Interviewer: How do you travel?\n\nAda: I walk to the mill when the bus is late.\n"
    bob = "Interviewer: How do you travel?\n\nBob: I cycle to school and I never wait for anybody.\n"
    read = reading({"1.txt": solo, "2.txt": bob})
    corpus = read()
    codes = {each.label: each.code for each in corpus.people}
    revision, after = revise(made_of(corpus, 1), "Ada", corpus, read)
    assert after is not None
    assert {each.label: each.code for each in after.people} == {"Bob": codes["Bob"]}
    assert verify(revision.personas, after).counts.exact > 0


def test_a_label_that_others_go_by_too_still_says_that_they_answer() -> None:
    """Recorders call people by numbers, which begin anew in each file."""
    files = {
        f"t{n}.txt": f"Speaker 1: How is it, {n}?\n\nSpeaker 2: {said}\n\nSpeaker 1: Why?\n\nSpeaker 2: It was {n}.\n"
        for n, said in enumerate(("I want a dry place.", "I need my bicycle.", "I hate the cold stairs."))
    }
    everybody = {"participants": ["Speaker 2"]}
    corpus = reading(files)(everybody)
    made = made_of(corpus, 1)
    made = made.model_copy(update={"corpus": made.corpus.model_copy(update={"loading": everybody})})
    code = corpus.participant(corpus.position("t1.txt#2"))
    revision, after = revise(made, code, corpus, reading(files))
    assert revision.personas.corpus.loading["participants"] == ["Speaker 2"]
    del files["t1.txt"]
    again = reading(files)(revision.personas.corpus.loading)
    assert answers(again) == answers(after) == {k: v for k, v in answers(corpus).items() if v[0] != code}


def test_a_participants_file_goes_on_saying_who_may_be_quoted(tmp_path) -> None:
    register = tmp_path / "participants.csv"
    register.write_text("participant,quote_ok\nP01,yes\nP02,no\nP03,yes\nP04,yes\nP05,yes\nP06,yes\n")
    read = reading(dict(SAMPLE), register)
    corpus = read()
    revision, after = revise(made_of(corpus), "P01", corpus, read)
    assert after is not None
    assert not any(after.quotable(i) for i in range(len(after)) if after.participant(i) == "P02")
    assert not words_of(corpus, "P02").repeated_in(revision.personas.model_dump_json())


def test_somebody_who_withdrew_before_is_known_to_the_register_only(tmp_path) -> None:
    """Whoever was never loaded cannot be taken out, and the error says who is there."""
    register = tmp_path / "participants.csv"
    register.write_text("participant,withdrawn\nP01,yes\nP02,no\nP03,no\nP04,no\nP05,no\nP06,no\n")
    corpus = reading(dict(SAMPLE), register)()
    assert corpus.person("P01") is None


def test_what_is_remembered_is_everybody_elses_words() -> None:
    """Sources that were handed in are not kept when somebody withdraws; what the others said is."""
    corpus = reading({"talk.txt": TALK})()
    ada, bob = (next(each.code for each in corpus.people if each.label == name) for name in ("Ada", "Bob"))
    kept = remembered(corpus, ada)
    assert "mill" not in str(kept)
    assert "Ada" not in str(kept)
    again = recalled(kept, {})
    mine = {at: each for at, each in said(corpus).items() if each[0] == bob}
    assert said(again) == mine
    assert again.digest == corpus.digest
    assert again.people[0].code == bob


def test_a_file_of_their_own_is_not_remembered() -> None:
    """Its name may be theirs; the others keep their places."""
    talk = "Interviewer: How is it?\n\n{0}: I want to walk home by the way that {0} knows.\n"
    corpus = reading({f"{name}.txt": talk.format(name) for name in ("Ada", "Bob", "Cy")})()
    code = next(each.code for each in corpus.people if each.label == "Ada")
    kept = remembered(corpus, code)
    assert [each["name"] for each in kept["sources"]] == ["Bob.txt", "Cy.txt"]
    assert said(recalled(kept, {})) == {at: each for at, each in answers(corpus).items() if each[0] != code}


@pytest.mark.parametrize("then", ["P02", "P06"])
def test_the_next_one_withdraws_from_what_was_remembered(then) -> None:
    corpus = reading(dict(SAMPLE))()
    personas = made_of(corpus)
    revision, _ = revise(personas, "P01", corpus, reading(dict(SAMPLE)))
    again = recalled(remembered(corpus, "P01"), {})
    second, after = revise(revision.personas, then, again, None)
    assert after is None
    assert not words_of(corpus, then).repeated_in(second.personas.model_dump_json())
    left = [
        each
        for persona in second.personas.personas
        for _, claim in persona.claims()
        for each in claim.evidence
    ]
    assert left
    assert {each.tier for each in left} == {Tier.exact}


def test_groups_and_consent_are_remembered(tmp_path) -> None:
    """Titles that the researcher gave stay from the second withdrawal on, and who must not be quoted is not."""
    register = tmp_path / "who.csv"
    register.write_text(
        "participant,quote_ok\n" + "".join(f"P{i},{'no' if i == 4 else 'yes'}\n" for i in range(1, 9))
    )
    rows = [
        f"P{i},{'Weekly' if i < 6 else 'Daily'},I want to walk home by way {i} because I hate the number {i} tram.\n"
        for i in range(1, 9)
    ]
    table = "participant,How often do you travel,Why do you walk?\n" + "".join(rows)
    read = reading({"s.csv": table}, register)
    corpus = read()
    made = anyio.run(Extractive().synthesise, corpus, SynthesisOptions(group_by="How often do you travel"))
    first, _ = revise(made, "P1", corpus, read)
    again = recalled(json.loads(json.dumps(remembered(corpus, "P1"))), {})
    second, _ = revise(first.personas, "P2", again, None)
    assert [each.title for each in made.personas] == ["Weekly", "Daily"]
    assert [each.title for each in second.personas.personas] == ["Weekly", "Daily"]
    assert again.people == tuple(each for each in corpus.people if each.code != "P1")
    assert not any(again.quotable(i) for i in range(len(again)) if again.participant(i) == "P4")
