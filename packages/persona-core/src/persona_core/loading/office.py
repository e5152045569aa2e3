"""Word, PDF and Excel files to text or tables; needs `persona-core[office]`."""

from __future__ import annotations

import io
import re
import zipfile
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from persona_core.errors import LoadError
from persona_core.loading.builder import Builder
from persona_core.loading.delimited import Table, with_header
from persona_core.loading.prose import read_text
from persona_core.loading.table import read_records
from persona_core.models.options import LoadingOptions

if TYPE_CHECKING:
    from types import ModuleType

_PAGE_NUMBER = re.compile(r"(?:page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?", re.IGNORECASE)
_LABELLED = re.compile(r"[^\W_][\w.'’ -]{0,38}:(?:\s|$)")
_STAMPED = re.compile(r"\d:\d\d")
_LARGEST = 500_000_000


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of an Office file, and at which offset each page or paragraph begins."""

    text: str
    starts: tuple[int, ...]


def read_docx(builder: Builder, data: bytes, path: str) -> None:
    """Add a Word file: its paragraphs, and the rows of its tables as `first cell: other cells`."""
    _read(builder, extract_docx(data, path), builder.columns.paragraph)


def read_pdf(builder: Builder, data: bytes, path: str) -> None:
    """Add a PDF: its lines joined to paragraphs, page numbers left out."""
    _read(builder, extract_pdf(data, path), builder.columns.page)


def _read(builder: Builder, extracted: Extracted, places: dict[int, int]) -> None:
    first = len(builder.columns.texts)
    read_text(builder, extracted.text)
    for i in range(first, len(builder.columns.texts)):
        places[i] = bisect_right(extracted.starts, builder.columns.start[i])


def extract_docx(data: bytes, path: str) -> Extracted:
    """The text of a Word file: paragraphs and table rows, one a line, in the document's order."""
    docx = _library("docx", path)
    _check_zip(data, path)
    document = _opened(lambda: docx.Document(io.BytesIO(data)), path, "Word")
    lines: list[str] = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            lines += [_row_text([cell.text for cell in row.cells]) for row in block.rows]
        else:
            lines.append(_marked(block))
    starts, offset = [], 0
    for line in lines:
        starts.append(offset)
        offset += len(line) + 1
    return Extracted("\n".join(lines), tuple(starts))


def _marked(paragraph: Any) -> str:
    """A paragraph's text, marked as in Markdown where it is a heading, or a question in bold that names no speaker."""
    text: str = paragraph.text
    style = (paragraph.style.name if paragraph.style is not None else "") or ""
    if not text.strip() or _LABELLED.match(text):
        return text
    if style.startswith(("Heading", "Title")) and not _STAMPED.search(text):
        return f"# {' '.join(text.split())}"
    written = [run for run in paragraph.runs if run.text.strip()]
    if text.rstrip().endswith("?") and written and all(run.bold for run in written):
        return f"**{' '.join(text.split())}**"
    return text


def _row_text(cells: list[str]) -> str:
    cells = [" ".join(cell.split()) for cell in cells]
    if len(cells) >= 2 and 0 < len(cells[0]) <= 40 and not cells[0].endswith(":"):
        return f"{cells[0]}: {' '.join(cells[1:])}"
    return " ".join(cells)


def extract_pdf(data: bytes, path: str) -> Extracted:
    """The text of a PDF: lines that were broken at the margin are joined, page numbers are left out."""
    pypdf = _library("pypdf", path)
    reader = _opened(lambda: pypdf.PdfReader(io.BytesIO(data)), path, "PDF")
    if reader.is_encrypted and not reader.decrypt(""):
        raise LoadError("is locked with a password; save a copy without one", path=path)
    pages = _opened(lambda: [_page_lines(page.extract_text()) for page in reader.pages], path, "PDF")
    if not any(pages):
        raise LoadError("holds pictures and no text; run text recognition (OCR) on it first", path=path)
    margin = 0.75 * max(len(line) for lines in pages for line in lines)
    out: list[str] = []
    starts: list[int] = []
    length, last = 0, ""
    for lines in pages:
        starts.append(length + (1 if out else 0))
        for line in lines:
            joined = len(last) >= margin and not _LABELLED.match(line) and line != ""
            piece = (" " if joined else "\n" if out else "") + line
            out.append(piece)
            length += len(piece)
            last = line
    return Extracted("".join(out), tuple(starts))


