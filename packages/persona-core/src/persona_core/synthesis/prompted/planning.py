"""What a model will be asked: in one piece where the corpus fits, in batches where it does not; and what that takes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, fsum

from pydantic import BaseModel

from persona_core.asking import strict_schema
from persona_core.errors import ConfigurationError
from persona_core.models.completion import ModelLimits
from persona_core.models.corpus import NONE, Corpus, Role
from persona_core.prompts import text
from persona_core.pseudonyms import Pseudonyms
from persona_core.synthesis.grouping import take_groups
from persona_core.synthesis.prompted.answers import (
    MOST_OBSERVATIONS,
    Observations,
    Requotes,
    Written,
    proposal_of,
)
from persona_core.synthesis.prompted.lines import CHARS_A_TOKEN, Lines, Piece, tokens

_ANSWERS = {"propose": 3000, "observe": 6000, "persona": 5000, "requote": 2000}
"""Most tokens of each answer."""
_SLOTS = 1000
"""Most tokens of what a persona call says of the archetype and of its twin."""
_REPAIR = 1300
"""Tokens of an answer that is sent back with what was wrong."""
_DEMAND = 300
"""Most tokens of the words around it, and around a prompt's messages."""
_TRIES = 3
"""Calls of one question: an answer that does not fit is repaired twice."""
_BATCH_TOKENS = 9000
"""A batch's data: few enough that a model reads all of it, and that its observations fit the answer."""
_NOTED_TOKENS = 150
"""Of the observations that one participant is given."""
_GROUP_TOKENS = 14_000
"""Most data of one persona call."""
NOTES = 4
"""Observations take at most one part in so many of a persona call's data."""
_LEAST_TOKENS = 300
"""Less data in a call is no study."""
_FULL = 0.9
"""Share of the context that is used: an estimate of tokens is no count."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One kind of call: how many, how many tokens in all are read and at most written, and what that costs."""

    name: str
    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None
    """US dollars if every answer is long, and none has to be asked for again; nothing where the price is unknown."""
    most_calls: int
    """With every repair and second try."""
    most_usd: float | None
    """US dollars that they cost at most: every byte a token. Answers that are lost on the way may cost more."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a corpus is put to a model."""

    kind: str
    """`direct`, `map-reduce`, or `grouped` where the researcher's own groups are taken."""
    stages: tuple[Stage, ...]
    batches: tuple[tuple[Piece, ...], ...]
    """What each call reads that reads the corpus: one for `direct`, none for `grouped`."""
    group_tokens: int
    """Most tokens of data in a persona call."""
    piece_tokens: int
    """Most tokens of a line."""
    slot_tokens: int
    """Most tokens of what else a persona call is told."""
    answers: Mapping[str, int]
    """Most tokens of the answer to each prompt."""

    @property
    def cost_usd(self) -> float | None:
        """US dollars if every answer is long, and none has to be asked for again."""
        return _sum([stage.cost_usd for stage in self.stages])

    @property
    def most_usd(self) -> float | None:
        """US dollars that all of it may cost at most."""
        return _sum([stage.most_usd for stage in self.stages])


@dataclass(frozen=True, slots=True)
class _Call:
    """What one call has room for, in tokens."""

    task: int
    """Instructions, schema, and what is said beside the data."""
    data: int
    answer: int


def prompted_segments(corpus: Corpus) -> list[int]:
    """Positions of what a model may read: participants' words; interviewers' turns and identifiers are not sent."""
    role, who = corpus.columns.role, corpus.columns.who
    participant = list(Role).index(Role.participant)
    return [i for i in range(len(corpus)) if role[i] == participant and who[i] != NONE]


def plan(
    corpus: Corpus,
    count: int,
    limits: ModelLimits,
    *,
    group_by: str | None = None,
    pseudonyms: Pseudonyms | None = None,
) -> Plan:
    """Decide how to ask for `count` personas of a corpus. Every participant's words are in some call.

    With `group_by` the groups decide how many. Raises ConfigurationError where the model takes too little at once.
    """
    lines = Lines(corpus, pseudonyms)
    calls = _calls(count, limits)
    written = calls["persona"]
    group = min(_GROUP_TOKENS, written.data)
    batch = min(_BATCH_TOKENS, calls["observe"].data)
    most = min(group, batch) // 3
    pieces = [piece for i in prompted_segments(corpus) for piece in lines.pieces(i, most)]
    total = sum(piece.tokens for piece in pieces) + _asked(lines, pieces)
    if group_by:
        kind, name, batches = "grouped", "", []
        count = len(take_groups(corpus, group_by).groups)
    elif total <= calls["propose"].data:
        kind, name, batches = "direct", "propose", [tuple(pieces)]
    else:
        kind, name, batches = (
            "map-reduce",
            "observe",
            list(_batches(lines, pieces, batch, _people(calls["observe"]))),
        )
    stages = [_reading(kind, [_size(lines, each) for each in batches], calls[name], limits)] if name else []
    noted = group // NOTES if kind == "map-reduce" else 0
    stages.append(_writing(count, total, min(group, total + noted), calls, limits))
    answers = {prompt: call.answer for prompt, call in calls.items()}
    return Plan(kind, tuple(stages), tuple(batches), group, most, _slots(limits), answers)


