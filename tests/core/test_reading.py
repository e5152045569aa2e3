"""Personas of any tool, read."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from persona_core.errors import LoadError
from persona_core.models import Claim, CorpusRef, Evidence, Persona, PersonaSet, Support, Tier
from persona_core.reading import parse_personas

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
evidence = st.builds(
    Evidence,
    quote=words,
    segment=st.none() | words,
    tier=st.none() | st.sampled_from(Tier),
    similarity=st.none() | st.floats(0, 1),
    participant=st.none() | words,
)
claims = st.lists(
    st.builds(Claim, text=words, evidence=st.lists(evidence, max_size=2).map(tuple)), max_size=3
).map(tuple)
personas = st.lists(
    st.builds(
        Persona,
        id=words,
        name=words,
        goals=claims,
        quotes=claims,
        participants=st.lists(words, max_size=3).map(tuple),
        support=st.none() | st.builds(Support, participants=st.integers(0, 9), of=st.integers(0, 9)),
        extra=st.dictionaries(words, words, max_size=2),
    ),
    max_size=3,
    unique_by=lambda persona: persona.id,
).map(tuple)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["personas", "name", "id", "goals", "painPoints", "quotes", "evidence", "goals[0]", "text"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


def one(**fields: Any) -> Persona:
    (persona,) = parse_personas([{"name": "Maya", **fields}]).personas
    return persona


@given(st.builds(PersonaSet, personas=personas, corpus=st.builds(CorpusRef, digest=st.none() | words)))
def test_what_we_write_is_read_back(written: PersonaSet) -> None:
    """A personas file of ours comes back as it was."""
    assert parse_personas(written.model_dump(mode="json")) == written


@given(json_values)
def test_anything_is_read_or_refused(document: Any) -> None:
    """No document makes anything but personas or a LoadError with a message."""
    try:
        read: object = parse_personas(document)
    except LoadError as error:
        read = str(error)
    assert read
    assert isinstance(read, (PersonaSet, str))


@pytest.mark.parametrize(
    "document",
    [
        [{"name": "Maya", "goals": ["Save time"]}],
        {"name": "Maya", "goals": ["Save time"]},
        {"personas": [{"name": "Maya", "goals": ["Save time"]}]},
        {"personas": {"name": "Maya", "goals": "Save time"}},
        {"persona": {"name": "Maya", "goals": [{"text": "Save time"}]}},
        {"personas": [{"name": "Maya", "Goals": [{"description": "Save time"}]}]},
    ],
)
def test_shapes_of_documents(document: object) -> None:
    """A list, a single persona and an object around them are the same."""
    (persona,) = parse_personas(document).personas
    assert (persona.id, persona.name) == ("persona-001", "Maya")
    assert [claim.text for claim in persona.goals] == ["Save time"]
    assert persona.goals[0].origin == "model"


@pytest.mark.parametrize(
    "key", ["pain_points", "painPoints", "pain points", "Pain Points", "frustrations", "pain-points"]
)
def test_spellings_of_pain_points(key: str) -> None:
    """A facet is known by the names that tools give it."""
    assert [claim.text for claim in one(**{key: ["Slow"]}).pain_points] == ["Slow"]


def test_american_spelling() -> None:
    """`behaviors` are behaviours."""
    assert one(behaviors=["Reads at night"]).behaviours[0].text == "Reads at night"


def test_lists_under_headings_are_one_facet() -> None:
    """Goals that are parted into kinds stay goals."""
    assert [claim.text for claim in one(goals={"primary": ["A"], "secondary": ["B", "C"]}).goals] == [
        "A",
        "B",
        "C",
    ]


def test_ids_are_kept_or_made() -> None:
    """An own id stays, whatever it is; a made one takes no other's."""
    read = parse_personas([{"name": "A"}, {"name": "B", "id": "persona-001"}, {"name": "C", "id": 7}])
    assert [persona.id for persona in read.personas] == ["persona-002", "persona-001", "7"]


def test_extra_keys_are_kept() -> None:
    """What we do not know is kept where it stood."""
    read = parse_personas(
        {"personas": [{"name": "A", "brands": ["X"], "goals": [{"text": "G", "priority": 1}]}], "tool": "T"}
    )
    assert read.extra == {"tool": "T"}
    assert read.personas[0].extra == {"brands": ["X"]}
    assert read.personas[0].goals[0].extra == {"priority": 1}
    assert read.generation.synthesiser == "unknown"


