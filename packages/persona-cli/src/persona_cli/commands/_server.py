"""What the commands of the server share."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec

import click

from persona_cli.commands._options import Command, together
from persona_core.errors import ConfigurationError


def needed() -> None:
    """Raise ConfigurationError where the server is not installed."""
    if find_spec("persona_api") is None:
        ours = version("persona-cli")
        raise ConfigurationError(f"the server is not installed: install persona-cli[api]=={ours}")


def setting(flag: str, variable: str, metavar: str, help: str) -> Callable[[Command], Command]:
    """An option whose text the server's settings read, as they read the variable."""
    return click.option(flag, variable, metavar=metavar, help=f"{help} [{variable}]")


running = together(
    click.option(
        "--allow-model",
        multiple=True,
        metavar="PATTERN",
        help="Models that jobs may name, such as openai/*; repeat for more. [PERSONA_ALLOW_MODEL]",
    ),
    setting("--public-url", "PERSONA_PUBLIC_URL", "URL", "What links begin with, behind a proxy."),
    setting(
        "--secret-key-file",
        "PERSONA_SECRET_KEY_FILE",
        "FILE",
        "Key that the secrets of webhooks are sealed with.",
    ),
    click.option(
        "--allow-http-webhooks",
        is_flag=True,
        help="Let webhooks go to http://, not https:// alone. [PERSONA_ALLOW_HTTP_WEBHOOKS]",
    ),
    click.option(
        "--allow-webhook-network",
        multiple=True,
        metavar="CIDR",
        help="Network that webhooks may go to although it is private; repeat for more. [PERSONA_ALLOW_WEBHOOK_NETWORK]",
    ),
)
"""What those who run jobs and deliver are told, whether they serve or not."""


def given(
    allow_model: tuple[str, ...], allow_webhook_network: tuple[str, ...], allow_http_webhooks: bool
) -> dict[str, str | None]:
    """The options that take several values, or none, as their variables have them."""
    return {
        "PERSONA_ALLOW_MODEL": ",".join(allow_model) or None,
        "PERSONA_ALLOW_WEBHOOK_NETWORK": ",".join(allow_webhook_network) or None,
        "PERSONA_ALLOW_HTTP_WEBHOOKS": "yes" if allow_http_webhooks else None,
    }
