"""The report: one page, safe, the same each time, with every claim's quotes in it."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona_core.models import Claim, Evidence, Persona, PersonaSet
from persona_core.models.scorecard import WHAT_SCORES_ARE
from persona_core.rendering.markdown import WHAT_THESE_ARE
from persona_core.rendering.report import render_report
from persona_core.rendering.report.drawing import crowd, dots, mark, step

EMPTY = {"meta", "link", "circle", "path", "rect", "br"}
ALLOWED = set(
    """html head meta title link style body a header p h1 h2 h3 span figure figcaption blockquote mark nav ol ul li b
    small main article div svg circle path rect section dl dt dd details summary button table thead tbody tfoot tr th
    td abbr aside footer script""".split()
)


class Reader(HTMLParser):
    """Reads a page as a browser would: tags, attributes, what is seen."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open, self.tags, self.attributes, self.ids, self.seen = [], [], [], [], []
        self.links, self.sheets, self.scripts = [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name == "href"]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in EMPTY:
            assert self.open.pop() == tag

    def handle_data(self, data):
        kept = {"style": self.sheets, "script": self.scripts}.get(
            self.open[-1] if self.open else "", self.seen
        )
        kept.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.seen).split())


def test_every_quote_stands_in_the_words_around_it(personas, corpus):
    """A claim opens its quote, marked, with what was asked and what was said before and after, and who said it."""
    page = render_report(personas, corpus=corpus)
    assert "What goes wrong?" in page
    assert (
        "<mark>There is no signal at the stop</mark>"
        '<span class="around"> , so my ticket won&#39;t load. It&#39;s really frustrating.</span>' in page
    )
    assert "<b>Participant P01</b>" in page


def test_without_sources_the_quote_stands_alone(personas):
    """Nothing is around a quote where nobody has the sources."""
    page = render_report(personas)
    assert '<blockquote dir="auto"><p><mark>There is no signal at the stop</mark></p></blockquote>' in page
    assert "so my ticket" not in page


def test_what_a_reader_must_know_is_there(personas, corpus, studies):
    """Support, what speaks against, what nobody said, who is missing, warnings and what these are: all in words."""
    page = render_report(
        personas, corpus=corpus, card=studies.scored(personas), likenesses=[[1, 0.31], [0.31, 1]]
    )
    text = Reader(page).text
    for said in (
        "2 of 6 participants",
        "said by 1 of 2",
        "1 voice against",
        "Speaks against it",
        "no quote stands behind this",
        "worded by a model",
        "Illustrative, written by a model; nobody said this.",
        "Fewer than 5 participants stand behind Maya.",
        "What this participant said is in no persona.",
        WHAT_THESE_ARE,
        WHAT_SCORES_ARE,
        "Evidence is unscored, because no sources were given.",
        "72.5",
        "−27.5",
        "goals 1",
        "says two things",
        "0.31",
    ):
        assert said in text, said


def test_the_appendix_comes_only_with_scores(personas):
    """Without a scorecard and likenesses there is no appendix to look for."""
    text = Reader(render_report(personas)).text
    assert "Scores" not in text
    assert "How alike they are" not in text


