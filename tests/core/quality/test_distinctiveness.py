"""Distinctiveness: copies are found, in the same and in other words, and ordinary personas are left in peace."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona_core.models import Claim, Evidence, Persona
from persona_core.quality import Configuration, Given
from persona_core.quality.distinctiveness import DIMENSION, effective_of, effective_personas, likenesses


def persona(ident: str, name: str, *goals: str, **more) -> Persona:
    """A persona with goals."""
    return Persona(id=ident, name=name, goals=tuple(Claim(text=goal) for goal in goals), **more)


NURSE = persona(
    "persona-001",
    "Maya Okafor",
    "Wants to know the night before which tram still runs",
    "Reads the paper timetable because her phone is locked away on the ward",
    "Walks the last two stops when the platform is too crowded",
    "Buys a weekly ticket at the kiosk with cash",
    "Fears missing the handover after a late connection",
    demographics={"age_range": "25-34", "occupation": "Nurse", "home": "Edge of town"},
)
RETOLD = persona(
    "persona-002",
    "Ines Falk",
    "Likes to know the evening before which tram is still running",
    "Uses the printed timetable since her phone stays locked away on the ward",
    "Goes the last two stops on foot when platforms are too crowded",
    "Gets a weekly ticket with cash at the kiosk",
    "Is afraid to miss the handover when a connection is late",
    demographics={"age": "about 30", "work": "Works as a nurse", "lives": "On the edge of town"},
)
STUDENT = persona(
    "persona-003",
    "Jonas Weber",
    "Plans every trip in an app and compares three routes",
    "Complains about fares that rise each term",
    "Studies on the train with headphones on",
    "Hires a bicycle when the weather is dry",
    "Hopes for a discount that covers the summer holidays",
    demographics={"age_range": "18-24", "occupation": "Student"},
)
WARDEN = persona(
    "persona-004",
    "Ruth Bauer",
    "Sorts out quarrels over seats on the early line",
    "Writes down every fault of the doors by hand",
    "Would like a colleague beside her on Fridays",
    "Knows most regulars by their first names",
    "Cannot reach the control room by radio in the tunnel",
    demographics={"age_range": "55-64", "occupation": "Conductor"},
)


def measured(*personas: Persona, vectors=None):
    """What is measured of each."""
    return DIMENSION.measure(Given(personas, Configuration(), vectors=vectors))


def copied(of: Persona, ident: str, **changed) -> Persona:
    """A persona once more."""
    return of.model_copy(update={"id": ident, "name": "Somebody Else", **changed})


def test_ordinary_personas_lose_nothing():
    """Personas of one study that say different things have all points."""
    assert [each.value for each in measured(NURSE, STUDENT, WARDEN)] == [100, 100, 100]


def test_a_copy_word_for_word_loses_everything():
    """Both of two personas with the same claims lose all points, and each is told of the other."""
    first, student, _, again = measured(
        NURSE, STUDENT, WARDEN, copied(NURSE, "persona-009", demographics={"age": 31})
    )
    assert (first.value, student.value, again.value) == (0, 100, 0)
    assert again.deductions[0].message.startswith("says the same as Maya Okafor (persona-001): 5 of 5 claims")
    assert again.details["nearest"] == "persona-001"


def test_a_copy_in_other_words_loses_at_least_forty():
    """Reworded claims and demographics are still the same persona."""
    found = measured(NURSE, RETOLD, STUDENT, WARDEN)
    assert max(found[0].value, found[1].value) <= 60
    assert "Maya Okafor (persona-001)" in found[1].deductions[0].message
    assert [each.value for each in found[2:]] == [100, 100]


def test_a_copy_that_rests_on_the_same_quotes_is_found():
    """Statements without a word in common are alike where they cite the same words."""
    quotes = [Evidence(quote=f"I said thing number {i} to you") for i in range(5)]
    one, other = (
        each.model_copy(
            update={
                "goals": tuple(
                    claim.model_copy(update={"evidence": (quote,)})
                    for claim, quote in zip(each.goals, quotes, strict=True)
                )
            }
        )
        for each in (NURSE, STUDENT)
    )
    assert [each.value for each in measured(one, other, WARDEN)] == [0, 0, 100]


def test_an_embedder_finds_what_shares_no_words():
    """With vectors, claims of the same meaning are alike whatever their words."""
    texts = [claim.text for each in (NURSE, STUDENT, WARDEN) for claim in each.goals]
    vectors = {text: [float(i == j) for j in range(len(texts))] for i, text in enumerate(texts)}
    for one, other in zip(NURSE.goals, STUDENT.goals, strict=True):
        vectors[other.text] = vectors[one.text]
    assert [each.value for each in measured(NURSE, STUDENT, WARDEN, vectors=vectors)] == [0, 0, 100]
    assert set(DIMENSION.texts(Given((NURSE, STUDENT, WARDEN), Configuration()))) == set(texts)


def test_a_claim_of_another_persona_costs_points_at_the_claim():
    """What stands elsewhere word for word is said where it stands, whatever its case."""
    shared = Claim(text=NURSE.goals[3].text.upper() + "!")
    student = STUDENT.model_copy(update={"pain_points": (shared,)})
    [_, found, _] = measured(NURSE, student, WARDEN)
    [deduction] = [each for each in found.deductions if each.path == "pain_points[0]"]
    assert deduction.message.startswith("Maya Okafor (persona-001) says this word for word too")
    assert 80 < found.value < 100


def test_the_same_participants_behind_two_personas_cost_points():
    """Two personas of the very same people are said to be; participants behind all personas say nothing."""
    people = [("P1", "P2"), ("P2", "P1"), ("P3",)]
    three = [
        each.model_copy(update={"participants": who})
        for each, who in zip((NURSE, STUDENT, WARDEN), people, strict=True)
    ]
    found = measured(*three)
    assert [each.value for each in found] == [80, 80, 100]
    assert found[0].deductions[0].path == "participants"
    assert [each.value for each in measured(*three[:2])] == [100, 100]


def test_unscored_says_why():
    """Nothing to compare with is no number."""
    silent = Persona(id="persona-005", name="Nobody")
    assert measured(NURSE)[0].unscored == "only one persona: nothing to compare it with"
    assert measured() == []
    alone, nobody = measured(NURSE, silent)
    assert (alone.value, nobody.value) == (None, None)
    assert "makes no claims" in (nobody.unscored or "")
    assert [each.value for each in measured(NURSE, silent, STUDENT)] == [100, None, 100]


def test_no_points_are_earned_for_being_rare():
    """A persona as different as can be has what ordinary ones have."""
    odd = persona("persona-007", "Ōtsuka Chōko", "漢字で話したい", "Ngiyathanda ukuhamba ngezinyawo ebusuku")
    assert [each.value for each in measured(NURSE, STUDENT, odd)] == [100, 100, 100]
    assert measured(odd, copied(odd, "persona-008"), NURSE)[0].value == 0


@given(st.permutations(range(6)))
@settings(max_examples=15, deadline=None)
def test_order_changes_nothing(order):
    """Each persona has the same measure in whatever order they come."""
    personas = (NURSE, STUDENT, WARDEN, RETOLD, copied(WARDEN, "persona-010"), copied(NURSE, "persona-011"))
    before = dict(zip([each.id for each in personas], measured(*personas), strict=True))
    turned = [personas[i] for i in order]
    assert dict(zip([each.id for each in turned], measured(*turned), strict=True)) == before
    assert effective_personas(turned) == effective_personas(personas)


@pytest.mark.parametrize(
    ("personas", "effective"),
    [
        ((), None),
        ((NURSE,), 1),
        ((NURSE, STUDENT, WARDEN), 3),
        ((NURSE, copied(NURSE, "x")), 1),
        ((NURSE, copied(NURSE, "x"), STUDENT, copied(STUDENT, "y")), 2),
        ((NURSE, copied(NURSE, "x"), STUDENT), 1.8),
    ],
)
def test_effective_personas(personas, effective):
    """Different ones count one each; copies count once; 1 / Σ pᵢ Zᵢⱼ pⱼ between."""
    assert effective_personas(personas) == effective
    if len(personas) > 1:
        assert effective_of(measured(*personas)) == effective


def test_a_copy_in_other_words_makes_no_more_personas():
    """One said twice outweighs the others, so that the set counts for fewer than without the copy."""
    found = effective_personas((NURSE, STUDENT, WARDEN, RETOLD))
    assert found is not None
    assert 2.6 < found < 3


def test_likenesses_make_a_picture():
    """Symmetric, 1 on the diagonal, in the order given; what says nothing is like nothing."""
    silent = Persona(id="persona-000", name="Nobody")
    found = likenesses((WARDEN, NURSE, silent, RETOLD, copied(WARDEN, "z")))
    assert all(found[i][i] == 1 for i in range(5))
    assert all(found[i][j] == found[j][i] and 0 <= found[i][j] <= 1 for i in range(5) for j in range(5))
    assert found[0][4] == 1
    assert found[1][3] > 0.45
    assert max(found[2][:2]) == 0
    assert likenesses(()) == ()


def test_copies_are_found_among_hundreds():
    """Beyond what is compared each with each, copies in the same and in other words are still found."""
    rng = random.Random(1)
    words = ["".join(rng.choices("bdfgklmnprstv", k=3)) + rng.choice("aeiou") + "ming" for _ in range(600)]

    def made(number: int) -> Persona:
        return persona(
            f"p{number:04}", f"Number {number}", *(" ".join(rng.choices(words, k=8)) for _ in range(6))
        )

    crowd = [made(number) for number in range(300)]
    turned = persona(
        "p9999", "Again", *(" ".join(claim.text.split()[2:]) + " tomorrow" for claim in crowd[7].goals)
    )
    found = measured(*crowd, copied(crowd[3], "p9998"), turned)
    assert (found[-2].value, found[-2].details["nearest"]) == (0, "p0003")
    assert (found[-1].value, found[-1].details["nearest"]) == (0, "p0007")
    assert sum(each.value < 85 for each in found) == 4
    assert effective_personas([*crowd, copied(crowd[3], "p9998"), turned]) == pytest.approx(300, abs=3)


def test_copies_that_share_no_words_are_found_among_hundreds_by_meaning():
    """An embedder's vectors find candidates of their own."""
    rng = random.Random(2)
    crowd = [
        persona(f"p{n:04}", f"Number {n}", *(f"alpha{n} beta{n} gamma{n}{i}" for i in range(3)))
        for n in range(210)
    ]
    vectors = {claim.text: _direction(rng) for each in crowd for claim in each.goals}
    for one, other in zip(crowd[4].goals, crowd[150].goals, strict=True):
        vectors[other.text] = vectors[one.text]
    found = measured(*crowd, vectors=vectors)
    assert [i for i, each in enumerate(found) if each.value < 50] == [4, 150]
    assert found[4].details["nearest"] == "p0150"


def _direction(rng: random.Random) -> list[float]:
    numbers = [rng.gauss(0, 1) for _ in range(64)]
    length = sum(each**2 for each in numbers) ** 0.5
    return [each / length for each in numbers]


def test_what_is_said_of_a_persona_that_is_partly_another():
    """Half the claims of another persona cost some points, and the message says how many are shared."""
    half = STUDENT.model_copy(update={"goals": (*RETOLD.goals[:3], *STUDENT.goals[:3])})
    found = measured(NURSE, half, WARDEN)[1]
    assert 20 < found.value < 85
    assert found.deductions[0].message.startswith(
        "says much of what Maya Okafor (persona-001) says: 3 of 6 claims"
    )
