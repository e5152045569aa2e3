"""Markdown that also reads well as it is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel

WIDTH = 120


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells stand on one line, and bars in them are escaped."""
    lines = [[_cell(each) for each in row] for row in rows]
    ruled = [list(headings), ["---"] * len(headings), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in ruled)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def prose(text: str) -> str:
    """Paragraphs and lists of a docstring, wrapped as the pages are."""
    return "\n\n".join(_wrapped(each) for each in text.strip().split("\n\n"))


def _wrapped(paragraph: str) -> str:
    lines: list[str] = []
    for line in paragraph.splitlines():
        if line.startswith("- ") or not lines:
            lines.append(line)
        else:
            lines[-1] = f"{lines[-1]} {line.strip()}"
    hang = {True: "  ", False: ""}
    return "\n".join(
        textwrap.fill(line, WIDTH, subsequent_indent=hang[line.startswith("- ")], break_long_words=False, break_on_hyphens=False)
        for line in lines
    )  # fmt: skip


def default(value: Any) -> str:
    """A default in code, or a dash where there is none to speak of."""
    if isinstance(value, bool):
        return "`yes`" if value else "`no`"
    if value is None or value == () or value == "" or value == {} or isinstance(value, BaseModel):
        return "–"
    return f"`{value}`"


def sentence(text: str) -> str:
    """A text as a sentence: with a capital and a full stop."""
    text = " ".join(text.split())
    if not text:
        return ""
    text = text[0].upper() + text[1:] if text[0].islower() else text
    return text if text.endswith((".", ":", "…", "?")) else f"{text}."


def first_line(doc: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((doc or "").strip().split("\n\n")[0].split())
