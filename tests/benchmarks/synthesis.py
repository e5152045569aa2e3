"""How long personas by a model take, beside the model's own latency; and how long planning takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

SERVER = str(Path(__file__).parents[1] / "loopback" / "server.py")
LATENCY, PERSONAS, TOKENS = 0.2, 8, 1_200_000


def serve() -> None:
    """Answer on this machine until standard input ends; prints the URL."""
    from loopback import Loopback
    from loopback.synthesis import truthful

    with Loopback(answer=truthful, latency=LATENCY) as model:
        print(model.url, flush=True)
        sys.stdin.read()


@contextmanager
def served(*script: str) -> Iterator[str]:
    """The URL of a model in a process of its own: it must not share our processor time."""
    command = [sys.executable, *script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.communicate()


def bare() -> dict[str, float]:
    """Seconds that litellm's first call takes beyond the model's latency, in a process that imported it before."""
    import anyio

    from persona_providers import catalogue

    async def first() -> float:
        begun = time.perf_counter()
        said = [{"role": "user", "content": "any"}]
        await library.acompletion("openai/loop", messages=said, api_base=url, api_key="k", max_retries=0)
        took = time.perf_counter() - begun
        await library.close_litellm_async_clients()
        return took

    library = catalogue.litellm()
    with served(SERVER, "--latency", str(LATENCY)) as url:
        return {"first": anyio.run(first) - LATENCY}


def alone(*arguments: str) -> dict[str, float]:
    """What this file prints in a process of its own."""
    command = [sys.executable, __file__, *arguments]
    found: dict[str, float] = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout
    )
    return found


def measure(folder: str) -> dict[str, float]:
    """Seconds of one generation over a model on this machine, of them litellm's own start, and the calls in a row."""
    import anyio

    from persona_core import SynthesisOptions, generate, load
    from persona_core.models.completion import Completion, Prompt
    from persona_core.synthesis import Prompted
    from persona_providers import limits_of, provider

    stages: list[str] = []

    class Counted:
        """Notes which kinds of calls there were: those of one kind run side by side, the kinds one after the other."""

        async def complete(self, prompt: Prompt) -> Completion:
            stages.append(prompt.name)
            return await asked.complete(prompt)

    async def make() -> tuple[float, float]:
        begun = time.perf_counter()
        limits = limits_of("openai/loop")  # imports litellm
        started = time.perf_counter() - begun
        made = await generate(
            corpus, Prompted(Counted(), limits, concurrency=64), SynthesisOptions(count=PERSONAS)
        )
        took = time.perf_counter() - begun
        await asked.aclose()
        assert len(made.personas) == PERSONAS
        return started, took

    corpus = load(folder)
    with served(__file__, "--serve") as url:
        asked = provider("openai/loop", api_base=url, api_key="k", concurrency=64)
        started, took = anyio.run(make)
    return {"start": started, "seconds": took, "calls": len(stages), "chain": len(set(stages))}


def planning() -> float:
    """Seconds to plan a corpus of more than a million tokens."""
    from persona_core import load
    from persona_core.models.completion import ModelLimits
    from persona_core.synthesis.prompted.planning import plan, tokens

    line = "I take the tram to work and it is late more often than not so I wait in the cold and read. "
    rows = "".join(f"P{n % 500},{line * 4}{n}\n" for n in range(TOKENS // tokens(line * 4)))
    corpus = load([("large.csv", f"participant,answer\n{rows}".encode())])
    begun = time.perf_counter()
    plan(corpus, 10, ModelLimits(model="m"))
    return time.perf_counter() - begun


def run() -> Iterator[dict[str, Any]]:
    """Measure both, each goal beside what the machine and the model take."""
    seconds = planning()
    yield {
        "name": "plan 1.2 million tokens",
        "value": seconds,
        "unit": "s",
        "goal": 3.0,
        "passed": seconds <= 3.0,
        "floor": 0.0,
    }
    title = f"{PERSONAS} personas of 120 interviews by a model"
    data = os.environ.get("PERSONA_REALDATA")
    if not data:
        yield {"name": title, "value": None, "passed": None, "reason": "PERSONA_REALDATA is not set"}
        return
    folder = str(Path(data) / "interviews-workforce")
    found = alone(folder)
    start = found["start"] + alone("--bare")["first"]
    latency = found["chain"] * LATENCY
    goal = 1.5 * latency + start
    said = f"{latency:.1f} s of latency, {start:.1f} s of litellm"
    yield {
        "name": title,
        "value": found["seconds"],
        "unit": "s",
        "goal": goal,
        "passed": found["seconds"] <= goal,
        "floor": said,
    }


if __name__ == "__main__":
    if sys.argv[1] == "--serve":
        serve()
    else:
        sys.stdout.write(json.dumps(bare() if sys.argv[1] == "--bare" else measure(sys.argv[1])))
