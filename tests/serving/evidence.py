"""What a server's database and a model's own record say of jobs, for tests to compare."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from loopback.server import Request

from persona_core.models.completion import Message, Prompt

ENDS = ("generation.completed", "generation.failed", "generation.cancelled")


@contextmanager
def opened(database: Path) -> Iterator[sqlite3.Connection]:
    """The database, to look at beside the server or after it."""
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        yield connection


def key_of(request: Request) -> str:
    """What a journal calls what was asked."""
    asked = request.json
    form = asked["response_format"]["json_schema"]
    name, _, version = form["name"].rpartition("_")
    prompt = Prompt(
        name=f"{name}/{version}",
        messages=tuple(Message(role=each["role"], text=each["content"]) for each in request.messages),
        answer_schema=form["schema"],
        **{each: asked[each] for each in ("max_tokens", "temperature", "seed")},
    )
    return prompt.key(f"openai/{asked['model']}")


def journalled(database: Path) -> Counter[str]:
    """What the journals of all jobs hold answers to, and how often."""
    with opened(database) as connection:
        records = [json.loads(line) for (line,) in connection.execute("SELECT line FROM journal")]
    return Counter(record["key"] for record in records if "key" in record)


def is_sound(database: Path) -> None:
    """Assert that SQLite finds nothing wrong with the database."""
    with opened(database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def statuses(database: Path) -> dict[str, str]:
    """Each job's status."""
    with opened(database) as connection:
        return dict(connection.execute("SELECT id, status FROM jobs"))


def told(database: Path) -> dict[str, list[tuple[int, str, Any]]]:
    """Each job's events, as rows: number, type, data."""
    found = defaultdict(list)
    with opened(database) as connection:
        rows = connection.execute("SELECT job, sequence, type, data FROM events ORDER BY job, sequence")
        for job, number, kind, data in rows:
            found[job].append((number, kind, json.loads(data)))
    return found


def ended_once(events: list[tuple[int, str, Any]], personas: int, end: str = ENDS[0]) -> None:
    """Assert that a job's events have no gap, one beginning, each persona once and one end, which is the last."""
    assert [number for number, _, _ in events] == list(range(1, len(events) + 1))
    kinds = [kind for _, kind, _ in events]
    assert kinds.count("generation.started") == 1
    assert [kind for kind in kinds if kind in ENDS] == [end]
    assert kinds[-1] == end
    made = [data["persona"]["id"] for _, kind, data in events if kind == "persona.created"]
    assert len(made) == len(set(made)) == personas
