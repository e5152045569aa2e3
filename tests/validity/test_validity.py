"""The short form of the validity suite: own studies only; `make validity` measures the whole."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from persona_core.verification import verify
from validity import corrupt_citations, corrupt_copies, corrupt_quotes
from validity.cases import own_cases, wordings
from validity.corrupt_copies import RETOLD_BARE
from validity.corrupt_facts import HARMLESS, contradictions, harmless
from validity.fairness import absurd_and_plausible, retold, trait_gaps, written_cases
from validity.measuring import GENERATORS, auroc, clean, corrupted, missed, power
from validity.run import PAGE
from validity.table import BEGIN, CONTROLS, END, IN_DIMENSION, OVERALL, REPORTED, kinds

SHORT = {"tramline": (3,), "allotments": (), "nights": (3,), "shops": ()}
BELOW_GOAL = {
    "placeholder name": (0.92, 0.88),
    RETOLD_BARE: (0.5, 0.9),
}
"""Kinds that miss a goal, here or in the long form: what they must reach in their dimension and overall all the same."""
FALSE_ALARMS: frozenset[str] = frozenset()
"""Harmless additions that are known to be taken for contradictions: none."""


@pytest.fixture(scope="module")
def cases():
    return list(own_cases(counts=SHORT))


@pytest.fixture(scope="module")
def cleanly(cases):
    return clean(cases)


@pytest.fixture(scope="module")
def faults(cases):
    few = (partial(contradictions, of=3) if make is contradictions else make for make in GENERATORS)
    return kinds(corrupted(cases, tuple(few)))


def test_wordings():
    """Fifteen kinds of contradiction have five wordings each, half of them direct and half indirect."""
    listed = wordings("contradictions")
    assert len({each["kind"] for each in listed}) == len(listed) == 15
    assert all(len(each["direct"]) + len(each["indirect"]) == 5 for each in listed)
    assert abs(sum(len(each["direct"]) - len(each["indirect"]) for each in listed)) <= 1


def test_written_quotes(cases):
    """Personas as assistants write them quote what stands in the study."""
    for case in cases:
        counts = verify(case.personas, case.corpus).counts
        assert counts.total == counts.exact


def test_generators(cases):
    """Each generator does what its name says, as looking the quotes up shows."""
    case = cases[0]
    total = verify(case.personas, case.corpus).counts.exact

    def counts(make, number=0):
        return verify(list(make(case, 0))[number].personas, case.corpus).counts

    quotes = sum(len(claim.evidence) for _, claim in case.personas.personas[0].claims())
    claims = sum(1 for _ in case.personas.personas[0].claims())
    assert [counts(corrupt_quotes.invented, i).missing for i in (0, 1)] == [quotes, quotes]
    assert counts(corrupt_quotes.of_others).wrong_participant == quotes
    assert counts(corrupt_quotes.shuffled).exact == total
    assert [counts(corrupt_citations.added, i).missing for i in (0, 1)] == [claims, 3 * claims]
    assert counts(corrupt_citations.instead).missing == quotes
    assert len(list(corrupt_copies.copies(case, 0))) == 3
    assert len(list(contradictions(case, 0))) == 30
    assert len(list(harmless(case, 0))) == 3


def test_same_again(cases):
    """The same seeds make the same variants."""
    case = cases[1]
    for make in (corrupt_quotes.invented, corrupt_copies.copies, contradictions):
        assert list(make(case, 1)) == list(make(case, 1))


def test_spoken_otherwise():
    """A line said in another way stands so in the study, and is quoted so."""
    told = {each["study"]: each["says"] for each in wordings("traits") if "says" in each}
    for case in written_cases():
        if case.study in told:
            otherwise = retold(case, told[case.study])
            counts = verify(otherwise.personas, otherwise.corpus).counts
            assert counts.total == counts.exact
            quoted = {e.quote for p in otherwise.personas.personas for _, c in p.claims() for e in c.evidence}
            assert set(told[case.study].values()) <= quoted


def test_auroc():
    """Ties count half, and it does not matter how far apart scores are."""
    assert auroc(np.array([2.0, 3.0]), np.array([1.0, 0.0])) == 1.0
    assert auroc(np.array([1.0]), np.array([1.0])) == 0.5
    assert auroc(np.array([1.0, 2.0]), np.array([2.0, 100.0])) == 0.125


def test_clean_personas_are_good(cleanly):
    """No clean persona scores below “good”."""
    low = [
        (each.key, each.overall, each.issues) for each in cleanly if each.overall is None or each.overall < 75
    ]
    assert not low


def test_every_kind_of_fault_is_told(cleanly, faults):
    """Every kind reaches its goals, or what is known of it."""
    short = {}
    for kind, found in faults.items():
        if kind in REPORTED | CONTROLS:
            continue
        goals = BELOW_GOAL.get(kind, (IN_DIMENSION, OVERALL))
        told = [power(cleanly, found, dimension) for dimension in (found[0].dimension, None)]
        reached = tuple(round(each.auroc, 3) if each else 0.0 for each in told)
        if any(value < goal for value, goal in zip(reached, goals, strict=True)):
            short[kind] = reached
    assert not short


def test_inventing_is_worse_than_citing_nothing(faults):
    """Whoever invents citations scores lower in evidence than whoever gives none."""
    pairs = zip(faults["absent citations in place of quotes"], faults["no citations at all"], strict=True)
    for invented, none in pairs:
        assert invented.key == none.key
        assert (invented.dimensions["evidence"] or 0) < (none.dimensions["evidence"] or 0)


def test_harmless_claims_cost_nothing(cleanly, faults):
    """Claims that only look like contradictions take no points in consistency."""
    blamed = {each.label for each in faults[HARMLESS]} - {
        each.label for each in missed(cleanly, faults[HARMLESS])
    }
    assert blamed <= FALSE_ALARMS


def test_absurd_and_plausible(cases):
    """A persona that nobody could be is “failing”, its plausible twin “good” or better."""
    for absurd, plausible in absurd_and_plausible(cases):
        assert absurd.level == "failing"
        assert plausible.level in ("good", "excellent")


def test_rare_traits_cost_nothing():
    """Whatever the trait, a persona with it scores as the same persona without: within 2 points."""
    gaps = trait_gaps(written_cases(), of=1)
    assert len(gaps) >= 10
    assert {trait: found for trait, found in gaps.items() if found > 2} == {}


def test_page_tells_every_kind(faults):
    """The page has a row for every kind of fault and of contradiction."""
    measured = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    told = {*faults, *(each["kind"] for each in wordings("contradictions"))}
    assert {kind for kind in told if f"| {kind} |" not in measured} == set()
