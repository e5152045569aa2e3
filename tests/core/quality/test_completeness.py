"""Completeness: what is there, how many, and how much it says."""

import random

import pytest
from core.quality.spoiling import CLEAN, EXTRACTED, GOOD, auroc, changed, claims, gaps, thin
from hypothesis import given, settings
from hypothesis import strategies as st

from persona_core.models import Claim, Persona
from persona_core.quality import Configuration, Given
from persona_core.quality.completeness import BONUS, DIMENSION, NOTHING, WORTH
from persona_core.quality.lexicons import listed
from persona_core.quality.substance import information, is_blank, known
from persona_core.text import STOP_WORDS

FILLER = sorted({*listed("substance", "filler"), *(word for word in STOP_WORDS if word.isalpha())})
BLANKS = """TBD|tbd.|n/a|N.A.|unknown|Lorem ipsum dolor sit amet|…|...|-|–|?|Name|[insert goal]|[Goal]|<goal>|{{goal}}|Goal 1
Pain point 2|to be determined|not specified|None|null|XXX|placeholder|Sample quote|your goal here|“TBD”|  |not yet known|Insert quote here""".replace(
    "\n", "|"
).split("|")


def measures(*personas: Persona, **config):
    """What the dimension says of each."""
    return DIMENSION.measure(Given(personas=personas, config=Configuration(**config)))


def value(persona: Persona, **config) -> float:
    """Its value."""
    return measures(persona, **config)[0].value


def reasons(persona: Persona) -> dict[str, str]:
    """What points were lost for, by path."""
    return {each.path: each.message for each in measures(persona)[0].deductions}


def test_points_are_all_there_is():
    """What an empty persona loses is about everything, and the bonus does not outweigh the dearest field."""
    assert sum(WORTH.values()) + NOTHING == 100
    assert sum(BONUS.values()) < max(WORTH.values())


@pytest.mark.parametrize("persona", GOOD, ids=lambda each: each.name)
def test_whole(persona):
    """A persona with everything in it lacks next to nothing."""
    assert value(persona) >= 95


def test_empty():
    """Nothing there is near 0, and a name alone is, too."""
    assert value(Persona(id="p", name="")) == 0
    assert value(Persona(id="p", name="Ada Byron")) <= 10
    assert value(Persona(id="p", name="Ada Byron", title="The counter", summary="She counts.")) <= 10


@pytest.mark.parametrize("field", ["demographics", "goals", "pain_points", "behaviours", "quotes"])
def test_without_one(field):
    """One empty field costs, says so at its path, and does not sink a persona."""
    for persona in GOOD:
        without = changed(persona, **{field: {} if field == "demographics" else ()})
        assert 75 <= value(without) < value(persona) - 5
        assert field in reasons(without)


def test_generated_ones_are_good_without_a_facet():
    """Personas of participants' own words stay good when one facet finds nothing."""
    assert all(value(persona) >= 75 for persona in EXTRACTED)


@pytest.mark.parametrize("blank", BLANKS)
def test_placeholders_are_absent(blank):
    """A placeholder counts for nothing, whatever field it stands in."""
    persona = GOOD[0]
    for field in ("goals", "pain_points", "behaviours", "quotes"):
        assert value(changed(persona, **{field: claims(blank, blank)})) <= value(
            changed(persona, **{field: ()})
        )
    assert value(changed(persona, demographics={"age": blank, "city": blank})) == value(
        changed(persona, demographics={})
    )
    assert value(changed(persona, name=blank)) < value(persona)


@pytest.mark.parametrize(
    "text",
    [
        "none of my colleagues answer",
        "Na",
        "Unknown callers ring at night",
        "I name my plants",
        "Add recipes quickly",
        "Enter shift swaps",
        "Sample preparation",
        "65+",
        "3",
    ],
)
def test_words_are_no_placeholders(text):
    """Words that happen to begin like a placeholder are none."""
    assert known(text)
    assert text[0].isdecimal() or not is_blank(text)


@pytest.mark.parametrize("value", [0, 34, "65+", ["Hindi", "English"], {"city": "Pune"}, "18-24"])
def test_known_demographics(value):
    """Figures, lists and objects of demographics count."""
    assert known(value)


@pytest.mark.parametrize("value", [None, "", "n/a", [], {}, ["unknown"], {"city": "TBD"}])
def test_unknown_demographics(value):
    """Nothing, and lists of nothing, do not."""
    assert not known(value)


def test_repeated():
    """A claim said twice counts once, in whatever case or with whatever filler."""
    once = changed(GOOD[0], goals=claims("Fill gaps in the night rota"))
    again = claims(
        "Fill gaps in the night rota", "fill gaps in the night rota!", "Really fill gaps in the night rota"
    )
    twice = changed(GOOD[0], goals=again)
    assert value(twice) == value(once) < value(GOOD[0])
    assert "counted" in reasons(twice)["goals"]