def test_demographics_flat_or_nested() -> None:
    """Age and the like are demographics beside the name as well as under `demographics`."""
    assert one(age=34, jobTitle="Nurse", demographics={"city": "Leeds"}).demographics == {
        "age": 34,
        "jobTitle": "Nurse",
        "city": "Leeds",
    }


def test_evidence_inside_a_claim() -> None:
    """Evidence may be a string, an object or a list of either, under any of its names."""
    persona = one(
        goals=[
            {"text": "A", "evidence": "I said so"},
            {"text": "B", "evidence": {"text": "I said", "participant_id": 3}},
            {"text": "C", "quote": "I did", "source_file": "a.md", "line_number": "12", "confidence": 0.9},
            {"text": "D", "citations": ["one", {"quote": "two", "source": "a.csv#4"}]},
        ]
    )
    a, b, c, d = (claim.evidence for claim in persona.goals)
    assert a[0].quote == "I said so"
    assert (b[0].quote, b[0].participant) == ("I said", "3")
    assert (c[0].quote, c[0].extra) == ("I did", {"file": "a.md", "line": 12})
    assert persona.goals[2].extra == {"confidence": 0.9}
    assert [each.quote for each in d] == ["one", "two"]
    assert d[1].segment == "a.csv#4"


def test_quotes_are_their_own_evidence() -> None:
    """What stands under `quotes` is put forward as somebody's words."""
    persona = one(
        quotes=[
            "It is slow",
            {"quote": "It breaks", "participant": "P1"},
            {"text": "It stops", "speaker": "P2"},
        ]
    )
    assert [(claim.text, claim.evidence[0].quote) for claim in persona.quotes] == [
        (t, t) for t in ("It is slow", "It breaks", "It stops")
    ]
    assert persona.participants == ("P1", "P2")


def test_evidence_beside_the_claims_by_index() -> None:
    """A map from `goals[0]` gives a claim its evidence; a file and a line stay as hints."""
    persona = one(
        goals=["A", "B"],
        frustrations=["F"],
        painPoints=["X"],
        evidence={
            "goals[0]": "quote one",
            "goals.1": [{"quote": "quote two", "file": "a.md", "line": 3}],
            "frustrations[0]": {"quote": "quote three", "participant_id": "P4"},
            "painPoints[0]": ["quote four", "quote five"],
            "demographics.age": ["thirty"],
        },
    )
    assert [[each.quote for each in claim.evidence] for claim in persona.goals] == [
        ["quote one"],
        ["quote two"],
    ]
    assert persona.goals[1].evidence[0].extra == {"file": "a.md", "line": 3}
    found = {claim.text: [each.quote for each in claim.evidence] for claim in persona.pain_points}
    assert found == {"F": ["quote three"], "X": ["quote four", "quote five"]}
    assert persona.extra == {"evidence": {"demographics.age": ["thirty"]}}
    assert persona.participants == ("P4",)


def test_evidence_beside_the_claims_by_value() -> None:
    """A map from `goals` to a list names the claim by its value; a declared confidence is kept and not believed."""
    item = {
        "quote": "q",
        "source_file": "b.csv",
        "line_number": 9,
        "participant_id": "P2",
        "confidence": 0.99,
    }
    persona = one(goals=["A", "B"], evidence={"goals": [{"value": "b", **item}, {"value": "Z", **item}]})
    assert [(claim.text, len(claim.evidence)) for claim in persona.goals] == [("A", 0), ("B", 1), ("Z", 1)]
    (found,) = persona.goals[1].evidence
    assert (found.quote, found.participant, found.tier) == ("q", "P2", None)
    assert found.extra == {"file": "b.csv", "line": 9, "confidence": 0.99}


def test_evidence_beside_the_claims_in_order() -> None:
    """Quotes without a value belong to the claims in the same order, or to the only claim."""
    assert [
        claim.evidence[0].quote for claim in one(goals=["A", "B"], evidence={"goals": ["1", "2"]}).goals
    ] == ["1", "2"]
    assert [each.quote for each in one(goals=["A"], evidence={"goals": ["1", "2"]}).goals[0].evidence] == [
        "1",
        "2",
    ]


