"""What is drawn in a report, as SVG: colours come from the page's style sheet, shapes from the data."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup

from persona_core.models import FACETS, Claim, Persona

_RINGS = (*FACETS, "quotes")
_CENTRE = 100.0
_MOST_DOTS = 150
"""Above so many participants a dot stands for several."""
_PER_ROW = 30


def mark(persona: Persona) -> Markup:
    """Draw a persona's portrait mark on 200 × 200 units.

    Each ring is a kind of claim, from goals inside to further quotes outside; each arc is a claim, longer where more of the
    persona's participants say it; an open circle ends an arc that somebody speaks against. The disc in the middle
    grows with the share of participants behind the persona. Where rings begin and three discs of colour lie follows
    a hash of id, name and claims.
    """
    seed = hashlib.sha256("\n".join([persona.id, persona.name, *_texts(persona)]).encode()).digest()
    drawn = [*_discs(seed), *(part for ring in range(len(_RINGS)) for part in _ring(persona, ring, seed))]
    share = (
        min(1.0, persona.support.participants / persona.support.of)
        if persona.support and persona.support.of
        else 0
    )
    drawn.append(f'<circle class="m-core" cx="100" cy="100" r="{7 + 12 * math.sqrt(share):.1f}"/>')
    return _svg("mark", 'viewBox="0 0 200 200"', drawn)


def _texts(persona: Persona) -> Iterator[str]:
    return (claim.text for _, claim in persona.claims())


def _discs(seed: bytes) -> Iterator[str]:
    """Three discs of colour that overlap, none of them in the middle."""
    turn = seed[0] / 256 * math.tau
    for i, name in enumerate("abc"):
        angle = turn + i * math.tau / 3 + (seed[1 + i] / 255 - 0.5) * 1.1
        away, size = 26 + seed[4 + i] / 255 * 18, 38 + seed[7 + i] / 255 * 22
        x, y = _CENTRE + away * math.cos(angle), _CENTRE + away * math.sin(angle)
        yield f'<circle class="m-{name}" cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>'


def _ring(persona: Persona, ring: int, seed: bytes) -> Iterator[str]:
    claims: Sequence[Claim] = getattr(persona, _RINGS[ring])
    radius = 31.0 + 9.5 * ring
    yield f'<circle class="m-ring" cx="100" cy="100" r="{radius:g}"/>'
    if not claims:
        return
    spans = [_span(claim) for claim in claims]
    fit = min(1.0, (math.tau - 0.26 * len(claims)) / sum(spans))
    at = seed[12 + ring] / 256 * math.tau
    for claim, span in zip(claims, spans, strict=True):
        end = at + max(span * fit, 0.03)
        yield _arc(radius, at, end)
        if claim.against:
            x, y = _point(radius, end)
            yield f'<circle class="m-against" cx="{x:.1f}" cy="{y:.1f}" r="3.2"/>'
        at = end + 0.26 * fit


def _span(claim: Claim) -> float:
    """The angle of a claim's arc, 0.5 to 2.1 radians, by the share of participants who say so."""
    support = claim.support
    share = min(1.0, support.participants / support.of) if support and support.of else 0.0
    return 0.5 + 1.6 * math.sqrt(share)


def _point(radius: float, angle: float) -> tuple[float, float]:
    return _CENTRE + radius * math.cos(angle), _CENTRE + radius * math.sin(angle)


def _arc(radius: float, start: float, end: float) -> str:
    (x, y), (to_x, to_y) = _point(radius, start), _point(radius, end)
    large = int(end - start > math.pi)
    return (
        f'<path class="m-arc" d="M{x:.1f} {y:.1f}A{radius:g} {radius:g} 0 {large} 1 {to_x:.1f} {to_y:.1f}"/>'
    )


def dots(filled: int, of: int) -> tuple[Markup, int]:
    """Draw `filled` of `of` participants as dots; gives the drawing and how many participants a dot stands for."""
    each = max(1, math.ceil(of / _MOST_DOTS))
    whole = math.ceil(of / each)
    full = min(whole, math.ceil(filled / each))
    row = min(_PER_ROW, whole) or 1
    height = math.ceil(whole / row) * 10
    circles = (
        f'<circle class="{"d-in" if i < full else "d-out"}" cx="{i % row * 10 + 5}" cy="{i // row * 10 + 5}" r="3.4"/>'
        for i in range(whole)
    )
    size = f'viewBox="0 0 {row * 10} {height}" width="{row * 10}" height="{height}"'
    return _svg("dots", size, circles), each


def crowd(groups: Sequence[int], none: int) -> tuple[Markup, int]:
    """Draw every participant as a dot, in the colours of the personas they stand behind; those behind none are rings.

    `groups` are the numbers behind each persona, in their order. Gives how many participants a dot stands for, too.
    """
    total = sum(groups) + none
    each = max(1, math.ceil(total / 600))
    names = [f"hue-{i % 10}" for i, size in enumerate(groups) for _ in range(math.ceil(size / each))]
    names += ["nobody"] * math.ceil(none / each)
    row = min(60, max(12, math.ceil(math.sqrt(len(names) * 6)))) if names else 1
    height = max(1, math.ceil(len(names) / row)) * 12
    circles = (
        f'<circle class="{name}" cx="{i % row * 12 + 6}" cy="{i // row * 12 + 6}" r="4.4"/>'
        for i, name in enumerate(names)
    )
    size = f'viewBox="0 0 {row * 12} {height}" width="{row * min(26, 780 // row)}"'
    return _svg("crowd", size, circles), each


def bar(value: float) -> Markup:
    """Draw a score of 0–100 as a bar."""
    full = min(100.0, max(0.0, value))
    inner = (
        '<rect class="b-of" width="100" height="6" rx="3"/>',
        f'<rect class="b-in" width="{full:.1f}" height="6" rx="3"/>',
    )
    return _svg("bar", 'viewBox="0 0 100 6" preserveAspectRatio="none"', inner)


def heat(likenesses: Sequence[Sequence[float]]) -> Markup:
    """Draw a large table of likenesses, 0–1, as squares that darken in ten steps; the diagonal is left out."""
    size = len(likenesses)
    squares: dict[int, list[str]] = {}
    for y, row in enumerate(likenesses):
        for x, value in enumerate(row):
            if x != y:
                squares.setdefault(step(value), []).append(f"M{x} {y}h1v1h-1z")
    paths = (f'<path class="heat-{n}" d="{"".join(squares[n])}"/>' for n in sorted(squares))
    return _svg("heat", f'viewBox="0 0 {size} {size}"', paths)


def _svg(name: str, size: str, parts: Iterable[str]) -> Markup:
    drawn = f'<svg class="{name}" {size} aria-hidden="true">{"".join(parts)}</svg>'
    return Markup(drawn)  # noqa: S704 - made of our own names and of numbers


def step(value: float) -> int:
    """The shade of a likeness, 0–9."""
    return min(9, max(0, int(value * 10)))
