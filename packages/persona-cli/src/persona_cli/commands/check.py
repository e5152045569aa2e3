"""`persona check`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from persona_cli import output, settings
from persona_cli.commands import _options
from persona_core.runs import versions
from persona_sdk.settings import without_password


@click.command(
    "check",
    epilog=_options.examples(
        "persona check",
    ),
)
@_options.debug
def command() -> None:
    """Show the settings in force, and where each comes from."""
    in_force = settings.resolve()
    files = list(dict.fromkeys(each.origin for each in in_force if each.in_file))
    rows = [
        (each.setting.name, _shown(each.value), _from(each, files), each.setting.help) for each in in_force
    ]
    output.table(("Setting", "In force", "From", "What it is"), rows, whole=("Setting", "From"))
    for number, file in enumerate(files, 1):
        output.show(f"[{number}] {file}")
    output.paragraph(
        "A flag comes first, then PERSONA_<SETTING>, then persona.toml or [tool.persona] here or above, "
        "then persona.toml in the user's config folder."
    )
    output.paragraph(f"Installed: {', '.join(f'{name} {version}' for name, version in versions().items())}.")


def _from(each: settings.InForce, files: list[str]) -> str:
    """Where a setting comes from; of a file its name, and a number that leads to the whole of its path."""
    if not each.in_file:
        return each.origin
    return f"{Path(each.origin).name} [{files.index(each.origin) + 1}]"


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    return without_password(str(value))
