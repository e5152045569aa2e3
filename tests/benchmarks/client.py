"""The Python client: what the facade and the import cost, and how many remote generations are kept in flight."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))

from serving import Serving

from persona_core.testing import SAMPLE
from persona_sdk import AsyncPersonaClient, PersonaClient

CALL_MS, IMPORT, HEAVY = 0.5, 0.35, ("litellm", "sklearn", "httpx")
MANY, AT_ONCE, CALLS = 200, 50, 2000
PAIRS = [(name, text.encode()) for name, text in SAMPLE.items()]


def run() -> Iterator[dict[str, Any]]:
    """Each figure with its goal."""
    yield _most("client: what the facade adds to a call", _facade(), CALL_MS, "ms")
    bare = _started("pass")
    yield {
        **_most("client: import persona_sdk", _started("import persona_sdk") - bare, IMPORT, "s"),
        "floor": bare,
    }
    loaded = f"import sys, persona_sdk; sys.exit(any(name in sys.modules for name in {HEAVY!r}))"
    found = subprocess.run([sys.executable, "-c", loaded], check=False).returncode
    yield _most("client: of litellm, scikit-learn and httpx, imported before they are used", found, 0, "")
    with tempfile.TemporaryDirectory() as folder:
        yield from _in_flight(Path(folder))


def _facade() -> float:
    """Milliseconds that a call costs beyond the same call awaited."""

    async def nothing() -> None:
        await anyio.lowlevel.checkpoint()

    async def awaited() -> float:
        begun = time.perf_counter()
        for _ in range(CALLS):
            await nothing()
        return time.perf_counter() - begun

    with PersonaClient() as client:
        client._loop(nothing)
        begun = time.perf_counter()
        for _ in range(CALLS):
            client._loop(nothing)
        through = time.perf_counter() - begun
    return (through - anyio.run(awaited)) / CALLS * 1000


def _started(program: str) -> float:
    """Seconds that a program takes, the middle of seven."""
    taken = []
    for _ in range(7):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def _in_flight(folder: Path) -> Iterator[dict[str, Any]]:
    """How many jobs are open on the server in the middle of many generations: as many as were asked for at once."""
    seen: list[int] = []
    ended = threading.Event()
    with Serving(folder) as server:

        def look() -> None:
            with httpx.Client(base_url=f"{server.url}/api/v1/") as client:
                while not ended.wait(0.1):
                    pages = (
                        client.get("generate", params={"status": each, "limit": 100})
                        for each in ("pending", "running")
                    )
                    seen.append(sum(len(page.json()["data"]) for page in pages))

        looking = threading.Thread(target=look)
        looking.start()
        begun = time.perf_counter()
        try:
            made = anyio.run(_generate_many, server.url)
        finally:
            ended.set()
            looking.join()
        seconds = time.perf_counter() - begun
    failed = sum(isinstance(each, Exception) for each in made)
    yield _most(f"client: of {MANY} remote generations, failed", failed, 0, "")
    middle = statistics.median(seen[len(seen) // 10 : max(1, len(seen) * 6 // 10)])
    yield {
        **_most(f"client: {AT_ONCE} asked for at once, fewer in flight", AT_ONCE - middle, AT_ONCE * 0.1, ""),
        "floor": f"{MANY / seconds:.0f} a second",
    }


async def _generate_many(url: str) -> list[Any]:
    async with AsyncPersonaClient(base_url=url) as client:
        return await client.generate_many([PAIRS] * MANY, concurrency=AT_ONCE, count=2)


def _most(name: str, value: float, goal: float, unit: str) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "goal": goal, "floor": None, "passed": value <= goal}
