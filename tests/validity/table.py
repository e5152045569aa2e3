"""The measurements as Markdown, for the screen and for the page."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from persona_core.models.scorecard import PersonaScore
from persona_core.quality import Configuration
from validity.corrupt_facts import DIRECT, HARMLESS, INDIRECT
from validity.corrupt_swaps import DEMOGRAPHICS, MIXED
from validity.measuring import Power, Scored, by_label, missed, power

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
REPORTED = {INDIRECT, DEMOGRAPHICS, MIXED}
"""Told, without a goal."""
IN_DIMENSION, OVERALL = 0.95, 0.90
CONTROLS = {HARMLESS}
"""No fault at all: it should not be told from a clean persona."""


def row(*cells: object) -> str:
    """A line of a table."""
    return f"| {' | '.join(map(str, cells))} |"


def head(*names: str) -> list[str]:
    """The first two lines of a table: text to the left in the first column, figures to the right."""
    return [row(*names), row(":--", *("--:" for _ in names[1:]))]


def interval(found: Power | None) -> str:
    """An AUROC with its interval."""
    return "–" if found is None else f"{found.auroc:.3f} ({found.low:.2f}–{found.high:.2f})"


def counted(found: Power | None, of: int) -> str:
    """How many variants were scored, of how many where it was not all."""
    n = found.n if found else 0
    return str(n) if n == of else f"{n} of {of}"


def clean_table(clean: Sequence[Scored]) -> list[str]:
    """How the clean personas score, by study and by who made them."""
    lines = head("Study", "Personas", "Lowest", "Median", "Highest", "“good” or better")
    groups: dict[str, list[float]] = {}
    for each in clean:
        by = "as an assistant writes them" if each.key[1] == "written" else "made offline"
        groups.setdefault(f"{each.key[0]}, {by}", []).append(each.overall or 0.0)
    groups["all"] = [each.overall or 0.0 for each in clean]
    good = Configuration().levels["good"]
    for name, values in groups.items():
        met = sum(value >= good for value in values)
        low, mid, high = min(values), statistics.median(values), max(values)
        lines.append(
            row(name, len(values), f"{low:.1f}", f"{mid:.1f}", f"{high:.1f}", f"{met} of {len(values)}")
        )
    return lines


def kinds(scores: Iterable[Scored]) -> dict[str, list[Scored]]:
    """Scores by kind of fault, in the order they came."""
    found: dict[str, list[Scored]] = {}
    for each in scores:
        found.setdefault(each.kind, []).append(each)
    return found


def met(kind: str, inside: Power | None, whole: Power | None) -> str:
    """Whether a kind's goals are met, or which is not."""
    if kind in CONTROLS:
        return "control"
    if kind in REPORTED:
        return "reported"
    short = [
        f"{name} by {goal - found.auroc:.3f}" if found else f"{name} unscored"
        for name, goal, found in (("dimension", IN_DIMENSION, inside), ("overall", OVERALL, whole))
        if found is None or found.auroc < goal
    ]
    return f"missed: {', '.join(short)}" if short else "met"


def power_table(clean: Sequence[Scored], corrupt: Sequence[Scored]) -> list[str]:
    """How well each kind of fault is told, in its dimension and overall."""
    lines = head(
        "Fault", "Dimension", "n", "AUROC in it", "AUROC overall", "Points lost in it", "overall", "Goal"
    )
    ordered = sorted(kinds(corrupt).items(), key=lambda item: (item[1][0].dimension, item[0]))
    for kind, found in ordered:
        dimension = found[0].dimension
        inside, whole = power(clean, found, dimension), power(clean, found, None)
        lost = [f"{each.loss:.1f}" if each else "–" for each in (inside, whole)]
        lines.append(
            row(
                kind,
                dimension,
                len(found),
                interval(inside),
                interval(whole),
                *lost,
                met(kind, inside, whole),
            )
        )
    return lines


