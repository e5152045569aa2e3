"""Personas out of participants' own words."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from persona_core.errors import ConfigurationError, GenerationError, PersonaError
from persona_core.loading import load, read_back
from persona_core.models import Corpus, LoadingOptions, PersonaSet, Role, SynthesisOptions, Tier
from persona_core.synthesis import Extractive

STUDY = Path(__file__).parents[3] / "docs" / "examples" / "study"
BAKERS = [
    "I bake bread before dawn every day.",
    "I always check the oven before I start.",
    "I need better flour from the mill.",
    "My biggest problem is the oven going cold.",
    "I want to open a second bakery.",
]
DIVERS = [
    "I dive on the reef every weekend.",
    "I usually check my tank and regulator twice.",
    "I need a boat with a ladder.",
    "I'm worried about the currents near the reef.",
    "I want to see the wreck this summer.",
]


def make(corpus: Corpus, **options: object) -> PersonaSet:
    """Make personas, in line."""
    return anyio.run(Extractive().synthesise, corpus, SynthesisOptions(**options))  # type: ignore[arg-type]


def interviews(folder: Path, each: int = 3) -> Path:
    """Bakers and divers, a file each, who say the same in other words."""
    for kind, sentences in (("baker", BAKERS), ("diver", DIVERS)):
        for i in range(each):
            turns = "".join(
                f"Interviewer: And then?\n\nParticipant: {sentence[:-1]}, {['really', 'you know', 'as I said'][i % 3]}.\n\n"
                for sentence in sentences[i % 2 :] + sentences[: i % 2]
            )
            (folder / f"{kind}{i}.md").write_text(turns)
    return folder


@pytest.fixture(scope="module")
def study() -> Corpus:
    """The example study."""
    return load(STUDY)


@pytest.fixture(scope="module")
def personas(study: Corpus) -> PersonaSet:
    """Three personas of the example study."""
    return make(study, count=3)


def test_every_claim_has_an_exact_quote_that_reads_back(study: Corpus, personas: PersonaSet) -> None:
    """A claim's quote is a participant's own words, where its locator says, letter by letter."""
    bytes_of = {source.name: (STUDY / source.name).read_bytes() for source in study.sources}
    seen = 0
    for persona in personas.personas:
        for path, claim in persona.claims():
            assert claim.evidence, path
            for evidence in (*claim.evidence, *claim.against):
                assert evidence.tier is Tier.exact
                assert evidence.locator is not None
                assert evidence.segment is not None
                assert read_back(evidence.locator, bytes_of[evidence.locator.source]) == evidence.quote
                position = study.position(evidence.segment)
                assert position is not None
                assert study.role(position) is Role.participant
                assert study.participant(position) == evidence.participant
                assert evidence.participant in persona.participants
                seen += 1
    assert seen > 30


def test_two_runs_give_the_same_personas(study: Corpus, personas: PersonaSet) -> None:
    """The same sources and seed give the same bytes."""
    assert make(load(STUDY), count=3).model_dump_json() == personas.model_dump_json()


def test_nobody_without_consent_is_quoted(personas: PersonaSet) -> None:
    """P09 did not allow to be quoted, belongs to a persona all the same, and is quoted nowhere."""
    assert any("P09" in persona.participants for persona in personas.personas)
    assert "P09" not in {
        evidence.participant
        for persona in personas.personas
        for _, claim in persona.claims()
        for evidence in (*claim.evidence, *claim.against)
    }


def test_participants_are_in_one_persona_each(study: Corpus, personas: PersonaSet) -> None:
    """Groups do not overlap, and who is in none is listed."""
    placed = [code for persona in personas.personas for code in persona.participants]
    assert sorted([*placed, *personas.unrepresented]) == sorted(person.code for person in study.people)


def test_support_counts_participants_of_the_persona(personas: PersonaSet) -> None:
    """No claim is supported by more participants than its persona has, and each by at least those it quotes."""
    for persona in personas.personas:
        for _, claim in persona.claims():
            assert claim.support is not None
            assert (
                len({evidence.participant for evidence in claim.evidence})
                <= claim.support.participants
                <= claim.support.of
                == len(persona.participants)
            )


def test_names_are_absent_from_the_corpus(study: Corpus, personas: PersonaSet) -> None:
    """A persona's name is nobody's in the data, and no two personas share one."""
    text = " ".join(study.columns.texts)
    names = [persona.name for persona in personas.personas]
    assert len(set(names)) == 3
    assert not [part for name in names for part in name.split() if part in text]


def test_people_who_say_different_things_are_parted(tmp_path: Path) -> None:
    """Bakers and divers make two personas, whatever the seed."""
    corpus = load(interviews(tmp_path))
    for seed in (0, 1, 2):
        found = make(corpus, count=2, seed=seed)
        files = {person.code: person.label for person in corpus.people}
        assert sorted(
            sorted({files[code][:5] for code in persona.participants}) for persona in found.personas
        ) == [["baker"], ["diver"]]


def test_facets_are_told_apart_by_how_they_are_said(tmp_path: Path) -> None:
    """What bakers want, need, suffer from and do stands under its heading."""
    corpus = load(interviews(tmp_path))
    baker = next(
        persona
        for persona in make(corpus, count=2).personas
        if any("bake" in claim.text for _, claim in persona.claims())
    )
    said = {
        facet: " ".join(evidence.quote for claim in getattr(baker, facet) for evidence in claim.evidence)
        for facet in ("goals", "needs", "pain_points", "behaviours")
    }
    assert "second bakery" in said["goals"]
    assert "better flour" in said["needs"]
    assert "going cold" in said["pain_points"]
    assert "check the oven" in said["behaviours"]


def test_more_personas_than_participants_is_an_error_that_says_how_many(study: Corpus) -> None:
    """The error names the most there can be."""
    with pytest.raises(GenerationError, match="at most 12"):
        make(study, count=13)


def test_the_researchers_groups_are_taken(study: Corpus) -> None:
    """`group_by` makes a persona of each group and gives it the group's name."""
    found = make(study, group_by="group")
    assert {persona.title: len(persona.participants) for persona in found.personas} == {
        "Weekday": 4,
        "Assisted": 4,
        "Occasional": 4,
    }
    assert not [notice for notice in found.warnings if notice.code == "weak_separation"]


