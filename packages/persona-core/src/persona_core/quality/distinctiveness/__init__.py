"""Distinctiveness: whether a persona says something that no other persona of the set says.

A persona loses points for the likeness to its nearest other persona, above what ordinary personas of one study reach
anyway; for claims that stand in another persona word for word; and where another is made of the very same participants.
It earns none for being rare.

The likeness of two personas is the mean, over the claims of the one, of the best match among the claims of the other,
counted up to 30 % higher where demographics and participants are the same. In personas made of five real studies, 3 to
15 of each, and in sentences of 120 interviewees, the nearest reach 0.2 and never 0.25; copies of which every fourth
word of content is another pass 0.65. Copies retold in other words throughout are no more alike by words than ordinary
personas: they are found by the quotes they rest on, by their participants, or with an embedder by their claims, most of
which have a partner in the other that is nearest to them in meaning, and they to it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from persona_core.models.persona import Persona
from persona_core.quality.dimension import Deduction, Dimension, Given, Measure
from persona_core.quality.distinctiveness.likeness import ORDINARY, SAME, Likeness
from persona_core.quality.distinctiveness.neighbours import Neighbours, Pair, neighbours
from persona_core.quality.distinctiveness.statements import Statements, claims_of, statements

_SAME_PEOPLE = 20.0
"""Points lost where another persona is made of the very same participants."""
_COPIED = 40.0
"""Points lost where every claim stands in another persona word for word; a part of them where some do."""
_ALONE = "only one persona: nothing to compare it with"
_SILENT = "it makes no claims that could be compared"


def _measure(given: Given) -> Sequence[Measure]:
    if len(given.personas) < 2:
        return [Measure(unscored=_ALONE) for _ in given.personas]
    said = statements(given.personas, given.vectors)
    if len(said.personas) < 2:
        reason = "no other persona makes claims: nothing to compare it with"
        return [Measure(unscored=reason if any(claims_of(each)) else _SILENT) for each in given.personas]
    measured = {id(said.personas[i]): each for i, each in enumerate(_measures(said))}
    return [measured.get(id(each), Measure(unscored=_SILENT)) for each in given.personas]


def _texts(given: Given) -> Iterator[str]:
    return (claim.text for persona in given.personas for _, claim in claims_of(persona))


DIMENSION = Dimension(name="distinctiveness", version="1", measure=_measure, texts=_texts)


def effective_personas(personas: Iterable[Persona]) -> float | None:
    """How many wholly different personas of equal weight would be as diverse as these; None where none makes claims.

    1 to their number: see `effective_of`, which needs no second comparison where they are measured already.
    """
    said = statements(personas)
    return _effective(_alike(said, neighbours(said))) if said.personas else None


def effective_of(measures: Iterable[Measure]) -> float | None:
    """The same from what was measured of each persona.

    Diversity of order 2 with likeness in view, 1 / (pᵀ Z p) with equal weights p and likenesses Z, which are 0 up to
    what is ordinary within a study (Leinster and Cobbold, “Measuring diversity: the importance of species similarity”,
    Ecology 93, 2012). Beyond 200 personas only those nearest to each are looked at.
    """
    alike = [each.details["alike"] for each in measures if "alike" in each.details]
    return _effective(alike) if alike else None


def _effective(alike: Sequence[float]) -> float:
    return round(len(alike) ** 2 / math.fsum(alike), 2)


def _alike(said: Statements, found: Neighbours) -> list[float]:
    """For each persona the sum of its likenesses to all, itself included: 1 for one that is like no other."""
    size = {copies[0]: len(copies) for copies in found.copies}
    pairs = {
        (min(first, pair.other), max(first, pair.other)): _excess((pair.covered + pair.covers) / 2)
        for first, beside in found.pairs.items()
        for pair in beside
    }
    sums: dict[int, float] = {first: float(many) for first, many in size.items()}
    for (one, other), likeness in sorted(pairs.items()):
        sums[one] += size[other] * likeness
        sums[other] += size[one] * likeness
    alike = [0.0] * len(said.personas)
    for copies in found.copies:
        for persona in copies:
            alike[persona] = round(sums[copies[0]], 4)
    return alike


def likenesses(personas: Sequence[Persona]) -> tuple[tuple[float, ...], ...]:
    """How alike each two personas are, 0–1, in their order: symmetric, 1 for a persona and itself.

    Up to 0.25 is ordinary within a study. Meant for a picture of up to 200 personas.
    """
    said = statements(personas)
    row = {id(each): i for i, each in enumerate(said.personas)}
    there: Mapping[tuple[int, int], float] = {}
    if row:
        everybody = range(len(row))
        covered, covers, _ = Likeness(said).block(list(everybody), list(everybody))
        there = {
            (i, j): round(float(covered[i, j] + covers[i, j]) / 2, 3) for i in everybody for j in everybody
        }
    at = [row.get(id(each), -1) for each in personas]
    return tuple(
        tuple(1.0 if i == j else there.get((one, other), 0.0) for j, other in enumerate(at))
        for i, one in enumerate(at)
    )


def _excess(likeness: float) -> float:
    """How much of a likeness is more than ordinary, 0–1."""
    return min(1.0, max(0.0, (likeness - ORDINARY) / (SAME - ORDINARY)))


def _measures(said: Statements) -> Iterator[Measure]:
    owners, groups = _owners(said), _same_people(said)
    found = neighbours(said)
    for persona, (nearest, alike) in enumerate(zip(_nearest(said, found), _alike(said, found), strict=True)):
        claims = said.claims(persona)
        others = {claim: _others(owners.get(said.wording[claim], ()), persona) for claim in claims}
        copied = [claim for claim in claims if others[claim]]
        people = _others(groups.get(_people(said.personas[persona]), ()), persona)
        deductions = (
            *_for_nearest(said, persona, nearest),
            *_for_people(said, people, nearest),
            *_for_copied(said, others, nearest),
        )
        yield Measure(
            deductions=deductions,
            details={
                "nearest": None if nearest is None else said.personas[nearest.other].id,
                "likeness": None if nearest is None else round(nearest.covered, 2),
                "alike": alike,
                "claims": len(claims),
                "claims_shared_with_nearest": 0 if nearest is None else nearest.shared,
                "claims_word_for_word_elsewhere": len(copied),
            },
        )


def _nearest(said: Statements, found: Neighbours) -> list[Pair | None]:
    """Beside each persona the one that says most of what it says; None where nobody comes near."""
    nearest: list[Pair | None] = [None] * len(said.personas)
    for copies in found.copies:
        first, size = copies[0], len(said.claims(copies[0]))
        for persona in copies:
            if len(copies) > 1:
                other = copies[1] if persona == first else first
                nearest[persona] = Pair(other, 1.0, 1.0, size)
            else:
                nearest[persona] = next(iter(found.pairs.get(first, ())), None)
    return nearest


def _owners(said: Statements) -> dict[int, list[int]]:
    """The personas of every wording that more than one has."""
    owners: defaultdict[int, list[int]] = defaultdict(list)
    for persona in range(len(said.personas)):
        for claim in said.claims(persona):
            owners[said.wording[claim]].append(persona)
    return {wording: each for wording, each in owners.items() if len(each) > 1}


def _others(owners: Sequence[int], persona: int) -> tuple[int, int] | None:
    """The first other owner and how many more there are."""
    if not owners:
        return None
    return owners[1] if owners[0] == persona else owners[0], len(owners) - 2


def _people(persona: Persona) -> frozenset[str]:
    return frozenset(persona.participants)


def _same_people(said: Statements) -> dict[frozenset[str], list[int]]:
    """The personas of every group of participants that more than one has, but all have not."""
    groups: defaultdict[frozenset[str], list[int]] = defaultdict(list)
    for i, persona in enumerate(said.personas):
        groups[_people(persona)].append(i)
    return {who: each for who, each in groups.items() if who and 1 < len(each) < len(said.personas)}


def _for_nearest(said: Statements, persona: int, nearest: Pair | None) -> Iterator[Deduction]:
    if nearest is None or not (excess := _excess(nearest.covered)):
        return
    claims, other = len(said.claims(persona)), _named(said.personas[nearest.other])
    of = f"{nearest.shared} of {claims} claim{'s' if claims > 1 else ''}"
    if nearest.covered == 1 and nearest.covers == 1:
        message = f"says the same as {other}: {of}; leave one of the two out"
    elif nearest.covered >= SAME:
        message = f"says nearly the same as {other}: {of}; merge the two, or say what sets them apart"
    elif nearest.shared:
        message = f"says much of what {other} says: {of}; say what sets the two apart"
    else:
        message = f"its claims are much like those of {other}, in the same or in other words; say what sets the two apart"
    yield Deduction(path="", message=message, points=round(100 * excess, 1))


def _for_people(said: Statements, owner: tuple[int, int] | None, nearest: Pair | None) -> Iterator[Deduction]:
    if owner is None or owner[0] == _same(nearest):
        return
    message = f"is made of the very same participants as {_named(said.personas[owner[0]])}; merge the two, or give each its own"
    yield Deduction(path="participants", message=message, points=_SAME_PEOPLE)


def _same(nearest: Pair | None) -> int | None:
    """The persona that is said to be the same already."""
    return nearest.other if nearest is not None and nearest.covered >= SAME else None


def _for_copied(
    said: Statements, others: Mapping[int, tuple[int, int] | None], nearest: Pair | None
) -> Iterator[Deduction]:
    """Claims that another persona has word for word, but where the whole persona is said to be the other already."""
    for claim, owner in others.items():
        if owner is None or owner == (_same(nearest), 0) or said.paths[claim].startswith("context"):
            continue
        first, more = owner
        who = _named(said.personas[first]) + (f" and {more} more" if more else "")
        message = f"{who} {'say' if more else 'says'} this word for word too; word it for this persona, or leave it out"
        yield Deduction(path=said.paths[claim], message=message, points=round(_COPIED / len(others), 1))


def _named(persona: Persona) -> str:
    return f"{persona.name} ({persona.id})" if persona.name else persona.id
