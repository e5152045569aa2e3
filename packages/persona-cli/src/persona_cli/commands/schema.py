"""`persona schema`."""

from __future__ import annotations

import json
from collections.abc import Mapping

import click

from persona_cli import output
from persona_cli.commands import _options
from persona_core.models import EvidenceReport, PersonaSet, Scorecard
from persona_core.models.audit import Audit
from persona_core.models.job import Job
from persona_core.models.noun import Noun
from persona_core.models.script import Script
from persona_core.models.webhook import WebhookEvent

SCHEMAS: Mapping[str, tuple[type[Noun], str]] = {
    "personas": (PersonaSet, "Personas"),
    "evidence": (EvidenceReport, "Evidence report"),
    "script": (Script, "Script"),
    "audit": (Audit, "Audit"),
    "scorecard": (Scorecard, "Scorecard"),
    "job": (Job, "Job"),
    "webhook": (WebhookEvent, "Webhook"),
}


@click.command(
    "schema",
    epilog=_options.examples(
        "persona schema personas",
    ),
)
@click.argument("name", metavar="|".join(SCHEMAS))
@_options.debug
def command(name: str) -> None:
    """Print the JSON Schema (draft 2020-12) of what is written: personas, evidence, scorecard, script, audit, job or webhook."""
    if name not in SCHEMAS:
        there = ", ".join(SCHEMAS)
        raise click.UsageError(f"the schema of “{name}” is not there; {there} are")
    noun, title = SCHEMAS[name]
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **noun.model_json_schema(),
        "title": title,
    }
    output.document((json.dumps(schema, indent=2, ensure_ascii=False) + "\n").encode())
