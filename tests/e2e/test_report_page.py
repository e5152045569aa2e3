"""The report in a browser, used as people use it: by hand, by keyboard, on a small screen, on paper."""

import base64
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from persona_core.models import Claim, Evidence, Persona, PersonaSet
from persona_core.rendering.report import render_report

PERSONA = Path(sys.executable).with_name("persona")
STUDY = Path(__file__).parents[2] / "docs" / "examples" / "study"

_SPEC = importlib.util.spec_from_file_location("browser", Path(__file__).with_name("browser.py"))
browser = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(browser)

pytestmark = pytest.mark.skipif(
    browser.installed() is None, reason="no browser here: install chromium, with apt-get for example"
)

FIRST = "#persona-1 .facets details"


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    """A browser."""
    with browser.browsing(browser.installed(), tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def page(window):
    """A page of its own, that complains of nothing and asks for nothing but the file."""
    window.begin()
    yield window
    assert window.complaints == []
    assert [url for url in window.requests if not url.startswith(("file:", "data:", "about:"))] == []


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report of a run over the example study, as the command writes it."""
    folder = tmp_path_factory.mktemp("report")
    command = [PERSONA, "generate", STUDY, "--participants", STUDY / "participants.csv", "--out", "run"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert made.returncode == 0, made.stderr
    return folder / "run" / "report.html"


def seen(page, selector):
    """Whether an element takes room on the page."""
    return page.run(f"document.querySelector({selector!r}).checkVisibility({{contentVisibilityAuto: true}})")


def test_a_click_on_a_claim_opens_its_quote(page, report):
    """A claim is closed at first; a click opens its quote, who said it, and says so to assistive technology."""
    page.open(report)
    quote = f"{FIRST} mark"
    assert not seen(page, quote)
    assert page.run(f"document.querySelector('{FIRST} summary').getAttribute('aria-expanded')") == "false"
    page.click(f"{FIRST} summary")
    assert seen(page, quote)
    assert page.run(f"document.querySelector({quote!r}).innerText").strip()
    assert re.match(r"Participant P\d+", page.run(f"document.querySelector('{FIRST} figcaption').innerText"))
    page.waits_for(f"document.querySelector('{FIRST} summary').getAttribute('aria-expanded') == 'true'")


def test_the_keyboard_is_enough(page, report):
    """The first stop skips to the personas; Enter opens a claim, Escape closes it and stays there."""
    page.open(report)
    page.press("Tab", 9)
    assert page.run("document.activeElement.className") == "skip"
    page.run(f"document.querySelector('{FIRST} summary').focus()")
    assert page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.press("Enter", 13)
    assert page.run(f"document.querySelector('{FIRST}').open")
    page.press("Escape", 27)
    assert not page.run(f"document.querySelector('{FIRST}').open")
    assert page.run("document.activeElement.tagName") == "SUMMARY"


def test_every_quote_opens_at_once(page, report):
    """One button opens every quote, says so, and closes them again."""
    page.open(report)
    closed = "document.querySelectorAll('.facets details:not([open])').length"
    assert page.run(closed) > 10
    page.click("#all")
    assert page.run(closed) == 0
    assert page.run("document.getElementById('all').getAttribute('aria-pressed')") == "true"
    page.click("#all")
    assert page.run("document.querySelectorAll('.facets details[open]').length") == 0


def test_a_link_to_a_claim_opens_it(page, report):
    """Whoever follows a link to a claim sees its quotes."""
    page.open(report)
    anchor = page.run("document.querySelector('.facets li').id")
    page.run(f"location.hash = {anchor!r}")
    page.waits_for(f"document.querySelector('#{anchor} details').open")


def test_it_works_without_scripts(page, report):
    """With scripts off claims still open, and no button stands there that would do nothing."""
    page.ask("Emulation.setScriptExecutionDisabled", value=True)
    page.open(report)
    assert not page.run("document.querySelector('#tools').checkVisibility()")
    page.click(f"{FIRST} summary")
    assert seen(page, f"{FIRST} mark")


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_cut_off(page, report, width):
    """At no width does the page scroll sideways, with every quote open."""
    page.ask("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
    page.open(report)
    page.run("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert page.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(page, report, scheme):
    """Words have a contrast of at least 4.5 to 1 against what they stand on (WCAG 2.2, 1.4.3), in both schemes."""
    page.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    page.open(report)
    page.run("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert page.run(CONTRASTS) == []


def test_a_poster_is_a_page_of_paper(page, report):
    """On A4 there is the cover, a page for each persona, and the appendix; quotes stay closed."""
    page.open(report)
    personas = page.run("document.querySelectorAll('.poster').length")
    appendices = page.run("document.querySelectorAll('.appendix').length")
    pdf = base64.b64decode(page.ask("Page.printToPDF", preferCSSPageSize=True)["data"])
    sizes = {tuple(map(float, box)) for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)}
    assert [(round(w / 72 * 25.4), round(h / 72 * 25.4)) for w, h in sizes] == [(210, 297)]
    assert len(re.findall(rb"/Type /Page\b", pdf)) <= 1 + personas + appendices + 1


def test_code_in_a_persona_does_nothing(page, tmp_path):
    """A persona called like a script is shown by that name, and runs nothing."""
    bad = "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'>"
    claim = Claim(text=bad, evidence=(Evidence(quote=bad, participant="P01"),))
    file = tmp_path / "bad.html"
    persona = Persona(id=bad, name=bad, summary=bad, headline=claim, goals=(claim,))
    file.write_text(render_report(PersonaSet(personas=(persona,))), encoding="utf-8")
    page.open(file)
    assert page.run("document.querySelector('h2').textContent").startswith("<script>")
    assert page.run("typeof window.ran") == "undefined"
    assert page.run("document.scripts.length") == 1


CONTRASTS = """
(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (css) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1);
    return Array.from(canvas.getImageData(0, 0, 1, 1).data);
  };
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgba(getComputedStyle(e).backgroundColor);
      if (c[3] === 255) { return c; }
    }
    return [255, 255, 255, 255];
  };
  const poor = [];
  for (const e of document.querySelectorAll("body *:not(script):not(svg *)")) {
    const words = Array.from(e.childNodes).filter((n) => n.nodeType === 3 && n.textContent.trim());
    if (!words.length || !e.checkVisibility() || e.closest(".skip, .unseen")) { continue; }
    const [a, b] = [light(rgba(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) { poor.push([e.tagName, e.className, words[0].textContent.trim().slice(0, 40), ratio.toFixed(2)]); }
  }
  return poor.slice(0, 8);
})()
"""
