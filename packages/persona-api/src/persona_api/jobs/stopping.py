"""Ending work that asks nobody whether it should go on."""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PAUSE = 0.02
"""Seconds until a thread that is importing is looked at again."""
_AGAIN = 0.5
"""Seconds in which a thread has left its work once the error was raised in it."""


class StoppedError(Exception):
    """Somebody ended the attempt."""


class _TakenBackError(Exception):
    """Takes the place of an error that is not to be raised any more."""


class Stoppable:
    """Ends what a thread does between two lines of Python, wherever that may be.

    The extractive synthesis computes for many seconds on a large corpus without a word; `stop` need not wait for one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: int | None = None
        self._sent = False
        self.stopped = False

    def stop(self) -> None:
        """Raise StoppedError in the thread that works, now or when it next begins to; from any thread."""
        with self._lock:
            if self.stopped:
                return
            self.stopped = True
        threading.Thread(target=self._interrupt, daemon=True).start()

    def check(self) -> None:
        """Raise StoppedError where somebody has asked for the end."""
        if self.stopped:
            raise StoppedError

    @contextmanager
    def working(self) -> Iterator[None]:
        """A block that may be left in the middle: nothing in it may need to be finished once it was begun."""
        self._set(threading.get_ident())
        try:
            self.check()
            yield
        finally:
            self._leave()

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """A block within `working` that is always run to its end."""
        before = self._thread
        self._set(None)
        self.check()
        try:
            yield
        finally:
            self._set(before)
        self.check()

    def _leave(self) -> None:
        """Be out of reach, also where the error comes just now."""
        while True:
            try:
                self._set(None)
            except StoppedError:
                continue
            return

    def _set(self, thread: int | None) -> None:
        with self._lock:
            self._thread = thread
            if self._sent:
                self._sent = False
                _take_back()

    def _interrupt(self) -> None:
        """Wait out an import: half a module would be left behind for all who come later.

        The error is lost where it comes in a finaliser or is caught for another; then it comes again.
        """
        while True:
            with self._lock:
                if self._thread is None:
                    return
                importing = _importing(self._thread)
                if not importing:
                    self._sent = True
                    _raise_in(self._thread, StoppedError)
            time.sleep(_PAUSE if importing else _AGAIN)


def _importing(thread: int) -> bool:
    frame = sys._current_frames().get(thread)
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _take_back() -> None:
    """Be rid of an error that this thread has not met yet, by meeting another.

    Python can also take it back itself, but leaves a mark where threads look between two lines (3.11 and 3.12): all of
    them are slower from then on, and stand still under a debugger or where coverage is counted.
    """
    with suppress(_TakenBackError):
        _raise_in(threading.get_ident(), _TakenBackError)
        for _ in range(1000):  # met at once, or lost in a finaliser
            pass


def _raise_in(thread: int, error: type[BaseException]) -> None:
    """Have a thread raise an error before its next line, in place of one that it has not met yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))