def test_evidence_beside_the_claims_as_a_list() -> None:
    """A list of evidence says under `field` which claim it is for."""
    persona = one(goals=["A", "B"], evidence=[{"field": "goals[1]", "quote": "q"}, {"quote": "loose"}])
    assert [len(claim.evidence) for claim in persona.goals] == [0, 1]
    assert persona.extra == {"evidence": [{"quote": "loose"}]}


def test_yaml_is_read() -> None:
    """YAML says the same as JSON."""
    document = yaml.safe_load(
        "name: Maya\npain points:\n  - text: Slow\n    evidence:\n      - quote: |\n          It is slow\n"
    )
    (persona,) = parse_personas(document).personas
    assert persona.pain_points[0].evidence[0].quote == "It is slow\n"


@pytest.mark.parametrize(
    ("document", "place", "says"),
    [
        ([{"name": "A"}, {"name": "B"}, {"name": "C", "goals": [42]}], "personas[2].goals[0]", "a number"),
        ([{"name": "A", "painPoints": ["ok", {"priority": 1}]}], "personas[0].painPoints[1]", "priority"),
        (
            [{"name": "A", "goals": ["G"], "evidence": {"goals[3]": "q"}}],
            "personas[0].evidence.goals[3]",
            "has 1",
        ),
        (
            [{"name": "A", "goals": [{"text": "G", "evidence": [3]}]}],
            "personas[0].goals[0].evidence[0]",
            "a number",
        ),
        (
            [{"name": "A", "goals": [{"text": "G", "evidence": [{}]}]}],
            "personas[0].goals[0].evidence[0]",
            "quote",
        ),
        (["Maya"], "personas[0]", "a text"),
        ([{"goals": ["G"]}], "personas[0]", "name"),
        ([{"name": "A", "id": "x"}, {"name": "B", "id": "x"}], "personas[1]", "twice"),
        ({"schema_version": "2", "personas": []}, "schema_version", "newer"),
        ({"users": []}, "", "holds no personas"),
        ("text", "", "a text"),
        (None, "", "nothing"),
    ],
)
def test_errors_name_the_place(document: object, place: str, says: str) -> None:
    """What cannot be read is named by its place, in one sentence."""
    with pytest.raises(LoadError) as caught:
        parse_personas(document)
    assert caught.value.place == place
    assert says in str(caught.value)


def test_a_file_of_ours_that_was_edited_keeps_what_it_says() -> None:
    """Corpus, warnings and participants of a hand-edited file are kept; what no longer fits is extra."""
    read = parse_personas(
        {
            "schema_version": "1",
            "corpus": {"digest": "sha256:1"},
            "generation": {"synthesiser": "prompted", "reviewed_by": "us"},
            "warnings": [{"code": "single_source", "message": "one"}],
            "unrepresented": ["P9"],
            "personas": [
                {"name": "A", "participants": ["P1", {"id": "P2"}], "status": "reviewed", "note": "new"}
            ],
        }
    )
    assert (read.corpus.digest, read.unrepresented, read.warnings[0].code) == (
        "sha256:1",
        ("P9",),
        "single_source",
    )
    assert (read.personas[0].participants, read.personas[0].status) == (("P1", "P2"), "reviewed")
    assert read.extra == {"generation": {"synthesiser": "prompted", "reviewed_by": "us"}}


def test_participants_are_inferred_from_evidence() -> None:
    """A file of ours that names no participants has those whom it cites."""
    claim = {"text": "G", "evidence": [{"quote": "q", "participant": "P3"}]}
    document = {"schema_version": "1", "personas": [{"id": "a", "name": "A", "goals": [claim]}]}
    assert parse_personas(document).personas[0].participants == ("P3",)


def test_claims_under_the_name_of_their_facet() -> None:
    """Other tools write `{"goal": "…"}`."""
    made = parse_personas({"name": "Ann", "goals": [{"goal": "Drive less", "priority": 1}]})
    assert [claim.text for claim in made.personas[0].goals] == ["Drive less"]