def test_a_group_by_that_is_not_there_names_what_is(study: Corpus) -> None:
    """The error lists what there is to group by."""
    with pytest.raises(ConfigurationError, match="“group”"):
        make(study, group_by="shoe size")


def test_nobody_to_quote_is_an_error(tmp_path: Path) -> None:
    """Without a participant's words there are no personas, and the error says what to do."""
    (tmp_path / "meeting.json").write_text(
        '[{"speaker": "Chair", "text": "We start with the remote control and its buttons today."}, {"speaker": "Lead", "text": "The plan for the remote control needs bigger buttons."}, {"speaker": "Chair", "text": "Bigger buttons cost money, and the case must change."}, {"speaker": "Lead", "text": "Then the case of the remote control changes colour."}]'
    )
    with pytest.raises(GenerationError, match="--interviewer"):
        make(load(tmp_path), count=1)
    assert make(load(tmp_path, LoadingOptions(assume_participant=True)), count=1).personas


def test_few_participants_are_a_warning(personas: PersonaSet) -> None:
    """Fewer than five behind a persona is said, by name."""
    notice = next(notice for notice in personas.warnings if notice.code == "few_participants")
    small = [persona for persona in personas.personas if len(persona.participants) < 5]
    assert small
    assert all(persona.name in notice.message for persona in small)


