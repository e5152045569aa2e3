"""The command line, from click."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click
from docs.reference.writing import prose, table

from persona_cli.main import COMMANDS, cli
from persona_cli.settings import SETTINGS


def walked() -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its whole name."""
    context = click.Context(cli, info_name="persona")
    for name in COMMANDS:
        found = cli.get_command(context, name)
        assert found is not None
        yield from _below(f"persona {name}", found)


def _below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield name, command
        return
    for inner, each in command.commands.items():
        yield from _below(f"{name} {inner}", each)


def options(command: click.Command) -> list[click.Option]:
    """A command's options, but for `--help`."""
    return [each for each in command.params if isinstance(each, click.Option)]


def variable(name: str, option: click.Option) -> str:
    """The variable that stands for an option, if any."""
    said = re.search(r"\[(PERSONA_\w+)\]$", option.help or "")
    if said:
        return said[1]
    inside = name.removeprefix("persona ")
    return next(
        (each.variable for each in SETTINGS if each.name == option.name and inside in each.commands), ""
    )


def commands() -> str:
    """Every command: what it does, how it is called, its options and examples."""
    return "\n\n".join(_described(name, command) for name, command in walked())


def _described(name: str, command: click.Command) -> str:
    doc = inspect.cleandoc(command.help or "").replace("\b\n", "")
    parts = [f"## {name}", f"```text\n{_usage(name, command)}\n```", prose(doc), _table(name, command)]
    examples = [line.strip() for line in (command.epilog or "").splitlines() if line.startswith("  ")]
    if examples:
        parts.append("```text\n" + "\n".join(examples) + "\n```")
    return "\n\n".join(parts)


def _usage(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name)
    return " ".join([name, *command.collect_usage_pieces(context)])


def _table(name: str, command: click.Command) -> str:
    return table(("Option", "Variable", "What it does"), (_row(name, each) for each in options(command)))


def _row(name: str, option: click.Option) -> tuple[str, str, str]:
    metavar = "" if option.is_flag else f" {_metavar(option)}"
    known = variable(name, option)
    flags = ", ".join([*option.opts, *option.secondary_opts])
    said = re.sub(r" ?\[PERSONA_\w+\]$", "", option.help or "")
    said = re.sub(r" ?\[default: (.+)\]$", r" Default: `\1`.", said)
    notes = [
        each for each in (_choices(option), _default(option), "Required." if option.required else "") if each
    ]
    return f"`{flags}{metavar}`", f"`{known}`" if known else "", " ".join([said, *notes])


def _metavar(option: click.Option) -> str:
    if option.metavar:
        return option.metavar
    if isinstance(option.type, click.Choice):
        return "FORM"
    return {"integer": "N", "integer range": "N", "float": "NUMBER", "float range": "NUMBER"}.get(
        option.type.name, "TEXT"
    )


def _choices(option: click.Option) -> str:
    kind = option.type
    if isinstance(kind, click.Choice):
        return f"One of {', '.join(f'`{each}`' for each in kind.choices)}."
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    if low is not None and high is not None:
        return f"{low:g} to {high:g}."
    return "" if low is None else f"{low:g} or more."


def _default(option: click.Option) -> str:
    if isinstance(option.show_default, str):
        return f"Default: `{option.show_default}`."
    if option.is_flag or not option.show_default or callable(option.default):
        return ""
    value = option.default
    return f"Default: `{value:g}`." if isinstance(value, float) else f"Default: `{value}`."
