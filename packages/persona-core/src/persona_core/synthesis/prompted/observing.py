"""The way of a large corpus: batch after batch is read, and participants are grouped by what was observed of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from persona_core.asking import ask
from persona_core.errors import BudgetExceededError, GenerationError, PersonaError
from persona_core.models.notice import Notice
from persona_core.prompts import fill
from persona_core.similarity import Vocabulary, cosines
from persona_core.synthesis.grouping import Grouping, partition, vocabulary_of
from persona_core.synthesis.prompted.answers import Observation, Observations
from persona_core.synthesis.prompted.briefs import Brief, Noted, briefs_of, by_turns
from persona_core.synthesis.prompted.failing import reason
from persona_core.synthesis.prompted.lines import Piece
from persona_core.synthesis.prompted.sheet import Sheet
from persona_core.synthesis.prompted.underway import Run, side_by_side
from persona_core.text import content_stems

Observed = dict[int, list[Noted]]
"""What was noted of each participant."""


async def observe(run: Run) -> list[Brief]:
    """Read every batch, then group participants by what was observed of them."""
    batches = await side_by_side(
        run, "observations", [partial(_read, run, each) for each in run.plan.batches]
    )
    _check_failures(run, [each for each in batches if isinstance(each, PersonaError)])
    observed: Observed = defaultdict(list)
    for batch in batches:
        for piece, observation in batch if not isinstance(batch, PersonaError) else ():
            observed[run.corpus.columns.who[piece.position]].append((piece, observation))
    noted = sorted({piece.position for each in observed.values() for piece, _ in each})
    briefs = briefs_of(run.corpus, _grouped(run, observed), noted)
    return [_with_best(brief, observed) for brief in briefs]


async def _read(run: Run, batch: Sequence[Piece]) -> list[Noted]:
    sheet = Sheet(run.lines, batch, run.finder)
    most = run.plan.answers["observe"]
    prompt = fill("observe", max_tokens=most, seed=run.options.seed, data=sheet.text())
    asked = await ask(run.provider, prompt, Observations)
    placed = [(sheet.piece(each.segment), each) for each in asked.value.observations]
    return [(piece, each) for piece, each in placed if piece is not None]


def _check_failures(run: Run, failures: Sequence[PersonaError]) -> None:
    """Go on without the batches that could not be read, and say so; not where the budget is spent, or none could."""
    if not failures:
        return
    budget = next((error for error in failures if isinstance(error, BudgetExceededError)), None)
    if budget is not None or len(failures) == len(run.plan.batches):
        raise budget or failures[0]
    why = ", or ".join(sorted({reason(error) for error in failures}, reverse=True))
    message = f"{len(failures)} of {len(run.plan.batches)} batches of segments are unread: {why}"
    run.notices.append(Notice(code="unread", message=message))
    run.unread.extend(failures)


def _stems(observation: Observation) -> list[str]:
    return content_stems(f"{observation.statement} {observation.quote}")


def _grouped(run: Run, observed: Observed) -> Grouping:
    people, count = sorted(observed), run.options.count
    if len(people) < count:
        raise GenerationError(
            f"the model observed something of {len(people)} participants only; ask for at most {max(1, len(people))} personas"
        )
    said = [[stem for _, each in observed[person] for stem in _stems(each)] for person in people]
    assigned = partition(vocabulary_of(said).rows(said), count, run.options.seed)
    groups = [
        tuple(person for person, group in zip(people, assigned, strict=True) if group == number)
        for number in range(count)
    ]
    placed = {person for group in groups for person in group}
    unplaced = tuple(i for i in range(len(run.corpus.people)) if i not in placed)
    return Grouping(tuple(group for group in groups if group), (), unplaced)


def _with_best(brief: Brief, observed: Observed) -> Brief:
    """The group's observations and what they rest on: of each participant first what is most like the whole group's."""
    noted = [each for person in brief.people for each in observed[person]]
    said = [_stems(observation) for _, observation in noted]
    vocabulary = Vocabulary(said)
    whole = vocabulary.rows([[stem for stems in said for stem in stems]])
    likeness = cosines(vocabulary.rows(said), whole)[:, 0]
    worth = {id(each): -round(float(value), 9) for each, value in zip(noted, likeness, strict=True)}
    queues = (iter(sorted(observed[person], key=lambda each: worth[id(each)])) for person in brief.people)
    best = tuple(by_turns(queues))
    return replace(brief, pieces=tuple(dict.fromkeys(piece for piece, _ in best)), observations=best)
