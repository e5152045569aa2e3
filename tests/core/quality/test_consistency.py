"""Consistency: contradictions cost points, what participants differ in and what is unusual does not."""

import random
from pathlib import Path

import anyio
import pytest
import yaml

from persona_core.models import Claim, Evidence, Persona
from persona_core.pipeline import generate
from persona_core.quality.configuration import Configuration
from persona_core.quality.consistency import DIMENSION
from persona_core.quality.dimension import Given
from persona_core.testing import sample_corpus

FACETS = {
    "g": "goals",
    "n": "needs",
    "p": "pain_points",
    "b": "behaviours",
    "c": "context",
    "q": "quotes",
}
WORDINGS = yaml.safe_load((Path(__file__).parent / "contradictions.yaml").read_text(encoding="utf-8"))


def measure(persona: Persona):
    """How one persona does."""
    return DIMENSION.measure(Given((persona,), Configuration()))[0]


def persona(demographics=None, *, said=None, participants=(), **claims):
    """A persona of plain claims; `said` gives a claim's text the participant who said it."""
    by = said or {}
    return Persona(
        id="p",
        name="P",
        demographics=demographics or {},
        participants=participants,
        **{
            facet: tuple(
                Claim(
                    text=text,
                    evidence=(Evidence(quote=text, participant=by[text]),) if text in by else (),
                )
                for text in texts
            )
            for facet, texts in claims.items()
        },
    )


@pytest.fixture(scope="module")
def clean():
    """Personas of the sample study, made of what its participants said."""
    return anyio.run(generate, sample_corpus()).personas


def with_(base: Persona, wording) -> Persona:
    """A persona with a contradiction put into it."""
    changed = {
        facet: getattr(base, facet) + tuple(Claim(text=text) for text in wording[key])
        for key, facet in FACETS.items()
        if key in wording
    }
    prose = {name: wording[key] for key, name in (("t", "title"), ("s", "summary")) if key in wording}
    fields = {**base.demographics, **wording.get("d", {})}
    return base.model_copy(update={**changed, **prose, "demographics": fields})


def test_real_words_lose_nothing(clean):
    """Personas made of what people said are consistent."""
    assert [measure(each).value for each in clean] == [100.0] * len(clean)


@pytest.mark.parametrize("kind", WORDINGS)
def test_direct_wordings_are_found(kind, clean):
    """Every contradiction in plain words costs points, in whichever persona it stands."""
    for wording in WORDINGS[kind]["direct"]:
        assert all(measure(with_(each, wording)).value <= 92 for each in clean), wording


def test_most_indirect_wordings_are_found(clean):
    """Four of five contradictions that a reader has to conclude are found."""
    found = [
        measure(with_(each, wording)).value < 100
        for kind in WORDINGS.values()
        for wording in kind["indirect"]
        for each in clean
    ]
    assert sum(found) / len(found) >= 0.8


@pytest.mark.parametrize("kind", ["impossible_age", "fictional_place"])
def test_what_cannot_be_caps(kind, clean):
    """An impossible age or place caps the overall score."""
    for how in ("direct", "indirect"):
        for wording in WORDINGS[kind][how]:
            assert any(
                each.caps and each.points >= 50 for each in measure(with_(clean[0], wording)).deductions
            )


def test_a_message_names_both_places_and_words():
    """Path is the claim's; the message says what stands against what."""
    given = persona(
        {"occupation": "Retired nurse"}, goals=["Learn Spanish"], behaviours=["Commutes to work every day"]
    )
    (found,) = measure(given).deductions
    assert found.path == "behaviours[0]"
    assert found.points == 32
    for part in (
        "“retired nurse” in demographics.occupation",
        "behaviours[0]",
        "“commutes to work every day”",
    ):
        assert part in found.message


def test_participants_who_differ_cost_little():
    """What two participants say differently is counter-evidence, a few points at most."""
    texts = ("Loves the banking app", "Hates the banking app")
    said = dict(zip(texts, ("P1", "P2"), strict=True))
    one = measure(persona(behaviours=texts, said=said))
    assert 95 <= one.value < 100
    assert "counter-evidence" in one.deductions[0].message
    assert measure(persona(behaviours=texts)).value <= 75
    assert measure(persona(behaviours=texts, said=dict.fromkeys(texts, "P1"))).value <= 75


