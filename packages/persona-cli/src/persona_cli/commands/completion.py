"""`persona completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from persona_cli import output
from persona_cli.commands import _options


@click.command("completion", epilog=_options.examples('eval "$(persona completion bash)"'))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script for SHELL."""
    kind = get_completion_class(shell)
    if kind is not None:
        output.show(kind(ctx.find_root().command, {}, "persona", "_PERSONA_COMPLETE").source())