def test_nothing_comes_from_elsewhere(personas, corpus):
    """The policy allows the page's own style and script by their hashes, and nothing else; no address leads out."""
    page = render_report(personas, corpus=corpus)
    read = Reader(page)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; ")
    for words, name in ((read.sheets, "style-src"), (read.scripts, "script-src")):
        digest = base64.b64encode(hashlib.sha256("".join(words).encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}';" in policy
    assert all(link.startswith("#") or link == "data:," for link in read.links)
    assert "http" not in re.sub(r"http-equiv", "", page)
    assert not any(name == "style" or name.startswith("on") for name, _ in read.attributes)


def test_every_link_leads_somewhere(personas, corpus, studies):
    """Ids are there once, and every link within the page has its target."""
    read = Reader(
        render_report(personas, corpus=corpus, card=studies.scored(personas), likenesses=[[1, 0], [0, 1]])
    )
    assert len(read.ids) == len(set(read.ids))
    assert {link[1:] for link in read.links if link.startswith("#")} <= set(read.ids)
    named = {value for name, value in read.attributes if name == "aria-labelledby"}
    assert named <= set(read.ids)
    assert read.tags.count("h1") == 1
    assert {"header", "nav", "main", "footer"} <= set(read.tags)


@pytest.mark.parametrize("audience", ["share", "team"])
def test_code_in_a_persona_is_words(studies, audience):
    """Whatever a persona is called, no tag, attribute or template comes of it, and nothing turns the direction."""
    personas = studies.hostile()
    page = render_report(personas, card=studies.scored(personas), likenesses=[[1.0]], audience=audience)
    read = Reader(page)
    assert read.tags.count("script") == 1
    assert set(read.tags) <= ALLOWED
    assert not any(name.startswith("on") for name, _ in read.attributes)
    assert "\u202e" not in page
    assert "{{ 7 * 7 }}" in page
    assert studies.SCRIPT in read.text


@settings(max_examples=40)
@given(st.text(), st.text())
def test_any_text_leaves_the_page_whole(name, words):
    """Every tag that is opened is closed, whatever people and models write."""
    claim = Claim(text=words, evidence=(Evidence(quote=words, participant=name),))
    persona = Persona(id=name, name=name, title=words, goals=(claim,), headline=claim)
    read = Reader(render_report(PersonaSet(personas=(persona,))))
    assert set(read.tags) <= ALLOWED
    assert not read.open


def test_the_same_input_gives_the_same_bytes(personas, corpus):
    """No clock and no order of hashing stands in a report."""
    assert render_report(personas, corpus=corpus) == render_report(personas, corpus=corpus)


def test_a_portrait_follows_the_data(personas):
    """One persona always has the same mark; another claim makes another mark."""
    maya, lin = personas.personas
    assert mark(maya) == mark(maya.model_copy(deep=True))
    assert len({mark(maya), mark(lin), mark(maya.model_copy(update={"behaviours": ()}))}) == 3
    assert "m-against" in mark(maya)


@given(st.integers(0, 30_000), st.integers(0, 30_000))
def test_dots_count_people(one, other):
    """The dots that are filled are as many as people stand behind, in dots of so many each."""
    filled, of = sorted((one, other))
    drawn, each = dots(filled, of)
    assert drawn.count("d-in") == -(-filled // each)
    assert drawn.count("<circle") == -(-of // each) <= 150


@given(st.lists(st.integers(0, 400), max_size=8), st.integers(0, 400))
def test_a_crowd_shows_everybody(groups, none):
    """There is a dot for everyone, and a ring for everyone whom no persona represents."""
    drawn, each = crowd(groups, none)
    assert drawn.count("nobody") == -(-none // each)
    assert drawn.count("hue-") == sum(-(-size // each) for size in groups)


@given(st.floats(-1, 2))
def test_likeness_has_ten_shades(value):
    """Every likeness has a shade, the greatest the deepest."""
    assert 0 <= step(value) <= 9
    assert step(1.0) == 9


def test_a_hundred_personas_are_a_page_one_can_use(personas):
    """A hundred personas are listed first, and compared in a drawing with the pairs most alike in words."""
    maya = personas.personas[0]
    many = tuple(maya.model_copy(update={"id": f"p{i}", "name": f"Maya {i}"}) for i in range(100))
    likenesses = [
        [1.0 if i == j else 0.97 if {i, j} == {3, 7} else 0.1 for j in range(100)] for i in range(100)
    ]
    page = render_report(personas.model_copy(update={"personas": many}), likenesses=likenesses)
    assert all(f'href="#persona-{n}"' in page for n in range(1, 101))
    assert 'class="heat"' in page
    assert "Maya 3 and Maya 7 0.97" in Reader(page).text
    assert len(page) < 2_000_000
