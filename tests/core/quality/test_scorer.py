"""The score over the dimensions: weights, levels, caps and the gate."""

import json
import random

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona_core.errors import ConfigurationError, CorpusMismatchError
from persona_core.models import Claim, Evidence, Persona, PersonaSet, Scorecard
from persona_core.pipeline import generate, score
from persona_core.quality import (
    Configuration,
    Deduction,
    Dimension,
    Measure,
    compare,
    lenient,
    read_configuration,
    strict,
)
from persona_core.rendering.scorecard import render_junit, render_scorecard
from persona_core.runs import to_json
from persona_core.testing import sample_corpus
from persona_core.verification import hashed, verify

DIMENSIONS = ("completeness", "consistency", "evidence", "distinctiveness", "realism")


@pytest.fixture(scope="module")
def corpus():
    """The sample study."""
    return sample_corpus()


@pytest.fixture(scope="module")
def made(corpus):
    """Personas of it, offline."""
    return anyio.run(generate, corpus)


@pytest.fixture(scope="module")
def card(made, corpus):
    """Their scores."""
    return score(made, corpus)


def named(persona: Persona, **changed) -> PersonaSet:
    """A set of one persona that was changed."""
    return PersonaSet(personas=(persona.model_copy(update=changed),))


def test_every_dimension_is_there_and_in_range(card):
    """Five dimensions, each 0–100 or unscored with a reason, and what scores are not."""
    assert tuple(card.weights) == DIMENSIONS
    assert sum(card.weights.values()) == pytest.approx(1)
    for persona in card.personas:
        for each in persona.dimensions.values():
            assert (each.value is None) == bool(each.reason)
            assert each.value is None or 0 <= each.value <= 100
    assert "not whether they are true" in card.note


def test_the_overall_score_is_the_mean_over_what_is_scored(made):
    """Without sources evidence is unscored, and its weight is spread over the others."""
    for persona in score(made).personas:
        assert persona.dimensions["evidence"].value is None
        known = [(each.value, each.weight) for each in persona.dimensions.values() if each.value is not None]
        mean = sum(value * weight for value, weight in known) / sum(weight for _, weight in known)
        assert persona.capped or persona.overall == pytest.approx(mean, abs=0.051)


def test_every_point_lost_has_a_reason(card):
    """A value below 100 comes with an issue of that dimension."""
    for persona in card.personas:
        for name, each in persona.dimensions.items():
            if each.value is not None and each.value < 100:
                assert any(issue.dimension == name and issue.message for issue in persona.issues)


def test_the_order_of_personas_changes_nothing(made, corpus, card):
    """Each persona has the same score in any order."""
    shuffled = list(made.personas)
    random.Random(3).shuffle(shuffled)
    other = score(made.model_copy(update={"personas": tuple(shuffled)}), corpus)
    assert {each.id: each for each in other.personas} == {each.id: each for each in card.personas}
    assert other.set == card.set


def test_the_same_input_gives_the_same_bytes(made, corpus, card):
    """JSON, Markdown and JUnit."""
    again = score(made, corpus)
    for render in (to_json, render_scorecard, render_junit):
        assert render(again) == render(card)


def test_unscored_is_a_null_with_a_reason(made):
    """Nothing is left out of a scorecard's JSON."""
    document = json.loads(to_json(score(made)))
    evidence = document["personas"][0]["dimensions"]["evidence"]
    assert evidence["value"] is None
    assert evidence["reason"] == "no sources were given"
    assert document["set"]["dimensions"]["evidence"] is None
    assert Scorecard.model_validate(document) == score(made)


def test_a_single_persona_has_nothing_to_differ_from(made):
    """Distinctiveness is unscored, and the set is as many personas as it has."""
    card = score(named(made.personas[0]))
    assert card.personas[0].dimensions["distinctiveness"].value is None
    assert card.set.effective_personas is None


def test_an_absurd_persona_is_failing_and_its_plausible_twin_is_good(made, corpus):
    """Impossible facts cap the score, whatever else is good."""
    plausible = made.personas[0]
    invented = tuple(
        Claim(
            text=each.text, evidence=(Evidence(quote="My crystal submarine sings to the moon each Tuesday."),)
        )
        for each in plausible.goals
    )
    absurd = {"demographics": {"age": 214, "location": "Atlantis"}, "goals": invented}
    assert score(named(plausible, **absurd), corpus).personas[0].level == "failing"
    assert score(named(plausible), corpus).personas[0].level in {"good", "excellent"}


