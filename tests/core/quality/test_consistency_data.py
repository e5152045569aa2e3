"""Every row of the data files of consistency: its examples are read as it says."""

import pytest

from persona_core.models import Claim, Persona
from persona_core.quality.consistency.ages import ages
from persona_core.quality.consistency.facts import facts, rows
from persona_core.quality.consistency.homes import home_clashes
from persona_core.quality.consistency.opposites import opposites
from persona_core.quality.consistency.phrases import data, fact_rows
from persona_core.quality.consistency.places import imaginary
from persona_core.quality.consistency.rules import clashes
from persona_core.quality.consistency.statements import statements

PLACES, OPPOSITES, CITIES = data("places.yaml"), data("opposites.yaml"), data("cities.yaml")


def told(*examples: str):
    """The statements of a persona that is made of examples; `key: value` is a field of the demographics, “A …” a summary."""
    fields, claims, summary = {}, [], []
    for example in examples:
        key, colon, value = example.partition(": ")
        if colon and key.replace("_", "").isalpha() and key.islower():
            fields[key] = value
        elif example.startswith("A "):
            summary.append(example)
        else:
            claims.append(Claim(text=example))
    return statements(
        Persona(id="p", name="P", summary=" ".join(summary), demographics=fields, behaviours=tuple(claims))
    )


def of_rows(of, kind):
    """A case for each example of each row."""
    return [pytest.param(name, each, id=f"{name}-{each}") for name, row in of.items() for each in row[kind]]


@pytest.mark.parametrize(("name", "example"), of_rows(fact_rows(), "fires"))
def test_a_fact_is_read(name, example):
    """What a row says must fire is read as its fact."""
    assert name in {fact.name for fact in facts(told(example))}


@pytest.mark.parametrize(("name", "example"), of_rows(fact_rows(), "silent"))
def test_a_fact_is_not_read(name, example):
    """What a row says must not fire is not."""
    assert name not in {fact.name for fact in facts(told(example))}


def found(examples):
    """The rules that clash in a persona made of examples."""
    those = told(*examples)
    return {clash.kind for clash in clashes(facts(those), " \n ".join(each.text for each in those))}


@pytest.mark.parametrize(("name", "examples"), of_rows(data("rules.yaml"), "fires"))
def test_a_rule_clashes(name, examples):
    """Both sides together clash."""
    assert name in found(examples)


@pytest.mark.parametrize(("name", "examples"), of_rows(data("rules.yaml"), "silent"))
def test_a_rule_keeps_silent(name, examples):
    """What only looks like a clash is none."""
    assert name not in found(examples)


@pytest.mark.parametrize("pair", OPPOSITES["fires"], ids=str)
def test_opposites_are_found(pair):
    """Two claims that say the opposite are found."""
    assert list(opposites(told(*pair)))


@pytest.mark.parametrize("pair", OPPOSITES["silent"], ids=str)
def test_others_are_no_opposites(pair):
    """Two claims about different things, times or people are none."""
    assert not list(opposites(told(*pair)))


@pytest.mark.parametrize("example", PLACES["fires"])
def test_a_place_is_imaginary(example):
    """Nobody lives there."""
    assert list(imaginary(told(example)))


@pytest.mark.parametrize("example", PLACES["silent"])
def test_a_place_is_none_of_those(example):
    """A real place of the name, or a book read."""
    assert not list(imaginary(told(example)))


def test_every_row_is_well_formed():
    """Rows have examples of both kinds; rules name rows that exist; no word is on two sides of one pair."""
    known = {row.name for row in rows()}
    assert all(row["fires"] and row["silent"] for row in fact_rows().values())
    assert all(set(row["one"] + row["other"]) <= known for row in data("rules.yaml").values())
    assert all(
        row["fires"] and row["silent"] and 20 <= row["points"] <= 40 for row in data("rules.yaml").values()
    )
    for one, other in OPPOSITES["pairs"]:
        assert not set(one.split()) & set(other.split())


@pytest.mark.parametrize(
    ("example", "low", "high"),
    [
        ("age: 19", 19, 19),
        ("age_range: 25-34", 25, 34),
        ("age_range: 65+", 65, float("inf")),
        ("age: -3", -3, -3),
        ("age: late thirties", 36, 39),
        ("age: 40s", 40, 49),
        ("age_group: under 18", 0, 18),
        ("I'm 45 years old.", 45, 45),
        ("Is aged twenty-three", 23, 23),
        ("Was born in 1790", 2025 - 1791, 2025 - 1789),
    ],
)
def test_ages_are_read(example, low, high):
    """Ages and ranges, in figures and in words."""
    assert [(span.low, span.high) for span in ages(told(example))] == [(low, high)]


@pytest.mark.parametrize("examples", CITIES["fires"])
def test_two_homes_clash(examples):
    """A persona who lives in two cities, or in a city and another country."""
    assert list(home_clashes(told(*examples)))


@pytest.mark.parametrize("examples", CITIES["silent"])
def test_one_home_does_not_clash(examples):
    """The same home in other words, somebody else's, a former or a wished-for one."""
    assert not list(home_clashes(told(*examples)))