def _page_lines(text: str) -> list[str]:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    while lines and (not lines[0] or _PAGE_NUMBER.fullmatch(lines[0])):
        lines.pop(0)
    while lines and (not lines[-1] or _PAGE_NUMBER.fullmatch(lines[-1])):
        lines.pop()
    return lines


def read_xlsx(builder: Builder, data: bytes, path: str) -> None:
    """Add every sheet that has text; with several, a field is named `sheet!column`."""
    found, refused = 0, None
    tables = list(sheets(data, path, builder.options))
    columns: list[Any] = []
    for table in tables:
        try:
            read_records(builder, table, path)
        except LoadError as error:
            refused = error
            builder.source.left_out["sheets without text"] += 1
            continue
        found += 1
        columns += builder.source.columns
    if not found:
        raise refused or LoadError("has no sheet with a header and records", path=path)
    builder.source.columns = tuple(columns)


def sheets(data: bytes, path: str, options: LoadingOptions) -> Iterator[Table]:
    """The tables of a workbook, cells as text."""
    filled = [(title, rows) for title, rows in _filled(data, path) if len(rows) >= 2]
    for title, rows in filled:
        table = with_header(iter(rows), path, options)
        yield table if len(filled) == 1 else replace(table, pointer=_in_sheet(title, table.names))


def extract_xlsx(data: bytes, path: str) -> Extracted:
    """The text of a workbook: a cell a line."""
    cells = [cell for _, rows in _filled(data, path) for row in rows for cell in row if cell]
    return Extracted("\n".join(cells), ())


def _filled(data: bytes, path: str) -> Iterator[tuple[str, list[list[str]]]]:
    """The sheets of a workbook by their titles, cells as text, empty rows left out."""
    openpyxl = _library("openpyxl", path)
    _check_zip(data, path)
    book = _opened(
        lambda: openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True), path, "Excel"
    )
    for sheet in book.worksheets:
        rows = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        yield sheet.title, [_without_tail(row) for row in rows if any(row)]


def _in_sheet(title: str, names: Sequence[str]) -> Callable[[int, int], str]:
    return lambda _index, column: f"{title}!{names[column]}"


def _without_tail(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _check_zip(data: bytes, path: str) -> None:
    """Refuse what is no Office file, or would unpack to more than memory should hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile as error:
        raise LoadError("is damaged, or no Office file; open it and save it anew", path=path) from error
    if size > _LARGEST:
        raise LoadError(f"unpacks to {size // 1_000_000} MB, which no interview does; split it", path=path)


def _opened(open_it: Callable[[], Any], path: str, kind: str) -> Any:
    # The libraries raise whatever the damage makes them stumble over: KeyError, struct.error, zlib.error, XML errors …
    try:
        return open_it()
    except Exception as error:
        raise LoadError(
            f"cannot be opened as a {kind} file: it is damaged; save it anew", path=path
        ) from error


def _library(name: str, path: str) -> ModuleType:
    import importlib
    from importlib.metadata import version

    try:
        return importlib.import_module(name)
    except ImportError as error:
        wanted = f"persona-core[office]=={version('persona-core')}"
        raise LoadError(
            f"needs the Office readers: install {wanted}, or save it as text or CSV", path=path
        ) from error


READERS = {".docx": read_docx, ".pdf": read_pdf, ".xlsx": read_xlsx}
"""Who adds a file of a kind."""
TEXTS = {".docx": extract_docx, ".pdf": extract_pdf}
"""Who gives the whole text of one, into which its locators point; a workbook has fields."""
