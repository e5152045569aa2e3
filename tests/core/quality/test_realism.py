"""Realism: what could be nobody, and what only looks so."""

import random

import anyio
import pytest
from core.quality.spoiling import (
    BAD,
    CLEAN,
    EXTRACTED,
    GENERIC,
    GOOD,
    JARGON,
    NAMES,
    auroc,
    changed,
    claims,
    generic_goals,
    jargon,
    placeholder_names,
    templates,
)

from persona_core.models import Claim, Evidence, Persona, PersonaSet
from persona_core.pipeline import generate, score
from persona_core.quality import Configuration, Given, score_given
from persona_core.quality.realism import DIMENSION
from persona_core.quality.realism.generic import is_generic
from persona_core.quality.realism.speech import jargon as jargon_in
from persona_core.quality.realism.speech import unspoken
from persona_core.testing import sample_corpus


def measure(persona: Persona):
    """What the dimension says of one."""
    return DIMENSION.measure(Given(personas=(persona,), config=Configuration()))[0]


def value(persona: Persona) -> float:
    """Its value."""
    return measure(persona).value


def reasons(persona: Persona) -> dict[str, str]:
    """What points were lost for, by path."""
    return {each.path: each.message for each in measure(persona).deductions}


@pytest.mark.parametrize("persona", CLEAN, ids=lambda each: each.name)
def test_real(persona):
    """Specific personas, and those of participants' own words, lose nothing."""
    assert not reasons(persona)


@pytest.mark.parametrize("persona", BAD, ids=lambda each: each.name)
def test_unreal(persona):
    """Generic personas lose most."""
    assert value(persona) <= 40


@pytest.mark.parametrize(
    "name",
    [
        *NAMES,
        "",
        "…",
        "user_12",
        "P7",
        "Persona Two",
        "{{name}}",
        "Jane Q. Public",
        "Max Mustermann",
        "Test",
        "Untitled Persona",
        "???",
        "XXX",
    ],
)
def test_placeholder_name(name):
    """A name that stands for none costs at least 25, at its path."""
    assert value(GOOD[0]) - value(changed(GOOD[0], name=name)) >= 25
    assert "name" in reasons(changed(GOOD[0], name=name))


@pytest.mark.parametrize(
    "name",
    [
        "The Busy Professional",
        "Power User",
        "Product Manager",
        "The Overwhelmed Explorer",
        "Nurse",
        "Budget-Conscious Shopper",
        "ChatGPT",
        "Tech-Savvy Tina",
        "Marketing Mary",
        "Busy Betty",
    ],
)
def test_name_of_a_role(name):
    """A role, a product or a slogan in place of a name costs some."""
    assert 10 <= value(GOOD[0]) - value(changed(GOOD[0], name=name)) <= 30


@pytest.mark.parametrize("goal", GENERIC)
def test_generic_goal(goal):
    """A goal of anybody costs at least 10, at its path."""
    persona = changed(GOOD[0], goals=(GOOD[0].goals[0], *claims(goal)))
    assert value(GOOD[0]) - value(persona) >= 10
    assert "goals[1]" in reasons(persona)


SPECIFIC = """Save 20 % of the time that invoices take|Learn Welsh before the eisteddfod|Get things done before the school bus
Save money for a new kiln|Manage her father's tablets|Improve the compost|Find the platform with step-free access|Be home by six
Grow tomatoes on a north-facing balcony|Make better decisions about which ewe to keep|Reduce the number of phone calls to the council|Stay in touch with her unit""".replace(
    "\n", "|"
).split("|")


@pytest.mark.parametrize("goal", SPECIFIC)
def test_specific_goal(goal):
    """One word that is somebody's makes a goal somebody's."""
    assert not is_generic(goal)


@pytest.mark.parametrize("text", JARGON)
def test_jargon(text):
    """A slide's words cost in quotes and in claims."""
    assert jargon_in(text)
    assert "quotes[0]" in reasons(changed(GOOD[0], quotes=claims(text)))
    assert "behaviours[0]" in reasons(changed(GOOD[0], behaviours=claims(text)))


