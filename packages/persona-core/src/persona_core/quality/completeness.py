"""Completeness: which fields a persona has, how many claims stand in them, and how much those say.

Expected are a name, demographics, goals, pain points, behaviours and quotes, as many as `Configuration.minimums` says.
100 less what is lost:

- up to the points in `WORTH` for each of them: all where it is empty, fewer where there is less than the minimum. A placeholder (`TBD`, `n/a`, `…`) counts for nothing, and claims that say the same count once. The headline
  stands for half a quote;
- up to `THIN` of these points for claims that say little. What a claim says is counted in different content words and
  figures, without filler and without words that stand in most of the persona's claims, never in length: one of them is
  hardly anything, three are enough. Quotes are spared: people speak in few words;
- `NOTHING` where there is not one claim.

Needs, motivations, context, headline, title, summary and scenario are a bonus: they make up for up to half of the points
lost, at most those of `BONUS`, where there is something to add to, and are never a debt.

The dimensions of completeness (presence, depth and richness) follow the completeness measures of data quality, as in
Wang and Strong, *Beyond Accuracy* (1996); the points are ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from persona_core.models.persona import FACETS, Claim, Persona
from persona_core.quality.dimension import Deduction, Dimension, Given, Measure
from persona_core.quality.lexicons import plain
from persona_core.quality.substance import information, is_blank, is_nameless, known

WORTH = {"name": 8, "demographics": 10, "goals": 18, "pain_points": 18, "behaviours": 16, "quotes": 12}
"""Points lost where a field is empty."""
THIN = 0.8
"""Share of a field's points lost where its claims say nothing."""
NOTHING = 18.0
"""Points lost besides where there is no claim at all."""
BONUS = {
    "needs": 3.5,
    "motivations": 3.5,
    "context": 2,
    "headline": 1,
    "title": 0.5,
    "summary": 1,
    "scenario": 0.5,
}
"""Points for what is not expected."""
MADE_UP_FOR = 0.5
"""Share of the lost points that the bonus makes up for at most, so that a gap stays to be seen."""
_SAYS = (0.0, 0.3, 0.7, 1.0)
"""What a claim is worth by the number of things it says, from none to three and more."""
_MOST, _FEW = 0.5, 4
"""Words in more than this share of claims say nothing of one of them, where there are so many claims."""
_CALLED = {"goals": "goal", "pain_points": "pain point", "behaviours": "behaviour", "quotes": "quote"}


def _measure(given: Given) -> Sequence[Measure]:
    return [_measured(persona, given.config.minimums) for persona in given.personas]


def _measured(persona: Persona, minimums: Mapping[str, int]) -> Measure:
    common = _common(persona)
    lost = [*_identity(persona, minimums["demographics"])]
    for facet, called in _CALLED.items():
        lost += _facet(persona, facet, called, minimums[facet], common)
    claimed = any(not is_blank(claim.text) for _, claim in persona.claims())
    if not claimed:
        lost.append(
            Deduction("", "it claims nothing: say what these people want, do and struggle with", NOTHING)
        )
    said = {word for _, claim in persona.claims() for word in information(claim.text)}
    return Measure(
        deductions=tuple(each for each in lost if each.points > 0),
        bonus=min(_bonus(persona), MADE_UP_FOR * sum(each.points for each in lost)) if claimed else 0.0,
        details={
            **{facet: len(_different(getattr(persona, facet))) for facet in FACETS},
            "quotes": len(_spoken(persona.quotes)),
            "demographics": _known(persona),
            "different_words": len(said),
        },
    )


def _identity(persona: Persona, wanted: int) -> Iterator[Deduction]:
    if is_nameless(persona.name):
        yield Deduction("name", "it has no name: give it one that people will remember", WORTH["name"])
    there = _known(persona)
    if there < wanted:
        message = (
            f"{there} of the {wanted} demographics expected: add what the participants have in common"
            if there
            else "nothing is known of who these people are: add demographics that they have in common"
        )
        yield Deduction("demographics", message, WORTH["demographics"] * _lacking(there, wanted))


def _known(persona: Persona) -> int:
    return sum(known(value) for value in persona.demographics.values())


def _facet(
    persona: Persona, facet: str, called: str, wanted: int, common: frozenset[str]
) -> Iterator[Deduction]:
    claims: Sequence[Claim] = getattr(persona, facet)
    there = float(len(_different(claims) if facet != "quotes" else _spoken(claims)))
    headline = facet == "quotes" and not there and persona.headline and not is_blank(persona.headline.text)
    points = WORTH[facet] * _lacking(there + bool(headline) / 2, wanted)
    if points:
        yield Deduction(facet, _too_few(int(there), len(claims), wanted, called, bool(headline)), points)
    if wanted and facet != "quotes":
        yield from _thin(claims, facet, called, common)


def _lacking(there: float, wanted: int) -> float:
    """The share of points lost: the first of several is worth more than the last."""
    return (1 - there / wanted) ** 1.5 if there < wanted else 0.0


def _too_few(there: int, listed: int, wanted: int, called: str, headline: bool) -> str:
    plural = called if wanted == 1 else f"{called}s"
    if headline:
        return "no quotes but the headline: add what participants said"
    if not there:
        why = "it has no" if not listed else f"none of what is listed is a {called}, so that it has no"
        return f"{why} {called}s: add {wanted} {plural} or more"
    again = "; what says the same or nothing is not counted" if listed > there else ""
    return f"{there} of the {wanted} {plural} expected{again}: add what participants said"


def _thin(claims: Sequence[Claim], facet: str, called: str, common: frozenset[str]) -> Iterator[Deduction]:
    """What claims lose that say little; quotes do not, for people speak in few words."""
    counted = [i for i, claim in enumerate(claims) if information(claim.text)]
    for i in counted:
        says = len(information(claims[i].text) - common)
        lacking = 1 - _SAYS[min(says, len(_SAYS) - 1)]
        if lacking:
            message = f"this {called} says little: say who does what, with what, when or why"
            yield Deduction(f"{facet}[{i}]", message, THIN * WORTH[facet] * lacking / len(counted))


def _different(claims: Sequence[Claim]) -> frozenset[frozenset[str]]:
    """What the claims say, each once; what says nothing is left out."""
    return frozenset(said for claim in claims if (said := information(claim.text)))


def _spoken(quotes: Sequence[Claim]) -> frozenset[str]:
    """What is quoted, each once; words without content are speech, too."""
    return frozenset(plain(quote.text) for quote in quotes if not is_blank(quote.text))


def _common(persona: Persona) -> frozenset[str]:
    """Words that most of the persona's claims have."""
    said = [
        information(claim.text)
        for path, claim in persona.claims()
        if not path.startswith(("quotes", "headline"))
    ]
    if len(said) < _FEW:
        return frozenset()
    counts = Counter(word for each in said for word in each)
    return frozenset(word for word, times in counts.items() if times > _MOST * len(said))


def _bonus(persona: Persona) -> float:
    """Half of the points for one claim or a text, all of them for two."""
    points = 0.0
    for field, worth in BONUS.items():
        value = getattr(persona, field)
        claims = value if isinstance(value, tuple) else ()
        there = 2 if not claims and _text(value) else len(_different(claims))
        points += worth * min(there, 2) / 2
    return points


def _text(value: object) -> bool:
    text = value.text if isinstance(value, Claim) else value
    return isinstance(text, str) and bool(information(text))


DIMENSION = Dimension(name="completeness", version="1", measure=_measure)
