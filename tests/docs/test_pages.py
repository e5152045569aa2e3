"""What the pages show is what happens, every page can be found, and every link leads somewhere."""

import re
import shutil

import pytest
from docs.pages import DOCS, PAGES, ROOT, as_it_runs

RUNNING = [
    each for each in PAGES if re.search(r"^```(console|python)$", each.read_text("utf-8"), re.MULTILINE)
]
LANGUAGES = {"console", "python", "text", "js", "json", "yaml", "toml", "ini", "html", "jinja", "dockerfile"}
"""Of blocks: the first two are run, the others show data, or are checked by a test of their own."""
SHELL = {"docs/how-to/install.md"}
"""Pages whose commands a test of their own runs, with wheels and indexes that it makes: tests/packaging."""
LINK = re.compile(r"(?<!!)\[[^]]*\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)|!\[[^]]*\]\(([^)]+)\)")
NAMED = re.compile(r"`((?:docs|tests)/[\w./-]+\.\w+)`")


def name(page):
    """How a page is called in these tests."""
    return page.relative_to(ROOT).as_posix()


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize("page", RUNNING, ids=name)
def test_the_page_runs(page, tmp_path):
    """Every block prints what stands below it."""
    assert as_it_runs(page, tmp_path / "page") == page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_is_not_run_can_be_seen(page):
    """A block either runs, or shows data, or has no language; of the last a page has three at most."""
    fences = re.findall(r"^ *```(.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(fences) % 2 == 0
    assert set(fences[1::2]) <= {""}
    opened = fences[::2]
    assert set(opened) <= LANGUAGES | {""} | ({"sh"} if name(page) in SHELL else set())
    assert opened.count("") <= 3


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_section_is_empty(page):
    """Below each heading stands something, or a heading below it."""
    text = re.sub(r"^```.*?^```$", "block", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"<!--(?! from the code).*?-->", "", text, flags=re.DOTALL)
    parts = re.split(r"^(#+) (.*)$", text, flags=re.MULTILINE)[1:]
    sections = list(zip(parts[0::3], parts[1::3], parts[2::3], strict=True))
    for (depth, heading, words), below in zip(sections, [*sections[1:], ("", "", "")], strict=True):
        assert words.strip() or len(below[0]) > len(depth), heading


def test_every_page_is_in_the_index():
    """The index leads to each page, or to the folder that it stands in, and to each example."""
    index = DOCS / "README.md"
    linked = {(index.parent / each[0]).resolve() for each in LINK.findall(index.read_text(encoding="utf-8"))}
    examples = {each for each in (DOCS / "examples").iterdir() if each.is_file()}
    asked = {*PAGES, *examples} - {index, ROOT / "README.md"}
    assert sorted(name(each) for each in asked if linked.isdisjoint({each, each.parent})) == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page):
    """Links, pictures and files named in the text are there."""
    text = page.read_text(encoding="utf-8")
    beside = [page.parent / (link or picture) for link, picture in LINK.findall(text)]
    named = [ROOT / each for each in NAMED.findall(text)]
    assert [str(each) for each in (*beside, *named) if not each.exists()] == []


def test_pictures_are_small_and_shown():
    """Each is on a page, and light enough for a repository."""
    shown = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    pictures = sorted((DOCS / "images").iterdir())
    assert pictures
    for each in pictures:
        assert f"](images/{each.name})" in shown
        assert each.stat().st_size < 150_000
