"""Options that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from persona_core.loading.files import Given
from persona_core.models import ColumnRole
from persona_core.models.job import ReadingOptions

Command = TypeVar("Command", bound=Callable[..., Any])

debug = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show a traceback where something fails."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


sources = click.option(
    "--sources",
    multiple=True,
    metavar="SOURCE",
    help="File or folder the personas were made from; repeat for more. A run folder finds its own.",
)


def together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Give a command several options, in this order."""

    def give(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return give


def examples(*commands: str) -> str:
    """How `--help` ends."""
    return "\b\nExamples:\n" + "\n".join(f"  {each}" for each in commands)


_MOST_HEADER_ROWS = 10


def _header_rows(_ctx: click.Context, _param: click.Parameter, value: str) -> Any:
    """A number of header rows, or `auto`."""
    if value == "auto":
        return value
    if not value.isdecimal() or int(value) > _MOST_HEADER_ROWS:
        raise click.BadParameter(f"“{value}” is neither a number up to {_MOST_HEADER_ROWS} nor “auto”")
    return int(value)


def _column_roles(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    """What columns are for; split at the last `=`, since a question may hold one."""
    known = [str(each) for each in ColumnRole]
    found = {}
    for value in values:
        column, _, role = value.rpartition("=")
        role = role.strip().lower().replace("-", " ").replace("_", " ")
        if not column.strip() or role not in known:
            raise click.BadParameter(f"“{value}” is not NAME=ROLE with a role of {', '.join(known)}")
        found[column.strip()] = role
    return found


loading = together(
    click.option(
        "--participants",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="CSV that says who takes part, in which group, and who may be quoted.",
    ),
    click.option("--participant-column", metavar="NAME", help="The table column that names the participant."),
    click.option(
        "--column",
        "columns",
        metavar="NAME=ROLE",
        multiple=True,
        callback=_column_roles,
        help="What a column is for, where it is taken for something else; repeat for more.",
    ),
    click.option(
        "--header-rows",
        metavar="N|auto",
        callback=_header_rows,
        default="auto",
        show_default=True,
        help="Header rows of tables.",
    ),
    click.option("--interviewer", multiple=True, metavar="LABEL", help="Label of who asks; repeat for more."),
    click.option(
        "--participant-label", multiple=True, metavar="LABEL", help="Label of who answers; repeat for more."
    ),
    click.option(
        "--assume-participant", is_flag=True, help="Take words of nobody knows whom for a participant's."
    ),
    click.option("--skip-unreadable", is_flag=True, help="Count what cannot be read instead of stopping."),
)  # fmt: skip
"""How sources are read."""

server = click.option(
    "--server", metavar="URL", help="Let a server do it; its key stands in PERSONA_API_KEY."
)
yes = click.option("--yes", is_flag=True, help="Send the words without asking.")

calling = together(
    click.option(
        "--pseudonymise",
        type=click.Choice(["auto", "on", "off"]),
        default="auto",
        show_default=True,
        help="Send tokens for names, ids and addresses; auto: to every host but this machine.",
    ),
    yes,
    click.option("--budget", type=click.FloatRange(min=0), metavar="USD", help="Stop before it may cost more."),
    click.option(
        "--assume-price",
        type=click.FloatRange(min=0),
        metavar="USD",
        help="What a million tokens cost, where nobody knows.",
    ),
    click.option("--context", type=click.IntRange(min=1000), metavar="TOKENS", help="What the model takes at once."),
    click.option(
        "--concurrency",
        type=click.IntRange(1, 500),
        default=8,
        show_default=True,
        help="Calls made side by side.",
    ),
    click.option("--rpm", type=click.IntRange(min=1), metavar="N", help="Calls begun in a minute, at most."),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0.1),
        default=120.0,
        show_default=True,
        metavar="SECONDS",
        help="For one call; all tries of it end within twice of that.",
    ),
)  # fmt: skip
"""How a model is called."""
asking = together(
    calling,
    click.option(
        "--resume", type=click.Path(path_type=Path), metavar="DIR", help="Take up a run that was broken off, or in which personas are missing."
    ),
    click.option(
        "--replay",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="JOURNAL",
        help="Answer from a journal only, without a network.",
    ),
    click.option("--no-journal", is_flag=True, help="Keep no record of what the model answered."),
)  # fmt: skip
"""How a model is asked for personas."""


def reading(values: Mapping[str, Any]) -> ReadingOptions:
    """Gather what the options say of how sources are read."""
    return ReadingOptions(**{name: values[name] for name in ReadingOptions.model_fields if name in values})


def given_on_the_command_line(ctx: click.Context, values: Mapping[str, Any]) -> dict[str, Any]:
    """Only the options that somebody typed."""
    return {
        name: value
        for name, value in values.items()
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }


def typed(ctx: click.Context, values: Mapping[str, Any]) -> ReadingOptions:
    """What somebody typed of how sources are read, and nothing else."""
    return reading(given_on_the_command_line(ctx, values))


def read_once(*given: str) -> None:
    """Refuse standard input for two things."""
    if given.count("-") > 1:
        raise click.UsageError("standard input (-) can be read only once")


def sources_of(given: Sequence[str]) -> list[Given]:
    """Paths as `load` takes them; standard input is read here, once."""
    read_once(*given)
    if not all(each.strip() for each in given):
        raise click.UsageError("a source is empty: name a file or folder, or . for all of this folder")
    return [("stdin", sys.stdin.buffer.read()) if each == "-" else each for each in given]
