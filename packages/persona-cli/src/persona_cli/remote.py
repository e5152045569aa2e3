"""The same work done by a server: what leaves for it is said before anything does."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from persona_cli import output
from persona_core.models import Corpus

if TYPE_CHECKING:
    from persona_sdk import PersonaClient

_PATIENCE = 600.0
"""Seconds for one request: large sets take a server minutes, too."""


@contextmanager
def server(url: str, corpus: Corpus | None, *, yes: bool) -> Iterator[PersonaClient]:
    """Give the client of a server, once it is said what leaves for it and agreed to."""
    from persona_cli import engine
    from persona_providers import host_at
    from persona_sdk import PersonaClient

    with (
        _said(),
        PersonaClient(base_url=url, timeout=_PATIENCE) as client,
    ):  # an address that is none is said here
        where = host_at(url)
        if not where.loopback:
            what = (
                f"{engine.people(corpus)}, {_words(corpus):,} words"
                if corpus is not None
                else "The personas with their quotes"
            )
            engine.confirmed(what, where.name, hidden=False, yes=yes)
        yield client


def name_of(url: str) -> str:
    """The host of a server."""
    from persona_providers import host_at

    return host_at(url).name


def _words(corpus: Corpus) -> int:
    return sum(text.count(" ") + 1 for text in corpus.columns.texts)


@contextmanager
def _said() -> Iterator[None]:
    """Say as a note what the client warns of: a server of another version."""
    with warnings.catch_warnings():
        warnings.filterwarnings("always", "the server is of version")
        warnings.showwarning = lambda message, *_, **__: output.say(f"Note: {message}.")
        yield
