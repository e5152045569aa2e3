"""What a poster shows of a persona, made ready for the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from persona_core.consent import NOT_SHOWN
from persona_core.models import FACETS, Claim, Evidence, Persona, Support, Tier
from persona_core.rendering.audience import Context, Showing, clean
from persona_core.rendering.markdown import HEADINGS, count, is_its_own_quote, label, of, shown, worded_by
from persona_core.rendering.report.drawing import dots, mark

_NOWHERE = Context()


@dataclass(frozen=True, slots=True)
class QuoteView:
    """One quote as it is opened."""

    words: str
    """Nothing where they may not be shown."""
    who: str
    place: str
    doubt: str
    """How it was found, where that is not word for word."""
    context: Context = _NOWHERE


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One claim, and what stands behind it."""

    anchor: str
    words: str
    spoken: bool
    """Whether the claim is worded as its first quote."""
    support: str
    origin: str
    quotes: tuple[QuoteView, ...]
    against: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True)
class FacetView:
    """The claims of one kind."""

    name: str
    heading: str
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True, slots=True)
class Poster:
    """A persona on a page."""

    anchor: str
    number: int
    hue: int
    mark: Markup
    name: str
    title: str
    summary: str
    status: str
    support: str
    dots: Markup | None
    per_dot: int
    headline: QuoteView | None
    demographics: tuple[tuple[str, str], ...]
    columns: tuple[tuple[FacetView, ...], ...]
    """The claims by kind, in two columns about equally long."""
    scenario: str
    participants: tuple[str, ...]
    quoted: int
    """How many participants' words stand on it."""


def poster(persona: Persona, number: int, showing: Showing) -> Poster:
    """Make a persona ready; `number` counts from 1."""
    anchor = f"persona-{number}"
    name = showing.said(persona.name)
    drawn, each = _dots(persona.support)
    speakers = {each.participant for each in persona.evidence() if each.participant}
    return Poster(
        anchor=anchor,
        number=number,
        hue=(number - 1) % 10,
        mark=mark(persona),
        name=f"Persona {number}" if "[name]" in name or not name else name,
        title=showing.said(persona.title),
        summary=showing.said(persona.summary, tuple(persona.evidence())),
        status=persona.status,
        support=f"{of(persona.support)} participants" if persona.support else "",
        dots=drawn,
        per_dot=each,
        headline=_headline(persona, showing),
        demographics=tuple(
            (clean(label(k)), showing.said(shown(v))) for k, v in persona.demographics.items()
        ),
        columns=_columns(_facets(persona, anchor, showing)),
        scenario=showing.said(persona.scenario or "", tuple(persona.evidence())),
        participants=tuple(showing.code(code) for code in persona.participants),
        quoted=len(speakers),
    )


def _facets(persona: Persona, anchor: str, showing: Showing) -> tuple[FacetView, ...]:
    return tuple(
        FacetView(
            facet, HEADINGS[facet], tuple(_claims(getattr(persona, facet), f"{anchor}-{facet}", showing))
        )
        for facet in (*FACETS, "quotes")
        if getattr(persona, facet)
    )


def _columns(facets: tuple[FacetView, ...]) -> tuple[tuple[FacetView, ...], ...]:
    """Cut a list in two where both are nearest to equally long; it stays in order."""

    def length(some: tuple[FacetView, ...]) -> int:
        return sum(110 + sum(90 + len(claim.words) for claim in facet.claims) for facet in some)

    cut = min(range(len(facets) + 1), key=lambda i: abs(length(facets[:i]) - length(facets[i:])))
    return tuple(part for part in (facets[:cut], facets[cut:]) if part)


def _dots(support: Support | None) -> tuple[Markup | None, int]:
    return dots(support.participants, support.of) if support and support.of > 0 else (None, 1)


def _headline(persona: Persona, showing: Showing) -> QuoteView | None:
    if persona.headline is None:
        return None
    first = next(iter(persona.headline.evidence), None)
    if first is None:
        return QuoteView(_bare(showing.said(persona.headline.text)), "", "", "no quote stands behind this")
    return quote_view(first, showing)


def _claims(claims: Sequence[Claim], prefix: str, showing: Showing) -> list[ClaimView]:
    return [_claim(claim, f"{prefix}-{i}", showing) for i, claim in enumerate(claims, 1)]


def _claim(claim: Claim, anchor: str, showing: Showing) -> ClaimView:
    quotes = tuple(quote_view(each, showing) for each in claim.evidence)
    spoken = is_its_own_quote(claim)
    words = quotes[0].words if spoken else showing.said(claim.text, claim.evidence)
    return ClaimView(
        anchor=anchor,
        words=words or f"({NOT_SHOWN})",
        spoken=spoken and bool(words),
        support=of(claim.support),
        origin=worded_by(claim),
        quotes=quotes,
        against=tuple(quote_view(each, showing) for each in claim.against),
    )


def quote_view(evidence: Evidence, showing: Showing) -> QuoteView:
    """Make a quote ready."""
    doubted = evidence.tier not in {None, Tier.exact}
    return QuoteView(
        words=_bare(showing.quote(evidence)),
        who=f"Participant {code}" if (code := showing.code(evidence.participant)) else "",
        place=showing.place(evidence),
        doubt=f"found {evidence.tier.words}".replace("found not found", "not found in the sources")
        if doubted and evidence.tier
        else "",
        context=showing.context(evidence),
    )


def _bare(words: str) -> str:
    return words.strip().strip('“”"').strip()


def behind(view: ClaimView) -> str:
    """How much stands behind a claim, in words: `said by 3 of 28`, `2 quotes`."""
    if not view.quotes:
        return "no quote stands behind this"
    quotes = count(len(view.quotes), "quote") if len(view.quotes) > 1 or not view.support else ""
    return ", ".join(part for part in (f"said by {view.support}" if view.support else "", quotes) if part)
