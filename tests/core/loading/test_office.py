"""Word, PDF and Excel."""

from __future__ import annotations

import io

import docx
import openpyxl
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from persona_core.errors import LoadError
from persona_core.loading import read_back


def _word(*paragraphs: str, table: list[tuple[str, ...]] | None = None) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        rows = document.add_table(rows=0, cols=len(table[0])).rows
        for cells in table:
            row = rows.table.add_row()
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _pdf(*pages: list[str]) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    for number, lines in enumerate(pages, 1):
        for i, line in enumerate(lines):
            canvas.drawString(60, 780 - 16 * i, line)
        canvas.drawString(290, 30, str(number))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _excel(**sheets: list[tuple[object, ...]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_word_transcript_in_paragraphs(study, said):
    """A Word transcript's turns carry the number of their paragraph."""
    data = _word(
        "Session 4",
        "Interviewer: What is hard?",
        "Participant: The mornings.",
        "And the bus.",
        "Interviewer: Why?",
        "Participant: It is late.",
    )
    corpus = study.of("a.docx", data)
    assert [text for _, _, text in said(corpus)] == [
        "What is hard?",
        "The mornings.\nAnd the bus.",
        "Why?",
        "It is late.",
    ]
    assert [segment.locator.paragraph for segment in corpus] == [2, 3, 5, 6]
    assert [segment.role.value for segment in corpus] == ["interviewer", "participant"] * 2


def test_word_transcript_in_a_table(study, said):
    """A two-column table of speakers and words is a transcript; each row counts as a paragraph."""
    data = _word(
        "Session 5",
        table=[
            ("Interviewer", "What is hard?"),
            ("P12", "The mornings."),
            ("Interviewer", "Why?"),
            ("P12", "The bus is late."),
        ],
    )
    corpus = study.of("a.docx", data)
    assert said(corpus) == [
        ("interviewer", None, "What is hard?"),
        ("participant", "P12", "The mornings."),
        ("interviewer", None, "Why?"),
        ("participant", "P12", "The bus is late."),
    ]
    assert [segment.locator.paragraph for segment in corpus] == [2, 3, 4, 5]


def test_word_teams_transcript(study, said):
    """Teams' Word transcripts have `Name   0:03` above the words."""
    data = _word(
        "Weekly talk",
        "Tessa Lund   0:03\nWhat is hard?",
        "Omar Reyes   0:07\nThe mornings.",
        "Tessa Lund   0:12\nWhy so?",
        "Omar Reyes   0:15\nThe bus.",
        "Tessa Lund   0:20\nIs it late?",
        "Omar Reyes   0:22\nMostly.",
    )
    corpus = study.of("a.docx", data)
    assert [text for _, _, text in said(corpus)] == [
        "What is hard?",
        "The mornings.",
        "Why so?",
        "The bus.",
        "Is it late?",
        "Mostly.",
    ]
    assert corpus.segment(1).locator.time == (7.0, 12.0)


def test_word_prose(study):
    """A Word file without speakers is one participant's paragraphs."""
    corpus = study.of("diary.docx", _word("Today I walked to work.", "", "It rained the whole way."))
    assert [(segment.text, segment.locator.paragraph) for segment in corpus] == [
        ("Today I walked to work.", 1),
        ("It rained the whole way.", 3),
    ]


def test_pdf_transcript(study, said):
    """A PDF's turns carry the page on which they begin; page numbers are not said."""
    data = _pdf(
        ["Interviewer: What is hard?", "Participant: The mornings."],
        ["Interviewer: Why is that?", "Participant: The bus."],
    )
    corpus = study.of("P21.pdf", data)
    assert said(corpus) == [
        ("interviewer", None, "What is hard?"),
        ("participant", "P21", "The mornings."),
        ("interviewer", None, "Why is that?"),
        ("participant", "P21", "The bus."),
    ]
    assert [segment.locator.page for segment in corpus] == [1, 1, 2, 2]
    assert read_back(corpus.locator(3), data) == "The bus."


def test_pdf_of_pictures_is_refused(study):
    """A PDF without text asks for text recognition."""
    with pytest.raises(LoadError, match="OCR"):
        study.of("a.pdf", _pdf_without_text())


def _pdf_without_text() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    canvas.rect(10, 10, 100, 100)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_excel(study, roles):
    """A sheet is a table; numbers and dates become text."""
    rows = [("participant", "age", "Why did you come?")] + [
        (f"P{i}", 30 + i, f"Because the number {i} bus stops here.") for i in range(1, 5)
    ]
    corpus = study.of("a.xlsx", _excel(Answers=rows))
    assert roles(corpus) == {
        "participant": "participant",
        "age": "demographic",
        "Why did you come?": "open text",
    }
    assert corpus.segment(1).locator.model_dump(exclude_defaults=True, exclude={"sha256"}) == {
        "source": "a.xlsx",
        "row": 2,
        "field": "Why did you come?",
        "parts": ((0, 36),),
    }
    assert corpus.segment(1).question == "Why did you come?"
    assert corpus.people[0].demographics == {"age": "31"}


def test_excel_with_several_sheets(study):
    """With several sheets a field names its sheet; a sheet without text is counted."""
    first = [("participant", "comment")] + [
        (f"P{i}", f"The number {i} was far too small.") for i in range(1, 4)
    ]
    second = [("participant", "comment")] + [
        (f"P{i}", f"Later the number {i} grew on me.") for i in range(1, 4)
    ]
    data = _excel(Before=first, After=second, Codes=[("code", "meaning"), (1, "yes"), (2, "no")])
    corpus = study.of("a.xlsx", data)
    assert [segment.locator.field for segment in corpus] == ["Before!comment"] * 3 + ["After!comment"] * 3
    assert {person.code for person in corpus.people} == {"P1", "P2", "P3"}
    assert corpus.sources[0].left_out == {"sheets without text": 1}


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pdf"])
def test_damaged_office_files(study, name):
    """What only has the ending of an Office file is refused by name."""
    with pytest.raises(LoadError, match="damaged") as caught:
        study.of(name, b"not at all what it says it is")
    assert caught.value.path.endswith(name)


def test_a_workbook_that_unpacks_to_too_much(study):
    """A zip bomb is refused before it is unpacked."""
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 501_000_000)
    with pytest.raises(LoadError, match="501 MB"):
        study.of("a.docx", out.getvalue())


def test_headings_and_bold_questions_of_word_are_not_quoted(study):
    """In a Word file without speakers a heading is nobody's words, and a question in bold asks what is below it."""
    document = docx.Document()
    document.add_heading("Interview with Ada Moss", 0)
    for question, answer in [("Where do you plan?", "On paper."), ("Why?", "It stays put.")]:
        document.add_paragraph().add_run(question).bold = True
        document.add_paragraph(answer)
    out = io.BytesIO()
    document.save(out)
    corpus = study.of("a.docx", out.getvalue())
    assert [(segment.question, segment.text) for segment in corpus] == [
        ("Where do you plan?", "On paper."),
        ("Why?", "It stays put."),
    ]
    assert [read_back(segment.locator, out.getvalue()) for segment in corpus] == [
        "On paper.",
        "It stays put.",
    ]
