"""Lists of turns in JSON and YAML: who speaks under which key, and recognised speech joined into sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from persona_core.loading.builder import Builder
from persona_core.loading.prose import add_turns
from persona_core.loading.subtitles import Cue, join
from persona_core.text import trim

_SPEAKER_KEYS = (
    "speaker",
    "role",
    "speaker_name",
    "speaker_label",
    "author",
    "name",
    "from",
    "who",
    "voice",
    "user",
    "label",
)
_TEXT_KEYS = ("content", "text", "utterance", "message", "transcript", "body", "value", "sentence", "line")
_PARTICIPANT_KEYS = (
    "participant",
    "participant_id",
    "respondent",
    "respondent_id",
    "interviewee",
    "subject",
    "pid",
)
DEEPEST = 60
"""Levels of nesting that are looked into."""


def escape(key: object) -> str:
    """A key as a token of a pointer (RFC 6901)."""
    return str(key).replace("~", "~0").replace("/", "~1")


@dataclass(frozen=True, slots=True)
class TurnList:
    """A list of turns: where it stands, the keys of speaker and text, and whose it is."""

    pointer: str
    items: Sequence[Any]
    speaker: str | None
    text: str
    scope: str


def turn_lists(node: Any, pointer: str = "", scope: str = "", depth: int = 0) -> Iterator[TurnList]:
    """Find the lists of turns in a document; `scope` is the participant or place that a list belongs to."""
    if depth > DEEPEST:
        return
    if isinstance(node, list):
        key = turn_key(node)
        if key is not None:
            yield TurnList(pointer, node, key[0], key[1], scope)
            return
        for i, item in enumerate(node):
            if isinstance(item, (dict, list)):
                yield from turn_lists(item, f"{pointer}/{i}", _scope(item) or f"{pointer}/{i}", depth + 1)
    elif isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, (dict, list)):
                yield from turn_lists(value, f"{pointer}/{escape(name)}", scope or _scope(node), depth + 1)


def _scope(node: Any) -> str:
    if isinstance(node, dict):
        for key in _PARTICIPANT_KEYS:
            if isinstance(node.get(key), (str, int)):
                return str(node[key])
    return ""


def turn_key(items: Any) -> tuple[str | None, str] | None:
    """The keys of speaker and text, where a list is one of turns; no speaker where it is recognised speech."""
    dicts = [item for item in items if isinstance(item, dict)]
    if len(dicts) < 2 or len(dicts) < 0.9 * len(items):
        return None
    text = next(
        (key for key in _TEXT_KEYS if sum(any(_pieces(item, key)) for item in dicts) >= 0.9 * len(dicts)),
        None,
    )
    if text is None:
        return None
    for key in _SPEAKER_KEYS:
        labels = [label for item in dicts if key != text and (label := _label(item, key))]
        if len(labels) >= 0.5 * len(dicts) and _are_speakers(key, labels):
            return key, text
    timed = sum(isinstance(item.get("start"), (int, float)) for item in dicts) >= 0.9 * len(dicts)
    return (None, text) if timed else None


def _label(item: Mapping[str, Any], key: str | None) -> str:
    """Who speaks; recognised speech numbers its voices."""
    label = item.get(key) if key else None
    if isinstance(label, int) and not isinstance(label, bool):
        return f"Speaker {label}"
    return " ".join(label.split()) if isinstance(label, str) else ""


def _are_speakers(key: str, labels: Sequence[str]) -> bool:
    """Whether values come back as those of speakers do, and are short."""
    different = len(set(labels))
    if key in {"name", "user", "label", "author", "from"} and different > 12:
        return False
    return max(map(len, labels)) <= 60 and (different <= 0.6 * len(labels) or len(labels) <= 3)


def _pieces(item: Mapping[str, Any], key: str) -> Iterator[tuple[str, str]]:
    """The strings that are a turn's text, each with its pointer's rest: one, or those of a list of `{type, text}`."""
    said = item.get(key)
    if isinstance(said, str):
        yield "", said
    for i, block in enumerate(said if isinstance(said, list) else ()):
        if isinstance(block, dict) and isinstance(block.get("text"), str):
            yield f"/{i}/text", block["text"]


def add_list(builder: Builder, found: TurnList, text: str, row: int = 0) -> None:
    """Add a list of turns, of the `row`th line where lines are documents.

    Recognised speech without speakers is joined into sentences.
    """
    if not row and found.speaker is None and (cues := _cues_in(text, found)) is not None:
        add_turns(builder, text, join(text, cues), scope=found.scope)
        return
    for i, item in enumerate(found.items):
        if isinstance(item, dict):
            pointer = f"{found.pointer}/{i}/{escape(found.text)}"
            _add_item(builder, item, (found.speaker, found.text), pointer, found.scope, row)


def add_records_as_turns(
    builder: Builder, records: Sequence[Mapping[str, Any]], key: tuple[str | None, str], scope: str
) -> None:
    """Add records, each of them a turn."""
    builder.source.kind = "transcript"
    for i, record in enumerate(records):
        _add_item(builder, record, key, f"/{escape(key[1])}", _scope(record) or scope, row=i + 1)


def _add_item(
    builder: Builder,
    item: Mapping[str, Any],
    key: tuple[str | None, str],
    pointer: str,
    scope: str,
    row: int = 0,
) -> None:
    speaker, text = key
    pieces = [(rest, said, trim(said, 0, len(said))) for rest, said in _pieces(item, text)]
    if not any(span for _, _, span in pieces):
        builder.source.left_out["turns without words"] += 1
        return
    label = _label(item, speaker)
    who = builder.voice("label", label, scope) if label else builder.voice("file", "", scope)
    for rest, said, span in pieces:
        if span is not None:
            field, time = pointer + rest, _time(item, said)
            builder.add_turn(said, (span,), who, row=row, field=field, speaker=label or None, time=time)


def _time(item: Mapping[str, Any], said: str) -> tuple[float, float] | None:
    """Start and end in seconds; whole numbers too far apart for the words are milliseconds."""
    start, end = item.get("start", item.get("start_time")), item.get("end", item.get("end_time"))
    if not isinstance(start, (int, float)) or not isinstance(end, (int, float)):
        return None
    whole = isinstance(start, int) and isinstance(end, int)
    unit = 1000 if whole and end - start > 30 * len(said.split()) else 1
    return (start / unit, end / unit)


def _cues_in(text: str, found: TurnList) -> list[Cue] | None:
    """Find recognised speech in the file's own text, so that its scraps can be joined into sentences.

    None where a string is written with escapes: then its offsets in the file are not those of its words.
    """
    cues, at = [], 0
    for item in found.items:
        said = item.get(found.text)
        time = _time(item, said) if isinstance(said, str) else None
        start = text.find(f'"{said}"', at) + 1
        if not isinstance(said, str) or time is None or not start:
            return None
        at = start + len(said)
        if (span := trim(text, start, at)) is not None:
            cues.append(Cue(time, (span,), None))
    return cues
