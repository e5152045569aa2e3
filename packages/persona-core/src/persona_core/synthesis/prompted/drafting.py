"""One persona by a model: asked, verified claim by claim, asked again once for what was not found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from persona_core.asking import ask
from persona_core.errors import GenerationError, PersonaError
from persona_core.models.notice import Notice
from persona_core.models.persona import Evidence, Persona
from persona_core.prompts import fill
from persona_core.provider import Provider
from persona_core.synthesis.prompted.answers import Requotes, Statement, Written
from persona_core.synthesis.prompted.briefs import Brief, Draft, by_turns, in_turn
from persona_core.synthesis.prompted.composing import Composer, located, statements
from persona_core.synthesis.prompted.failing import budget_of, ends_the_run, reason
from persona_core.synthesis.prompted.lines import Lines, Piece, clipped, tokens
from persona_core.synthesis.prompted.planning import NOTES, Filling, Plan
from persona_core.synthesis.prompted.sheet import Sheet
from persona_core.synthesis.prompted.withheld import withheld
from persona_core.verification import Finder

_NOTE_TOKENS = 60
_SCRAP = 30
"""Tokens in which no further line is looked for."""


@dataclass(slots=True)
class _Again:
    """What a second try for quotes gave."""

    found: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    ended: PersonaError | None = None


class Drafter:
    """Writes personas of groups of participants."""

    def __init__(self, provider: Provider, finder: Finder, lines: Lines, plan: Plan, seed: int) -> None:
        """`plan` says how much a call may hold."""
        self.provider, self.finder, self.lines = provider, finder, lines
        self.plan, self.seed = plan, seed

    async def draft(
        self, brief: Brief, identifier: str, name: str, *, unlike: Persona | None = None
    ) -> Draft:
        """Write one persona; `unlike` is one it must not repeat. Raises GenerationError where nothing of it stands."""
        notes = self._notes(brief)
        pieces = self._pieces(brief, sum(tokens(line) for _, line in notes))
        sheet = Sheet(self.lines, pieces, self.finder)
        written = await self._written(sheet, brief, notes, unlike)
        found = {path: located(sheet, each.evidence) for path, each in statements(written)}
        missing = [
            (path, each)
            for path, each in statements(written)
            if not any(sheet.may_be_shown(hit) for hit in found[path])
        ]
        again = await self._requote(sheet.quotable(), missing, name)
        found |= {path: (*found[path], *more) for path, more in again.found.items()}
        secret = withheld(self.lines.corpus, (piece.position for piece in pieces))
        made = Composer(sheet, brief, secret).compose(written, found, identifier, name)
        if not any(True for _ in made.persona.claims()):
            if again.ended is not None:
                raise again.ended
            raise GenerationError(
                f"none of {name}'s claims rests on words that stand in the sources and may be shown"
            )
        return Draft(
            brief, made.persona, len(found), made.unfounded, made.unshown, again.notices, again.ended
        )

    async def _written(
        self, sheet: Sheet, brief: Brief, notes: Sequence[tuple[Piece, str]], unlike: Persona | None
    ) -> Written:
        room = self.plan.slot_tokens
        other = f"“{unlike.title}”. {unlike.summary}" if unlike else ""
        differ = "It must differ from this other persona, which you have written already: "
        prompt = fill(
            "persona",
            max_tokens=self.plan.answers["persona"],
            seed=self.seed,
            label=self._short(brief.label, room // 8),
            difference=self._short(brief.difference, room // 4),
            others=f"{differ}{self._short(other, room // 2)}\n" if unlike else "",
            data=sheet.text(),
            notes=_listed(sheet, notes),
        )
        return (await ask(self.provider, prompt, Written)).value

    def _short(self, text: str, most: int) -> str:
        return clipped(self.lines.hidden(text), most)

    def _notes(self, brief: Brief) -> list[tuple[Piece, str]]:
        """The group's best observations, each on a line, as far as there is room for them."""
        left = self.plan.group_tokens // NOTES
        chosen = []
        for piece, each in brief.observations:
            line = f"{each.kind}: {self._short(each.statement, _NOTE_TOKENS)}"
            left -= tokens(line) + tokens("- (S1234) \n")
            if left < 0:
                break
            chosen.append((piece, line))
        return chosen

    def _pieces(self, brief: Brief, noted: int) -> list[Piece]:
        """What the brief names first, then the rest of the group's words, turn about, as far as there is room."""
        filling = Filling(self.lines, self.plan.group_tokens - noted)
        chosen = set()
        for piece in self._by_worth(brief):
            if filling.left < _SCRAP:
                break
            if piece not in chosen and filling.takes([piece]):
                chosen.add(piece)
                filling.add(piece)
        return filling.pieces

    def _by_worth(self, brief: Brief) -> Iterator[Piece]:
        columns = self.lines.corpus.columns
        theirs: dict[int, list[int]] = {person: [] for person in brief.people}
        for i in range(len(columns.who)):
            if columns.who[i] in theirs and self.lines.corpus.participant(i) is not None:
                theirs[columns.who[i]].append(i)
        yield from in_turn(self.lines.corpus, brief.pieces)
        yield from by_turns(map(self._longest_first, theirs.values()))

    def _longest_first(self, positions: Sequence[int]) -> Iterator[Piece]:
        texts = self.lines.corpus.columns.texts
        for i in sorted(positions, key=lambda i: -len(texts[i])):
            yield from self.lines.pieces(i, self.plan.piece_tokens)

    async def _requote(self, sheet: Sheet, missing: Sequence[tuple[str, Statement]], name: str) -> _Again:
        """Ask once more for the words behind claims that have none to show."""
        if not missing or not sheet.pieces:
            return _Again()
        most = (self.plan.slot_tokens + _NOTE_TOKENS * 10) // len(missing)
        listed = [
            f"{n}. {self._short(each.text, max(most - 4, 8))}" for n, (_, each) in enumerate(missing, 1)
        ]
        prompt = fill(
            "requote",
            max_tokens=self.plan.answers["requote"],
            seed=self.seed,
            claims="\n".join(listed),
            data=sheet.text(),
        )
        try:
            asked = await ask(self.provider, prompt, Requotes)
        except PersonaError as error:
            return _not_asked(error, len(missing), name)
        found: dict[str, tuple[Evidence, ...]] = {}
        for each in asked.value.quotes:
            evidence = sheet.find(each.segment, each.quote)
            if evidence is not None and 1 <= each.claim <= len(missing) and sheet.may_be_shown(evidence):
                path = missing[each.claim - 1][0]
                found[path] = (*found.get(path, ()), evidence)
        return _Again(found)


def _not_asked(error: PersonaError, claims: int, name: str) -> _Again:
    """A second try that failed: the persona stands without it, unless the run cannot go on."""
    if ends_the_run(error):
        raise error
    message = f"{claims} of {name}'s claims could not be asked about a second time: {reason(error)}"
    return _Again({}, (Notice(code="not_asked_again", message=message),), budget_of(error))


def _listed(sheet: Sheet, notes: Sequence[tuple[Piece, str]]) -> str:
    """Observations of what is on the sheet, under its aliases."""
    aliases = {piece: f"S{number}" for number, piece in enumerate(sheet.pieces, 1)}
    lines = [f"- ({aliases[piece]}) {line}" for piece, line in notes if piece in aliases]
    return "\n".join(["", "Noted by a first reader:", *lines, ""]) if lines else ""
