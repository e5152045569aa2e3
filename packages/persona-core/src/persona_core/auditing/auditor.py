"""Texts that are about to leave, compared with a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from persona_core.auditing.combining import fitting
from persona_core.auditing.copies import people_once
from persona_core.auditing.identifiers import Identifier, Identifiers, addresses_in, longest
from persona_core.auditing.mentioned import Mentions
from persona_core.auditing.paraphrase import Group
from persona_core.auditing.reading import is_sentence, sentences
from persona_core.auditing.said import Said, said_by, said_in
from persona_core.auditing.verbatim import Run, runs_in
from persona_core.auditing.views import read, views
from persona_core.errors import ConfigurationError
from persona_core.models.audit import Audit, AuditFinding, Severity
from persona_core.models.corpus import ROLES, Corpus, Role
from persona_core.models.persona import Persona

WEIGHTS: Mapping[Severity, float] = {"low": 0.25, "medium": 0.5, "high": 1.0}
"""What a sentence with a finding of a severity counts for in the leakage."""
_SMALL = 100_000
"""Up to so many segments are compared where nobody says whose words matter."""
_SAID = "{} words in a row that a participant said: put them in other words, or leave them out"
_LIKELY = "{} words in a row that a participant said, though in this study it may be chance: see whether they say who it was"
_FEW = "says, with what else the text tells, of fewer than {} participants who they are: make it coarser, or leave it out"
_KEPT = 4
"""Groups whose sentences are kept for the next text."""


class Auditor:
    """Compares outgoing texts with a corpus; worth keeping over many of them, for the index it builds when first needed."""

    def __init__(self, corpus: Corpus | None, *, k: int = 3) -> None:
        """What fewer than `k` participants share identifies them."""
        if k < 1:
            raise ConfigurationError(f"k is how many participants have to share a thing, at least 1; not {k}")
        self.corpus, self.k = corpus, k
        self._groups: dict[object, Group] = {}

    @cached_property
    def _said(self) -> Said | None:
        return said_in(self.corpus) if self.corpus is not None else None

    @cached_property
    def _identifiers(self) -> Identifiers | None:
        if self.corpus is None or self._said is None:
            return None
        return Identifiers(self.corpus, self._said, self.k)

    @cached_property
    def _mentions(self) -> Mentions | None:
        return Mentions(self.corpus) if self.corpus is not None else None

    def audit(
        self,
        text: str,
        *,
        persona: Persona | None = None,
        demographics: Mapping[str, str] | None = None,
        threshold: float = 0.1,
        vectors: Mapping[str, Sequence[float]] | None = None,
        embedder: str | None = None,
    ) -> Audit:
        """Find what in a text was said by somebody, or says who somebody is.

        `demographics` are the values released, by name. `vectors` are of what `texts` gives, by `embedder`. Raises
        ConfigurationError for a threshold outside 0–1.
        """
        if not 0 <= threshold <= 1:
            raise ConfigurationError(f"the threshold is a share of sentences, 0 to 1; not {threshold}")
        pieces = sentences(text)
        own = said_by(persona, self.corpus)
        runs = runs_in(text, [each for each in (self._said, own) if each is not None and len(each.texts)])
        identifiers = self.identify(text)
        found = [*map(_of_run, runs), *map(_of_identifier, identifiers)]
        found += self._retold(text, pieces, runs, self._group(persona, own), vectors or {})
        found += self._combined(text, demographics or {})
        found += self._mentioned(text)
        found.sort(key=lambda each: (each.start, each.end, each.kind))
        leakage, counted = _leakage(text, pieces, found)
        refused = tuple(_reasons(found, any(each.direct for each in identifiers), leakage, threshold))
        return Audit(
            passed=not refused,
            leakage=round(leakage, 4),
            threshold=threshold,
            corpus_checked=self.corpus is not None,
            embedder=embedder if vectors else None,
            sentences=counted,
            findings=tuple(found),
            refused_for=refused,
        )

    def texts(self, text: str, persona: Persona | None) -> tuple[str, ...]:
        """What it would like vectors of: the text's sentences, and what in the corpus they could retell."""
        asked = [_plain(text, span) for span in sentences(text)]
        asked = [each for each in asked if is_sentence(each)]
        group = self._group(persona, said_by(persona, self.corpus))
        return tuple(dict.fromkeys([*asked, *group.candidates(asked)]))

    def _group(self, persona: Persona | None, own: Said) -> Group:
        people = _people_of(persona)
        key = (people, *(own.texts if self.corpus is None else ()))
        if key not in self._groups:
            while len(self._groups) >= _KEPT:
                del self._groups[next(iter(self._groups))]
            said = self._said if self._said is not None else own
            self._groups[key] = Group(said, self._positions(said, people))
        return self._groups[key]

    def _positions(self, said: Said, people: frozenset[str]) -> Iterable[int]:
        """The texts of those people; all where nobody is named and there are not too many."""
        import numpy as np

        if self.corpus is None:
            return range(len(said.texts))
        answered = np.asarray(self.corpus.columns.role) != ROLES.index(Role.interviewer)
        once = people_once(self.corpus)
        numbers = [once[i] for i, person in enumerate(self.corpus.people) if person.code in people]
        if numbers:
            answered &= np.isin(said.who, numbers)
        elif len(said.texts) > _SMALL:
            return range(0)
        positions: list[int] = np.flatnonzero(answered).tolist()
        return positions

    def identify(self, text: str) -> list[Identifier]:
        """Find what in a text says who somebody is: names, ids, addresses, and what few participants hold or mention."""
        return longest(self._identified(text))

    def _identified(self, text: str) -> Iterator[Identifier]:
        for view in views(text):
            found = self._identifiers.find(view.text) if self._identifiers else addresses_in(view.text)
            for each in found:
                start, end = view.span(each.start, each.end)
                yield Identifier(start, end, each.severity, each.what, each.direct)

    def _retold(
        self,
        text: str,
        pieces: Sequence[tuple[int, int]],
        runs: Sequence[Run],
        group: Group,
        vectors: Mapping[str, Sequence[float]],
    ) -> Iterator[AuditFinding]:
        for start, end in pieces:
            if any(run.start < end and start < run.end and not run.likely for run in runs):
                continue
            told = group.compare(_plain(text, (start, end)), vectors)
            if severity := told.severity:
                yield AuditFinding(
                    kind="paraphrase",
                    severity=severity,
                    start=start,
                    end=end,
                    similarity=round(told.similarity, 3),
                    segment=told.segment,
                    message="retells what one participant said: say what several share, or leave it out",
                )

    def _combined(self, text: str, demographics: Mapping[str, str]) -> Iterator[AuditFinding]:
        if self.corpus is None or not demographics:
            return
        people, keys = fitting(self.corpus, demographics)
        if people >= self.k or not keys:
            return
        start, end = _place(text, [str(demographics[key]) for key in keys])
        names = ", ".join(key.replace("_", " ") for key in keys)
        together = "together fit" if len(keys) > 1 else "fits"
        yield AuditFinding(
            kind="quasi_identifier",
            severity="high" if people <= 1 else "medium",
            start=start,
            end=end,
            similarity=1.0,
            message=f"{names} {together} fewer than {self.k} participants: make one of them coarser, or leave it out",
        )

    def _mentioned(self, text: str) -> Iterator[AuditFinding]:
        """Values of rows in a text that together fit few; each has a finding where it stands."""
        view = read(text)
        people, mentions = self._mentions.few(view.text, self.k) if self._mentions else (0, [])
        for each in mentions:
            start, end = view.span(each.start, each.end)
            yield AuditFinding(
                kind="quasi_identifier",
                severity="high" if people == 1 else "medium",
                start=start,
                end=end,
                similarity=1.0,
                message=_FEW.format(self.k),
            )


