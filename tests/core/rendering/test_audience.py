"""Who may see what, in every form."""

import csv
import io

import pytest

from persona_core.loading import load
from persona_core.models import Claim, Evidence, Persona, PersonaSet
from persona_core.pseudonyms import Pseudonyms
from persona_core.rendering.audience import Showing
from persona_core.rendering.markdown import render_markdown
from persona_core.rendering.report import render_report
from persona_core.rendering.table import COLUMNS, render_table
from persona_core.testing import SAMPLE

FORMS = [render_report, render_markdown, render_table]
WITHOUT_CONSENT = b"participant,quote_ok\nP01,yes\nP02,no\nP03,yes\nP04,yes\nP05,yes\nP06,yes\n"


@pytest.fixture
def withheld(tmp_path):
    """The sample study, with a participant who did not allow to be quoted: P02."""
    register = tmp_path / "participants.csv"
    register.write_bytes(WITHOUT_CONSENT)
    return load([(name, text.encode()) for name, text in SAMPLE.items()], participants=register)


@pytest.mark.parametrize("render", FORMS)
def test_a_copy_to_share_names_no_source(render, personas, corpus):
    """Neither files nor places reach those who may not read the material; codes do."""
    page = render(personas, corpus=corpus, audience="share")
    assert "P01" in page
    assert not [name for name in SAMPLE if name in page]
    assert "row 4" not in page


@pytest.mark.parametrize("render", FORMS)
def test_a_copy_for_the_team_says_where(render, personas, corpus):
    """Those who may read the material are told where to."""
    page = render(personas, corpus=corpus, audience="team")
    assert "interviews/P01.md" in page
    assert "survey.csv" in page


@pytest.mark.parametrize("audience", ["share", "team"])
@pytest.mark.parametrize("render", FORMS)
def test_words_without_consent_are_shown_nowhere(render, audience, personas, withheld):
    """Whoever did not allow to be quoted is counted and located, and no five words of theirs stand anywhere."""
    copied = Persona(
        id="p",
        name="Copy",
        summary="They said: the lift was out of order.",
        goals=(
            Claim(text="I can't carry a double pram up the stairs.", origin="model"),
            Claim(
                text="mornings", evidence=(Evidence(quote="because mornings are chaos", participant="P01"),)
            ),
        ),
        scenario="She wants to plan the whole way the evening before.",
    )
    whole = personas.model_copy(update={"personas": (*personas.personas, copied)})
    page = render(whole, corpus=withheld, audience=audience)
    theirs = [line.partition("Participant: ")[2] for line in SAMPLE["interviews/P02.md"].splitlines()]
    for text in filter(None, theirs):
        words = text.replace("'", "&#39;").split() if render is render_report else text.split()
        for i in range(len(words) - 4):
            assert " ".join(words[i : i + 5]) not in page
    assert "words that may not be shown" in page
    assert "P02" in page


def test_a_quote_by_somebody_else_may_hold_the_same_words(tmp_path):
    """Words that a participant without consent shares with one who gave it are shown where the latter said them."""
    data = b"participant,What frustrates you most?\nA1,There is no signal at the stop today\nA2,Well there is no signal at the stop\nA3,Other words altogether are said here\n"
    register = tmp_path / "who.csv"
    register.write_bytes(b"participant,quote_ok\nA1,no\nA2,yes\nA3,yes\n")
    corpus = load([("s.csv", data)], participants=register)
    showing = Showing(PersonaSet(), corpus, "share")
    ours = Evidence(quote="there is no signal at the stop", segment="s.csv#2", participant="A2")
    theirs = ours.model_copy(update={"segment": "s.csv#1", "participant": "A1"})
    assert showing.quote(ours) == "there is no signal at the stop"
    assert showing.quote(theirs) == ""
    assert showing.said("He says there is no signal at the stop") == ""


