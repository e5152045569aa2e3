"""`persona check`."""

from __future__ import annotations

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
    rows = [
        (each.setting.name, _shown(each.value), each.origin, each.setting.help) for each in settings.resolve()
    ]
    output.table(("Setting", "In force", "From", "What it is"), rows)
    output.show(
        "A flag comes first, then PERSONA_<SETTING>, then persona.toml or [tool.persona] here or above, "
        "then persona.toml in the user's config folder."
    )
    output.show(f"Installed: {', '.join(f'{name} {version}' for name, version in versions().items())}.")


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    return without_password(str(value))