def test_thin():
    """A word or two is thin, at its path; a figure or a third thing mends it."""
    persona = changed(GOOD[0], goals=claims("Time", "Save time", "Save time on the night rota"))
    assert {"goals[0]", "goals[1]"} <= set(reasons(persona))
    assert "goals[2]" not in reasons(persona)
    assert value(changed(persona, goals=claims("Time", "Money"))) < value(
        changed(persona, goals=claims("Save time", "Save money"))
    )


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_padding_earns_nothing(data):
    """Filler, stop words and repeated words added to a claim never raise the value."""
    persona = data.draw(
        st.sampled_from((*GOOD, *EXTRACTED, changed(GOOD[0], goals=claims("Save time", "Time"))))
    )
    facet = data.draw(st.sampled_from(["goals", "pain_points", "behaviours", "quotes"]))
    there = getattr(persona, facet)
    if not there:
        return
    i = data.draw(st.integers(0, len(there) - 1))
    words = data.draw(st.lists(st.sampled_from([*FILLER, *there[i].text.split()]), min_size=1, max_size=12))
    padded = f"{' '.join(words[:3])} {there[i].text} {' '.join(words[3:])}"
    claim = there[i].model_copy(update={"text": padded})
    longer = changed(persona, **{facet: (*there[:i], claim, *there[i + 1 :])})
    assert value(longer) <= value(persona)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(FILLER), min_size=1, max_size=15))
def test_filler_says_nothing(words):
    """Filler alone is as good as no claim."""
    text = " ".join(words)
    assert not information(text)
    assert value(changed(GOOD[0], goals=claims(text, text))) <= value(changed(GOOD[0], goals=()))


@pytest.mark.parametrize(
    "text",
    [
        "我想在开车回家之前发送发票",
        "夜勤のシフトを木曜日までに埋めたい",
        "Möchte Rechnungen vom Auto aus schicken",
        "Хочет видеть расписание до четверга",
        "आज रात की ड्यूटी भरना",
    ],
)
def test_other_languages_say_something(text):
    """Claims in other languages and scripts are as rich as English ones."""
    persona = changed(GOOD[0], goals=claims(text, "Save time"))
    assert not [path for path in reasons(persona) if path == "goals[0]"]


def test_bonus_is_no_debt():
    """What is not expected makes up for something, and is missed by nobody."""
    bare = changed(GOOD[0], summary="", title="")
    assert value(bare) == value(GOOD[0])
    short = changed(bare, behaviours=())
    more = changed(
        short, needs=claims("Someone to ask at night about a dose", "A rota that is right on her phone")
    )
    assert value(more) > value(short)
    assert value(changed(short, title="really very good")) == value(short)


def test_minimums():
    """The configuration says how many are enough; none of them asked for is none missed."""
    persona = changed(GOOD[0], goals=GOOD[0].goals[:1])
    assert value(persona) < value(persona, minimums={"goals": 1}) == value(GOOD[0])
    assert value(changed(persona, goals=()), minimums={"goals": 0}) == value(GOOD[0])
    assert value(GOOD[0], minimums={"goals": 9}) < value(GOOD[0])


def test_order_changes_nothing():
    """Neither the order of personas nor that of claims matters."""
    personas = list(CLEAN)
    before = {
        persona.id + persona.name: measure.value
        for persona, measure in zip(personas, measures(*personas), strict=True)
    }
    random.Random(3).shuffle(personas)
    after = {
        persona.id + persona.name: measure.value
        for persona, measure in zip(personas, measures(*personas), strict=True)
    }
    assert before == after
    for persona in CLEAN:
        assert value(changed(persona, goals=persona.goals[::-1])) == value(persona)


def test_value_in_range_and_points_explained():
    """Every value is 0–100, and all that is lost has a message."""
    for persona in (*CLEAN, *gaps(), *thin(), Persona(id="x", name="X", goals=(Claim(text=""),))):
        (measure,) = measures(persona)
        assert 0 <= measure.value <= 100
        assert all(each.message and each.points > 0 for each in measure.deductions)


def test_tells_spoilt_from_clean():
    """Personas with thin or missing fields have less than clean ones: AUROC at least .95."""
    clean = [value(persona) for persona in GOOD]
    for spoil in (gaps, thin):
        assert auroc(clean, [value(persona) for persona in spoil(GOOD)]) >= 0.95


def test_each_gap_costs():
    """Each persona has less than before without a field that it had, participants' own words or not."""
    for persona in CLEAN:
        assert all(value(less) < value(persona) for less in gaps([persona]) if less != persona)