def test_codes_that_are_names_get_others(tmp_path):
    """A code that is somebody's name or address is replaced, everywhere it is mentioned; the team sees both."""
    named = ("Jane Doe", "ann@lab.org", "P07")
    claim = Claim(
        text="Jane Doe likes trams", evidence=(Evidence(quote="I like trams", participant="Jane Doe"),)
    )
    personas = PersonaSet(
        personas=(Persona(id="p", name="Maya", participants=named[:2], goals=(claim,)),),
        unrepresented=named[2:],
    )
    for render in FORMS:
        page = render(personas, audience="share")
        assert "Jane" not in page
        assert "ann@" not in page
    shared = Showing(personas, None, "share").shared
    assert set(shared) == {"Jane Doe", "ann@lab.org"}
    assert not {"P07", "Jane Doe"} & set(shared.values())
    team = render_report(personas, audience="team")
    assert f"Jane Doe → {shared['Jane Doe']}" in team


def test_names_numbers_and_addresses_are_hidden():
    """What the data calls people, and how to reach them, is not in a copy to share; ordinary words stay."""
    data = (
        "participant,Recipient First Name,What frustrates you most?\n"
        "a,Sara,I will not wait for the tram any longer.\n"
        "b,Will,We will see whether the lift works again.\n"
    )
    showing = Showing(PersonaSet(), load([("x.csv", data.encode())]), "share")
    assert (
        showing.said("As Sara's friend said, x.csv#2: ask sara")
        == "As [name]'s friend said, a source: ask [name]"
    )
    assert showing.said("it will do") == "it will do"
    assert showing.said("write to a@b.org, or see www.b.org") == "write to [e-mail], or see [address]"


def test_names_in_small_letters_are_hidden_and_ordinary_words_are_not():
    """Whoever types quickly writes no capitals; what is a word beside being a name stays one."""
    talk = (
        "Interviewer: How is it?\n\nZoe Adams: I will tell mark to wait for the nurse.\n\n"
        "Will Nurse: I told zoe that, and the nurse, and she will come. It will be late.\n\n"
        "Hope Berg: I hope so, for zoe and for adams.\n"
    )
    showing = Showing(PersonaSet(), load([("talk.txt", talk.encode())]), "share")
    assert showing.said("I told zoe that") == "I told [name] that"
    assert showing.said("as adams said") == "as [name] said"
    assert showing.said("I hope the nurse will come") == "I hope the nurse will come"
    assert Pseudonyms(showing.corpus).hide("I told zoe that it will do").startswith("I told [NAME_")


def test_a_table_has_a_row_for_each_quote(personas, corpus):
    """A claim stands once for each quote for and against it, and once where it has none."""
    rows = list(csv.DictReader(io.StringIO(render_table(personas, corpus=corpus, audience="team"))))
    assert tuple(rows[0]) == COLUMNS
    signal = [row for row in rows if row["claim"] == "Has no signal at the stop"]
    assert [row["stance"] for row in signal] == ["for", "against"]
    assert signal[0] == {
        "persona_id": "persona-001",
        "persona": "Maya Okafor",
        "facet": "Pain points",
        "claim": "Has no signal at the stop",
        "origin": "extracted",
        "support": "1 of 2",
        "stance": "for",
        "quote": "There is no signal at the stop",
        "participant": "P01",
        "tier": "exact",
        "segment": "interviews/P01.md#4",
        "place": "interviews/P01.md, passage 4",
    }
    assert [row["quote"] for row in rows if row["claim"] == "Plans ahead"] == [""]


@pytest.mark.parametrize(
    "start", ["=1+1", "+49", "-2", "@SUM(A1)", " =x", "\t=x", "\r\n=x", "“=x", "＝x", '"=x']
)
def test_a_table_calculates_nothing(start):
    """No cell begins as a formula would."""
    claim = Claim(text=start, evidence=(Evidence(quote=start, participant=start, segment=start),))
    persona = Persona(id=start, name=start, goals=(claim,))
    for row in csv.reader(io.StringIO(render_table(PersonaSet(personas=(persona,)), audience="team"))):
        assert not [cell for cell in row if cell.lstrip('"“ \t\r\n').startswith(tuple("=+-@＝＋－＠"))]