def test_sources_in_which_no_quote_is_found_cap_the_score(made, corpus):
    """At most 39, and it says why."""
    claim = Claim(
        text="Wants the moon.", evidence=(Evidence(quote="The moon is what I wanted all my life."),)
    )
    changed = dict.fromkeys(("goals", "needs", "pain_points", "behaviours", "motivations"), (claim,))
    card = score(named(made.personas[0], headline=None, context=(), quotes=(), **changed), corpus)
    assert card.personas[0].overall <= 39
    assert card.personas[0].capped


class TestTheGate:
    def test_every_persona_has_to_reach_it(self, made, corpus):
        """One persona below fails the set, and is named."""
        gate = score(made, corpus, min_score=100).set.gate
        assert not gate.passed
        assert made.personas[0].name in " ".join(gate.reasons)

    def test_it_cannot_be_passed_by_leaving_the_sources_out(self, made):
        """Unless evidence may be unscored."""
        assert not score(made, min_score=1).set.gate.passed
        assert score(made, min_score=1, allow_unscored=["evidence"]).set.gate.passed

    def test_an_empty_set_does_not_pass(self):
        """There is nothing to be good."""
        assert not score(PersonaSet(), min_score=0).set.gate.passed

    def test_strict_asks_for_every_dimension(self, made, corpus):
        """A dimension that is unscored fails, and is named."""
        gate = score(named(made.personas[0]), corpus, config=strict(Configuration())).set.gate
        assert not gate.passed
        assert "distinctiveness is not scored" in gate.reasons[0]

    def test_an_unknown_dimension_is_named(self, made):
        """With the ones there are."""
        with pytest.raises(ConfigurationError, match="no dimension “charm”; known are completeness"):
            score(made, allow_unscored=["charm"])


class TestConfiguration:
    def test_levels_move(self):
        """Strict raises, lenient lowers."""
        plain = Configuration()
        assert strict(plain).level(92) == "good"
        assert lenient(plain).level(82) == "excellent"
        assert [plain.level(value) for value in (90, 75, 60, 40, 39.9)] == [
            "excellent",
            "good",
            "acceptable",
            "poor",
            "failing",
        ]

    @given(st.lists(st.floats(0, 10), min_size=5, max_size=5).filter(lambda weights: sum(weights) > 0))
    def test_weights_always_sum_to_one(self, weights):
        """Whatever they are given as."""
        config = Configuration(weights=dict(zip(DIMENSIONS, weights, strict=True)))
        assert sum(config.weights.values()) == pytest.approx(1)

    def test_a_weight_of_nothing_leaves_a_dimension_out(self, made, corpus):
        """It is measured, and has no part in the score."""
        none = dict.fromkeys(DIMENSIONS, 0.0)
        alone = Configuration(weights={**none, "realism": 1})
        for each in score(made, corpus, config=alone).personas:
            assert each.capped or each.overall == each.dimensions["realism"].value
            assert each.dimensions["completeness"].value is not None

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("weights: {charm: 1}", "weights: unknown: charm; known are completeness"),
            ("weights: {realism: -1}", "between 0 and 1000"),
            ("weights: {realism: .nan}", "between 0 and 1000"),
            ("weights: {realism: 1e308, evidence: 1e308}", "between 0 and 1000"),
            (
                "weights: {completeness: 0, consistency: 0, evidence: 0, distinctiveness: 0, realism: 0}",
                "above 0",
            ),
            ("levels: {superb: 99}", "levels: unknown: superb"),
            ("minimums: {goals: -1}", "between 0 and 100"),
            ("levels: {good: 95}", "levels must fall"),
            ("minimums: {charm: 1}", "minimums: unknown: charm"),
            ("charm: 1", "charm"),
            ("[1, 2]", "must be an object"),
            ("weights:\n  realism: [\n", "own.yaml, line 3: is no YAML or JSON"),
            ("max_missing: -1", "max_missing"),
        ],
    )
    def test_what_is_wrong_is_named(self, text, said):
        """With the key, in one sentence."""
        with pytest.raises(ConfigurationError) as error:
            read_configuration(text, "own.yaml")
        assert said in str(error.value)
        assert "own.yaml" in str(error.value)
        assert "\n" not in str(error.value)

    def test_what_is_not_said_stays(self):
        """A file may say one thing only."""
        assert read_configuration("weights: {evidence: 0.5}").weights["realism"] == pytest.approx(0.15 / 1.25)
        assert read_configuration("levels: {good: 80}").level(78) == "acceptable"
        assert read_configuration("minimums: {goals: 4}").minimums["quotes"] == 1


