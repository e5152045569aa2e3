"""What there is to say of a quote: where it stands, and whether the one who is cited said it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from persona_core.models.corpus import NONE, Corpus, Role
from persona_core.models.persona import Evidence, Tier
from persona_core.models.report import CheckedEvidence, Finding
from persona_core.verification.search import Found, Search, Wanted


@dataclass(frozen=True, slots=True)
class Checked:
    """What a report says of a quote, and where it was found, by whomever it was said."""

    evidence: CheckedEvidence
    found: Found | None


class Finder:
    """Looks quotes up; worth keeping over many of them, for the index that it builds when it first needs it."""

    def __init__(self, corpus: Corpus, *, any_corpus: bool = False) -> None:
        self.corpus, self.any_corpus = corpus, any_corpus
        self._search = Search(corpus)

    @cached_property
    def _people(self) -> dict[str, int]:
        return {person.code: i for i, person in enumerate(self.corpus.people)}

    @cached_property
    def _codes(self) -> dict[str, str]:
        """Codes by what the data calls people."""
        people = reversed(self.corpus.people)
        return {person.label.casefold(): person.code for person in people if person.label}

    def resolve(self, participant: str) -> str | None:
        """The code of a participant named by code or label; None where the corpus knows neither."""
        if participant in self._people:
            return participant
        return self._codes.get(participant.strip().casefold())

    def check(self, evidence: Evidence, beside: Collection[str] = (), *, believed: bool = True) -> Checked:
        """Look a quote up and say how and where it was found.

        `beside` are the participants to prefer where none is cited. Where cited participants are not
        `believed`, one whom the corpus does not know is no contradiction.
        """
        wanted = self._wanted(evidence, beside, believed)
        found = self._search.find(evidence.quote, wanted)
        if found is None:
            return Checked(self._not_found(evidence, wanted), None)
        return Checked(self._judged(evidence, wanted, found), found)

    def _wanted(self, evidence: Evidence, beside: Collection[str], believed: bool) -> Wanted:
        position = self.corpus.position(evidence.segment) if evidence.segment else None
        named = evidence.participant
        participant = (self.resolve(named) or (named if believed else None)) if named else None
        if not participant and position is not None and not self.any_corpus:
            participant = self.corpus.participant(position)
        file, line = str(evidence.extra.get("file", "")), evidence.extra.get("line")
        sources = enumerate(self.corpus.sources) if file else ()
        return Wanted(
            position=position,
            named=bool(named),
            participant=participant,
            person=self._people.get(participant or "", NONE),
            beside=frozenset(self._people[code] for code in beside if code in self._people),
            sources=frozenset(i for i, source in sources if _same_file(source.name, file)),
            line=line if isinstance(line, int) else 0,
        )

    def _judged(self, evidence: Evidence, wanted: Wanted, found: Found) -> CheckedEvidence:
        corpus, position = self.corpus, found.position
        finding = self._finding(evidence, wanted, position)
        counts = finding in {None, Finding.no_consent, Finding.other_segment}
        return CheckedEvidence(
            quote=evidence.quote,
            tier=found.match.tier if counts else Tier.missing,
            similarity=found.match.similarity,
            segment=corpus.segment_id(position),
            participant=corpus.participant(position),
            locator=corpus.locator(position, found.match.spans),
            finding=finding,
        )

    def _finding(self, evidence: Evidence, wanted: Wanted, position: int) -> Finding | None:
        role = self.corpus.role(position)
        if role is not Role.participant:
            return Finding.not_a_participant if role is Role.interviewer else Finding.unattributed
        if wanted.participant and self.corpus.participant(position) != wanted.participant:
            return Finding.wrong_participant
        if not self.corpus.quotable(position):
            return Finding.no_consent
        elsewhere = evidence.segment is not None and position != wanted.position
        return Finding.other_segment if elsewhere and not self.any_corpus else None

    def _not_found(self, evidence: Evidence, wanted: Wanted) -> CheckedEvidence:
        finding = None
        if self._search.is_asked(evidence.quote):
            finding = Finding.not_a_participant
        elif evidence.segment and wanted.position is None and not self.any_corpus:
            finding = Finding.unknown_segment
        return CheckedEvidence(
            quote=evidence.quote,
            tier=Tier.missing,
            segment=evidence.segment,
            participant=evidence.participant,
            finding=finding,
        )


def _same_file(source: str, file: str) -> bool:
    file = file.replace("\\", "/").removeprefix("./")
    return source == file or source.endswith(f"/{file}") or file.endswith(f"/{source}")