def test_all_differences_together_cost_little():
    """However many participants differ, it stays within 4 points."""
    texts = [
        "Has no children",
        "My kids wake me at five",
        "Is a vegetarian",
        "Eats steak twice a week",
        "Does not own a car",
        "Drives to work every day",
        "Lives alone",
        "My flatmates cook for me",
    ]
    said = {text: f"P{i}" for i, text in enumerate(texts)}
    assert measure(persona(context=texts, said=said)).value >= 96


def test_a_participant_of_a_group_may_differ_from_its_majority():
    """Demographics are majority values: one participant's own words against them cost little."""
    text = "My kids wake me at five"
    fields = {"children": "No"}
    group = persona(fields, pain_points=[text], said={text: "P1"}, participants=("P1", "P2", "P3"))
    assert measure(group).value >= 95
    assert measure(persona(fields, pain_points=[text])).value <= 75


def test_quotes_do_not_contradict_each_other():
    """Quotes are of different people."""
    assert measure(persona(quotes=["I love the banking app.", "I hate the banking app."])).value == 100


def test_an_invented_quote_does_not_soften():
    """Evidence that does not say the claim puts nobody on record for it."""
    one = Claim(text="Has no children", evidence=(Evidence(quote="It rains a lot here", participant="P1"),))
    other = Claim(text="My kids wake me at five", evidence=(Evidence(quote="I like tea", participant="P2"),))
    assert measure(Persona(id="p", name="P", context=(one, other))).value <= 75


@pytest.mark.parametrize(
    "given",
    [
        persona(
            {"age": 67, "occupation": "Retired teacher"}, behaviours=["Drives to the allotment every day"]
        ),
        persona({"age": 19, "occupation": "Nursing student"}, context=["Works part-time in a café"]),
        persona({"age_range": "55-64"}, context=["Has 30 years of experience as a nurse"]),
        persona({"age_range": "25-65+", "parents": "Yes"}, behaviours=["Takes the kids to school"]),
        persona({"marital_status": "Divorced"}, context=["Her ex-husband has the kids on weekends"]),
        persona({"diet": "Vegetarian"}, pain_points=["Her husband eats steak every day"]),
        persona({"household": "Lives alone"}, context=["Her daughter visits on Sundays"]),
        persona({"age": 16, "occupation": "High school student"}, goals=["Become a surgeon"]),
        persona({"transport": "No car"}, behaviours=["Takes the bus to work every day"]),
        persona(
            {"tech_proficiency": "Novice"},
            goals=["Learn to write code"],
            context=["Her son is a tech expert"],
        ),
        persona({"age": 102, "location": "Atlantis, South Africa"}, context=["Lives with her daughter"]),
        persona(
            {"occupation": "Beekeeper, diver and poet", "age": 24, "heritage": "Sámi"},
            context=["Raises six children on a houseboat"],
        ),
        persona(
            behaviours=["Never drinks coffee", "Drinks tea every day"], quotes=["I used to love coffee."]
        ),
        persona(context=["My brother is retired"], behaviours=["Commutes to work every day"]),
        persona(goals=["Spend less on travel", "Spend less on food"], needs=["Spend less time in queues"]),
        persona(context=["Gave up the car last year"], behaviours=["Used to drive to work every day"]),
    ],
    ids=str,
)
def test_unusual_is_not_inconsistent(given):
    """Others, the past, wishes and rare lives are no contradictions."""
    assert measure(given).deductions == ()


def test_nothing_to_compare_is_unscored():
    """Without demographics and with one claim there is nothing to compare."""
    assert "nothing to compare" in measure(persona(goals=["Save time"])).unscored
    assert measure(persona({"age": 30})).value == 100
    assert measure(persona()).value is None


def test_the_order_of_claims_and_personas_changes_nothing(clean):
    """The same claims in another order lose the same points."""
    claims = [
        "Loves working in teams",
        "Hates working in teams",
        "Has no children",
        "Takes the kids to school every day",
        "Lives alone",
        "My flatmates are loud",
    ]
    values = set()
    for seed in range(5):
        random.Random(seed).shuffle(claims)
        values.add(measure(persona({"age": 14}, behaviours=claims)).value)
    assert len(values) == 1
    given = Given(clean, Configuration())
    assert DIMENSION.measure(given) == DIMENSION.measure(given)
    assert list(reversed(DIMENSION.measure(Given(clean[::-1], Configuration())))) == DIMENSION.measure(given)
