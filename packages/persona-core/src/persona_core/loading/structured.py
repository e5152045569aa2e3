"""JSON, JSON Lines and YAML to segments: lists of turns, recognised speech, records, or strings."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from persona_core.errors import LoadError
from persona_core.loading import labels
from persona_core.loading.builder import Builder
from persona_core.loading.delimited import Table
from persona_core.loading.table import read_records
from persona_core.loading.turnlists import (
    DEEPEST,
    add_list,
    add_records_as_turns,
    escape,
    turn_key,
    turn_lists,
)
from persona_core.text import trim

_HALF = re.compile(r"\\[uU](?:0000)?[dD][89a-fA-F]")


def read_structured(builder: Builder, text: str, suffix: str, path: str) -> None:
    """Add a JSON, JSON Lines or YAML file, read by the suffix."""
    if suffix == ".jsonl":
        records = [value for _, value in _lines(text, path)]
        if any(not isinstance(record, dict) for record in records):
            raise LoadError("each line of a JSON Lines file must be an object", path=path)
        if (key := turn_key(records)) is not None:
            add_records_as_turns(builder, records, key, "")
        elif any(next(turn_lists(record), None) for record in records):
            _add_lines_of_turns(builder, records)
        else:
            _read_table(builder, records, path, lambda _index: "", numbered=True)
        return
    read_document(builder, parse(text, suffix, path), text, path)


def _add_lines_of_turns(builder: Builder, records: Sequence[Any]) -> None:
    """Add lines each of which is a document with a list of turns: a conversation of its own."""
    builder.source.kind = "transcript"
    for row, record in enumerate(records, 1):
        found_lists = list(turn_lists(record))
        for found in found_lists:
            add_list(builder, replace(found, scope=found.scope or f"/{row}"), "", row)
        if not found_lists:
            builder.source.left_out["lines without turns"] += 1


def read_document(builder: Builder, document: Any, text: str, path: str) -> None:
    """Add a parsed document, whose text is at hand for what must be found in it."""
    found_lists = list(turn_lists(document))
    if found_lists:
        builder.source.kind = "transcript"
        for found in found_lists:
            add_list(builder, found, text)
        return
    table = _record_list(document)
    if table is not None:
        pointer, records = table
        _read_table(builder, records, path, lambda index: f"{pointer}/{index}", numbered=False)
        return
    _add_strings(builder, document)
    if not any(who.turns for who in builder.whos if who.source == len(builder.sources) - 1):
        raise LoadError(
            "holds no text that people wrote; give a list of turns, of records, or of answers", path=path
        )


def _add_strings(builder: Builder, document: Any) -> None:
    """Add the strings of a document that has no better order, each participant's where its keys are their ids."""
    by_person = isinstance(document, dict) and all(labels.is_id(str(key)) for key in document)
    for pointer, value in _strings(document):
        key = pointer.split("/")[1] if by_person else ""
        span = trim(value, 0, len(value))
        if span and len(value.split()) >= 3:
            who = builder.voice("id", key) if by_person else builder.voice("file", "")
            builder.add_turn(value, (span,), who, field=pointer)


def parse(text: str, suffix: str, path: str) -> Any:
    """Parse JSON or YAML, or say where it is broken."""
    try:
        parsed = _parse_yaml(text, path) if suffix in {".yaml", ".yml"} else json.loads(text)
    except json.JSONDecodeError as error:
        raise LoadError(f"is not valid JSON: {error.msg}", path=path, place=f"line {error.lineno}") from error
    except RecursionError as error:
        raise LoadError("is nested too deeply", path=path) from error
    _refuse_half_characters(text, parsed, path)
    return parsed


def _refuse_half_characters(text: str, parsed: Any, path: str, place: str = "") -> None:
    """Half of a pair of escapes alone is no character: nothing that holds it could be written again."""
    if not _HALF.search(text):
        return
    try:
        written = json.dumps(parsed, ensure_ascii=False, default=str)
        written.encode()
    except UnicodeEncodeError as error:
        half = f"\\u{ord(written[error.start]):04x}"
        raise LoadError(
            f"holds half a character ({half} without its other half): write the file anew as UTF-8",
            path=path,
            place=place,
        ) from error


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
                parsed = json.loads(line)
            except (json.JSONDecodeError, RecursionError) as error:
                raise LoadError("is not valid JSON", path=path, place=f"line {number}") from error
            _refuse_half_characters(line, parsed, path, f"line {number}")
            yield number, parsed


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


def _record_list(node: Any, pointer: str = "", depth: int = 0) -> tuple[str, list[dict[str, Any]]] | None:
    """The largest list of objects in a document."""
    if depth > DEEPEST:
        return None
    if isinstance(node, list) and node and all(isinstance(item, dict) for item in node):
        return pointer, node
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found = [
        hit for key, value in inner if (hit := _record_list(value, f"{pointer}/{escape(key)}", depth + 1))
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
    pointers = ["".join(f"/{escape(token)}" for token in key) for key in keys]
    table = Table(
        names, ("",) * len(names), rows, lambda index, column: base(index) + pointers[column], numbered
    )
    read_records(builder, table, path)


def _flat(node: Any, prefix: tuple[str, ...] = (), depth: int = 0) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(node, (dict, list)) and depth < DEEPEST:
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _flat(value, (*prefix, str(key)), depth + 1)
    elif node is not None:
        yield prefix, node if isinstance(node, str) else str(node)


def _strings(node: Any, pointer: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield pointer, node
    elif isinstance(node, (dict, list)) and depth < DEEPEST:
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _strings(value, f"{pointer}/{escape(key)}", depth + 1)
