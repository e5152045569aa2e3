"""What is for everybody names nobody: the audit's identifiers, looked for in every form of a report."""

import re

import anyio
import pytest

from persona_core.auditing import Auditor
from persona_core.loading import load
from persona_core.models import SynthesisOptions
from persona_core.pipeline.reporting import report, revealing
from persona_core.rendering.markdown import render_markdown
from persona_core.rendering.report import render_report
from persona_core.rendering.table import render_table
from persona_core.synthesis.extractive import Extractive

FORMS = [render_report, render_markdown, render_table]
CODE = re.compile(r"P\d+")
TALK = {
    "Annika Solberg": (
        "I want to get to the ward on time. My sister Ingrid drives me when the tram is late.",
        "The ticket would not load at the stop. I wrote to annika.solberg@ward.example and nobody wrote back.",
    ),
    "Tobias Krenn": (
        "I need to know whether the lift works. I ring them on +44 20 7946 0958 every time.",
        "The lift was out of order for a week. I posted that as @tobias_krenn, for all to see.",
    ),
    "Mirela Popescu": (
        "I want to pay less for the ride. As Annika Solberg says, the fares are a riddle.",
        "The fares are on www.popescu-family.example/fares, because I put them there myself.",
    ),
}


@pytest.fixture(scope="module")
def named():
    """A study of people whom the data calls by their names, and who tell how to reach them."""
    files = [
        (
            f"{name.split()[0].lower()}.txt",
            (
                f"Interviewer: How do you travel?\n\n{name}: {said[0]}\n\n"
                f"Interviewer: What goes wrong?\n\n{name}: {said[1]}\n"
            ).encode(),
        )
        for name, said in TALK.items()
    ]
    return load(files)


@pytest.fixture(scope="module")
def made(named):
    return anyio.run(Extractive().synthesise, named, SynthesisOptions(count=1))


def identifiers(text: str, corpus) -> set[str]:
    """What in a text says who somebody is, but for the codes that stand for people."""
    text = re.sub(r"<(?:style|script)\b.*?</(?:style|script)>|<[^>]*>", " ", text, flags=re.S)
    found = {
        text[each.start : each.end]
        for each in Auditor(corpus).audit(text).findings
        if each.kind == "identifier" and each.severity == "high"
    }
    return {each for each in found if not CODE.fullmatch(each)}


def test_what_is_looked_for_can_be_found(named):
    """The words themselves are full of it."""
    said = " ".join(" ".join(each) for each in TALK.values())
    found = identifiers(said, named)
    assert {"annika.solberg@ward.example", "@tobias_krenn"} <= found
    assert any("Annika" in each for each in found)


@pytest.mark.parametrize("render", FORMS)
def test_a_copy_to_share_holds_no_identifier(render, made, named):
    """Names, addresses and numbers are left out of quotes, claims, warnings and the words around a quote."""
    page = render(made, corpus=named, audience="share")
    assert "P01" in page or "P02" in page
    assert identifiers(page, named) == set()
    assert not [part for name in TALK for part in name.split() if part in page]


@pytest.mark.parametrize("render", FORMS)
def test_the_team_reads_what_was_said(render, made, named):
    """Or the test above could not fail."""
    assert identifiers(render(made, corpus=named, audience="team"), named)


def test_what_only_a_reader_can_judge_is_named():
    """A ward of one person stays in their quote; whoever shares the page is told to read it."""
    said = "I want to rest at the Lindhaven on the way home, before the night begins."
    corpus = load(
        [
            ("a.txt", f"Interviewer: How do you travel?\n\nParticipant: {said}\n".encode()),
            ("b.txt", b"Interviewer: And you?\n\nParticipant: I want to get home with no surprises.\n"),
        ]
    )
    personas = anyio.run(Extractive().synthesise, corpus, SynthesisOptions(count=1))
    page = report(personas, corpus)
    notice = revealing([page], corpus)
    assert notice is not None
    assert "read where it says “Lindhaven”: so few" in notice.message
    assert revealing(["<p>I want to get home with no surprises.</p> 24 November 2026"], corpus) is None
