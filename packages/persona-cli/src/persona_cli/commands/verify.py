"""`persona verify`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from persona_cli import output, showing
from persona_cli.commands import _options
from persona_core.errors import ConfigurationError
from persona_core.loading import load
from persona_core.models import (
    CheckedEvidence,
    CheckedPersona,
    Corpus,
    EvidenceReport,
    Finding,
    PersonaSet,
    Tier,
)
from persona_core.rendering.markdown import HEADINGS, count
from persona_core.runs import find_sources, read_manifest, read_personas, to_json
from persona_core.verification import verify

_PATH = re.compile(r"(\w+)(?:\[(\d+)\])?(\.against)?")


@click.command("verify")
@click.argument("personas", metavar="PERSONAS")
@click.option(
    "--sources",
    multiple=True,
    metavar="SOURCE",
    help="File or folder the personas were made from; repeat for more. A run folder finds its own.",
)
@click.option(
    "--any-corpus",
    is_flag=True,
    help="Search these sources even where they are not the ones the personas were made from.",
)
@click.option(
    "--max-missing",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    metavar="N",
    help="Fail above so many quotes that are not found, or somebody else's.",
)
@_options.as_json
@_options.loading
@_options.debug
@click.pass_context
def command(ctx: click.Context, /, personas: str, sources: tuple[str, ...], **values: Any) -> int:
    """Look up every quote of PERSONAS in the sources.

    PERSONAS is a personas file, a run folder, or - for standard input.
    """
    if personas == "-" and "-" in sources:
        raise click.UsageError("standard input (-) can be read only once")
    made = read_personas(sys.stdin.buffer.read() if personas == "-" else personas)
    with output.progress() as told:
        corpus = _corpus(ctx, personas, made, sources, values, told)
        report = verify(made, corpus, any_corpus=values["any_corpus"])
    if values["as_json"]:
        output.document(to_json(report))
    else:
        _show(report, corpus)
    if not report.counts.total:
        output.say("Note: There was not one quote to look up: nothing is shown by this.")
    showing.warnings((*made.warnings, *corpus.notices))
    return _gate(report, values["max_missing"])


def _corpus(
    ctx: click.Context,
    personas: str,
    made: PersonaSet,
    sources: tuple[str, ...],
    values: Mapping[str, Any],
    told: Any,
) -> Corpus:
    """The sources as they were read when the personas were made."""
    run = _run_of(personas)
    if sources:
        options = _options.overridden(made.corpus.loading, ctx, values)
        register, given = values["participants"] or _register_of(run), _options.sources_of(sources)
        try:
            return load(given, options, participants=register, progress=told)
        except ConfigurationError:
            if not values["any_corpus"] or values.get("participant_column") or values.get("columns"):
                raise
            # What was said of the columns of other sources says nothing of these.
            options = options.model_copy(update={"participant_column": None, "column_roles": {}})
            return load(given, options, participants=register, progress=told)
    if run is None:
        raise click.UsageError(
            "say what the personas were made from with --sources; only a run folder knows its own", ctx
        )
    material = find_sources(run)
    options = _options.overridden(material.options.model_dump(), ctx, values)
    return load(
        material.sources, options, participants=values["participants"] or material.participants, progress=told
    )


def _run_of(personas: str) -> Path | None:
    """The run folder that personas come from, where they do."""
    path = Path(personas)
    folder = path if path.is_dir() else path.parent if path.name == "personas.json" else None
    return folder if folder is not None and (folder / "manifest.json").exists() else None


def _register_of(run: Path | None) -> Path | None:
    register = read_manifest(run).participants_file if run is not None else None
    return (
        Path(register.path)
        if register is not None and register.path and Path(register.path).exists()
        else None
    )


def _gate(report: EvidenceReport, most: int) -> int:
    wrong = report.counts.missing + report.counts.wrong_participant
    if wrong <= most:
        return 0
    allowed = f"; {most} may be (--max-missing)" if most else ""
    output.say(
        f"{count(wrong, 'quote')} {'is' if wrong == 1 else 'are'} not what a participant said{allowed}."
    )
    return 1


def _show(report: EvidenceReport, corpus: Corpus) -> None:
    counts = report.counts
    output.show(
        f"{count(counts.total, 'quote')} looked up in {count(len(corpus), 'segment')} "
        f"from {count(len(corpus.sources), 'source')}:"
    )
    rows = [
        (str(counts.exact), Tier.exact.words),
        (str(counts.normalised), Tier.normalised.words),
        (str(counts.near), Tier.near.words),
        (str(counts.missing), Tier.missing.words),
        (str(counts.wrong_participant), "said by somebody else"),
    ]
    for number, words in rows:
        output.show(f"{number:>6}  {words}")
    if report.claims_without_evidence:
        output.show(f"{count(report.claims_without_evidence, 'claim')} without any quote.")
    listed = [line for persona in report.personas for line in _not_exact(persona)]
    if listed:
        output.show("\nNot word for word, or not as cited:")
        for line in listed:
            output.show(line)


def _not_exact(persona: CheckedPersona) -> Iterator[str]:
    """Each quote that is not exact, with its claim before and what was found after it."""
    for claim in persona.claims:
        for each in claim.evidence:
            if each.tier is not Tier.exact or each.finding is not None:
                yield f"\n{persona.name or persona.id}, {_place(claim.path)}: {claim.text}"
                yield f"  “{each.quote}”"
                yield f"  {_found(each)}"


def _place(path: str) -> str:
    """A claim's path in words: `pain_points[1]` is “pain points 2”."""
    match = _PATH.fullmatch(path)
    if match is None:
        return path
    facet = HEADINGS.get(match[1], match[1]).lower()
    return facet + (f" {int(match[2]) + 1}" if match[2] else "") + (" (against)" if match[3] else "")


def _found(each: CheckedEvidence) -> str:
    """How and where a quote was found, in words."""
    alike = f" ({each.similarity:.0%} alike)" if each.tier is Tier.near else ""
    somebody_else = each.finding in {Finding.wrong_participant, Finding.not_a_participant}
    reasons = [] if somebody_else else [each.tier.words + alike]
    if each.finding is not None:
        reasons.append(each.finding.words)
    if each.segment:
        cited = "cited: " if each.tier is Tier.missing and not somebody_else else ""
        reasons.append(cited + ", ".join(part for part in (each.segment, each.participant) if part))
    return "; ".join(reasons)
