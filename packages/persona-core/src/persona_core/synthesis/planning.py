"""What a model will be asked: in one piece where the corpus fits, in batches where it does not; and what that takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from persona_core.models.completion import ModelLimits
from persona_core.models.corpus import NONE, Corpus, Role

_CHARS_A_TOKEN = 3.5
"""Of English in common tokenisers 4 to 4.5; fewer here, so that a plan is rather too careful."""
_LINE_TOKENS = 8
"""A line's alias, and its share of the participant's heading."""
_TASK_TOKENS = 900
"""Instructions and schema around the data."""
_PERSONA_ANSWER, _PROPOSE_ANSWER, _OBSERVE_ANSWER = 5000, 3000, 6000
"""Most tokens of each answer."""
_BATCH_TOKENS = 9000
"""A batch's data: few enough that a model reads all of it, and that its observations fit the answer."""
_GROUP_TOKENS = 14_000
"""Most data of one persona call."""
_FULL = 0.9
"""Share of the context that is used: an estimate of tokens is no count."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One kind of call: how many, how many tokens in all are read and at most written, and the most it may cost."""

    name: str
    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None
    """US dollars at most; nothing where the price is unknown."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a corpus is put to a model."""

    kind: str
    """`direct` or `map-reduce`."""
    stages: tuple[Stage, ...]
    batches: tuple[tuple[int, ...], ...]
    """Positions of the segments of each call that reads the corpus: one for `direct`."""
    group_tokens: int
    """Most tokens of data in a persona call."""

    @property
    def cost_usd(self) -> float | None:
        """US dollars that all of it may cost at most."""
        costs = [stage.cost_usd for stage in self.stages]
        return None if None in costs else sum(cost for cost in costs if cost is not None)


def tokens(text: str) -> int:
    """Estimate the tokens of a line of data."""
    return int(len(text) / _CHARS_A_TOKEN) + _LINE_TOKENS


def prompted_segments(corpus: Corpus) -> list[int]:
    """Positions of what a model may read: participants' words; interviewers' turns and identifiers are not sent."""
    role, who = corpus.columns.role, corpus.columns.who
    participant = list(Role).index(Role.participant)
    return [i for i in range(len(corpus)) if role[i] == participant and who[i] != NONE]


def plan(corpus: Corpus, count: int, limits: ModelLimits) -> Plan:
    """Decide how to ask for `count` personas of a corpus. Every participant's words are in some call."""
    positions = prompted_segments(corpus)
    sizes = {i: tokens(corpus.columns.texts[i]) for i in positions}
    total = sum(sizes.values())
    room = int(_FULL * limits.context) - _TASK_TOKENS
    propose = min(_PROPOSE_ANSWER, limits.max_output)
    written = min(_PERSONA_ANSWER, limits.max_output)
    group = max(500, min(_GROUP_TOKENS, room - written))
    persona = _stage(
        "personas", count, min(total, count * group) + count * _TASK_TOKENS, count * written, limits
    )
    if total + propose <= room:
        ask = _stage("archetypes", 1, total + _TASK_TOKENS, propose, limits)
        return Plan("direct", (ask, persona), (tuple(positions),), group)
    observed = min(_OBSERVE_ANSWER, limits.max_output)
    batches = tuple(_batches(corpus, positions, sizes, max(500, min(_BATCH_TOKENS, room - observed))))
    ask = _stage(
        "observations", len(batches), total + len(batches) * _TASK_TOKENS, len(batches) * observed, limits
    )
    return Plan("map-reduce", (ask, persona), batches, group)


def _stage(name: str, calls: int, read: int, written: int, limits: ModelLimits) -> Stage:
    return Stage(name, calls, read, written, limits.cost(read, written))


def _batches(
    corpus: Corpus, positions: Sequence[int], sizes: dict[int, int], room: int
) -> Iterator[tuple[int, ...]]:
    """Fill batches participant by participant, so that a call sees people rather than scraps."""
    by_person: dict[int, list[int]] = {}
    for i in positions:
        by_person.setdefault(corpus.columns.who[i], []).append(i)
    batch: list[int] = []
    used = 0
    for segments in by_person.values():
        size = sum(sizes[i] for i in segments)
        if batch and used + size > room:
            yield tuple(batch)
            batch, used = [], 0
        for i in segments:
            if batch and used + sizes[i] > room:
                yield tuple(batch)
                batch, used = [], 0
            batch.append(i)
            used += sizes[i]
    if batch:
        yield tuple(batch)
