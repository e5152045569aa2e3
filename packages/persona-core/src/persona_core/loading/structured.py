"""JSON, JSON Lines and YAML to segments: lists of turns, recognised speech, records, or strings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from persona_core.errors import LoadError
from persona_core.loading.builder import Builder
from persona_core.loading.delimited import Table
from persona_core.loading.prose import add_turns
from persona_core.loading.subtitles import Cue, join
from persona_core.loading.table import read_records
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
_DEEPEST = 60


def read_structured(builder: Builder, text: str, path: str) -> None:
    """Add a JSON, JSON Lines or YAML file."""
    suffix = path.lower().rsplit(".", 1)[-1]
    if suffix == "jsonl":
        records = [value for _, value in _lines(text, path)]
        if any(not isinstance(record, dict) for record in records):
            raise LoadError("each line of a JSON Lines file must be an object", path=path)
        if (key := _turn_key(records)) is not None:
            _add_records_as_turns(builder, records, key, "")
        else:
            _read_table(builder, records, path, lambda _index: "", numbered=True)
        return
    read_document(builder, parse(text, path), text, path)


def read_document(builder: Builder, document: Any, text: str, path: str) -> None:
    """Add a parsed document, whose text is at hand for what must be found in it."""
    turn_lists = list(_turn_lists(document))
    if turn_lists:
        builder.source.kind = "transcript"
        for found in turn_lists:
            _add_list(builder, found, text)
        return
    table = _record_list(document)
    if table is not None:
        pointer, records = table
        _read_table(builder, records, path, lambda index: f"{pointer}/{index}", numbered=False)
        return
    who = builder.voice("file", "")
    for pointer, value in _strings(document):
        span = trim(value, 0, len(value))
        if span and len(value.split()) >= 3:
            builder.add_turn(value, (span,), who, field=pointer)
    if not who < len(builder.whos) or not builder.whos[who].turns:
        raise LoadError(
            "holds no text that people wrote; give a list of turns, of records, or of answers", path=path
        )


def parse(text: str, path: str) -> Any:
    """Parse JSON or YAML, or say where it is broken."""
    try:
        if path.lower().endswith((".yaml", ".yml")):
            return _parse_yaml(text, path)
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise LoadError(f"is not valid JSON: {error.msg}", path=path, place=f"line {error.lineno}") from error
    except RecursionError as error:
        raise LoadError("is nested too deeply", path=path) from error


def _parse_yaml(text: str, path: str) -> Any:
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader either way
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise LoadError(
            f"is not valid YAML: {getattr(error, 'problem', None) or 'it cannot be parsed'}",
            path=path,
            place=f"line {mark.line + 1}" if mark else "",
        ) from error


def _lines(text: str, path: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (json.JSONDecodeError, RecursionError) as error:
                raise LoadError("is not valid JSON", path=path, place=f"line {number}") from error


def resolve(document: Any, pointer: str) -> Any:
    """Follow an RFC 6901 pointer."""
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        document = (
            document[int(key)]
            if isinstance(document, list)
            else document[key if key in document else _same(document, key)]
        )
    return document


def _same(mapping: Mapping[Any, Any], key: str) -> Any:
    """YAML keys need not be strings."""
    return next(each for each in mapping if str(each) == key)


def _escape(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


@dataclass(frozen=True, slots=True)
class _TurnList:
    pointer: str
    items: Sequence[Any]
    speaker: str | None
    text: str
    scope: str


def _turn_lists(node: Any, pointer: str = "", scope: str = "", depth: int = 0) -> Iterator[_TurnList]:
    """Find the lists of turns in a document; `scope` is the participant or place that a list belongs to."""
    if depth > _DEEPEST:
        return
    if isinstance(node, list):
        key = _turn_key(node)
        if key is not None:
            yield _TurnList(pointer, node, key[0], key[1], scope)
            return
        for i, item in enumerate(node):
            if isinstance(item, (dict, list)):
                yield from _turn_lists(item, f"{pointer}/{i}", _scope(item) or f"{pointer}/{i}", depth + 1)
    elif isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, (dict, list)):
                yield from _turn_lists(value, f"{pointer}/{_escape(name)}", scope or _scope(node), depth + 1)


def _scope(node: Any) -> str:
    if isinstance(node, dict):
        for key in _PARTICIPANT_KEYS:
            if isinstance(node.get(key), (str, int)):
                return str(node[key])
    return ""


def _turn_key(items: Any) -> tuple[str | None, str] | None:
    """The keys of speaker and text, where a list is one of turns; no speaker where it is recognised speech."""
    dicts = [item for item in items if isinstance(item, dict)]
    if len(dicts) < 2 or len(dicts) < 0.9 * len(items):
        return None
    text = next(
        (
            key
            for key in _TEXT_KEYS
            if sum(isinstance(item.get(key), str) for item in dicts) >= 0.9 * len(dicts)
        ),
        None,
    )
    if text is None:
        return None
    labelled = {
        key: [item[key] for item in dicts if isinstance(item.get(key), str)]
        for key in _SPEAKER_KEYS
        if key != text
    }
    for key, labels in labelled.items():
        if (
            len(labels) >= 0.5 * len(dicts)
            and all(len(label) <= 60 for label in labels)
            and (len(set(labels)) <= 0.6 * len(labels) or len(labels) <= 3)
        ):
            if key in {"name", "user", "label", "author", "from"} and len(set(labels)) > 12:
                continue
            return key, text
    timed = sum(isinstance(item.get("start"), (int, float)) for item in dicts) >= 0.9 * len(dicts)
    return (None, text) if timed else None


def _add_list(builder: Builder, found: _TurnList, text: str) -> None:
    if found.speaker is None and (cues := _cues_in(text, found)) is not None:
        add_turns(builder, text, join(text, cues), scope=found.scope)
        return
    for i, item in enumerate(found.items):
        if isinstance(item, dict) and isinstance(item.get(found.text), str):
            _add_item(
                builder,
                item,
                (found.speaker, found.text),
                f"{found.pointer}/{i}/{_escape(found.text)}",
                found.scope,
            )


def _add_records_as_turns(
    builder: Builder, records: Sequence[Mapping[str, Any]], key: tuple[str | None, str], scope: str
) -> None:
    builder.source.kind = "transcript"
    for i, record in enumerate(records):
        if isinstance(record.get(key[1]), str):
            _add_item(builder, record, key, f"/{_escape(key[1])}", _scope(record) or scope, row=i + 1)


def _add_item(
    builder: Builder,
    item: Mapping[str, Any],
    key: tuple[str | None, str],
    pointer: str,
    scope: str,
    row: int = 0,
) -> None:
    speaker, text = key
    said = item[text]
    span = trim(said, 0, len(said))
    if span is None:
        builder.source.left_out["turns without words"] += 1
        return
    label = item.get(speaker) if speaker else None
    who = (
        builder.voice("label", " ".join(label.split()), scope)
        if isinstance(label, str) and label.strip()
        else builder.voice("file", "", scope)
    )
    builder.add_turn(
        said,
        (span,),
        who,
        row=row,
        field=pointer,
        speaker=label if isinstance(label, str) else None,
        time=_time(item),
    )


def _time(item: Mapping[str, Any]) -> tuple[float, float] | None:
    start, end = item.get("start", item.get("start_time")), item.get("end", item.get("end_time"))
    if isinstance(start, (int, float)) and isinstance(end, (int, float)):
        return (float(start), float(end))
    return None


def _cues_in(text: str, found: _TurnList) -> list[Cue] | None:
    """Find recognised speech in the file's own text, so that its scraps can be joined into sentences.

    None where a string is written with escapes: then its offsets in the file are not those of its words.
    """
    cues, at = [], 0
    for item in found.items:
        said, time = item.get(found.text), _time(item)
        start = text.find(f'"{said}"', at) + 1
        if not isinstance(said, str) or time is None or not start:
            return None
        at = start + len(said)
        if (span := trim(text, start, at)) is not None:
            cues.append(Cue(time, (span,), None))
    return cues


def _record_list(node: Any, pointer: str = "", depth: int = 0) -> tuple[str, list[dict[str, Any]]] | None:
    """The largest list of objects in a document."""
    if depth > _DEEPEST:
        return None
    if isinstance(node, list) and node and all(isinstance(item, dict) for item in node):
        return pointer, node
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found = [
        hit for key, value in inner if (hit := _record_list(value, f"{pointer}/{_escape(key)}", depth + 1))
    ]
    return max(found, key=lambda hit: len(hit[1]), default=None)


def _read_table(
    builder: Builder,
    records: Sequence[Mapping[str, Any]],
    path: str,
    base: Callable[[int], str],
    *,
    numbered: bool,
) -> None:
    flat = [dict(_flat(record)) for record in records]
    keys = list(dict.fromkeys(key for record in flat for key in record))
    names = tuple("/".join(key) for key in keys)
    rows = [[record.get(key, "") for key in keys] for record in flat]
    pointers = ["".join(f"/{_escape(token)}" for token in key) for key in keys]
    table = Table(
        names, ("",) * len(names), rows, lambda index, column: base(index) + pointers[column], numbered
    )
    read_records(builder, table, path)


def _flat(node: Any, prefix: tuple[str, ...] = (), depth: int = 0) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(node, (dict, list)) and depth < _DEEPEST:
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _flat(value, (*prefix, str(key)), depth + 1)
    elif node is not None:
        yield prefix, node if isinstance(node, str) else str(node)


def _strings(node: Any, pointer: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield pointer, node
    elif isinstance(node, (dict, list)) and depth < _DEEPEST:
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _strings(value, f"{pointer}/{_escape(key)}", depth + 1)
