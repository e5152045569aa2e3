"""`persona serve`."""

from __future__ import annotations

import sys

import click

from persona_cli import output
from persona_cli.commands import _options
from persona_cli.commands._server import given, needed, running, setting


@click.command(
    "serve",
    epilog=_options.examples(
        "persona serve --port 8000",
        "persona serve --host 0.0.0.0 --auth-token-file token.txt --allow-model 'openai/*'",
    ),
)
@setting("--host", "PERSONA_API_HOST", "ADDRESS", "Where to listen; 127.0.0.1 if nothing is said.")
@setting("--port", "PERSONA_API_PORT", "PORT", "8000 if nothing is said; 0 for any that is free.")
@setting("--auth-token", "PERSONA_API_AUTH_TOKEN", "TOKEN", "A key that may do everything.")
@setting("--auth-token-file", "PERSONA_API_AUTH_TOKEN_FILE", "FILE", "A file that holds such a key.")
@setting(
    "--database",
    "PERSONA_DATABASE_URL",
    "URL",
    "sqlite:///FILE or postgresql://…; a file in the user's data folder if nothing is said.",
)
@setting("--data-dir", "PERSONA_DATA_DIR", "DIR", "Folder below which jobs may name files.")
@setting(
    "--concurrency",
    "PERSONA_API_CONCURRENCY",
    "N",
    "Jobs at once; 4 if nothing is said; 0 leaves them to workers.",
)
@setting("--retention", "PERSONA_RETENTION", "TIME", "How long finished jobs stay: 30d, 12h, never.")
@running
@setting("--max-body", "PERSONA_MAX_BODY", "BYTES", "The longest request; 33554432 if nothing is said.")
@setting("--max-sources", "PERSONA_MAX_SOURCES", "N", "Sources of a job; 1000 if nothing is said.")
@setting("--max-queued", "PERSONA_MAX_QUEUED", "N", "Jobs that wait, for each key; 10000 if nothing is said.")
@setting(
    "--rate-limit",
    "PERSONA_RATE_LIMIT",
    "N",
    "Requests a minute, for each key; any number if nothing is said.",
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
    from persona_api.store import is_shared

    values |= given(allow_model, allow_webhook_network, allow_http_webhooks)
    values["PERSONA_INSECURE_NO_AUTH"] = "yes" if insecure_no_auth else None
    settings = resolve(values)
    log_to_stderr("WARNING" if sys.stderr.isatty() else "INFO")
    serve(
        settings,
        lambda address: output.say(f"Persona is at {address}; {address}/docs shows what it can be asked."),
    )
    left = (
        "others go on with what was under way" if is_shared(settings.url) else "jobs go on at the next start"
    )
    output.say(f"Stopped; {left}.")
