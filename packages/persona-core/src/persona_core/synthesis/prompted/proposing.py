"""The direct way: one call reads the whole corpus and says which archetypes are in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import partial

from persona_core.asking import ask
from persona_core.models.corpus import Corpus
from persona_core.prompts import fill
from persona_core.similarity import Vocabulary, cosines
from persona_core.synthesis.prompted.answers import Proposal, proposal_of
from persona_core.synthesis.prompted.briefs import Brief
from persona_core.synthesis.prompted.lines import Piece, clipped
from persona_core.synthesis.prompted.planning import prompted_segments
from persona_core.synthesis.prompted.sheet import Sheet
from persona_core.synthesis.prompted.underway import Run
from persona_core.text import content_stems

Votes = dict[int, Counter[int]]
"""For each participant how much speaks for each archetype."""
_LABEL_TOKENS = 30


async def propose(run: Run) -> list[Brief]:
    """Ask for archetypes with their people and segments; everybody is put into one of them."""
    run.tell("archetypes", 0, 1)
    sheet = Sheet(run.lines, run.plan.batches[0], run.finder)
    prompt = fill(
        "propose",
        max_tokens=run.plan.answers["propose"],
        seed=run.options.seed,
        count=run.options.count,
        data=sheet.text(),
    )
    shape = proposal_of(run.options.count)
    proposal = (await ask(run.provider, prompt, shape, partial(_emptiness, sheet))).value
    run.tell("archetypes", 1, 1)
    votes, best = _votes(sheet, proposal)
    groups = _complete(run.corpus, votes, run.options.count)
    return [
        Brief(sheet.plain(each.label), sheet.plain(each.difference), tuple(group), tuple(pieces))
        for each, group, pieces in zip(proposal.archetypes, groups, best, strict=False)
        if group
    ]


def _votes(sheet: Sheet, proposal: Proposal) -> tuple[Votes, list[list[Piece]]]:
    """Who is named for which archetype, and what is cited for it."""
    votes: Votes = defaultdict(Counter)
    best: list[list[Piece]] = []
    for number, archetype in enumerate(proposal.archetypes):
        best.append([piece for alias in archetype.segments if (piece := sheet.piece(alias)) is not None])
        for piece in best[-1]:
            votes[sheet.corpus.columns.who[piece.position]][number] += 1
        for code in archetype.participants:
            if (person := sheet.person(code)) is not None:
                votes[person][number] += 3
    return votes, best


def _emptiness(sheet: Sheet, proposal: Proposal) -> str | None:
    """Find fault with archetypes that nobody is in."""
    empty = [
        archetype.label
        for archetype in proposal.archetypes
        if all(sheet.person(code) is None for code in archetype.participants)
        and all(sheet.piece(alias) is None for alias in archetype.segments)
    ]
    said = "give codes of participants as they stand in the data"
    return f"nobody is in the archetype “{clipped(empty[0], _LABEL_TOKENS)}”: {said}" if empty else None


def _complete(corpus: Corpus, votes: Votes, count: int) -> list[list[int]]:
    """Everybody's group by the model's votes; whom it forgot joins the group they speak most like."""
    groups: list[list[int]] = [[] for _ in range(count)]
    for person, counted in sorted(votes.items()):
        groups[min(counted, key=lambda number: (-counted[number], number))].append(person)
    said: dict[int, list[str]] = defaultdict(list)
    for i in prompted_segments(corpus):
        said[corpus.columns.who[i]] += content_stems(corpus.columns.texts[i])
    forgotten = [person for person in sorted(said) if person not in votes]
    if forgotten and any(groups):
        vocabulary = Vocabulary(said.values())
        sums = vocabulary.rows([[stem for person in group for stem in said[person]] for group in groups])
        nearest = cosines(vocabulary.rows([said[person] for person in forgotten]), sums).argmax(axis=1)
        for person, group in zip(forgotten, nearest, strict=True):
            groups[int(group)].append(person)
    return groups
