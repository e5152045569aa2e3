"""What is printed: results on stdout and nothing else there, all that is said beside them on stderr."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from persona_cli import settings

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What would move a terminal's cursor, change its title or its colours: never printed, whoever wrote it."""
_WIDTH = 100
"""Columns where nobody says how wide it is."""
_NARROW = 72
"""Columns below which everything wraps."""
_QUICK = 1.0
"""Seconds after which work shows how far it is."""


def prepare() -> None:
    """Let nothing that a person or a file says stop the printing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def plain(text: str) -> str:
    """A text without control characters."""
    return _CONTROL.sub("", text)


def say(text: str) -> None:
    """Say something beside the result; wrapped on a terminal alone."""
    lines = plain(text).split("\n")
    _write(sys.stderr, "\n".join(map(_wrapped, lines) if sys.stderr.isatty() else lines) + "\n")


def show(text: str = "") -> None:
    """Print a line of the result."""
    _write(sys.stdout, plain(text) + "\n")


def document(data: bytes) -> None:
    """Print the one document that was asked for, in UTF-8 whatever the terminal speaks."""
    _guarded(
        sys.stdout, lambda: (sys.stdout.flush(), sys.stdout.buffer.write(data), sys.stdout.buffer.flush())
    )


def paragraph(text: str) -> None:
    """Print prose of the result, wrapped."""
    show(_wrapped(plain(text), sys.stdout.isatty()))


def _wrapped(text: str, terminal: bool = True) -> str:
    width = shutil.get_terminal_size((_WIDTH, 24)).columns if terminal else _WIDTH
    return textwrap.fill(text, max(width, 20), break_long_words=False, break_on_hyphens=False)


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    title: str = "",
    right: Sequence[str] = (),
    whole: Sequence[str] = (),
) -> None:
    """Print a table for people; cells wrap, nothing is cut. Columns headed `right` hold numbers.

    Cells of columns headed `whole` stay on one line, if the terminal is not a very narrow one.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    console = _console(sys.stdout)
    for heading in headings:
        drawn.add_column(
            heading,
            overflow="fold",
            justify="right" if heading in right else "left",
            no_wrap=heading in whole and console.width >= _NARROW,
        )
    for row in rows:
        drawn.add_row(*(Text(plain(cell)) for cell in row))
    with console.capture() as captured:
        if title:
            console.print(Text(title, style="bold"))
        console.print(drawn)
    _write(sys.stdout, "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n\n")


@contextmanager
def progress() -> Iterator[Progress]:
    """Give what work is told to; on a terminal, a bar for work over a second."""
    shown = Progress()
    try:
        yield shown
    finally:
        shown.stop()


class Progress:
    """How far work is: on a terminal a bar with the stage and the cost so far, and above it what has come of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bar: Bar | None = None
        self._task: Any = None
        self._now: dict[str, Any] = {"description": "starting", "completed": 0, "total": None, "cost": ""}
        self._lines: list[str] = []
        self._timer = threading.Timer(_QUICK, self._begin)
        self._timer.daemon = True
        if sys.stderr.isatty():
            self._timer.start()

    def __call__(self, stage: str, done: int, total: int, cost_usd: float | None = None) -> None:
        """Say how far a stage is, and what was spent."""
        with self._lock:
            self._now.update(description=stage, completed=done, total=total or None)
            if cost_usd is not None:
                self._now["cost"] = f"${cost_usd:.4f} so far"
            self._draw()

    def line(self, text: str) -> None:
        """Say above the bar what has come of the work."""
        with self._lock:
            self._lines.append(plain(text))
            self._draw()

    def stop(self) -> None:
        """Take the bar away; the lines above it stay."""
        self._timer.cancel()
        with self._lock:
            if self._bar is not None:
                self._bar.stop()

    def _begin(self) -> None:
        with self._lock:
            self._bar = _bar()
            self._task = self._bar.add_task(**self._now)
            self._bar.start()
            self._draw()

    def _draw(self) -> None:
        if self._bar is None:
            return
        while self._lines:
            self._bar.console.print(self._lines.pop(0), markup=False)
        self._bar.update(self._task, **self._now)


def _bar() -> Bar:
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    return Bar(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[cost]}"),
        console=_console(sys.stderr),
        transient=True,
    )


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    colourless = settings.colour() is False or not stream.isatty()
    width = None if stream.isatty() else _WIDTH
    return Console(
        file=stream, width=width, highlight=False, color_system=None if colourless else "auto", emoji=False
    )


def _write(stream: TextIO, text: str) -> None:
    _guarded(stream, lambda: (stream.write(text), stream.flush()))


def _guarded(stream: TextIO, write: Callable[[], object]) -> None:
    """Write; a reader who stopped reading is no error, and the work goes on."""
    try:
        write()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
