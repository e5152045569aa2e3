"""Every segment of every kind of file can be read back from where it says that it stands."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence

import docx
import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from persona_core.errors import LoadError
from persona_core.loading import load, read_back
from persona_core.models.options import LoadingOptions

Pair = tuple[str, str]
"""Who and what: a label and words, or a participant and an answer."""

REFUSALS = (
    "no words",
    "no column holds text",
    "is empty",
    "no text that people wrote",
    "holds pictures",
)
_PIECES = (
    "I walk to work",
    "née Ümlaut",
    "😀 e\u0301",
    "it's “late”",
    "said: no",
    "5:30 pm",
    "a,b;c|d",
    '"quoted"',
    "## not a head",
    "- item",
    "[laughs]",
    "<b>x</b>",
    "= 2 & 3",
    "...",
    "P: x",
    "日本語",
    "\u2028",
    "a\tb",
)
_BREAKS = (" ", ". ", "\n", "\r\n", "\n\n", "\r\n\r\n", "\n \n", "? ")
words = st.lists(st.tuples(st.sampled_from(_PIECES), st.sampled_from(_BREAKS)), min_size=1, max_size=5).map(
    lambda parts: "".join(piece + gap for piece, gap in parts)
)
labels = st.sampled_from(
    ("Interviewer", "Participant", "P01", "AI", "User", "Maya Okafor", "Speaker 2", "Dr. Bell", "")
)
pairs = st.lists(st.tuples(labels, words), min_size=1, max_size=8)


def _delimited(rows: Sequence[Pair], delimiter: str, end: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(("participant", "answer", "answer"))
    for i, (label, text) in enumerate(rows):
        writer.writerow((label or f"X{i}", text, f" {text} "))
    return out.getvalue().encode()


def _labelled(rows: Sequence[Pair]) -> bytes:
    return "\n\n".join(f"{label}: {text}" if label else text for label, text in rows).encode()


def _vtt(rows: Sequence[Pair]) -> bytes:
    cues = [
        f"{i}\n00:00:{i:02}.000 --> 00:00:{i + 1:02}.000\n{f'<v {label}>' if label else ''}{text}\n\n"
        for i, (label, text) in enumerate(rows)
    ]
    return ("WEBVTT\n\n" + "".join(cues)).encode()


def _srt(rows: Sequence[Pair]) -> bytes:
    cues = [
        f"{i}\r\n00:00:{i:02},000 --> 00:00:{i + 1:02},000\r\n{f'{label}: ' if label else ''}{text}\r\n\r\n"
        for i, (label, text) in enumerate(rows)
    ]
    return "".join(cues).encode("utf-16")


def _turns(rows: Sequence[Pair]) -> list[dict[str, str]]:
    return [{"speaker": label, "text": text} for label, text in rows]


def _whisper(rows: Sequence[Pair]) -> bytes:
    segments = [{"start": float(i), "end": i + 0.9, "text": " " + text} for i, (_, text) in enumerate(rows)]
    return json.dumps(
        {"text": "".join(text for _, text in rows), "segments": segments}, ensure_ascii=False
    ).encode()


def _records(rows: Sequence[Pair]) -> bytes:
    return json.dumps(
        {"a/b": {"~": [{"participant": label, "deep": [{"why": text}]} for label, text in rows]}}
    ).encode()


def _lines(rows: Sequence[Pair]) -> bytes:
    return "\r\n".join(
        json.dumps({"participant": label, "comment": text}, ensure_ascii=False) for label, text in rows
    ).encode()


def _yaml(rows: Sequence[Pair]) -> bytes:
    return yaml.safe_dump(
        {1: _turns(rows), "more": [{"id": i, "comment": text} for i, (_, text) in enumerate(rows)]},
        allow_unicode=True,
    ).encode()


def _word(rows: Sequence[Pair]) -> bytes:
    document = docx.Document()
    document.add_heading("Session", 1)
    for label, text in rows:
        document.add_paragraph(f"{label}: {text}" if label else text)
    table = document.add_table(rows=0, cols=2)
    for label, text in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _excel(rows: Sequence[Pair]) -> bytes:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Second, really")):
        sheet.append(("participant", "answer", None, "answer"))
        for i, (label, text) in enumerate(rows):
            sheet.append((label or i, text, None, f"{text} "))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _pdf(rows: Sequence[Pair]) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True)
    for label, text in rows:
        for i, line in enumerate(f"{label}: {text}".splitlines()):
            canvas.drawString(50, 800 - 15 * i, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _cells(rows: Sequence[Pair]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("transcript_id", "transcript"))
    cell = "\n".join(f"{label or 'User'}: {text}" for label, text in rows)
    for i in range(3):
        writer.writerow((f"T{i}", f"\n Interviewer: Ready?\n{cell}\nUser: Done.\nAI: Bye?\n"))
    return out.getvalue().encode()


MAKERS: dict[str, Callable[[Sequence[Pair]], bytes]] = {
    "comma.csv": lambda rows: _delimited(rows, ",", "\r\n"),
    "semicolon.csv": lambda rows: _delimited(rows, ";", "\n"),
    "tab.tsv": lambda rows: _delimited(rows, "\t", "\n"),
    "utf16.csv": lambda rows: _delimited(rows, ",", "\n").decode().encode("utf-16"),
    "prose.txt": lambda rows: "\n\n".join(text for _, text in rows).encode(),
    "prose.md": lambda rows: ("# Head\n\n" + "\n".join(text for _, text in rows)).encode("utf-8-sig"),
    "labelled.txt": _labelled,
    "crlf.md": lambda rows: _labelled(rows).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    "otter.txt": lambda rows: "\n\n".join(
        f"{label or 'Jo Kim'}  0:{i:02}\n{text}" for i, (label, text) in enumerate(rows)
    ).encode(),
    "cues.vtt": _vtt,
    "cues.srt": _srt,
    "turns.json": lambda rows: json.dumps(_turns(rows)).encode(),
    "records.json": _records,
    "whisper.json": _whisper,
    "lines.jsonl": _lines,
    "turns.yaml": _yaml,
    "word.docx": _word,
    "book.xlsx": _excel,
    "pages.pdf": _pdf,
    "cells.csv": _cells,
}


@pytest.mark.parametrize("name", MAKERS)
@given(rows=pairs)
@example(
    rows=[
        ("Interviewer", "How?"),
        ("Participant", "I walk to work, mostly.\n\nAnd I like it."),
        ("Interviewer", "Far?"),
        ("Participant", "No, near enough."),
    ]
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_locator_gives_back_its_text(name, rows):
    """Text, id and place of every segment belong together."""
    data = MAKERS[name](rows)
    try:
        corpus = load((name, data), LoadingOptions(assume_participant=True))
    except LoadError as error:
        # Odd cells alone may hold no words of anybody; nothing else may stop here.
        if not any(reason in str(error) for reason in REFUSALS):
            raise
        return
    ids = [segment.id for segment in corpus]
    assert len(set(ids)) == len(ids)
    assert ids == [f"{name}#{i}" for i in range(1, len(ids) + 1)]
    for i, segment in enumerate(corpus):
        assert segment.text.strip() == segment.text != ""
        assert read_back(segment.locator, data) == segment.text
        assert corpus.position(segment.id) == i
        assert all(start < end for start, end in segment.locator.parts)


@pytest.mark.parametrize("name", MAKERS)
def test_every_kind_gives_segments(name):
    """The plain case loads in every kind of file, so that the property above is about something."""
    rows = [
        ("Interviewer", "How do you come?"),
        ("Participant", "I walk to work, mostly, and like it."),
        ("Interviewer", "Is it far?"),
        ("Participant", "No, it is near enough for me."),
    ]
    assert len(load((name, MAKERS[name](rows)), LoadingOptions(assume_participant=True))) >= 1


@given(spans=st.lists(st.tuples(st.integers(0, 80), st.integers(1, 80)), min_size=1, max_size=3))
def test_a_quote_inside_several_parts_reads_back(spans):
    """Spans of a joined text become spans of its parts, less the spaces that join them."""
    data = b"1\n00:00:01,000 --> 00:00:02,000\nI open the app,\n\n2\n00:00:02,000 --> 00:00:03,000\nand then I wait\n\n3\n00:00:03,000 --> 00:00:04,000\nfor a while.\n"
    corpus = load(("a.srt", data))
    text = corpus.segment(0).text
    assert text == "I open the app, and then I wait for a while."
    inside = [(start, min(start + length, len(text))) for start, length in spans if start < len(text)]
    for start, end in inside:
        got = read_back(corpus.locator(0, [(start, end)]), data)
        assert got.replace(" ", "") == text[start:end].replace(" ", "")


def test_a_locator_that_points_nowhere():
    """Where nothing stands, reading back is an error that names the place."""
    data = b"participant,answer\nP1,I walk to work each day.\nP2,The bus is late again.\n"
    locator = load(("a.csv", data)).locator(0)
    for changed in ({"row": 9}, {"field": "question"}):
        with pytest.raises(LoadError, match="nothing stands there"):
            read_back(locator.model_copy(update=changed), data)
