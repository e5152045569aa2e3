"""Lists in parts: an opaque place to go on from."""

from __future__ import annotations

import base64
from typing import Annotated

from pydantic import Field

from persona_api.problems import wrong
from persona_core.models.noun import Noun


class PageQuery(Noun):
    """Which part of a list."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    """How many, at most."""
    cursor: Annotated[str, Field(max_length=100)] | None = None
    """The `next_cursor` of the page before."""


def cursor_of(number: int) -> str:
    """An opaque place in a list."""
    return base64.urlsafe_b64encode(f"n{number}".encode()).decode().rstrip("=")


def number_of(cursor: str | None) -> int | None:
    """The place that a cursor stands for. Raises ProblemError for what is none."""
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError:
        text = ""
    if text[:1] != "n" or not text[1:].isdecimal() or len(text) > 19:
        raise wrong("?cursor", "this is no next_cursor of a page")
    return int(text[1:])
