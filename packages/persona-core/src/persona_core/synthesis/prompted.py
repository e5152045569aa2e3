"""Personas by a language model: it proposes and quotes, our code locates and decides what stands."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import anyio

from persona_core.asking import add, ask
from persona_core.errors import BudgetExceededError, GenerationError, PersonaError
from persona_core.models.completion import ModelLimits
from persona_core.models.corpus import Corpus, Notice
from persona_core.models.options import SynthesisOptions
from persona_core.models.persona import Generation, Persona, PersonaSet, Usage
from persona_core.prompts import fill
from persona_core.provider import Provider
from persona_core.pseudonyms import Pseudonyms
from persona_core.similarity import Vocabulary
from persona_core.synthesis import describing
from persona_core.synthesis.answers import Observation, Observations, Proposal, proposal_of
from persona_core.synthesis.drafting import Brief, Draft, Drafter
from persona_core.synthesis.extractive import corpus_ref, notices_of, refuse_without_participants
from persona_core.synthesis.grouping import Grouping, partition, take_groups, vocabulary_of
from persona_core.synthesis.planning import Plan, plan, prompted_segments
from persona_core.synthesis.sheet import Sheet
from persona_core.text import content_stems
from persona_core.verification import Finder

_SAME = 0.75
"""From this cosine of their claims on, two personas say the same."""


@dataclass(slots=True)
class _Run:
    """One synthesis under way."""

    corpus: Corpus
    options: SynthesisOptions
    plan: Plan
    pseudonyms: Pseudonyms | None
    finder: Finder
    tell: Callable[[str, int, int], None]
    created: Callable[[Persona], None]
    usage: Usage = field(default_factory=Usage)
    notices: list[Notice] = field(default_factory=list)


class Prompted:
    """Makes personas with any provider: one call for the archetypes where the corpus fits, else observations first."""

    name = "prompted"

    def __init__(
        self, provider: Provider, limits: ModelLimits, *, pseudonymise: bool = True, concurrency: int = 8
    ) -> None:
        """`limits` is what the planner plans by; `concurrency` the calls that are made side by side."""
        self.provider, self.limits = provider, limits
        self.pseudonymise, self.concurrency = pseudonymise, concurrency

    async def synthesise(
        self,
        corpus: Corpus,
        options: SynthesisOptions,
        told: Callable[[str, int, int], None] | None = None,
        created: Callable[[Persona], None] | None = None,
    ) -> PersonaSet:
        """Make personas; `told` hears a stage, how much is done, and of how much; `created` each persona as it arrives.

        Raises GenerationError with what was made in `partial` where some personas failed, and the first failure where all did.
        """
        refuse_without_participants(corpus)
        run = _Run(
            corpus,
            options,
            plan(corpus, options.count, self.limits),
            Pseudonyms(corpus) if self.pseudonymise else None,
            Finder(corpus),
            told or (lambda _stage, _done, _of: None),
            created or (lambda _persona: None),
        )
        briefs = await self._briefs(run)
        names = describing.names(corpus, len(briefs), options.seed)
        drafter = Drafter(
            self.provider,
            run.finder,
            run.pseudonyms,
            self.limits.max_output,
            run.plan.group_tokens,
            options.seed,
        )
        jobs = [
            self._drafting(drafter, brief, f"persona-{n:03d}", name, run)
            for n, (brief, name) in enumerate(zip(briefs, names, strict=True), 1)
        ]
        drafts = await self._side_by_side(jobs, "personas", run)
        made = [draft for draft in drafts if isinstance(draft, Draft)]
        failed = [draft for draft in drafts if isinstance(draft, PersonaError)]
        if not made:
            raise failed[0]
        made = await self._told_apart(drafter, made, run)
        for draft in made:
            run.usage = add(run.usage, draft.usage)
        result = self._result(run, briefs, made)
        if failed:
            raise GenerationError(_what_failed(failed, len(briefs)), partial=result) from failed[0]
        return result

    async def _drafting(self, drafter: Drafter, brief: Brief, identifier: str, name: str, run: _Run) -> Draft:
        draft = await drafter.draft(brief, identifier, name)
        run.created(draft.persona)
        return draft

    async def _side_by_side(self, jobs: Sequence[Awaitable[Any]], stage: str, run: _Run) -> list[Any]:
        """Await jobs, so many at a time; an error of ours stands in the place of its result."""
        results: list[Any] = [None] * len(jobs)
        room, done = anyio.CapacityLimiter(self.concurrency), 0
        run.tell(stage, 0, len(jobs))

        async def one(place: int, job: Awaitable[Any]) -> None:
            nonlocal done
            async with room:
                try:
                    results[place] = await job
                except PersonaError as error:
                    results[place] = error
            done += 1
            run.tell(stage, done, len(jobs))

        async with anyio.create_task_group() as tasks:
            for place, job in enumerate(jobs):
                tasks.start_soon(one, place, job)
        return results

    async def _briefs(self, run: _Run) -> list[Brief]:
        """Who stands behind each persona, and which of their segments say most."""
        if run.options.group_by:
            return _briefs_of(run.corpus, take_groups(run.corpus, run.options.group_by))
        speakers = {run.corpus.columns.who[i] for i in prompted_segments(run.corpus)}
        if run.options.count > len(speakers):
            most = len(speakers)
            raise GenerationError(
                f"{run.options.count} personas were asked for, and only {most} participants said something: ask for at most {most} (--count {most})"
            )
        return await (self._propose(run) if run.plan.kind == "direct" else self._observe(run))

    async def _propose(self, run: _Run) -> list[Brief]:
        run.tell("archetypes", 0, 1)
        sheet = Sheet(run.corpus, run.plan.batches[0], run.pseudonyms, run.finder)
        prompt = fill(
            "propose",
            max_tokens=self._most("archetypes", run),
            seed=run.options.seed,
            count=run.options.count,
            data=sheet.text(),
        )
        asked = await ask(self.provider, prompt, proposal_of(run.options.count), partial(_emptiness, sheet))
        run.usage = add(run.usage, asked.usage)
        run.tell("archetypes", 1, 1)
        votes: dict[int, Counter[int]] = defaultdict(Counter)
        best: list[list[int]] = []
        for number, archetype in enumerate(asked.value.archetypes):
            best.append([i for alias in archetype.segments if (i := sheet.position(alias)) is not None])
            for i in best[-1]:
                votes[run.corpus.columns.who[i]][number] += 1
            for code in archetype.participants:
                if (person := sheet.person(code)) is not None:
                    votes[person][number] += 3
        groups = _complete(run.corpus, votes, run.options.count)
        return [
            Brief(
                sheet.plain(archetype.label),
                sheet.plain(archetype.difference),
                tuple(groups[n]),
                tuple(best[n]),
            )
            for n, archetype in enumerate(asked.value.archetypes)
            if groups[n]
        ]

    def _most(self, stage: str, run: _Run) -> int:
        found = next(each for each in run.plan.stages if each.name == stage)
        return max(1, found.completion_tokens // max(1, found.calls))

    async def _observe(self, run: _Run) -> list[Brief]:
        """Read batch after batch, then group participants by what was observed of them."""
        jobs = [self._batch(batch, run) for batch in run.plan.batches]
        batches = await self._side_by_side(jobs, "observations", run)
        failures = [each for each in batches if isinstance(each, PersonaError)]
        budget = next((error for error in failures if isinstance(error, BudgetExceededError)), None)
        if budget is not None or len(failures) == len(batches):
            raise budget or failures[0]
        if failures:
            run.notices.append(
                Notice(
                    code="unread",
                    message=f"{len(failures)} of {len(batches)} batches of segments could not be read by the model: {failures[0]}",
                )
            )
        observed: dict[int, list[tuple[int, Observation]]] = defaultdict(list)
        for batch in batches:
            for i, observation in batch if not isinstance(batch, PersonaError) else ():
                observed[run.corpus.columns.who[i]].append((i, observation))
        return _briefs_of(run.corpus, _by_observations(run, observed), observed)

    async def _batch(self, batch: Sequence[int], run: _Run) -> list[tuple[int, Observation]]:
        sheet = Sheet(run.corpus, batch, run.pseudonyms, run.finder)
        prompt = fill(
            "observe", max_tokens=self._most("observations", run), seed=run.options.seed, data=sheet.text()
        )
        asked = await ask(self.provider, prompt, Observations)
        run.usage = add(run.usage, asked.usage)
        placed = [(sheet.position(each.segment), each) for each in asked.value.observations]
        return [(i, each) for i, each in placed if i is not None]

    async def _told_apart(self, drafter: Drafter, drafts: list[Draft], run: _Run) -> list[Draft]:
        """Ask once more for a persona that says what an earlier one says; then keep it, and say so."""
        for one, other in _twins(drafts):
            run.tell("personas", len(drafts) - 1, len(drafts))
            first, second = drafts[one], drafts[other]
            try:
                again = await drafter.draft(
                    second.brief, second.persona.id, second.persona.name, unlike=first.persona
                )
            except PersonaError:
                again = second
            usage = add(second.usage, again.usage) if again is not second else second.usage
            drafts[other] = Draft(again.brief, again.persona, usage, again.dropped, again.claims)
            if _likeness(drafts)[one][other] >= _SAME:
                run.notices.append(
                    Notice(
                        code="near_duplicate",
                        message=f"{first.persona.name} and {second.persona.name} say nearly the same: fewer personas may say more",
                    )
                )
        return drafts

    def _result(self, run: _Run, briefs: Sequence[Brief], drafts: Sequence[Draft]) -> PersonaSet:
        dropped = [text for draft in drafts for text in draft.dropped]
        if dropped:
            claims = sum(draft.claims for draft in drafts)
            shown = "; ".join(f"“{text}”" for text in dropped[:5]) + (" …" if len(dropped) > 5 else "")
            run.notices.append(
                Notice(
                    code="claims_dropped",
                    message=f"{len(dropped)} of the model's {claims} claims rested on words that are not in the sources, and were left out: {shown}",
                )
            )
        if len(briefs) < run.options.count and not run.options.group_by:
            message = (
                f"the model found {len(briefs)} archetypes with anybody in them, not {run.options.count}"
            )
            run.notices.append(Notice(code="fewer_personas", message=message))
        personas = [draft.persona for draft in drafts]
        placed = {i for brief in briefs for i in brief.people}
        return PersonaSet(
            corpus=corpus_ref(run.corpus),
            generation=Generation(
                synthesiser=self.name, model=self.limits.model, seed=run.options.seed, usage=run.usage
            ),
            warnings=(*notices_of(run.corpus, personas), *run.notices),
            unrepresented=tuple(person.code for i, person in enumerate(run.corpus.people) if i not in placed),
            personas=tuple(personas),
        )


def _emptiness(sheet: Sheet, proposal: Proposal) -> str | None:
    """Find fault with archetypes that nobody is in."""
    empty = [
        archetype.label
        for archetype in proposal.archetypes
        if all(sheet.person(code) is None for code in archetype.participants)
        and all(sheet.position(alias) is None for alias in archetype.segments)
    ]
    said = "give codes of participants as they stand in the data"
    return f"nobody is in the archetype “{empty[0]}”: {said}" if empty else None


def _what_failed(failed: Sequence[PersonaError], of: int) -> str:
    return f"{len(failed)} of {of} personas could not be made: {failed[0]}"


def _briefs_of(
    corpus: Corpus, grouping: Grouping, observed: dict[int, list[tuple[int, Observation]]] | None = None
) -> list[Brief]:
    briefs, talk = [], describing.Talk(corpus)
    for number, group in enumerate(grouping.groups):
        others = [i for other, members in enumerate(grouping.groups) if other != number for i in members]
        terms = talk.topics(group, others)
        label = grouping.names[number] if grouping.names else describing.title(terms, {}, "")
        best = [i for person in group for i, _ in (observed or {}).get(person, ())]
        briefs.append(
            Brief(
                label,
                f"they talk about {', '.join(terms) or 'the same as the others'} more than the others",
                tuple(group),
                tuple(dict.fromkeys(best)),
            )
        )
    return briefs


def _by_observations(run: _Run, observed: dict[int, list[tuple[int, Observation]]]) -> Grouping:
    people = sorted(observed)
    if len(people) < run.options.count:
        raise GenerationError(
            f"the model observed something of {len(people)} participants only; ask for at most {max(1, len(people))} personas"
        )
    said = [
        [
            stem
            for _, observation in observed[person]
            for stem in content_stems(f"{observation.statement} {observation.quote}")
        ]
        for person in people
    ]
    assigned = partition(vocabulary_of(said).vectors(said), run.options.count, run.options.seed)
    groups = [
        tuple(person for person, group in zip(people, assigned, strict=True) if group == number)
        for number in range(run.options.count)
    ]
    placed = {person for group in groups for person in group}
    return Grouping(
        tuple(group for group in groups if group),
        (),
        tuple(i for i in range(len(run.corpus.people)) if i not in placed),
    )


def _complete(corpus: Corpus, votes: dict[int, Counter[int]], count: int) -> list[list[int]]:
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
        sums = vocabulary.vectors([[stem for person in group for stem in said[person]] for group in groups])
        nearest = (
            (vocabulary.vectors([said[person] for person in forgotten]) @ sums.T).toarray().argmax(axis=1)
        )
        for person, group in zip(forgotten, nearest, strict=True):
            groups[int(group)].append(person)
    return groups


def _likeness(drafts: Sequence[Draft]) -> Any:
    """Cosine of what personas claim, each with each."""
    stems = [
        [stem for _, claim in draft.persona.claims() for stem in content_stems(claim.text)]
        for draft in drafts
    ]
    vectors = Vocabulary(stems).vectors(stems)
    return (vectors @ vectors.T).toarray()


def _twins(drafts: Sequence[Draft]) -> list[tuple[int, int]]:
    """Pairs of personas that say the same, the later with the first that it repeats."""
    likeness = _likeness(drafts)
    found = []
    for other in range(1, len(drafts)):
        one = next((i for i in range(other) if likeness[i][other] >= _SAME), None)
        if one is not None:
            found.append((one, other))
    return found