@pytest.mark.parametrize(
    "text",
    [
        "I use the best bits of it",
        "It's a robust old van",
        "The dashboard tells me who's late",
        "I share the spreadsheet with stakeholders",
        "I streamlined my morning",
        "The solution was to reboot",
        "My agile coach left",
    ],
)
def test_no_jargon(text):
    """One such word is what people say."""
    assert not jargon_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Users need a fast checkout",
        "Customers expect delivery by noon.",
        "The user wants to save time",
        "Our platform helps teams ship",
        "Discover the joy of effortless invoicing!",
        "Convenience and reliability.",
        "- ward rota app",
        "Sarah wants an easier rota",
    ],
)
def test_quotes_nobody_said(text):
    """What sells, what speaks about users, and notes are no quotes."""
    assert unspoken(text, "Sarah Mitchell")
    assert "quotes[0]" in reasons(changed(GOOD[0], quotes=claims(text)))


@pytest.mark.parametrize(
    "text",
    [
        "Customers ring me at six.",
        "Users on my ward hate it",
        "Too many clicks.",
        "No.",
        "People lie on forms, I do too",
        "Reliability? Ha.",
        "Saves me an hour",
        "Is very difficult",
        "Sarah next door fixes it",
        "lol",
        "Fresh bread.",
    ],
)
def test_quotes_somebody_may_have_said(text):
    """Short, broken, third-person or terse speech is speech."""
    assert not unspoken(text, "Anna Bell")
    assert not reasons(changed(GOOD[1], quotes=claims(text)))


@pytest.mark.parametrize(
    "demographics",
    [
        {"age": 214},
        {"age": -3},
        {"age": "214 years"},
        {"age_range": "120-140"},
        {"age": "−3"},
        {"location": "Atlantis"},
        {"city": "Gotham City"},
        {"where": {"country": "Wakanda"}},
        {"Age": 999},
    ],
)
def test_impossible(demographics):
    """What cannot be costs much, names its place, and caps the overall score."""
    persona = changed(GOOD[0], demographics=demographics)
    (found,) = measure(persona).deductions
    assert found.caps
    assert found.points >= 30
    assert found.path.startswith("demographics.")
    assert score_given(Given(personas=(persona,), config=Configuration())).personas[0].overall <= 39


@pytest.mark.parametrize(
    "text",
    [
        "A 214-year-old nurse from Atlantis.",
        "She is 214 years old.",
        "He lives in Wakanda with two cats.",
        "Aged 300, she still works nights.",
    ],
)
def test_impossible_in_words(text):
    """A summary that says so is no better."""
    assert any(each.caps for each in measure(changed(GOOD[0], summary=text)).deductions)


@pytest.mark.parametrize(
    "text",
    [
        "She works in a 300-year-old house.",
        "The mill is 214 years old.",
        "Plays Hogwarts Legacy with her son.",
        "Her shop, Atlantis, sells fish.",
        "She lives in Atlantis, Florida.",
        "Reads Narnia aloud",
        "Owes 214 euros",
        "He is 104 years old.",
    ],
)
def test_possible_in_words(text):
    """Old houses, games and shops are none of it."""
    assert not reasons(changed(GOOD[0], summary=text, behaviours=(*GOOD[0].behaviours, *claims(text))))


@pytest.mark.parametrize(
    "demographics",
    [
        {"age": "banana"},
        {"income": -40000},
        {"income": "-£3"},
        {"children": -2},
        {"years_of_experience": "-5"},
    ],
)
def test_cannot_be(demographics):
    """Less than nothing, or an age that is none, costs without a cap."""
    (found,) = measure(changed(GOOD[0], demographics=demographics)).deductions
    assert not found.caps
    assert found.points >= 10


@pytest.mark.parametrize(
    "demographics",
    [
        {"age": 0},
        {"age": 119},
        {"age_range": "18-24"},
        {"age": "65+"},
        {"age": "mid-thirties"},
        {"age": "retired"},
        {"age": 1984},
        {"age": "30–39"},
        {"age": "twenty-something"},
        {"income": "30,000-40,000"},
        {"income": "- 30k to 40k"},
        {"age": "Gen Z"},
        {"age": "prefer not to say"},
        {"age": ["25", "34"]},
        {"location": "Springfield"},
        {"age": "3-5 months"},
    ],
)
def test_may_be(demographics):
    """Ages in other words and years of birth are ages."""
    assert not reasons(changed(GOOD[0], demographics=demographics))


