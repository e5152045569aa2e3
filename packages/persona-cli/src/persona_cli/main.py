"""The command `persona`: what it can do, and how it ends."""

from __future__ import annotations

import gc
import re
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from types import FrameType
from typing import Any, NoReturn

import click

from persona_cli import settings

COMMANDS = {
    "generate": "Make personas of interviews, surveys and transcripts.",
    "verify": "Look up every quote of personas in the sources.",
    "score": "Measure personas, and say why points were lost.",
    "report": "Write a page of posters, prose or a table of personas.",
    "script": "Make scripts that an LLM can play.",
    "audit": "Compare a text that is about to leave with the sources.",
    "withdraw": "Take a participant who withdrew out of a run.",
    "serve": "Serve everything over HTTP.",
    "worker": "Run the jobs of servers that share a database.",
    "keys": "Make, list and revoke the keys of a server.",
    "webhooks": "Receive webhooks, to try them out, and check their signatures.",
    "schema": "Print the JSON Schema of what is written.",
    "check": "Show the settings in force, and where each comes from.",
    "completion": "Print the completion script for a shell.",
}
"""The commands and what they do, so that `--help` need not import them."""

_NO_NUMBER = re.compile(r"a valid (integer|float)(?: range)?\b")
_NUMBERS = {"integer": "a whole number", "float": "a number"}
"""What click calls an integer range, in words for people."""
INTERRUPTED = 130


class Lazy(click.Group):
    """A group that imports a command when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's name
        """Name the commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Import the one command that was asked for."""
        if name not in COMMANDS:
            return None
        module = __import__(f"persona_cli.commands.{name}", fromlist=["command"])
        command: click.Command = module.command
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Complete command names from the table."""
        from click.shell_completion import CompletionItem

        names = [
            CompletionItem(name, help=text) for name, text in COMMANDS.items() if name.startswith(incomplete)
        ]
        return names + click.Command.shell_complete(self, ctx, incomplete)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from persona_core.runs import versions

        for name, version in versions().items():
            click.echo(f"{name} {version}")
        ctx.exit()


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Name the packages and their versions.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Personas whose every claim points at the words it rests on.

    Works offline; try: persona generate interviews/
    """
    ctx.default_map = settings.defaults_for_commands(settings.resolve())


def run(arguments: Sequence[str]) -> int:
    """Run the command; gives its exit code.

    Every error is one sentence on stderr, with a traceback only for `--debug`.
    """
    from persona_cli import output

    output.prepare()
    try:
        code = cli.main(
            args=list(arguments), prog_name="persona", standalone_mode=False, color=settings.colour()
        )
    except (KeyboardInterrupt, click.Abort) as error:
        if isinstance(error.__cause__, EOFError):  # click takes every end of input for an interrupt
            return _failed(error.__cause__, arguments)
        output.say("Interrupted." if _notes(error) else "Interrupted; nothing half-made was left behind.")
        _say_notes(error)
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        output.say(error.format_message())
        return error.exit_code
    except click.ClickException as error:
        output.say(f"Error: {_with_hint(error)}")
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - the last place that can turn an error into a sentence
        return _failed(error, arguments)
    return code if isinstance(code, int) else 0


def _failed(error: Exception, arguments: Sequence[str]) -> int:
    from persona_cli import output

    if "--debug" in arguments:
        traceback.print_exception(error)
    message, code = _explain(error)
    output.say(f"Error: {message}")
    _say_notes(error)
    return code


def _notes(error: BaseException) -> list[str]:
    """What a command added to an error, or to the interrupt that click made another of: what was kept, and how to go on."""
    # Other causes may have notes of Python's own.
    told = (error, error.__cause__) if isinstance(error, click.Abort) else (error,)
    return [note for each in told for note in getattr(each, "__notes__", [])]


def _say_notes(error: BaseException) -> None:
    from persona_cli import output

    for note in _notes(error):
        output.say(note)


def _with_hint(error: click.ClickException) -> str:
    message = _NO_NUMBER.sub(lambda said: _NUMBERS[said[1]], error.format_message())
    ctx = getattr(error, "ctx", None)
    return (
        f"{message.rstrip('.')} (see {ctx.command_path} --help)"
        if isinstance(error, click.UsageError) and ctx
        else message
    )


def _explain(error: Exception) -> tuple[str, int]:
    """An error in one sentence, and the exit code it has."""
    from persona_core import errors

    match error:
        case errors.RunFolderError() if isinstance(error.__cause__, OSError):
            return str(error), 1
        case errors.ConfigurationError() | errors.AuthenticationError():
            return str(error), 3
        case errors.ProviderUnavailableError() | errors.RateLimitError():
            return str(error), 4
        case errors.LoadError() | errors.CorpusMismatchError() | errors.RunFolderError():
            return str(error), 2
        case errors.LeakError():
            return str(error), 6
        case errors.PersonaError():
            return str(error), _by_a_server(error)
        case PermissionError() if error.filename:
            named = str(error.filename).removesuffix(".partial")
            return f"{named}: permission denied: name another place, or let this user have it", 1
        case OSError():
            return f"{error.filename or 'the system'}: {(error.strerror or str(error)).lower()}", 1
        case _:
            return f"this should not have happened: {type(error).__name__}: {error} (--debug shows where)", 1


def _by_a_server(error: Exception) -> int:
    """The exit code where a server refused or cannot be reached; else that of failed work."""
    from persona_sdk import errors

    match error:
        case errors.APIConnectionError():
            return 4
        case errors.APIStatusError(status=401 | 403):
            return 3
        case errors.APIStatusError(status=status) if status == 429 or status >= 500:
            return 4
        case errors.APIStatusError():
            return 2
        case _:
            return 1


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _unheard(told: sys.UnraisableHookArgs) -> None:
    """Let a Ctrl-C that came where Python drops errors, such as in a finaliser, come again."""
    if isinstance(told.exc_value, KeyboardInterrupt):
        again = threading.Timer(0.01, signal.raise_signal, (signal.SIGINT,))  # once it is over
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(told)


def main() -> None:
    """Run the command and leave with its exit code."""
    gc.set_threshold(50_000, 20, 50)  # a command lives for seconds: a tenth of them went into collections
    sys.unraisablehook = _unheard
    # A handler of our own: with Python's, an event loop takes the first Ctrl-C for a cancellation, which busy
    # code never sees.
    signal.signal(signal.SIGINT, _interrupt)
    code = run(sys.argv[1:])
    # All is done and said: an interrupt while Python tidies up would only print a traceback.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)