class TestReports:
    """An evidence report in the place of the sources."""

    def test_hashed_or_not_it_scores_evidence(self, made, corpus):
        """And passes the gate, without the transcripts."""
        report = verify(made, corpus)
        values = [
            [each.dimensions["evidence"].value for each in score(made, report=given).personas]
            for given in (report, hashed(report))
        ]
        assert values[0] == values[1]
        assert None not in values[0]

    def test_a_hashed_report_holds_nobodys_words(self, made, corpus):
        """Neither quotes nor claims."""
        text = to_json(hashed(verify(made, corpus))).decode()
        for persona in made.personas:
            for _, claim in persona.claims():
                assert claim.text not in text
                assert all(each.quote not in text for each in claim.evidence)

    def test_one_of_other_personas_is_refused(self, made, corpus):
        """A changed quote, a new claim, a claim that is gone, a persona nobody looked up."""
        report = verify(made, corpus)
        first = made.personas[0]
        more = (*first.goals, Claim(text="Something else", evidence=(Evidence(quote="never looked up"),)))
        with pytest.raises(CorpusMismatchError, match="older than"):
            score(named(first, goals=more), report=report)
        reworded = (first.goals[0].model_copy(update={"text": "Owns a vineyard."}), *first.goals[1:])
        for looked_up in (report, hashed(report)):
            with pytest.raises(CorpusMismatchError, match="older than"):
                score(named(first, goals=reworded), report=looked_up)
        with pytest.raises(CorpusMismatchError, match="has not"):
            score(named(first, goals=(), headline=None), report=report)
        with pytest.raises(CorpusMismatchError, match="does not know"):
            score(named(first, id="persona-999"), report=report)


class TestComparing:
    def test_the_same_set_gains_nothing(self, card):
        """Each persona meets itself."""
        found = compare(card, card)
        assert found.overall == 0
        assert [each.first for each in found.personas] == [each.second for each in found.personas]

    def test_lies_lose_points(self, made, corpus, card):
        """What the second set lost is negative; who is in one set only is said."""
        liar = made.personas[0].model_copy(
            update={
                "goals": (
                    Claim(text="Wants gold.", evidence=(Evidence(quote="I want gold and only gold."),)),
                )
            }
        )
        found = compare(card, score(made.model_copy(update={"personas": (liar,)}), corpus))
        assert found.personas[0].dimensions["evidence"] < 0
        assert found.only_first == tuple(each.id for each in made.personas[1:])
        assert found.only_second == ()


def test_markup_in_names_stays_text(made):
    """In Markdown and in XML."""
    card = score(named(made.personas[0], name="<script>|*x*</script>\x00"))
    assert b"<script>" not in render_junit(card)
    assert "\\<script\\>" in render_scorecard(card)


def test_a_dimension_of_ones_own_stands_beside_the_five_and_counts_for_nothing(made, corpus, card):
    """It has values, issues and a column; the overall scores are what they were without it."""
    terse = Dimension(
        "terseness",
        "1",
        lambda given: [Measure((Deduction("", "too long", 30, caps=True),))] * len(given.personas),
    )
    with_it = score(made, corpus, beside=[terse])
    assert [each.overall for each in with_it.personas] == [each.overall for each in card.personas]
    assert {each.dimensions["terseness"].value for each in with_it.personas} == {70.0}
    assert with_it.set.dimensions["terseness"] == 70.0
    assert with_it.versions["terseness"] == "1"
    assert with_it.personas[0].issues[-1].message == "too long"
    assert "terseness" in render_scorecard(with_it)
    assert b'name="terseness"' in render_junit(with_it)


def test_a_dimension_of_ones_own_needs_a_name_of_its_own(made):
    """The five cannot be replaced: their scores would no longer compare."""
    mine = Dimension("realism", "1", lambda given: [Measure()] * len(given.personas))
    with pytest.raises(ConfigurationError, match="there is a dimension “realism” already"):
        score(made, beside=[mine])
