"""`persona schema`."""

from __future__ import annotations

import json
from collections.abc import Mapping

import click

from persona_cli import output
from persona_cli.commands._options import debug
from persona_core.models import EvidenceReport, PersonaSet, Scorecard
from persona_core.models.corpus import Noun

SCHEMAS: Mapping[str, tuple[type[Noun], str]] = {
    "personas": (PersonaSet, "Personas"),
    "evidence": (EvidenceReport, "Evidence report"),
    "scorecard": (Scorecard, "Scorecard"),
}
_LATER = ("script", "job", "webhook")


@click.command("schema")
@click.argument("name", metavar="|".join(SCHEMAS))
@debug
def command(name: str) -> None:
    """Print the JSON Schema (draft 2020-12) of a personas file, an evidence report or a scorecard."""
    if name not in SCHEMAS:
        there = ", ".join(SCHEMAS)
        raise click.UsageError(
            f"the schema of “{name}” is not there{' yet' if name in _LATER else ''}; {there} are"
        )
    noun, title = SCHEMAS[name]
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **noun.model_json_schema(),
        "title": title,
    }
    output.document((json.dumps(schema, indent=2, ensure_ascii=False) + "\n").encode())
