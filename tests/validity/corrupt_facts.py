"""Contradictions inside a persona, in plain words and between the lines, and claims that only look like them."""

from collections.abc import Iterator

from validity.cases import Case, wordings
from validity.variants import Variant, chance, with_wording

DIRECT, INDIRECT, HARMLESS = "contradiction, direct", "contradiction, indirect", "harmless addition"


def contradictions(case: Case, at: int, of: int | None = None) -> Iterator[Variant]:
    """One direct and one indirect wording of every kind, drawn for each persona; of `of` kinds where that is enough.

    For studies that are not shipped a third of the kinds is enough: they are large, and the wordings are the same.
    """
    persona = case.personas.personas[at]
    listed = wordings("contradictions")
    many = of or (len(listed) if case.own else len(listed) // 3)
    for each in chance(case, at, "contradictions").sample(listed, many):
        turn = chance(case, at, each["kind"]).randrange(60)
        for manner, kind in (("direct", DIRECT), ("indirect", INDIRECT)):
            number = turn % len(each[manner])
            changed = with_wording(persona, each[manner][number])
            label = f"{each['kind']} {number + 1}"
            yield Variant(kind, "consistency", case.with_persona(at, changed), at, label)


def harmless(case: Case, at: int) -> Iterator[Variant]:
    """Three harmless additions to each persona; not a fault, and to be told from one."""
    persona = case.personas.personas[at]
    listed = wordings("harmless")
    for number in chance(case, at, "harmless").sample(range(len(listed)), 3):
        changed = with_wording(persona, listed[number])
        yield Variant(HARMLESS, "consistency", case.with_persona(at, changed), at, f"harmless {number + 1}")
