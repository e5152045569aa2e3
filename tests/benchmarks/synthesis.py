"""How long personas by a model take, beside the model's own latency; and how long planning takes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import material
from benchmarks.figures import Figure, Interleaved, Sizes, alone
from benchmarks.providers import LATENCY, SERVER, served

PERSONAS, PLANNED, CHAINS = 8, 3.0, 1.5
SERVE = """
import sys
from loopback import Loopback
from loopback.synthesis import truthful
with Loopback(answer=truthful, latency=float(sys.argv[1])) as model:
    print(model.url, flush=True)
    sys.stdin.read()
"""


def measure(folder: str) -> dict[str, float]:
    """Seconds of one generation over a model on this machine, of them litellm's own start, and the calls in a row.

    Of no folder it gives what litellm's first call takes beyond the model's latency, litellm imported before.
    """
    import anyio

    if not folder:
        with served(SERVER, "--latency", LATENCY) as url:
            return {"first": anyio.run(_first, url) - LATENCY}
    with served("-c", SERVE, LATENCY) as url:
        return anyio.run(_made, folder, url)


async def _first(url: str) -> float:
    from persona_providers import catalogue

    library = catalogue.litellm()
    begun = time.perf_counter()
    said = [{"role": "user", "content": "any"}]
    await library.acompletion("openai/loop", messages=said, api_base=url, api_key="k", max_retries=0)
    took = time.perf_counter() - begun
    await library.close_litellm_async_clients()
    return took


async def _made(folder: str, url: str) -> dict[str, float]:
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

    corpus = load(folder)
    asked = provider("openai/loop", api_base=url, api_key="k", concurrency=64)
    begun = time.perf_counter()
    limits = limits_of("openai/loop")  # imports litellm
    started = time.perf_counter() - begun
    made = await generate(
        corpus, Prompted(Counted(), limits, concurrency=64), SynthesisOptions(count=PERSONAS)
    )
    took = time.perf_counter() - begun
    await asked.aclose()
    assert len(made.personas) == PERSONAS
    return {"start": started, "seconds": took, "chain": len(set(stages))}


def planning(tokens_wanted: int, rounds: int) -> Interleaved:
    """Seconds to plan a corpus of so many tokens, and to split it into words."""
    from persona_core import load
    from persona_core.models.completion import ModelLimits
    from persona_core.synthesis.prompted.planning import plan, tokens

    line = "I take the tram to work and it is late more often than not so I wait in the cold and read. "
    rows = "".join(f"P{n % 500},{line * 4}{n}\n" for n in range(tokens_wanted // tokens(line * 4) + 1))
    corpus = load([("large.csv", f"participant,answer\n{rows}".encode())])
    return Interleaved(
        rounds,
        plan=lambda: plan(corpus, min(10, len(corpus)), ModelLimits(model="m")),
        split=lambda: [text.split() for text in corpus.columns.texts],
    )


def run(sizes: Sizes) -> Iterator[Figure]:
    """Measure both, each beside what the machine and the model take."""
    taken = planning(sizes.tokens, sizes.rounds).seconds
    yield Figure(
        f"plan {sizes.tokens:,} tokens", taken["plan"], "s", PLANNED,
        floor=taken["split"], floor_is="splitting them at blanks",
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = material.interviews(Path(name), sizes.interviews)
        found = [(alone("synthesis", folder), alone("synthesis", "")) for _ in range(sizes.rounds)]
    made, first = sorted(found, key=lambda each: each[0]["seconds"])[len(found) // 2]
    start = made["start"] + first["first"]
    latency = CHAINS * made["chain"] * LATENCY
    yield Figure(
        f"{PERSONAS} personas of {sizes.interviews} interviews by a model", made["seconds"], "s", 1.0,
        floor=latency + start, in_floors=True, of_material=True,
        floor_is=f"{CHAINS} × {made['chain']} calls in a row of {LATENCY} s, and {start:.1f} s of litellm",
    )  # fmt: skip
