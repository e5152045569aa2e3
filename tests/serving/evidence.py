"""What a server's database and a model's own record say of jobs, for tests to compare."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from loopback.server import Request

from persona_core.models.completion import Message, Prompt
from serving.process import Serving

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


def rows(server: Serving, query: str) -> list[Any]:
    """What a server's database answers, whichever it is."""
    if server.database_url.startswith("postgresql"):
        with psycopg.connect(server.database_url, autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()
    with opened(server.database) as beside:
        return beside.execute(query).fetchall()


def journalled(server: Serving) -> Counter[str]:
    """What the journals of all jobs hold answers to, and how often."""
    records = [json.loads(line) for (line,) in rows(server, "SELECT line FROM journal")]
    return Counter(record["key"] for record in records if "key" in record)


def is_sound(server: Serving) -> None:
    """Assert that SQLite finds nothing wrong with the database."""
    if server.database_url.startswith("sqlite"):
        assert rows(server, "PRAGMA integrity_check") == [("ok",)]
        assert rows(server, "PRAGMA foreign_key_check") == []


def statuses(server: Serving) -> dict[str, str]:
    """Each job's status."""
    return dict(rows(server, "SELECT id, status FROM jobs"))


def told(server: Serving) -> dict[str, list[tuple[int, str, Any]]]:
    """Each job's events, as rows: number, type, data."""
    found = defaultdict(list)
    for job, number, kind, data in rows(
        server, "SELECT job, sequence, type, data FROM events ORDER BY job, sequence"
    ):
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
