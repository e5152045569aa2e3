"""`persona verify`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import click

from persona_cli import output, remote, showing
from persona_cli.commands import _material, _options
from persona_core.consent import NOT_SHOWN
from persona_core.models import (
    CheckedEvidence,
    CheckedPersona,
    Corpus,
    EvidenceReport,
    PersonaSet,
    Tier,
)
from persona_core.rendering.markdown import HEADINGS, count
from persona_core.runs import to_json
from persona_core.verification import hashed, verify

_HASHED = re.compile(r"sha256:[0-9a-f]{64}")
_PATH = re.compile(r"(\w+)(?:\[(\d+)\])?(\.against)?")


@click.command(
    "verify",
    epilog=_options.examples(
        "persona verify run",
        "persona verify personas.json --sources interviews/ --json",
    ),
)
@click.argument("personas", metavar="PERSONAS")
@_options.sources
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
@click.option(
    "--hash-quotes",
    is_flag=True,
    help="Put a SHA-256 in place of each quote, so that the report holds nobody's words.",
)
@_options.as_json
@_options.loading
@_options.server
@_options.yes
@_options.debug
@click.pass_context
def command(ctx: click.Context, /, personas: str, sources: tuple[str, ...], **values: Any) -> int:
    """Look up every quote of PERSONAS in the sources.

    PERSONAS is a personas file, a run folder, or - for standard input.
    """
    made, elsewhere = _material.personas_of(personas, sources), values["any_corpus"]
    with output.progress() as told:
        found = _material.material_of(ctx, personas, made, sources, values, told, any_corpus=elsewhere)
    if found is None:
        raise click.UsageError(
            "say what the personas were made from with --sources; only a run folder knows its own", ctx
        )
    report = _report(made, found, values)
    if values["hash_quotes"]:
        report = hashed(report)
    if values["as_json"]:
        output.document(to_json(report))
    else:
        _show(report, found.corpus)
    if not report.counts.total:
        output.say("Note: There was not one quote to look up: nothing is shown by this.")
    showing.warnings((*made.warnings, *found.corpus.notices))
    return _gate(report, values["max_missing"])


def _report(made: PersonaSet, found: _material.Material, values: Mapping[str, Any]) -> EvidenceReport:
    if not values["server"]:
        return verify(made, found.corpus, any_corpus=values["any_corpus"])
    with remote.server(values["server"], found.corpus, yes=values["yes"]) as client:
        return client.verify(made, any_corpus=values["any_corpus"], **found.asked())


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
                yield f"\n{persona.name or persona.id}, {_place(claim.path)}: {_words(claim.text)}"
                yield f"  {_words(f'“{each.quote}”')}"
                yield f"  {_found(each)}"


def _words(text: str) -> str:
    """A text, or in words that a hash stands in its place."""
    return f"({NOT_SHOWN})" if _HASHED.fullmatch(text.strip("“”")) else text


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
    somebody_else = each.finding is not None and each.finding.of_somebody_else
    reasons = [] if somebody_else else [each.tier.words + alike]
    if each.finding is not None:
        reasons.append(each.finding.words)
    if each.segment:
        cited = "cited: " if each.tier is Tier.missing and not somebody_else else ""
        reasons.append(cited + ", ".join(part for part in (each.segment, each.participant) if part))
    return "; ".join(reasons)
