"""`persona score`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from persona_cli import output, remote, showing
from persona_cli.commands import _judging, _material, _options
from persona_core.errors import LoadError
from persona_core.models import EvidenceReport, Scorecard
from persona_core.pipeline import score
from persona_core.quality import DIMENSIONS, Configuration, compare, lenient, read_configuration, strict
from persona_core.rendering.scorecard import (
    differences,
    issue_line,
    made_up_lines,
    notes,
    render_junit,
    render_scorecard,
    rows,
)
from persona_core.runs import to_json

_ISSUES = 5
"""Issues of a persona that the table shows; every one is in the other forms."""


@click.command(
    "score",
    epilog=_options.examples(
        "persona score run",
        "persona score run --min-score 80 --max-missing 0 -o junit --save score.xml",
        "persona score before after",
    ),
)
@click.argument("personas", metavar="PERSONAS")
@click.argument("other", metavar="[OTHER]", required=False)
@_options.sources
@click.option(
    "--evidence",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="REPORT",
    help="What `persona verify --json` said, instead of the sources.",
)
@click.option(
    "--min-score",
    type=click.FloatRange(0, 100),
    metavar="N",
    help="Fail where a persona has less, or evidence is unscored.",
)
@click.option(
    "--max-missing",
    type=click.IntRange(0),
    metavar="N",
    help="Fail above so many quotes that are not found, or somebody else's.",
)
@click.option(
    "--allow-unscored",
    multiple=True,
    type=click.Choice(list(DIMENSIONS)),
    metavar="DIMENSION",
    help="Let the gate pass without it; repeat for more.",
)
@click.option(
    "--strict",
    "stricter",
    is_flag=True,
    help="Ask for every dimension and every quote, and more for each level.",
)
@click.option("--lenient", "milder", is_flag=True, help="Ask for less for each level.")
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Weights, levels and minimums of your own, in YAML or JSON.",
)
@click.option(
    "-o",
    "--output",
    "format",
    type=click.Choice(["table", "json", "markdown", "junit"]),
    default="table",
    show_default=True,
    help="What to print.",
)
@click.option(
    "--save",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Write what would be printed with -o to a file, too; .json, .md and .xml choose their form.",
)
@click.option("--judge", metavar="MODEL", help="Have a model judge groundedness and consistency as well.")
@_options.calling
@_options.loading
@_options.server
@_options.debug
@click.pass_context
def command(ctx: click.Context, /, personas: str, other: str | None, **values: Any) -> int:
    """Measure PERSONAS in five dimensions and say why points were lost.

    With OTHER, measure both and say what the second set gained and lost. PERSONAS is a personas file, a run
    folder, or - for standard input.
    """
    _refuse(values, other)
    config = _configuration(values)
    card = _card(ctx, personas, config, values)
    if other is None:
        _write(card, values)
        return _gate(card)
    return _compare(card, _card(ctx, other, config, values), values)


def _refuse(values: Mapping[str, Any], other: str | None) -> None:
    """Say which options cannot go together."""
    if values["stricter"] and values["milder"]:
        raise click.UsageError("--strict and --lenient ask for opposite things; give one")
    if values["evidence"] and values["sources"]:
        raise click.UsageError("give either the sources or, with --evidence, what verify said of them")
    if values["judge"] and values["server"]:
        raise click.UsageError("--judge asks its model from this machine: leave out --server")
    if other is not None and values["evidence"]:
        raise click.UsageError("an evidence report is of one set of personas; compare two with --sources")
    if other is not None and values["format"] in {"markdown", "junit"}:
        raise click.UsageError("two sets are compared as a table or, with -o json, as a document")
    gated = values["min_score"] is not None or values["max_missing"] is not None
    if other is not None and (values["save"] or gated):
        raise click.UsageError("--save, --min-score and --max-missing are for one set of personas")


def _configuration(values: Mapping[str, Any]) -> Configuration:
    file: Path | None = values["config"]
    config = (
        read_configuration(file.read_text(encoding="utf-8", errors="replace"), str(file))
        if file
        else Configuration()
    )
    if values["max_missing"] is not None:
        config = config.model_copy(update={"max_missing": values["max_missing"]})
    return strict(config) if values["stricter"] else lenient(config) if values["milder"] else config


def _card(ctx: click.Context, personas: str, config: Configuration, values: Mapping[str, Any]) -> Scorecard:
    made = _material.personas_of(personas, values["sources"])
    report = _report(values["evidence"]) if values["evidence"] else None
    with output.progress() as told:
        found = None
        if report is None:
            found = _material.material_of(ctx, personas, made, values["sources"], values, told)
    corpus = found.corpus if found is not None else None
    showing.warnings((*made.warnings, *(corpus.notices if corpus is not None else ())))
    asked = {"config": config, "min_score": values["min_score"], "allow_unscored": values["allow_unscored"]}
    if values["server"]:
        with remote.server(values["server"], corpus, yes=values["yes"]) as client:
            return client.score(made, evidence=report, **asked, **(found.asked() if found else {}))
    card = score(made, corpus, report=report, **asked)
    return _judging.judged(card, made, corpus, report, values) if values["judge"] else card


def _report(file: Path) -> EvidenceReport:
    try:
        return EvidenceReport.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise LoadError(
            "is no evidence report; make one with persona verify --json", path=str(file)
        ) from error


def _write(card: Scorecard, values: Mapping[str, Any]) -> None:
    if values["format"] == "table":
        _show(card)
    else:
        output.document(_rendered(card, values["format"]))
    file: Path | None = values["save"]
    if file is not None:
        formats = {".json": "json", ".md": "markdown", ".xml": "junit"}
        given = values["format"] if values["format"] != "table" else "json"
        file.write_bytes(_rendered(card, formats.get(file.suffix.lower(), given)))


def _rendered(card: Scorecard, format: str) -> bytes:
    if format == "json":
        return to_json(card)
    return render_junit(card) if format == "junit" else render_scorecard(card).encode()


def _show(card: Scorecard) -> None:
    heading, body = rows(card)
    output.table(heading, body, right=heading[1:2] + heading[3:])
    for note in notes(card):
        output.paragraph(note)
    for each in card.personas:
        if each.issues:
            output.show(f"\n{each.name} lost points here:")
        for issue in each.issues[:_ISSUES]:
            output.show(f"  {issue_line(issue)}")
        if len(each.issues) > _ISSUES:
            output.show(f"  … and {len(each.issues) - _ISSUES} smaller ones (-o markdown shows all)")
        for line in made_up_lines(each):
            output.show(f"  {line}")
        for name, judged in each.judged.items():
            value = "unscored" if judged.value is None else f"{judged.value:g}"
            output.show(
                f"  {name}, as a model judges it: {value}" + (f" ({judged.reason})" if judged.reason else "")
            )
    output.show()
    output.paragraph(card.note)


def _gate(card: Scorecard) -> int:
    for reason in card.set.gate.reasons:
        output.say(f"Below what was asked: {reason}.")
    return 0 if card.set.gate.passed else 1


def _compare(first: Scorecard, second: Scorecard, values: Mapping[str, Any]) -> int:
    found = compare(first, second)
    if values["format"] == "json":
        output.document(to_json(found))
    else:
        heading, body = differences(found)
        output.table(
            heading, body, title="Points gained and lost from the first set to the second", right=heading[1:]
        )
        names = {each.id: each.name for each in (*first.personas, *second.personas)}
        for ids, where in ((found.only_first, "first"), (found.only_second, "second")):
            if ids:
                output.show(f"Only in the {where} set: {', '.join(names[each] for each in ids)}.")
        output.paragraph(first.note)
    return max(_gate(first), _gate(second))
