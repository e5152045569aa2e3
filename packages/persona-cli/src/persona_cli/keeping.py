"""What is kept of a run that did not become whole, and how to take it up."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from persona_cli import output
from persona_core.errors import GenerationError, RunFolderError
from persona_core.runs import journal_of, left_over


@contextmanager
def said(folder: Path | None) -> Iterator[None]:
    """Add to an error that ends the block, or an interrupt, what was kept of the run; `main` says it."""
    try:
        yield
    except (click.ClickException, RunFolderError):  # the run did not begin
        raise
    except BaseException as error:
        if folder is not None and (left := left_over(folder)) is not None:
            error.add_note(_kept(folder, left, repeats=isinstance(error, GenerationError)))
        raise


def say_how_to_take_up(folder: Path | None, failure: GenerationError) -> None:
    """Say how to get the personas that are missing, unless the same answers would lead to the same failure."""
    repeats = isinstance(failure.__cause__, GenerationError)
    if folder is not None and not repeats and journal_of(folder) is not None:
        output.say(f"To ask again for what is missing, and for nothing else: {_command(folder)}")


def say_what_was_lost(calls: int) -> None:
    """Say how many answers did not arrive: nobody knows what they cost."""
    if calls:
        those = "One call" if calls == 1 else f"{calls} calls"
        output.say(
            f"Note: {those} to the model ended without an answer; if charged for, that is not in the cost."
        )


def _kept(folder: Path, left: Path, *, repeats: bool) -> str:
    whole = left.with_name(left.name.removesuffix(".partial"))
    same = f" {whole} is as it was." if whole.exists() else ""
    if repeats:
        return f"What the model answered is kept in {left}.{same} The same answers would fail again: begin anew with --force"
    return f"What the model answered is kept in {left}.{same} To take it up: {_command(folder)}"


def _command(folder: Path) -> str:
    return f"persona generate … --resume {shlex.quote(str(folder))}, with the same sources and options"