def _plain(text: str, span: tuple[int, int]) -> str:
    return read(text[slice(*span)]).text


def _people_of(persona: Persona | None) -> frozenset[str]:
    """The participants whom a persona stands for: those it names, else those it quotes."""
    if persona is None:
        return frozenset()
    quoted = (each.participant for each in persona.evidence())
    return frozenset(persona.participants) or frozenset(code for code in quoted if code)


def _of_run(run: Run) -> AuditFinding:
    return AuditFinding(
        kind="verbatim",
        severity="low" if run.likely else "high",
        start=run.start,
        end=run.end,
        similarity=1.0,
        segment=run.segment,
        message=_SAID.format(run.words) if not run.likely else _LIKELY.format(run.words),
    )


def _of_identifier(found: Identifier) -> AuditFinding:
    return AuditFinding(
        kind="identifier",
        severity=found.severity,
        start=found.start,
        end=found.end,
        similarity=1.0,
        message=f"{found.what}: leave it out, or say what kind of thing it is",
    )


def _place(text: str, values: Sequence[str]) -> tuple[int, int]:
    """Where a released value stands in a text; its first sentence where none does."""
    places = [(at, at + len(value)) for value in values if (at := text.find(value)) >= 0]
    return min(places or sentences(text)[:1] or [(0, len(text))])


def _leakage(
    text: str, pieces: Sequence[tuple[int, int]], found: Sequence[AuditFinding]
) -> tuple[float, int]:
    """The share of sentences with a finding, weighted by severity, and how many sentences there are."""
    weights = []
    for start, end in pieces:
        here = [WEIGHTS[each.severity] for each in found if each.start < end and start < each.end]
        if here or is_sentence(text[start:end]):
            weights.append(max(here, default=0.0))
    return (sum(weights) / len(weights) if weights else 0.0), len(weights)


def _reasons(found: Sequence[AuditFinding], direct: bool, leakage: float, threshold: float) -> Iterator[str]:
    """Why a text does not pass, a plain sentence each."""
    retold = sum(each.kind == "paraphrase" and each.severity == "high" for each in found)
    runs = sum(each.kind == "verbatim" and each.severity == "high" for each in found)
    if runs:
        yield f"It repeats what participants said word for word, in {_places(runs)}."
    if direct:
        yield "It holds a name, an id, an address or something else that says who a participant is."
    if retold:
        yield f"It closely retells what one participant said, in {_places(retold)}."
    if leakage > threshold:
        yield f"Its leakage is {_above(leakage, threshold)}, and at most {threshold:g} passes."


def _above(leakage: float, threshold: float) -> str:
    """A leakage in as many places as it takes to see that it is above the threshold, at least two."""
    told = (f"{leakage:.{places}f}" for places in range(2, 6))
    return next((each for each in told if float(each) > threshold), f"{leakage:g}")


def _places(count: int) -> str:
    return "one place" if count == 1 else f"{count} places"
