"""Personas that say the same are told apart, as they arrive."""

from __future__ import annotations

from collections.abc import Sequence

from persona_core.errors import PersonaError
from persona_core.models.notice import Notice
from persona_core.similarity import Vocabulary, cosines
from persona_core.synthesis.prompted.briefs import Brief, Draft
from persona_core.synthesis.prompted.drafting import Drafter
from persona_core.synthesis.prompted.failing import budget_of, ends_the_run, reason
from persona_core.synthesis.prompted.underway import Run
from persona_core.text import content_stems

_SAME = 0.75
"""From this cosine of their claims on, two personas say the same."""


class Apart:
    """Takes drafts as they come, and makes them final in the order of their places.

    A persona that says what an earlier one says is asked for once more; one that still does is kept, and said.
    """

    def __init__(self, drafter: Drafter, run: Run) -> None:
        self.final: list[Draft] = []
        self.failed: list[PersonaError] = []
        self.ended: list[PersonaError] = []
        """Why something was not asked that should have been."""
        self._drafter, self._run = drafter, run
        self._come: dict[int, Draft | PersonaError] = {}
        self._next, self._busy = 0, False

    async def make(self, place: int, brief: Brief, identifier: str, name: str) -> None:
        """Write the persona of a place. Raises only what ends the run."""
        try:
            self._come[place] = await self._drafter.draft(brief, identifier, name)
        except PersonaError as error:
            if ends_the_run(error):
                raise
            self._come[place] = error
        if self._busy:
            return  # who is at it comes to this one
        self._busy = True
        try:
            await self._go_on()
        finally:
            self._busy = False

    async def _go_on(self) -> None:
        while (come := self._come.pop(self._next, None)) is not None:
            self._next += 1
            if isinstance(come, PersonaError):
                self.failed.append(come)
                continue
            final = await self._told_apart(come)
            self.final.append(final)
            self._run.notices += final.notices
            self.ended += [final.ended] if final.ended is not None else []
            self._run.created(final.persona)

    async def _told_apart(self, draft: Draft) -> Draft:
        twin = _twin(self.final, draft)
        if twin is None:
            return draft
        again = await self._asked_again(draft, twin)
        still = _twin(self.final, again)
        if still is not None:
            message = f"{still.persona.name} and {again.persona.name} say nearly the same: fewer personas may say more"
            self._run.notices.append(Notice(code="near_duplicate", message=message))
        return again

    async def _asked_again(self, draft: Draft, twin: Draft) -> Draft:
        """The persona as it comes with the other in view; as it was where it does not."""
        persona = draft.persona
        try:
            return await self._drafter.draft(draft.brief, persona.id, persona.name, unlike=twin.persona)
        except PersonaError as error:
            if ends_the_run(error):
                raise
            message = f"{persona.name}, who says what {twin.persona.name} says, could not be asked for a second time: {reason(error)}"
            self._run.notices.append(Notice(code="not_asked_again", message=message))
            self.ended += [error] if budget_of(error) else []
            return draft


def _twin(earlier: Sequence[Draft], draft: Draft) -> Draft | None:
    """The first of the earlier personas that a draft repeats."""
    if not earlier:
        return None
    stems = [
        [stem for _, claim in each.persona.claims() for stem in content_stems(claim.text)]
        for each in (*earlier, draft)
    ]
    rows = Vocabulary(stems).rows(stems)
    likeness = cosines(rows, rows)[-1]
    return next((each for each, value in zip(earlier, likeness, strict=False) if value >= _SAME), None)