def test_another_language_is_quoted_and_said(tmp_path: Path) -> None:
    """German is grouped and quoted, without facets that English cues would invent, and the warning says so."""
    (tmp_path / "a.md").write_text(
        "Interviewer: Und?\n\nParticipant: Ich backe jeden Tag Brot und das Mehl ist nicht mehr so gut wie früher, aber wir machen das schon.\n\nInterviewer: Ja?\n\nParticipant: Der Ofen ist alt und die Kunden sind auch nicht mehr die jüngsten, das ist für mich ein Problem.\n"
    )
    found = make(load(tmp_path), count=1)
    said = {notice.code: notice.message for notice in found.warnings}["language_unsupported"]
    assert said.startswith("the sources seem to be in German")
    assert found.personas[0].quotes
    assert not found.personas[0].goals


def test_demographics_are_majorities_and_ranges(tmp_path: Path) -> None:
    """Ages become a range, a majority is named, and what nobody shares is left out."""
    rows = [("25-34", "Nurse", "Ayton"), ("35-44", "Nurse", "Beeley"), ("45-54", "Clerk", "Corby")]
    (tmp_path / "survey.csv").write_text(
        "participant,Age group,Occupation,Town,Why do you travel?\n"
        + "".join(
            f"P{i},{age},{job},{town},I travel to see my mother at the hospital {i}\n"
            for i, (age, job, town) in enumerate(rows)
        )
    )
    assert make(load(tmp_path), count=1).personas[0].demographics == {
        "age_range": "25-54",
        "occupation": "Nurse",
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answers=st.lists(
        st.text(alphabet="abc I want need.,?’'\n\t“”é{}[]*#", min_size=1, max_size=120),
        min_size=1,
        max_size=6,
    )
)
def test_odd_answers_give_personas_or_an_error_of_ours(tmp_path: Path, answers: list[str]) -> None:
    """Whatever people type, the quotes read back, or an error says what is wrong."""
    import json

    file = tmp_path / "answers.jsonl"
    file.write_text(
        "".join(
            json.dumps({"participant": f"P{i}", "answer": f"I want to say {answer}"}) + "\n"
            for i, answer in enumerate(answers)
        )
    )
    try:
        found = make(load(file), count=1)
    except PersonaError:
        return
    for persona in found.personas:
        for _, claim in persona.claims():
            for evidence in claim.evidence:
                assert evidence.locator is not None
                assert read_back(evidence.locator, file.read_bytes()) == evidence.quote


def test_a_persona_has_no_respondents_name(tmp_path: Path) -> None:
    """A name that stands in a column that identifies people is given to no persona, nor is one from a label or a file."""
    names = ["Maya Okafor", "Elena Petrova", "Aiko Tanaka", "Noor Haddad", "Priya Raman", "Samuel Mensah"]
    rows = "".join(
        f"P{i},{name},I want to reach platform {i} before the tram leaves.\n" for i, name in enumerate(names)
    )
    (tmp_path / "survey.csv").write_text("participant,Full name,What do you want?\n" + rows)
    parts = {part for name in names for part in name.split()}
    for seed in range(12):
        made = make(load(tmp_path), count=3, seed=seed)
        assert not parts & {part for persona in made.personas for part in persona.name.split()}


def test_what_identifies_somebody_is_not_quoted(tmp_path: Path) -> None:
    """An address, a number and a full name stay out of every claim and quote."""
    said = [
        "I want you to write to maya@mail.example about the lift.",
        "I need a call back on +44 20 7946 0018 today.",
        "I am Maya Okafor and I hate waiting for the lift.",
        "I want to get home before it is dark outside.",
    ]
    (tmp_path / "a.md").write_text("".join(f"Interviewer: And?\n\nParticipant: {each}\n\n" for each in said))
    written = make(load(tmp_path), count=1).model_dump_json()
    assert "before it is dark" in written
    assert not [word for word in ("mail.example", "7946", "Okafor") if word in written]


def test_one_person_groups_are_no_figure(tmp_path: Path) -> None:
    """Where every group is one person nothing is said of how far groups are apart."""
    made = make(load(interviews(tmp_path, each=1)), count=2)
    assert "weak_separation" not in {notice.code for notice in made.warnings}
