"""`persona worker`."""

from __future__ import annotations

import sys

import click

from persona_cli import output
from persona_cli.commands import _options
from persona_cli.commands._server import given, needed, running, setting


@click.command(
    "worker",
    epilog=_options.examples(
        "persona worker --database postgresql://persona@db.example/persona --concurrency 8",
    ),
)
@setting("--database", "PERSONA_DATABASE_URL", "URL", "postgresql://…, which the servers share.")
@setting("--concurrency", "PERSONA_API_CONCURRENCY", "N", "Jobs at once; 4 if nothing is said.")
@running
@_options.debug
def command(
    allow_model: tuple[str, ...],
    allow_webhook_network: tuple[str, ...],
    allow_http_webhooks: bool,
    **values: str | None,
) -> None:
    """Run the jobs of servers that share a PostgreSQL database, and deliver their webhooks.

    As many as there is work for, on as many machines; each with the servers' own settings. One that dies is noticed
    within seconds, and the others go on with its jobs. What it is not allowed it leaves to others.
    """
    needed()
    from persona_api.__main__ import log_to_stderr
    from persona_api.settings import resolve
    from persona_api.worker import work

    settings = resolve({**values, **given(allow_model, allow_webhook_network, allow_http_webhooks)})
    log_to_stderr("WARNING" if sys.stderr.isatty() else "INFO")
    delivers = settings.public_url and settings.secret_key_file
    more = "" if delivers else " It delivers no webhooks: that wants --public-url and --secret-key-file."
    work(settings, lambda: output.say(f"Working; Ctrl-C ends it, and others go on with its jobs.{more}"))
    output.say("Stopped; others go on with what was under way.")
