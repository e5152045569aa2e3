"""500 calls, 50 at once, against a server that takes 200 ms: ours, and a bare litellm loop."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio

from persona_core.models.completion import Message, Prompt
from persona_providers import catalogue, provider

SERVER = Path(__file__).parents[1] / "loopback" / "server.py"
CALLS, AT_ONCE, LATENCY = 500, 50, 0.2
IDEAL = CALLS / AT_ONCE * LATENCY
Ask = Callable[[int], Awaitable[Any]]


@contextmanager
def served() -> Iterator[str]:
    """The URL of a server in a process of its own: it must not share our processor time."""
    command = [sys.executable, str(SERVER), "--latency", str(LATENCY)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.communicate()


def stats(url: str) -> dict[str, int]:
    """What the server counted."""
    with urllib.request.urlopen(url.replace("/v1", "/stats"), timeout=10) as answer:  # noqa: S310 - our own server
        counted: dict[str, int] = json.load(answer)
        return counted


async def timed(ask: Ask) -> float:
    """Seconds for all calls, each in a task of its own; `ask` holds them back."""
    begun = time.perf_counter()
    async with anyio.create_task_group() as tasks:
        for number in range(CALLS):
            tasks.start_soon(ask, number)
    return time.perf_counter() - begun


async def ours(url: str) -> float:
    """Through everything that `provider` puts around a call, with a budget and a price."""
    model = provider(
        "openai/any", concurrency=AT_ONCE, budget=1000.0, assume_price=1.0, api_base=url, api_key="k"
    )
    prompts = [Prompt(name="b/1", messages=(Message(role="user", text=str(n)),)) for n in range(CALLS + 1)]
    await model.complete(prompts[CALLS])
    seconds = await timed(lambda number: model.complete(prompts[number]))
    await model.aclose()
    return seconds


async def bare(url: str) -> float:
    """Litellm in a loop with a semaphore, set up the same."""
    litellm, room = catalogue.litellm(), anyio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with room:
            said = [{"role": "user", "content": str(number)}]
            await litellm.acompletion("openai/any", messages=said, api_base=url, api_key="k", max_retries=0)

    await one(CALLS)
    seconds = await timed(one)
    await litellm.close_litellm_async_clients()
    return seconds


def run() -> Iterator[dict[str, Any]]:
    """Measure twice in turn, and take the better of each: the machine is shared."""
    seconds: dict[str, list[float]] = {"bare": [], "ours": []}
    most = []
    for _ in range(2):
        with served() as url:
            seconds["bare"].append(anyio.run(bare, url))
        with served() as url:
            seconds["ours"].append(anyio.run(ours, url))
            most.append(stats(url)["most_in_flight"])
    best = {name: min(each) for name, each in seconds.items()}
    name, floor = (
        f"{CALLS} model calls, {AT_ONCE} at once",
        f"{IDEAL:.1f} s ideal, bare litellm {best['bare']:.2f} s",
    )
    yield {
        "name": f"{name}: at the server", "value": min(most), "unit": "in flight", "goal": AT_ONCE,
        "passed": min(most) == max(most) == AT_ONCE, "floor": "",
    }  # fmt: skip
    yield result(f"{name}: whole", best["ours"], 1.75 * IDEAL, floor, "s")
    yield result(f"{name}: in bare litellm loops", best["ours"] / best["bare"], 1.25, floor, "×")


def result(name: str, value: float, goal: float, floor: str, unit: str) -> dict[str, Any]:
    """One row of the table."""
    return {"name": name, "value": value, "unit": unit, "goal": goal, "passed": value <= goal, "floor": floor}
