"""Scorecards for people and for build servers: Markdown and JUnit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from persona_core.models.scorecard import Comparison, Issue, PersonaScore, Scorecard
from persona_core.rendering.markdown import count, escape, sentence

Row = tuple[str, ...]
SHORT = {
    "completeness": "Complete",
    "consistency": "Consistent",
    "evidence": "Evidence",
    "distinctiveness": "Distinct",
    "realism": "Realistic",
}
"""Headings of columns."""


def figure(value: float | None, *, sign: bool = False) -> str:
    """A score with at most one place, or a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:+.1f}" if sign else f"{value:.1f}".removesuffix(".0")


def rows(card: Scorecard) -> tuple[Row, list[Row]]:
    """The heading and a row for each persona, then one for the set: overall, level, each dimension in short."""
    names = list(card.weights)
    body = [
        (
            each.name,
            figure(each.overall),
            each.level or "–",
            *(figure(each.dimensions[n].value) for n in names),
        )
        for each in card.personas
    ]
    whole = ("The set", figure(card.set.overall), card.set.level or "–")
    return ("Persona", "Score", "Level", *(SHORT.get(name, name) for name in names)), [
        *body,
        (*whole, *(figure(card.set.dimensions.get(name)) for name in names)),
    ]


def differences(found: Comparison) -> tuple[Row, list[Row]]:
    """The heading and a row for each persona that both sets have, then one for the sets: points gained and lost."""
    names = list(found.dimensions)
    body = [
        (each.name, figure(each.overall, sign=True), *(figure(each.dimensions[n], sign=True) for n in names))
        for each in found.personas
    ]
    whole = ("The set", figure(found.overall, sign=True))
    return ("Persona", "Score", *(SHORT.get(name, name) for name in names)), [
        *body,
        (*whole, *(figure(found.dimensions[name], sign=True) for name in names)),
    ]


def notes(card: Scorecard) -> Iterator[str]:
    """What a reader must know beside the figures, one sentence each."""
    for name, why in card.unscored.items():
        yield f"{name.capitalize()} is unscored, because {why}. It has no part in the score."
    for each in card.personas:
        if each.capped is not None:
            yield f"{each.name} cannot pass {figure(each.overall)}, whatever else is good: {each.capped}."
    if card.set.effective_personas is not None:
        whole = count(len(card.personas), "persona")
        yield f"The {whole} say as much as {figure(card.set.effective_personas)} entirely different ones."


def render_scorecard(card: Scorecard) -> str:
    """Render a scorecard in Markdown."""
    blocks = ["# Scores", _table(*rows(card)), "\n".join(f"- {escape(note)}" for note in notes(card))]
    if card.warnings:
        told = (f"- {escape(sentence(each.message))}" for each in card.warnings)
        blocks += ["## What they rest on", "\n".join(told)]
    for each in card.personas:
        blocks += _persona(each)
    if card.set.gate.reasons:
        blocks += ["## Why the gate said no", "\n".join(f"- {escape(why)}" for why in card.set.gate.reasons)]
    return "\n\n".join(block for block in [*blocks, card.note] if block) + "\n"


def _persona(each: PersonaScore) -> list[str]:
    lines = [f"- {escape(line)}" for line in (*map(issue_line, each.issues), *made_up_lines(each))]
    judged = [
        f"- {name.capitalize()}, as a model judges it: {figure(score.value)}. {escape(score.reason or '')}".rstrip()
        for name, score in each.judged.items()
    ]
    if not lines and not judged:
        return []
    return [f"## {escape(each.name)}", "\n".join([*lines, *judged])]


def made_up_lines(each: PersonaScore) -> list[str]:
    """For each dimension, the points that what nobody expected makes up for."""
    return [
        f"+{figure(score.made_up)} {name}: made up for by what is there beyond what is expected"
        for name, score in each.dimensions.items()
        if score.made_up
    ]


def issue_line(issue: Issue) -> str:
    """An issue in one line: points, dimension, place, message."""
    place = f" at {issue.path}" if issue.path else ""
    return f"−{figure(issue.points)} {issue.dimension}{place}: {issue.message}"


def _table(heading: Row, body: Sequence[Row]) -> str:
    lines = [heading, *body]
    drawn = ["| " + " | ".join(map(escape, row)) + " |" for row in lines]
    return "\n".join([drawn[0], "|" + " --- |" * len(heading), *drawn[1:]])


def render_junit(card: Scorecard) -> bytes:
    """Render a scorecard as JUnit XML: a suite for each persona, a case for each dimension and the gate.

    A dimension that is unscored is skipped; a persona below what was asked fails, with its issues.
    """
    suites = ElementTree.Element("testsuites", name="persona score")
    for each in card.personas:
        _suite(suites, each, card)
    gate = card.set.gate
    suite = ElementTree.SubElement(
        suites, "testsuite", name="gate", tests="1", failures=str(int(not gate.passed)), skipped="0"
    )
    case = ElementTree.SubElement(suite, "testcase", classname="gate", name="the set")
    if not gate.passed:
        ElementTree.SubElement(case, "failure", message=_clean("; ".join(gate.reasons)))
    if card.warnings:
        said = "\n".join(sentence(each.message) for each in card.warnings)
        ElementTree.SubElement(suite, "system-out").text = _clean(said)
    ElementTree.indent(suites)
    found: bytes = ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True)
    return found + b"\n"


def _suite(suites: ElementTree.Element, each: PersonaScore, card: Scorecard) -> None:
    least = card.set.gate.min_score
    low = least is not None and (each.overall is None or each.overall < least)
    skipped = sum(score.value is None for score in each.dimensions.values())
    suite = ElementTree.SubElement(
        suites,
        "testsuite",
        name=_clean(each.id),
        tests=str(len(each.dimensions) + 1),
        failures=str(int(low)),
        skipped=str(skipped),
    )
    case = ElementTree.SubElement(suite, "testcase", classname=_clean(each.id), name="overall")
    if low:
        said = ElementTree.SubElement(
            case, "failure", message=f"{figure(each.overall)}, below {figure(least)}"
        )
        said.text = _clean("\n".join(map(issue_line, each.issues)))
    for name, score in each.dimensions.items():
        case = ElementTree.SubElement(suite, "testcase", classname=_clean(each.id), name=name)
        if score.value is None:
            ElementTree.SubElement(case, "skipped", message=_clean(score.reason or ""))
        else:
            ElementTree.SubElement(case, "system-out").text = _clean(_reasons(name, score.value, each.issues))


def _reasons(name: str, value: float, issues: Sequence[Issue]) -> str:
    lost = [issue_line(issue) for issue in issues if issue.dimension == name]
    return "\n".join([figure(value), *lost])


def _clean(text: str) -> str:
    """A text without what XML 1.0 cannot hold."""
    return "".join(
        c for c in text if c in "\t\n" or " " <= c < "\ud800" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
