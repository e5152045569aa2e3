"""Personas as a page for people."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona_core.models import (
    Claim,
    CorpusRef,
    Evidence,
    Locator,
    Notice,
    Persona,
    PersonaSet,
    Support,
    Tier,
)
from persona_core.rendering.markdown import escape, render_markdown


def quote(words: str, participant: str = "P03", segment: str = "interviews/P03.vtt#4", **more) -> Evidence:
    return Evidence(quote=words, segment=segment, tier=Tier.exact, participant=participant, **more)


SEEN = Locator(source="interviews/P03.vtt", sha256="0" * 64, parts=((0, 4),), time=(3723.5, 3725.0))
MAYA = Persona(
    id="persona-001",
    name="Maya Okafor",
    title="The offline commuter",
    summary="Wants a ticket that works underground.",
    support=Support(participants=2, of=3),
    participants=("P03", "P07"),
    demographics={"age_range": "25-34", "occupation": ["Nurse", "Baker"]},
    headline=Claim(text="h", evidence=(quote("I just want to get home.", locator=SEEN),)),
    goals=(
        Claim(
            text="Wants to get home without thinking",
            support=Support(participants=2, of=2),
            evidence=(quote("I just want to get home."), quote("Home, and quickly.", "P07", "survey.csv#9")),
            against=(quote("I like the long way.", "P07", "survey.csv#11"),),
        ),
    ),
    pain_points=(
        Claim(
            text="There's no signal.",
            support=Support(participants=1, of=2),
            evidence=(quote("There's no signal!"),),
        ),
    ),
    behaviours=(Claim(text="Plans ahead", origin="model"),),
    scenario="Maya stands at the stop.",
)
STUDY = PersonaSet(
    corpus=CorpusRef(participants=3),
    personas=(MAYA,),
    unrepresented=("P11",),
    warnings=(Notice(code="few_participants", message="fewer than 5 participants stand behind Maya"),),
)


def test_a_page_that_reads_well():
    """Name, title and support come first, then who they are, and claims with words and place."""
    page = render_markdown(STUDY, audience="team")
    start = page[page.index("## ") : page.index("### Pain points")]
    assert (
        start
        == """## Maya Okafor — The offline commuter

**2 of 3 participants (P03, P07)**

Age range: 25-34 · Occupation: Nurse, Baker

Wants a ticket that works underground.

> “I just want to get home.”
>
> — P03, `interviews/P03.vtt#4`, at 1:02:03

### Goals

- **Wants to get home without thinking** — said by 2 of 2
  - “I just want to get home.” — P03, `interviews/P03.vtt#4`
  - “Home, and quickly.” — P07, `survey.csv#9`
  - Against: “I like the long way.” — P07, `survey.csv#11`

"""
    )


def test_a_claim_in_its_own_words_is_not_said_twice():
    """Where the claim is its quote, the quote stands alone."""
    assert "- “There's no signal!” — P03, `interviews/P03.vtt#4`; said by 1 of 2\n" in render_markdown(
        STUDY, audience="team"
    )


def test_a_page_to_share_names_no_source():
    """Who may not read the material sees codes, and neither files nor times."""
    page = render_markdown(STUDY)
    assert "- “There's no signal!” — P03; said by 1 of 2\n" in page
    assert "interviews" not in page
    assert "survey" not in page
    assert "1:02:03" not in page


def test_what_nobody_said_is_marked():
    """A claim without a quote, a model's wording and a scenario say what they are."""
    page = render_markdown(STUDY)
    assert "- **Plans ahead** — worded by a model\n  - No quote stands behind this." in page
    assert "Illustrative, written by a model; nobody said this." in page


def test_the_end_says_who_is_missing_and_what_this_is():
    """Who is represented by none, the warnings as sentences, and what personas are not come last."""
    end = render_markdown(STUDY).partition("## Who is not in here")[2]
    assert "1 participant is represented by no persona: P11." in end
    assert "- Fewer than 5 participants stand behind Maya.\n" in end
    assert "they are nobody in particular" in end


def test_a_quote_not_found_says_so():
    """A tier other than exact is said in words."""
    near = Evidence(quote="roughly this", tier=Tier.near)
    page = render_markdown(
        PersonaSet(personas=(Persona(id="p", name="N", goals=(Claim(text="c", evidence=(near,)),)),))
    )
    assert "“roughly this” (nearly)" in page


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. first", r"1\. first"),
        ("# no heading", r"\# no heading"),
        ("- no item", r"\- no item"),
        ("a *b* [c](d) <script>", r"a \*b\* \[c\](d) \<script\>"),
        ("snake_case stays, _this_ not", r"snake_case stays, \_this\_ not"),
        ("two\n\nparagraphs", "two paragraphs"),
        ("AT&T, &amp;", r"AT&T, \&amp;"),
    ],
)
def test_what_markdown_would_read_is_escaped(text, expected):
    """Words from the corpus stay words."""
    assert escape(text) == expected


@given(st.text())
def test_escaping_takes_nothing_away(text):
    """Every letter stays; no tag, emphasis or code survives."""
    escaped = escape(text)
    assert [char for char in escaped if char.isalnum()] == [char for char in text if char.isalnum()]
    assert not re.search(r"(?<!\\)(?:\\\\)*[<>*`|]", escaped)
    assert "\n" not in escaped


def test_what_a_terminal_obeys_is_not_rendered():
    """Control characters and turns of direction in a participant's words do not reach the page."""
    assert escape("red \x1b[31mred\x07\u202e gnp.exe\nnext") == "red \\[31mred gnp.exe next"
