"""`persona keys`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from persona_cli import output
from persona_cli.commands import _options
from persona_cli.commands._server import needed

if TYPE_CHECKING:
    from persona_api.store import Database

_database = click.option(
    "--database",
    metavar="URL",
    help="The server's; a file in the user's data folder if nothing is said. [PERSONA_DATABASE_URL]",
)


@click.group("keys")
def command() -> None:
    """Make, list and revoke the keys of a server, while it runs or not."""


@command.command("create", epilog=_options.examples("persona keys create research-team"))
@click.argument("name")
@click.option("--admin", is_flag=True, help="May see and delete everybody's jobs.")
@_database
@_options.debug
def create(name: str, admin: bool, database: str | None) -> None:
    """Make a key for NAME, and show it, once.

    As soon as there is a key, the server asks everybody for one.
    """
    with _opened(database) as store:
        from persona_api.store import keys

        id, key = store.write_now(
            lambda connection: keys.create(connection, name, admin=admin, now=time.time())
        )
    output.show(key)
    output.say(f"This is {id}, shown this once; the server keeps only its hash. Send it as X-API-Key.")


@command.command("list", epilog=_options.examples("persona keys list"))
@_database
@_options.debug
def show(database: str | None) -> None:
    """List the keys, without what is secret."""
    with _opened(database) as store:
        from persona_api.store import keys

        rows = store.look_now(keys.listed)
    if not rows:
        output.say("There are no keys: the server answers to this machine only, and asks nobody for one.")
        return
    output.table(
        ("Key", "Name", "Admin", "Made", "Revoked"),
        [
            (row.id, row.name, "yes" if row.admin else "no", _day(row.created_at), _day(row.revoked_at))
            for row in rows
        ],
    )


@command.command("revoke", epilog=_options.examples("persona keys revoke key_1a2b"))
@click.argument("id")
@_database
@_options.debug
def revoke(id: str, database: str | None) -> int:
    """Take the key ID away; what was made with it stays."""
    with _opened(database) as store:
        from persona_api.store import keys

        done = store.write_now(lambda connection: keys.revoke(connection, id, time.time()))
    output.say(f"{id} is revoked." if done else f"There is no key {id} that is not revoked already.")
    return 0 if done else 1


@contextmanager
def _opened(database: str | None) -> Iterator[Database]:
    needed()
    from persona_api.settings import resolve
    from persona_api.store import open_database

    store = open_database(resolve({"PERSONA_DATABASE_URL": database}).url, hold=False)
    try:
        yield store
    finally:
        store.close()


def _day(at: float | None) -> str:
    return "–" if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
