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
from serving import Serving

from benchmarks.figures import Figure, Interleaved, Sizes, command
from persona_core.testing import SAMPLE
from persona_sdk import AsyncPersonaClient, PersonaClient

CALL_MS, IMPORT, HEAVY = 0.5, 0.35, ("litellm", "sklearn", "httpx")
AT_ONCE, CALLS = 50, 2000
FEWER = 0.1
"""Share of those asked for at once that may be missing in flight: between two of them a question is asked."""
PAIRS = [(name, text.encode()) for name, text in SAMPLE.items()]


def run(sizes: Sizes) -> Iterator[Figure]:
    """Each figure with its goal."""
    through, awaited = _facade()
    yield Figure(
        "client: what the facade adds to a call", through - awaited, "ms", CALL_MS,
        floor=awaited, floor_is="the same call awaited",
    )  # fmt: skip
    taken = Interleaved(
        2 * sizes.rounds + 1,
        bare=lambda: command([sys.executable, "-c", "pass"]),
        ours=lambda: command([sys.executable, "-c", "import persona_sdk"]),
    ).seconds
    yield Figure(
        "client: import persona_sdk, beyond Python's start", taken["ours"] - taken["bare"], "s", IMPORT,
        floor=taken["bare"], floor_is="an empty Python",
    )  # fmt: skip
    loaded = f"import sys, persona_sdk; sys.exit(sum(name in sys.modules for name in {HEAVY!r}))"
    found = subprocess.run([sys.executable, "-c", loaded], check=False).returncode
    yield Figure("client: of litellm, scikit-learn and httpx, imported before they are used", found, "", 0)
    with tempfile.TemporaryDirectory() as folder:
        yield from _in_flight(Path(folder), sizes.remote)


def _facade() -> tuple[float, float]:
    """Milliseconds of a call through the facade, and of the same call awaited."""

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
    return through / CALLS * 1000, anyio.run(awaited) / CALLS * 1000


def _in_flight(folder: Path, many: int) -> Iterator[Figure]:
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
        try:
            made = anyio.run(_generate_many, server.url, many)
        finally:
            ended.set()
            looking.join()
    failed = sum(isinstance(each, Exception) for each in made)
    yield Figure(f"client: of {many} remote generations, failed", failed, "", 0)
    middle = statistics.median(seen[len(seen) // 10 : max(1, len(seen) * 6 // 10)])
    yield Figure(
        f"client: {AT_ONCE} asked for at once, fewer in flight", AT_ONCE - middle, "", AT_ONCE * FEWER
    )


async def _generate_many(url: str, many: int) -> list[Any]:
    async with AsyncPersonaClient(base_url=url) as client:
        return await client.generate_many([PAIRS] * many, concurrency=AT_ONCE, count=2)
