"""What somebody said, in letters, codes and markup that only a program tells from the words as they are."""

from __future__ import annotations

import base64
import html
import json
import re
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona_core.auditing import Auditor
from persona_core.auditing.disguises import places, plain
from persona_core.auditing.views import views
from persona_core.loading import load
from persona_core.text import content_stems, fold, sentence_spans, words

STUDY = Path(__file__).parents[3] / "docs" / "examples" / "study"
CORPUS = load(STUDY)
AUDITOR = Auditor(CORPUS)
SAID = "I screenshot the ticket before I go down."
CLEAN = "Plans ahead and likes certainty. Prefers short answers. Gets impatient with vague promises."


def tellings() -> list[str]:
    """Sentences of six words and more, three of content, that fewer than three people say."""
    texts = CORPUS.columns.texts
    said = (text[a:b] for text in texts for a, b in sentence_spans(text))
    kept = [each for each in said if len(words(each)) >= 6 and len(set(content_stems(each))) >= 3]
    return [each for each in kept if sum(fold(each).text in fold(text).text for text in texts) < 3]


def cyrillic(text: str) -> str:
    return text.translate(str.maketrans("aeopcxyATHK", "аеорсхуАТНК"))


def greek(text: str) -> str:
    return text.translate(str.maketrans("ovuiABEZ", "ονυιΑΒΕΖ"))


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isalpha() and char.isascii() else char for char in text)


def accented(text: str) -> str:
    return unicodedata.normalize("NFC", re.sub("([aeiouAEIOUnc])", "\\1\u0301", text))


def struck(text: str) -> str:
    return re.sub(r"(\w)", "\\1\u0336", text)


def unseen(text: str) -> str:
    return re.sub(r"(\w)(\w)", "\\1\u200b\u2062\\2", text)


def turned(text: str) -> str:
    return re.sub(r"(\w)(\w)", "\\1\u202e\u00ad\\2", text)


def tagged(text: str) -> str:
    return re.sub(r"(\w)(\w+)", r'\1<b class="x">\2</b>', text)


def in_elements(text: str) -> str:
    return "<p>" + re.sub(r"(\w)(\w+)", r"\1<x:y/>\2<!-- so -->", text) + "</p>"


def starred(text: str) -> str:
    return re.sub(r"([a-z])([a-z])([a-z])", r"\1**\2**\3", text)


def in_percent(text: str) -> str:
    return quote(text, safe="")


def all_percent(text: str) -> str:
    return "".join(f"%{octet:02X}" for octet in text.encode())


def entities(text: str) -> str:
    return "".join(f"&#{ord(char)};" for char in text)


def twice_entities(text: str) -> str:
    return html.escape(html.escape("".join(f"&#x{ord(char):x};" for char in text)))


def twice_json(text: str) -> str:
    inner = "".join(f"\\u{ord(char):04x}" if char < "\U00010000" else char for char in text)
    return json.dumps(json.dumps(inner))


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def in_lines(text: str) -> str:
    return base64.encodebytes(text.encode()).decode()


def in_address(text: str) -> str:
    return "data:text/plain;base64," + base64.urlsafe_b64encode(text.encode()).decode()


def in_hex(text: str) -> str:
    return text.encode().hex()


DISGUISES: list[Callable[[str], str]] = [
    cyrillic, greek, wide, accented, struck, unseen, turned, tagged, in_elements, starred, in_percent, all_percent, entities,
    twice_entities, twice_json, in_base64, in_lines, in_address, in_hex,
]  # fmt: skip


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguise_is_seen_through_and_its_place_told(disguise: Callable[[str], str]) -> None:
    """The finding covers what stands for the words, and nothing of what is around it."""
    before, after = "Is calm, mostly. ", " Likes tea."
    hidden = disguise(SAID)
    audit = AUDITOR.audit(before + hidden + after)
    (found,) = (each for each in audit.findings if each.kind == "verbatim")
    assert not audit.passed
    assert len(before) <= found.start < found.end <= len(before + hidden)
    assert found.end - found.start >= 0.8 * len(hidden.rstrip().replace("data:text/plain;base64,", ""))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(tellings()), st.sampled_from(DISGUISES), st.sampled_from(DISGUISES))