def _sum(costs: Sequence[float | None]) -> float | None:
    known = [cost for cost in costs if cost is not None]
    return fsum(known) if len(known) == len(costs) else None


def _slots(limits: ModelLimits) -> int:
    return min(_SLOTS, limits.context // 16)


def _calls(count: int, limits: ModelLimits) -> dict[str, _Call]:
    """The room of each call; ConfigurationError where there is none."""
    shapes: dict[str, type[BaseModel]] = {
        "propose": proposal_of(count),
        "observe": Observations,
        "persona": Written,
        "requote": Requotes,
    }
    calls = {name: _call(name, shape, limits) for name, shape in shapes.items()}
    if min(call.data for call in calls.values()) < _LEAST_TOKENS:
        message = f"{limits.model} takes {limits.context:,} tokens at once, too few for personas: choose a model that takes more, or say so with --context if it does"
        raise ConfigurationError(message)
    return calls


def _call(name: str, shape: type[BaseModel], limits: ModelLimits) -> _Call:
    answer = min(_ANSWERS[name], limits.max_output, limits.context // 3)
    task = tokens(text(name)) + tokens(json.dumps(strict_schema(shape))) + _slots(limits)
    repair = min(answer, _REPAIR, limits.context // 8)
    return _Call(task, int(_FULL * limits.context) - task - answer - repair, answer)


def _reading(kind: str, sizes: Sequence[int], call: _Call, limits: ModelLimits) -> Stage:
    """The calls that read the corpus, each with so many tokens of data."""
    read, written = sum(sizes) + len(sizes) * call.task, len(sizes) * call.answer
    most = [_most(call, size, limits) for size in sizes]
    name = "archetypes" if kind == "direct" else "observations"
    return Stage(
        name,
        len(sizes),
        read,
        written,
        limits.cost(read, written),
        _TRIES * len(sizes),
        _sum(most),
    )


def _writing(count: int, total: int, data: int, calls: Mapping[str, _Call], limits: ModelLimits) -> Stage:
    """The calls that write personas, of `total` tokens and with at most `data` in each.

    At most each asks again for quotes, and all but the first are twins and written again.
    """
    call = calls["persona"]
    read, written = min(total, count * data) + count * call.task, count * call.answer
    times = 2 * count - 1
    most = [_most(calls[name], data, limits) for name in ("persona", "requote")] * times
    cost = limits.cost(read, written)
    return Stage("personas", count, read, written, cost, 2 * _TRIES * times, _sum(most))


def _most(call: _Call, data: int, limits: ModelLimits) -> float | None:
    """US dollars that one question costs at most, repairs and all: a token is a byte or more."""
    asked = ceil((call.task + data + _DEMAND) * CHARS_A_TOKEN)
    repairs = (_TRIES - 1) * (call.answer + ceil(_DEMAND * CHARS_A_TOKEN))
    return limits.cost(_TRIES * asked + repairs, _TRIES * call.answer)


def _asked(lines: Lines, pieces: Sequence[Piece]) -> int:
    """Tokens of the questions that these pieces answer."""
    question = lines.corpus.columns.question
    return sum(lines.question_tokens(code) for code in {question[piece.position] for piece in pieces})


def _size(lines: Lines, pieces: Sequence[Piece]) -> int:
    return sum(piece.tokens for piece in pieces) + _asked(lines, pieces)


def _people(call: _Call) -> int:
    """Most participants of a batch: each is to be observed, in an answer that has an end."""
    return max(1, min(MOST_OBSERVATIONS // 3, call.answer // _NOTED_TOKENS))


def _batches(lines: Lines, pieces: Sequence[Piece], room: int, people: int) -> Iterator[tuple[Piece, ...]]:
    """Fill batches participant by participant, so that a call sees people rather than scraps, and not too many."""
    who = lines.corpus.columns.who
    by_person: dict[int, list[Piece]] = {}
    for piece in pieces:
        by_person.setdefault(who[piece.position], []).append(piece)
    batch, seen = Filling(lines, room), 0
    for theirs in by_person.values():
        if batch.pieces and (seen == people or not batch.takes(theirs)):
            yield tuple(batch.pieces)
            batch, seen = Filling(lines, room), 0
        seen += 1
        for piece in theirs:
            if batch.pieces and not batch.takes([piece]):
                yield tuple(batch.pieces)
                batch, seen = Filling(lines, room), 1
            batch.add(piece)
    if batch.pieces:
        yield tuple(batch.pieces)


class Filling:
    """Pieces for one call, as far as there is room; each question's wording counts once."""

    def __init__(self, lines: Lines, room: int) -> None:
        """`room` is in tokens."""
        self.pieces: list[Piece] = []
        self._lines, self.left, self._asked = lines, room, {NONE}

    def takes(self, pieces: Sequence[Piece]) -> bool:
        """Whether there is room for all of these."""
        return self._cost(pieces) <= self.left

    def add(self, piece: Piece) -> None:
        """Put a piece in, whether there is room or not."""
        self.left -= self._cost([piece])
        self._asked.add(self._lines.corpus.columns.question[piece.position])
        self.pieces.append(piece)

    def _cost(self, pieces: Sequence[Piece]) -> int:
        question = self._lines.corpus.columns.question
        new = {question[piece.position] for piece in pieces} - self._asked
        return sum(piece.tokens for piece in pieces) + sum(map(self._lines.question_tokens, new))
