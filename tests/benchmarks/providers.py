"""Calls at once against a server that takes 200 ms: ours, and a bare litellm loop."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import anyio

from benchmarks.figures import TESTS, Figure, Sizes
from persona_core.models.completion import Message, Prompt
from persona_providers import catalogue, provider

SERVER = TESTS / "loopback" / "server.py"
AT_ONCE, LATENCY = 50, 0.2
IDEALS, FLOORS = 1.75, 1.25
Ask = Callable[[int], Awaitable[Any]]


@contextmanager
def served(*script: object) -> Iterator[str]:
    """The URL of a model in a process of its own: it must not share our processor time."""
    command = [sys.executable, *map(str, script)]
    with subprocess.Popen(
        command, cwd=TESTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.communicate()


def stats(url: str) -> dict[str, int]:
    """What the server counted."""
    with urllib.request.urlopen(url.replace("/v1", "/stats"), timeout=10) as answer:  # noqa: S310 - our own server
        counted: dict[str, int] = json.load(answer)
        return counted


async def timed(ask: Ask, calls: int) -> float:
    """Seconds for all calls, each in a task of its own; `ask` holds them back."""
    begun = time.perf_counter()
    async with anyio.create_task_group() as tasks:
        for number in range(calls):
            tasks.start_soon(ask, number)
    return time.perf_counter() - begun


async def ours(url: str, calls: int) -> float:
    """Through everything that `provider` puts around a call, with a budget and a price."""
    model = provider(
        "openai/any", concurrency=AT_ONCE, budget=1000.0, assume_price=1.0, api_base=url, api_key="k"
    )
    prompts = [Prompt(name="b/1", messages=(Message(role="user", text=str(n)),)) for n in range(calls + 1)]
    await model.complete(prompts[calls])
    seconds = await timed(lambda number: model.complete(prompts[number]), calls)
    await model.aclose()
    return seconds


async def bare(url: str, calls: int) -> float:
    """Litellm in a loop with a semaphore, set up the same."""
    litellm, room = catalogue.litellm(), anyio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with room:
            said = [{"role": "user", "content": str(number)}]
            await litellm.acompletion("openai/any", messages=said, api_base=url, api_key="k", max_retries=0)

    await one(calls)
    seconds = await timed(one, calls)
    await litellm.close_litellm_async_clients()
    return seconds


def run(sizes: Sizes) -> Iterator[Figure]:
    """Measure in turn; the middle of each counts."""
    taken: dict[str, list[float]] = {"bare": [], "ours": []}
    most: list[int] = []
    for _ in range(sizes.rounds):
        with served(SERVER, "--latency", LATENCY) as url:
            taken["bare"].append(anyio.run(bare, url, sizes.calls))
        with served(SERVER, "--latency", LATENCY) as url:
            taken["ours"].append(anyio.run(ours, url, sizes.calls))
            most.append(stats(url)["most_in_flight"])
    took, floor = median(taken["ours"]), median(taken["bare"])
    ideal = sizes.calls / AT_ONCE * LATENCY
    name = f"{sizes.calls} model calls, {AT_ONCE} at once"
    yield Figure(f"{name}: fewer or more at the server", max(abs(each - AT_ONCE) for each in most), "", 0)
    yield Figure(
        name, took, "s", IDEALS, floor=ideal, floor_is=f"{LATENCY} s for each {AT_ONCE}", in_floors=True
    )
    yield Figure(
        f"{name}, beside litellm",
        took,
        "s",
        FLOORS,
        floor=floor,
        floor_is="a bare litellm loop",
        in_floors=True,
    )
