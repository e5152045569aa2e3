"""Personas and scorecards with what a program or a notebook wants to do with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from persona_core import models
from persona_core.models import Claim, Evidence, Persona
from persona_core.rendering.audience import Audience
from persona_core.runs import read_personas, to_json


class PersonaSet(models.PersonaSet):
    """A personas file: what core has, and ways to keep and show it."""

    @classmethod
    def of(cls, made: models.PersonaSet) -> PersonaSet:
        """The same personas, with these ways."""
        return made if isinstance(made, cls) else cls.model_construct(**dict(made))

    @classmethod
    def load(cls, path: str | Path) -> PersonaSet:
        """Read a personas file or a run folder. Raises LoadError."""
        return cls.of(read_personas(path))

    def save(self, path: str | Path) -> Path:
        """Write `personas.json`, `personas.md` and `report.html` into a folder, or a file that ends in `.json`; gives the file."""
        target = Path(path)
        if target.suffix == ".json":
            target.write_bytes(self.to_json())
            return target
        target.mkdir(parents=True, exist_ok=True)
        (target / "personas.md").write_text(self.to_markdown(), encoding="utf-8")
        (target / "report.html").write_text(self.to_html(), encoding="utf-8")
        (target / "personas.json").write_bytes(self.to_json())
        return target / "personas.json"

    def filter(self, wanted: Callable[[Persona], bool]) -> PersonaSet:
        """The personas for which `wanted` is true."""
        return self.model_copy(update={"personas": tuple(each for each in self.personas if wanted(each))})

    def without(self, participant: str) -> PersonaSet:
        """The personas without a participant who withdrew, by their code: what rests on their words alone falls.

        Their other words are not known here; `persona withdraw` on a run folder and `jobs.withdraw` on a server have the
        sources at hand and know all of them. Raises ConfigurationError where the personas know no such participant.
        """
        from persona_core.withdrawal import without

        return PersonaSet.of(without(self, participant).personas)

    def to_json(self) -> bytes:
        """As a personas file, the same bytes as the command writes."""
        return to_json(models.PersonaSet.model_construct(**dict(self)))

    def to_markdown(self, audience: Audience = "share") -> str:
        """As prose."""
        return self._rendered("md", audience)

    def to_html(self, audience: Audience = "share") -> str:
        """As a page of posters, without a network; claims stand without the words around their quotes."""
        return self._rendered("html", audience)

    def to_csv(self, audience: Audience = "share") -> str:
        """As a table with a row for each claim and quote."""
        return self._rendered("csv", audience)

    def _rendered(self, format: Any, audience: Audience) -> str:
        from persona_core.pipeline.reporting import report

        return report(self, format=format, audience=audience)

    def rows(self) -> list[dict[str, Any]]:
        """A row for each claim, ready for a data frame: persona, facet, text, support, quotes, and quotes against it."""
        return list(self._rows())

    def _rows(self) -> Iterator[dict[str, Any]]:
        for persona in self.personas:
            for path, claim in persona.claims():
                yield {
                    "persona": persona.id,
                    "name": persona.name,
                    "facet": path.partition("[")[0],
                    "text": claim.text,
                    "participants": claim.support.participants if claim.support else None,
                    "of": claim.support.of if claim.support else None,
                    "quotes": [each.quote for each in claim.evidence],
                    "against": [each.quote for each in claim.against],
                }

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        return "".join(_card(each) for each in self.personas) + _notes(self)


class Scorecard(models.Scorecard):
    """Scores that a notebook shows as a table."""

    @classmethod
    def of(cls, made: models.Scorecard) -> Scorecard:
        """The same scores, with that."""
        return made if isinstance(made, cls) else cls.model_construct(**dict(made))

    def to_json(self) -> bytes:
        """The same bytes as the command writes."""
        return to_json(models.Scorecard.model_construct(**dict(self)))

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        from persona_core.rendering.scorecard import rows

        head, body = rows(self)
        line = "".join(f"<th>{escape(cell)}</th>" for cell in head)
        lines = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in body
        )
        return f"<table><thead><tr>{line}</tr></thead><tbody>{lines}</tbody></table>"


def _card(persona: Persona) -> str:
    support = (
        f"{persona.support.participants} of {persona.support.of} participants" if persona.support else ""
    )
    claims = "".join(_claim(claim) for path, claim in persona.claims() if not path.startswith("quotes"))
    return (
        f"<section><h3>{escape(persona.name)} <small>{escape(persona.title)}</small></h3>"
        f"<p>{escape(persona.summary)} <em>{escape(support)}</em></p>{claims}</section>"
    )


def _claim(claim: Claim) -> str:
    """A claim that opens to who said it, and who said otherwise."""
    otherwise = f"<p>Against it:</p>{_quotes(claim.against)}" if claim.against else ""
    mark = " <small>(others say otherwise)</small>" if claim.against else ""
    return f"<details><summary>{escape(claim.text)}{mark}</summary>{_quotes(claim.evidence)}{otherwise}</details>"


def _quotes(evidence: Iterable[Evidence]) -> str:
    return "".join(
        f"<blockquote>“{escape(each.quote)}” <small>{escape(each.participant or '')}</small></blockquote>"
        for each in evidence
    )


def _notes(personas: models.PersonaSet) -> str:
    notes = [each.message for each in personas.warnings]
    if personas.unrepresented:
        notes.append(f"represented by none of these personas: {', '.join(personas.unrepresented)}")
    lines = "".join(f"<li>{escape(each)}</li>" for each in notes)
    return f"<p>Mind:</p><ul>{lines}</ul>" if lines else ""