def control_lines(clean: Sequence[Scored], corrupt: Sequence[Scored]) -> list[str]:
    """Contradictions against harmless additions of the same shape, which cost overall what an added claim without a quote costs."""
    by_kind = kinds(corrupt)
    lines = head("Told from a harmless addition", "n", "AUROC of consistency", "AUROC overall")
    for kind in (DIRECT, INDIRECT):
        told = [power(by_kind[HARMLESS], by_kind[kind], dimension) for dimension in ("consistency", None)]
        lines.append(row(kind, len(by_kind[kind]), *map(interval, told)))
    blamed = len(by_kind[HARMLESS]) - len(missed(clean, by_kind[HARMLESS]))
    return [
        *lines,
        "",
        f"Of {len(by_kind[HARMLESS])} harmless additions {blamed} lost points in consistency.",
    ]


def contradiction_table(clean: Sequence[Scored], corrupt: Sequence[Scored]) -> list[str]:
    """Contradictions of each kind, in plain words and between the lines: AUROC of consistency, and how many lost points."""
    lines = head("Contradiction", "Direct: AUROC", "noticed", "Indirect: AUROC", "noticed")
    manners = [by_label(each for each in corrupt if each.kind == kind) for kind in (DIRECT, INDIRECT)]
    for label in sorted(manners[0]):
        cells: list[str] = []
        for found in manners:
            told = power(clean, found[label], "consistency")
            seen = len(found[label]) - len(missed(clean, found[label]))
            cells += [f"{told.auroc:.2f}" if told else "–", f"{seen} of {len(found[label])}"]
        lines.append(row(label, *cells))
    return lines


def help_lines(helped: Mapping[str, Mapping[str, Power | None]]) -> list[str]:
    """What sources and an embedder add, for what is hard to see."""
    names = list(next(iter(helped.values())))
    lines = head("Fault", "n", *(name[:1].upper() + name[1:] for name in names))
    for kind, found in helped.items():
        n = next((each.n for each in found.values() if each), 0)
        lines.append(row(kind, n, *(interval(found[name]) for name in names)))
    return lines


def absurd_lines(pairs: Sequence[tuple[PersonaScore, PersonaScore]]) -> list[str]:
    """The persona that nobody could be, beside its plausible twin."""
    bad = [each.overall or 0.0 for each, _ in pairs]
    good = [each.overall or 0.0 for _, each in pairs]
    failing = sum(each.level == "failing" for each, _ in pairs)
    return [
        f"Made absurd (214 years old, in Atlantis, every quote invented), {failing} of {len(pairs)} personas are "
        f"“failing”; the highest scores {max(bad):.1f}. The lowest of their plausible twins scores {min(good):.1f}."
    ]


def trait_lines(gaps: Mapping[str, float]) -> list[str]:
    """The greatest difference each rare trait makes."""
    lines = head("Trait", "Greatest difference in points")
    return lines + [row(trait, f"{found:.1f}") for trait, found in gaps.items()]


def missed_lines(clean: Sequence[Scored], corrupt: Sequence[Scored], of: int = 3) -> Iterator[str]:
    """For the screen: variants that cost nothing in the dimension that ought to notice; of real studies no words."""
    for kind, found in kinds(corrupt).items():
        gone = missed(clean, found)
        if gone and kind not in CONTROLS:
            yield f"{kind}: {len(gone)} of {len(found)} not noticed"
            step = max(1, len(gone) // of)
            for each in gone[::step][:of]:
                yield f"    {'/'.join(each.key)}: {each.label or '–'}"


def wording_lines(clean: Sequence[Scored], corrupt: Sequence[Scored]) -> Iterator[str]:
    """For the screen: how often each wording of a contradiction, or harmless addition, lost points in consistency."""
    for kind in (DIRECT, INDIRECT, HARMLESS):
        found = [each for each in corrupt if each.kind == kind]
        gone = Counter(each.label for each in missed(clean, found))
        for label, of in sorted(Counter(each.label for each in found).items()):
            yield f"{kind}: {label}: {of - gone[label]} of {of}"


def put_into(page: Path, text: str) -> None:
    """Put the text between the two markers of a page.

    Raises ValueError where the page has no markers.
    """
    said = page.read_text(encoding="utf-8")
    before, begin, rest = said.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no {BEGIN} and {END}")
    page.write_text(f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{after}", encoding="utf-8")
