"""A set of personas without somebody who withdrew: what falls, what stays, and with how much support."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from persona_core.errors import ConfigurationError
from persona_core.loading import load
from persona_core.models import (
    Claim,
    Corpus,
    CorpusRef,
    Evidence,
    Generation,
    Notice,
    Persona,
    PersonaSet,
    SourceRef,
    Support,
    Tier,
)
from persona_core.testing import SAMPLE
from persona_core.withdrawal import without

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load([(name, text.encode()) for name, text in SAMPLE.items()])


def quoting(corpus: Corpus, words: str) -> Evidence:
    """Evidence for words that stand in the corpus."""
    at = next(i for i, text in enumerate(corpus.columns.texts) if words in text)
    return Evidence(
        quote=words, segment=corpus.segment_id(at), tier=Tier.exact, participant=corpus.participant(at)
    )


def supported(text: str, evidence: tuple[Evidence, ...], participants: int, **more) -> Claim:
    support = Support(participants=participants, of=3)
    return Claim(text=text, evidence=evidence, support=support, origin="model", **more)


@pytest.fixture
def personas(corpus) -> PersonaSet:
    """P01, P02 and P04 behind one persona, P03 behind another; P05 and P06 behind none."""
    home = quoting(corpus, "I just want to get home")
    mine = quoting(corpus, "There is no signal at the stop")
    other = quoting(corpus, "My ticket disappears in the tunnel")
    lift = quoting(corpus, "The lift was out of order")
    maya = Persona(
        id="persona-001",
        name="Maya Okafor",
        title="The offline commuter",
        summary="Stands for 3 of 6 participants.",
        participants=("P01", "P02", "P04"),
        support=Support(participants=3, of=6),
        demographics={"occupation": "Nurse"},
        headline=supported("Wants to get home", (home,), 1),
        goals=(supported("Wants to get home", (home,), 1),),
        pain_points=(
            supported("Loses the ticket under ground", (mine, other), 2),
            supported("Cannot rely on lifts", (lift,), 1, against=(mine,)),
        ),
    )
    lin = Persona(
        id="persona-002",
        name="Lin Ferrari",
        summary="Stands for 1 of 6 participants.",
        participants=("P03",),
        support=Support(participants=1, of=6),
        goals=(supported("Pays little", (quoting(corpus, "I want to pay the least"),), 1),),
    )
    return PersonaSet(
        corpus=CorpusRef(
            digest=corpus.digest,
            participants=6,
            sources=tuple(
                SourceRef(name=e.name, sha256=e.sha256, segments=e.segments, participants=e.participants)
                for e in corpus.sources
            ),
        ),
        generation=Generation(synthesiser="prompted", model="some/model"),
        personas=(maya, lin),
        unrepresented=("P05", "P06"),
        warnings=(
            Notice(code="few_participants", message="Fewer than 5 participants stand behind Maya Okafor (3)"),
            Notice(code="dominant_participant", message="P01 said most of what stands behind Maya Okafor"),
            Notice(code="weak_separation", message="the personas overlap"),
        ),
    )


def test_a_claim_that_nobody_else_bears_out_falls(personas, corpus) -> None:
    revision = without(personas, "P01", corpus)
    [change] = revision.changes
    assert change.fallen == (("goals[0]", "Wants to get home"),)
    assert revision.personas.personas[0].goals == ()


def test_a_claim_that_others_bear_out_stays_with_less_support(personas, corpus) -> None:
    revision = without(personas, "P01", corpus)
    claim = revision.personas.personas[0].pain_points[0]
    assert claim.support == Support(participants=1, of=2)
    assert [each.participant for each in claim.evidence] == ["P04"]
    assert revision.changes[0].lowered == ("pain_points[0]",)


def test_words_of_theirs_against_a_claim_go(personas, corpus) -> None:
    claim = without(personas, "P01", corpus).personas.personas[0].pain_points[1]
    assert claim.against == ()
    assert claim.support == Support(participants=1, of=2)


def test_quotes_are_counted_wherever_they_stand(personas, corpus) -> None:
    """One in the headline, two behind claims and one against another."""
    assert without(personas, "P01", corpus).quotes == 4
    assert without(personas, "P04", corpus).quotes == 1


def test_a_headline_that_falls_is_the_first_words_that_stay(personas, corpus) -> None:
    headline = without(personas, "P01", corpus).personas.personas[0].headline
    assert headline is not None
    assert headline.origin == "extracted"
    assert [each.participant for each in headline.evidence] == ["P04"]
    assert headline.support == Support(participants=1, of=2)


def test_a_tombstone_says_who_and_when_and_no_more(personas, corpus) -> None:
    made = without(personas, "P01", corpus, at=AT).personas
    assert [each.model_dump() for each in made.withdrawn] == [{"participant": "P01", "at": AT}]


def test_the_study_is_one_participant_smaller(personas, corpus) -> None:
    made = without(personas, "P01", corpus).personas
    assert made.corpus.participants == 5
    first, second = made.personas
    assert first.support == Support(participants=2, of=5)
    assert second.support == Support(participants=1, of=5)
    assert "1 of 5 participants" in second.summary


def test_a_persona_that_loses_its_last_participant_is_lost(personas, corpus) -> None:
    revision = without(personas, "P03", corpus)
    assert revision.changes[0].lost
    assert [each.id for each in revision.personas.personas] == ["persona-001"]


def test_those_behind_a_persona_that_is_lost_are_represented_by_none(personas, corpus) -> None:
    """Everything it said was theirs, and somebody else stood behind it, too."""
    lin = personas.personas[1].model_copy(update={"participants": ("P03", "P05")})
    made = personas.model_copy(update={"personas": (personas.personas[0], lin), "unrepresented": ("P06",)})
    assert without(made, "P03", corpus).personas.unrepresented == ("P06", "P05")


def test_somebody_whom_no_persona_represents_leaves_the_list(personas, corpus) -> None:
    revision = without(personas, "P05", corpus)
    assert revision.changes == ()
    assert revision.personas.unrepresented == ("P06",)
    assert revision.personas.corpus.participants == 5


def test_warnings_are_told_anew(personas, corpus) -> None:
    """What names them goes, what counts is counted again, what is of the set stays."""
    made = without(personas, "P01", corpus).personas
    told = {each.code: each.message for each in made.warnings}
    assert "Maya Okafor (2)" in told["few_participants"]
    assert "P01" not in " ".join(told.values())
    assert "weak_separation" in told
    assert told["withdrawn_since"].startswith("1 participant withdrew")
    again = without(made, "P02", corpus).personas
    [since] = [each.message for each in again.warnings if each.code == "withdrawn_since"]
    assert since.startswith("2 participants withdrew")


def test_warnings_that_name_their_file_or_them_go() -> None:
    """Those of others stay."""
    talk = "Interviewer: How is it?\n\n{0}: I want to walk home by the way that {0} knows.\n"
    corpus = load([(f"{name.lower()}.txt", talk.format(name).encode()) for name in ("Ada", "Bob")])
    messages = (
        "“ada.txt” is like “ada-1.md”",
        "ada: said little",
        "“bob.txt” is like “b.md”",
        "Canada is far",
    )
    made = PersonaSet(
        corpus=CorpusRef(
            digest=corpus.digest,
            participants=2,
            sources=tuple(
                SourceRef(name=each.name, sha256=each.sha256, segments=1, participants=1)
                for each in corpus.sources
            ),
        ),
        generation=Generation(synthesiser="prompted", model="some/model"),
        personas=(),
        warnings=tuple(Notice(code="same_twice", message=message) for message in messages),
    )
    left = without(made, "Ada", corpus).personas.warnings
    assert tuple(each.message for each in left if each.code == "same_twice") == messages[2:]


def test_a_claim_in_their_words_is_said_in_those_of_others(personas, corpus) -> None:
    theirs = Claim(
        text="There is no signal at the stop, so the ticket won't load",
        evidence=personas.personas[0].pain_points[0].evidence,
        origin="model",
    )
    maya = personas.personas[0].model_copy(update={"pain_points": (theirs,)})
    made = personas.model_copy(update={"personas": (maya,)})
    claim = without(made, "P01", corpus).personas.personas[0].pain_points[0]
    assert claim.text == "My ticket disappears in the tunnel"
    assert claim.origin == "extracted"


def test_a_claim_in_their_words_without_a_quote_falls(personas, corpus) -> None:
    claim = Claim(text="I take the tram at ten past eight", origin="model")
    maya = personas.personas[0].model_copy(update={"behaviours": (claim,)})
    revision = without(personas.model_copy(update={"personas": (maya,)}), "P01", corpus)
    assert ("behaviours[0]", claim.text) in revision.changes[0].fallen


def test_what_anybody_wrote_beside_the_claims_loses_their_words(personas, corpus) -> None:
    """Titles, summaries and keys of other tools, whose personas are described by nobody anew."""
    said = "I always check the app before I leave."
    maya = personas.personas[0].model_copy(
        update={
            "title": "The commuter",
            "summary": f"Is at home in the city. They say: {said}",
            "demographics": {"occupation": "Nurse", "motto": said},
            "extra": {"bio": said, "likes": ["trams", said], "by": "P01", "size": 3},
        }
    )
    made = personas.model_copy(
        update={
            "personas": (maya,),
            "generation": Generation(synthesiser="another tool"),
            "extra": {"about": said, "tool": "x"},
        }
    )
    revised = without(made, "P01", corpus).personas
    persona = revised.personas[0]
    assert persona.summary == "Is at home in the city."
    assert persona.demographics == {"occupation": "Nurse"}
    assert persona.extra == {"likes": ["trams"], "size": 3}
    assert revised.extra == {"tool": "x"}


def test_what_we_wrote_is_written_anew_by_those_who_are_left(personas, corpus) -> None:
    persona = without(personas, "P01", corpus).personas.personas[0]
    assert persona.summary.startswith("Stands for 2 of 5 participants")
    assert persona.title != "The offline commuter"
    assert persona.scenario is None


def test_demographics_of_one_person_say_who_they_are(personas, corpus) -> None:
    made = without(personas, "P01", corpus).personas
    made = without(made, "P02", corpus).personas
    assert made.personas[0].participants == ("P04",)
    assert made.personas[0].demographics == {}


def test_a_persona_they_were_not_behind_stays_as_it_is(personas, corpus) -> None:
    made = without(personas, "P01", corpus).personas.personas[1]
    before = personas.personas[1]
    assert made.goals == before.goals
    assert made.name == before.name


def test_without_the_sources_what_is_quoted_is_known(personas) -> None:
    revision = without(personas, "P01")
    assert revision.segments == 0
    assert revision.quotes == 4
    assert "signal" not in revision.personas.model_dump_json()
    assert revision.personas.corpus.digest == personas.corpus.digest


def test_evidence_without_a_name_is_theirs_by_where_it_stands(personas, corpus) -> None:
    """Files of other tools name no participant."""
    bare = [
        each.model_copy(update={"participant": None}) for each in personas.personas[0].pain_points[0].evidence
    ]
    maya = Persona(
        id="p",
        name="Maya",
        participants=("P01", "P04"),
        goals=(Claim(text="Has no signal", evidence=(bare[0],)), Claim(text="Tunnels", evidence=(bare[1],))),
    )
    made = without(personas.model_copy(update={"personas": (maya,)}), "P01", corpus).personas
    assert [each.text for each in made.personas[0].goals] == ["Tunnels"]


def test_support_without_counts_stays_without(personas, corpus) -> None:
    """Files of other tools count nobody."""
    bare = personas.personas[0].model_copy(
        update={
            "support": None,
            "pain_points": tuple(
                each.model_copy(update={"support": None}) for each in personas.personas[0].pain_points
            ),
        }
    )
    made = without(personas.model_copy(update={"personas": (bare,)}), "P01", corpus).personas
    assert made.personas[0].support is None
    assert made.personas[0].pain_points[0].support is None


def test_those_who_are_counted_and_not_shown_are_one_fewer(personas, corpus) -> None:
    """P02 may have been the one who is counted without a quote: support is never more than is certain."""
    counted = supported("Plans ahead", (quoting(corpus, "My ticket disappears in the tunnel"),), 2)
    maya = personas.personas[0].model_copy(update={"needs": (counted,)})
    made = without(personas.model_copy(update={"personas": (maya,)}), "P02", corpus).personas
    assert made.personas[0].needs[0].support == Support(participants=1, of=2)


@pytest.mark.parametrize("known", ["with the sources", "without"])
def test_nobody_of_that_name(personas, corpus, known) -> None:
    with pytest.raises(ConfigurationError, match=r"know no participant “P99”: they know P01, P02"):
        without(personas, "P99", corpus if known == "with the sources" else None)


def test_who_withdrew_already(personas, corpus) -> None:
    made = without(personas, "P01", corpus).personas
    with pytest.raises(ConfigurationError, match="P01 withdrew from these personas already"):
        without(made, "P01", None)


def test_names_of_people_are_taken_for_their_codes(personas) -> None:
    """Who asks to be taken out does not know their code."""
    talk = (
        "Interviewer: How do you travel?\n\nAda: I walk to the mill when the bus is late.\n\n"
        "Interviewer: And you?\n\nBob: I never take the bus, I cycle everywhere.\n"
    )
    named = load([("talk.txt", talk.encode())])
    ada = next(each for each in named.people if each.label == "Ada")
    at = next(i for i in range(len(named)) if named.participant(i) == ada.code)
    claim = Claim(
        text="Walks",
        evidence=(
            Evidence(
                quote=named.columns.texts[at],
                segment=named.segment_id(at),
                participant=ada.code,
                tier=Tier.exact,
            ),
        ),
    )
    made = PersonaSet(
        corpus=CorpusRef(digest=named.digest, participants=2),
        personas=(
            Persona(id="p", name="P", participants=tuple(e.code for e in named.people), goals=(claim,)),
        ),
    )
    revision = without(made, "Ada", named)
    assert revision.participant == ada.code
    assert "Ada" not in revision.personas.model_dump_json()


def test_nothing_of_theirs_is_left_to_take_out_twice(personas, corpus) -> None:
    """One after the other, in any order, the same is left."""
    one = without(without(personas, "P01", corpus, at=AT).personas, "P02", corpus, at=AT).personas
    other = without(without(personas, "P02", corpus, at=AT).personas, "P01", corpus, at=AT).personas
    assert one.personas == other.personas