@pytest.mark.parametrize(
    "text",
    [
        "[insert goal]",
        "TBD",
        "Lorem ipsum dolor sit amet",
        "Goal 1",
        "Contact her at jane@example.com",
        "{{goal}}",
    ],
)
def test_unfilled(text):
    """What nobody filled in costs where it stands."""
    assert "goals[0]" in reasons(changed(GOOD[0], goals=(*claims(text), *GOOD[0].goals)))


def test_names_taken_out_are_speech():
    """`[name]` in a participant's words is where a name was taken out; in a model's it is a gap."""
    text = "Ask [name] at the desk, not me"
    said = Claim(text=text, evidence=(Evidence(quote=text, segment="a.txt#1"),))
    assert not reasons(changed(GOOD[0], quotes=(said,)))
    assert "quotes[0]" in reasons(changed(GOOD[0], quotes=claims(text)))


def test_notes_of_transcribers_are_speech():
    """`[inaudible]` and `{gap}` are in real transcripts."""
    assert not reasons(
        changed(GOOD[0], quotes=claims("[inaudible] I rang them", "[laughs]", "so {gap} we went"))
    )


def test_template():
    """Claims of one shape cost, over the persona or within a facet; what participants said does not."""
    goals = [f"Wants to find {thing} so that she can rest" for thing in ("keys", "maps", "bread", "seats")]
    facet = changed(GOOD[0], goals=claims(*goals))
    whole = changed(
        facet,
        pain_points=claims(*(each.replace("find", "mend") for each in goals)),
        behaviours=claims(*goals),
    )
    assert value(whole) < value(facet) < value(GOOD[0])
    said = tuple(Claim(text=each, evidence=(Evidence(quote=each, segment="a.txt#1"),)) for each in goals)
    assert not reasons(changed(GOOD[0], goals=said))


def test_own_words_are_spared_only_where_they_are_found():
    """Words of a participant may be a slide's; words that are not in the sources may not."""
    text = "We leverage synergies and I mean it"
    cited = Claim(text=text, evidence=(Evidence(quote=text, segment="trips.csv#1"),))
    persona = changed(EXTRACTED[0], quotes=(cited,))
    assert not reasons(persona)
    card = score(PersonaSet(personas=(persona,)), sample_corpus())
    assert any(
        issue.path == "quotes[0]" and issue.dimension == "realism" for issue in card.personas[0].issues
    )
    bare = Claim(text=text, evidence=(Evidence(quote=text),))
    assert "quotes[0]" in reasons(changed(EXTRACTED[0], quotes=(bare,)))


def test_generated_ones_score_high_with_their_sources():
    """Personas of participants' own words are real with the sources at hand, too."""
    corpus = sample_corpus()
    card = score(anyio.run(generate, corpus), corpus)
    assert all(each.dimensions["realism"].value >= 88 for each in card.personas)


def test_order_changes_nothing():
    """Neither the order of personas nor that of claims matters."""
    personas = [*CLEAN, *BAD]
    given = [personas[i] for i in random.Random(5).sample(range(len(personas)), len(personas))]
    before = dict(
        zip(
            map(id, personas),
            DIMENSION.measure(Given(personas=tuple(personas), config=Configuration())),
            strict=True,
        )
    )
    after = dict(
        zip(
            map(id, given),
            DIMENSION.measure(Given(personas=tuple(given), config=Configuration())),
            strict=True,
        )
    )
    assert before == after
    for persona in BAD:
        turned = changed(
            persona, goals=persona.goals[::-1], demographics=dict(reversed(persona.demographics.items()))
        )
        assert value(turned) == value(persona)


@pytest.mark.parametrize(
    "spoil", [placeholder_names, generic_goals, jargon, templates], ids=lambda each: each.__name__
)
def test_tells_spoilt_from_clean(spoil):
    """What is spoilt has less than what is clean: AUROC at least .95."""
    assert auroc([value(each) for each in CLEAN], [value(each) for each in spoil()]) >= 0.95