def test_two_disguises_on_top_of_each_other_are_refused(
    sentence: str, first: Callable[[str], str], second: Callable[[str], str]
) -> None:
    """Whatever is put on top of whatever."""
    assert not AUDITOR.audit(f"Is calm. {second(first(sentence))} Likes tea.").passed


def test_the_smallest_place_is_told() -> None:
    """Of a code that says more, a finding covers what stands for the words."""
    code = in_base64(f"Is calm, mostly, and likes tea with some milk in it. {SAID}")
    (found,) = AUDITOR.audit(code).findings
    assert found.kind == "verbatim"
    assert found.end == pytest.approx(len(code), abs=4)
    assert found.start == pytest.approx(len(code) - len(SAID) * 4 / 3, abs=8)


def test_accents_that_the_data_has_may_be_left_out(tmp_path: Path) -> None:
    """`Jose` is `José`, and a sentence without its accents is the sentence."""
    file = tmp_path / "talk.txt"
    said = "El año pasado perdí mi teléfono en el tranvía número nueve."
    file.write_text(f"Interviewer: ¿Qué pasó?\n\nJosé: {said}\n", encoding="utf-8")
    auditor = Auditor(load(file))
    assert not auditor.audit("El ano pasado perdi mi telefono en el tranvia numero nueve.").passed
    assert not auditor.audit("Often talks with Jose about trams.").passed


def test_another_language_keeps_its_letters() -> None:
    """Words of Cyrillic or Greek are not read as Latin; capitals and small letters stay the same word."""
    assert plain("Время идёт, и Вот") == "Время идет, и Bot"
    assert plain("ВОТ").lower() == plain("вот").lower()
    assert plain("ελληνικά") == "ελληνικα"
    assert plain("don´t “stop” – naïve Straße") == "don´t “stop” – naive Straße"
    assert places("ab") is None
    assert places("a\u200bé") == [0, 2]


@pytest.mark.parametrize(
    "text",
    [
        CLEAN,
        "Earns 50%20 more than <most> in R&D; keeps C:\\notes\\new, internationalisationsstrategies and a*b*c.",
        '{"sha256": "8c4b1f0d2a6e4b7f9d3c5a1e8f7b6c4d8c4b1f0d2a6e4b7f9d3c5a1e8f7b6c4d"}',
        "<p>Plans ahead.</p><p>Likes <em>certainty</em>, naïve cafés and Øresund.</p>",
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
        "&#99999999; \\ud800 \\uZZZZ %ff%fe &bogus; < > <!-- \\U00110000",
    ],
)
def test_clean_text_is_not_flagged_for_it(text: str) -> None:
    """What only looks like a disguise passes."""
    assert AUDITOR.audit(text).findings == ()


def test_plain_text_is_read_once() -> None:
    """What holds nothing to undo has one reading: itself."""
    (view,) = views(CLEAN)
    assert (view.text, view.span(3, 9)) == (CLEAN, (3, 9))


def in_an_attribute(text: str) -> str:
    return f'<p>So it is.</p><img src="x.png" alt="{html.escape(text).replace(" ", "&nbsp;")}">'


def in_a_comment(text: str) -> str:
    return f"<p>So it is.</p><!-- {html.escape(text)} -->"


def in_a_title(text: str) -> str:
    return f"<span title='{html.escape(html.escape(text))}'>So it is.</span>"


@pytest.mark.parametrize("hidden", [in_an_attribute, in_a_comment, in_a_title])
def test_words_in_markup_are_found(hidden: Callable[[str], str]) -> None:
    """In attributes and comments, with their entities, apostrophes included."""
    said = tellings()
    assert any("'" in each or "’" in each for each in said)
    for each in said[:60]:
        audit = AUDITOR.audit(f"{CLEAN}\n{hidden(each)}")
        assert not audit.passed, each
        assert "verbatim" in {found.kind for found in audit.findings}, each


@pytest.mark.parametrize(
    "piece", ["a.", "a-", "QUJD", "Aa ", "<!--", "<a ", "a@", "+a", ".a@", "www.", "a/b."]
)
def test_a_long_text_is_read_soon(piece: str) -> None:
    """Two hundred thousand characters: each address is looked for once, wherever it could begin."""
    text = piece * (200_000 // len(piece)) + "@"
    before = time.process_time()
    Auditor(None).audit(text)
    assert time.process_time() - before < 30
