"""`persona serve`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from persona_cli import output
from persona_cli.commands import _options
from persona_cli.commands._server import needed

F = TypeVar("F", bound=Callable[..., Any])


def _setting(flag: str, variable: str, metavar: str, help: str) -> Callable[[F], F]:
    """An option whose text the server's settings read, as they read the variable."""
    return click.option(flag, variable, metavar=metavar, help=f"{help} [{variable}]")


@click.command(
    "serve",
    epilog=_options.examples(
        "persona serve --port 8000",
        "persona serve --host 0.0.0.0 --auth-token-file token.txt --allow-model 'openai/*'",
    ),
)
@_setting("--host", "PERSONA_API_HOST", "ADDRESS", "Where to listen; 127.0.0.1 if nothing is said.")
@_setting("--port", "PERSONA_API_PORT", "PORT", "8000 if nothing is said; 0 for any that is free.")
@_setting("--auth-token", "PERSONA_API_AUTH_TOKEN", "TOKEN", "A key that may do everything.")
@_setting("--auth-token-file", "PERSONA_API_AUTH_TOKEN_FILE", "FILE", "The same, in a file.")
@_setting(
    "--database",
    "PERSONA_DATABASE_URL",
    "URL",
    "sqlite:///FILE; a file in the user's data folder if nothing is said.",
)
@_setting("--data-dir", "PERSONA_DATA_DIR", "DIR", "Folder below which jobs may name files.")
@_setting("--concurrency", "PERSONA_API_CONCURRENCY", "N", "Jobs at once; 4 if nothing is said.")
@_setting("--retention", "PERSONA_RETENTION", "TIME", "How long finished jobs stay: 30d, 12h, never.")
@click.option(
    "--allow-model",
    multiple=True,
    metavar="PATTERN",
    help="Models that jobs may name, such as openai/*; repeat for more. [PERSONA_ALLOW_MODEL]",
)
@_setting("--public-url", "PERSONA_PUBLIC_URL", "URL", "What links begin with, behind a proxy.")
@_setting("--max-body", "PERSONA_MAX_BODY", "BYTES", "The longest request; 33554432 if nothing is said.")
@_setting("--max-sources", "PERSONA_MAX_SOURCES", "N", "Sources of a job; 1000 if nothing is said.")
@_setting(
    "--max-queued", "PERSONA_MAX_QUEUED", "N", "Jobs that wait, for each key; 10000 if nothing is said."
)
@_setting(
    "--rate-limit",
    "PERSONA_RATE_LIMIT",
    "N",
    "Requests a minute, for each key; any number if nothing is said.",
)
@_setting(
    "--secret-key-file",
    "PERSONA_SECRET_KEY_FILE",
    "FILE",
    "Key that the secrets of webhooks are sealed with.",
)
@click.option(
    "--allow-http-webhooks",
    is_flag=True,
    help="Let webhooks go to http://, not https:// alone. [PERSONA_ALLOW_HTTP_WEBHOOKS]",
)
@click.option(
    "--allow-webhook-network",
    multiple=True,
    metavar="CIDR",
    help="Network that webhooks may go to although it is private; repeat for more. [PERSONA_ALLOW_WEBHOOK_NETWORK]",
)
@click.option(
    "--insecure-no-auth", is_flag=True, help="Serve others without keys. [PERSONA_INSECURE_NO_AUTH]"
)
@_options.debug
def command(
    allow_model: tuple[str, ...],
    allow_webhook_network: tuple[str, ...],
    allow_http_webhooks: bool,
    insecure_no_auth: bool,
    **values: str | None,
) -> None:
    """Serve everything over HTTP: jobs, scores, scripts, audits.

    Jobs and what they made are kept in a database; a server that is killed goes on where it was. Without a key it
    answers to this machine only.
    """
    needed()
    from persona_api.__main__ import log_to_stderr, serve
    from persona_api.settings import resolve

    values["PERSONA_ALLOW_MODEL"] = ",".join(allow_model) or None
    values["PERSONA_ALLOW_WEBHOOK_NETWORK"] = ",".join(allow_webhook_network) or None
    values["PERSONA_ALLOW_HTTP_WEBHOOKS"] = "yes" if allow_http_webhooks else None
    values["PERSONA_INSECURE_NO_AUTH"] = "yes" if insecure_no_auth else None
    settings = resolve(values)
    log_to_stderr("WARNING" if sys.stderr.isatty() else "INFO")
    serve(
        settings,
        lambda address: output.say(f"Persona is at {address}; {address}/docs shows what it can be asked."),
    )
    output.say("Stopped; jobs that were under way go on at the next start.")
