"""Texts of a script without what a reader could take for code, markup or a macro."""

from __future__ import annotations

import re
from typing import Any

from persona_core.models.script import Script

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_ESCAPE = re.compile(r"\\[nrtbfvxuU0'\"\\]|\x1b\[[0-9;]*[A-Za-z]")
_MARKUP = re.compile(r"[{}<>`\\]")


def cleaned(script: Script) -> Script:
    """The script with every text on one line, and without control characters, escapes, braces and tags.

    Provenance is ours and stays as it is.
    """
    given = script.model_dump(exclude={"provenance"})
    return Script.model_validate({**_clean(given), "provenance": script.provenance})


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return value


def clean(text: str) -> str:
    """One line of prose."""
    return " ".join(_MARKUP.sub(" ", _UNSEEN.sub(" ", _ESCAPE.sub(" ", text))).split())
