"""The common end: a set of personas, and what a reader must know of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from persona_core.errors import GenerationError
from persona_core.models.notice import Notice
from persona_core.models.persona import Generation, PersonaSet
from persona_core.synthesis.noticing import corpus_ref, notices_of
from persona_core.synthesis.prompted.briefs import Brief, Draft
from persona_core.synthesis.prompted.twins import Apart
from persona_core.synthesis.prompted.underway import Run

_SHOWN = 5
"""Claims that a notice names."""


def concluded(run: Run, briefs: Sequence[Brief], made: Apart, generation: Generation) -> PersonaSet:
    """The personas that were made.

    Raises GenerationError with them in `partial` where some failed, the budget ended the asking or not all was read, and
    the first failure where all failed.
    """
    if not made.final:
        raise made.failed[0]
    result = _result(run, briefs, made.final, generation)
    if made.failed:
        message = f"{len(made.failed)} of {len(briefs)} personas could not be made: {made.failed[0]}"
        raise GenerationError(message, partial=result) from made.failed[0]
    if made.ended:
        message = f"not everything could be asked a second time: {made.ended[0]}"
        raise GenerationError(message, partial=result) from made.ended[0]
    if run.unread:
        message = next(each.message for each in run.notices if each.code == "unread")
        raise GenerationError(message, partial=result) from run.unread[0]
    return result


def _result(run: Run, briefs: Sequence[Brief], drafts: Sequence[Draft], generation: Generation) -> PersonaSet:
    personas = tuple(draft.persona for draft in drafts)
    placed = {i for brief in briefs for i in brief.people}
    return PersonaSet(
        corpus=corpus_ref(run.corpus),
        generation=generation,
        warnings=(*notices_of(run.corpus, personas), *run.notices, *_left_out(drafts), *_fewer(run, briefs)),
        unrepresented=tuple(person.code for i, person in enumerate(run.corpus.people) if i not in placed),
        personas=personas,
    )


def _left_out(drafts: Sequence[Draft]) -> Iterator[Notice]:
    """The claims that are in no persona, counted and named, by why."""
    of = sum(draft.claims for draft in drafts)
    reasons = {
        "rested on words that are not in the sources": [text for each in drafts for text in each.unfounded],
        "rested only on words that may not be shown": [text for each in drafts for text in each.unshown],
    }
    for why, texts in reasons.items():
        if texts:
            distinct = list(dict.fromkeys(texts))
            named = "; ".join(f"“{text}”" for text in distinct[:_SHOWN])
            named += " …" if len(distinct) > _SHOWN else ""
            message = f"{len(texts)} of the model's {of} claims {why}, and were left out: {named}"
            yield Notice(code="claims_dropped", message=message)


def _fewer(run: Run, briefs: Sequence[Brief]) -> Iterator[Notice]:
    if len(briefs) < run.options.count and not run.options.group_by:
        found = f"{len(briefs)} archetype{'s' if len(briefs) != 1 else ''}"
        message = f"the model found {found} with anybody in them, not {run.options.count}"
        yield Notice(code="fewer_personas", message=message)
