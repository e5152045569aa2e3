"""What is known of a model before it is asked: where it is, which key it needs, what it takes and costs."""

from __future__ import annotations

import gc
import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from persona_core.errors import AuthenticationError, ConfigurationError
from persona_core.models.completion import ModelLimits
from persona_providers import settings
from persona_providers.settings import SERVICES, Secret, Service


@dataclass(frozen=True, slots=True)
class Host:
    """Where a call would go."""

    name: str
    loopback: bool
    """Whether that is this machine: nothing leaves it."""

    def is_sent_tokens(self, pseudonymise: str) -> bool:
        """Whether tokens stand for names in what it is sent: `on`, `off`, or `auto`: wherever it is not this machine."""
        return not self.loopback if pseudonymise == "auto" else pseudonymise == "on"


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a model."""

    model: str
    host: Host
    api_base: str | None
    """An address that somebody set; nothing for the service's own."""
    api_key: Secret | None
    keys: tuple[str, ...]
    """The variables that may hold the key."""

    @property
    def shown(self) -> str:
        """The host, with the port where somebody's address has one."""
        address = self.api_base or ""
        place = urlsplit(address if "//" in address else f"//{address}").netloc
        return place.rpartition("@")[2] or self.host.name


def host_of(model: str, api_base: str | None = None) -> Host:
    """Say where a call to `model` would go; litellm is imported only for services that are not in `SERVICES`.

    Raises ConfigurationError for a name that stands for no service.
    """
    return access_to(model, api_base=api_base).host


def access_to(
    model: str,
    *,
    api_base: str | None = None,
    api_key: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Access:
    """Resolve address and key: arguments first, then PERSONA_MODEL_API_*, then litellm's own variables."""
    environ = settings.environment() if environ is None else environ
    service = SERVICES.get(model.partition("/")[0]) or _looked_up(model)
    base = api_base or _first(environ, settings.BASE, *service.bases)
    key = api_key or _first(environ, settings.KEY, *service.keys)
    host = host_at(base or service.address or "", model)
    return Access(model, host, base, Secret(key) if key else None, (settings.KEY, *service.keys))


def require_key(access: Access) -> None:
    """Raise AuthenticationError, which names the variables, where a key is needed and missing."""
    if access.api_key is None and len(access.keys) > 1 and not access.host.loopback:
        named = " or ".join(access.keys[1:])
        raise AuthenticationError(f"{access.model} needs a key: set {named}, or {settings.KEY}")


def limits_of(model: str, context: int | None = None, *, assume_price: float | None = None) -> ModelLimits:
    """What a model takes and costs, by litellm's price list, which this imports.

    `context` (tokens) counts before the list; 32,000 where neither says. `assume_price`, US dollars for a million
    tokens either way, counts where the list has no price.
    """
    known = _listed(model)
    prices = [known.get("input_cost_per_token"), known.get("output_cost_per_token")]
    scaled = [assume_price if price is None else float(price) * 1_000_000 for price in prices]
    given = {
        "context": context or known.get("max_input_tokens"),
        "max_output": known.get("max_output_tokens"),
    }
    taken = {name: int(value) for name, value in given.items() if value}
    return ModelLimits(model=model, input_price=scaled[0], output_price=scaled[1], **taken)


def litellm() -> Any:
    """Import litellm, which takes seconds: quiet, and off the network. Its logs would hold prompts."""
    import logging
    import warnings

    settings.prepare()
    with _uncollected():
        import litellm as library

    library.suppress_debug_info = True
    # Of its own types, when they are first used; nothing that whoever calls us could mend.
    warnings.filterwarnings("ignore", message=".*using the `ReadOnly` qualifier", category=UserWarning)
    # It prepares a call in a thread; a call that is given up meanwhile is prepared for nobody.
    dropped = r"coroutine '\w+\.\w*(completion|embedding)\w*' was never awaited"
    warnings.filterwarnings("ignore", message=dropped, category=RuntimeWarning)
    for name in ("LiteLLM", "openai", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return library


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing that is being imported is garbage yet: looking for some takes a quarter of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _listed(model: str) -> Mapping[str, Any]:
    """What litellm's price list says of a model of this service; never of another's of the same name."""
    listed: Mapping[str, Mapping[str, Any]] = litellm().model_cost
    if model in listed:
        return listed[model]
    service, _, name = model.partition("/")
    found = listed.get(name, {})
    return found if str(found.get("litellm_provider", "")).startswith(service) else {}


def _looked_up(model: str) -> Service:
    """Ask litellm for a service that is not in the table."""
    library = litellm()
    try:
        _, service, _, address = library.get_llm_provider(model)
    except library.exceptions.BadRequestError:
        message = f"no service is known for the model “{model}”: name it with its service, such as openai/{model.rpartition('/')[2]}"
        raise ConfigurationError(message) from None
    if service in SERVICES:
        return SERVICES[service]
    missing = library.validate_environment(model)["missing_keys"]
    keys = tuple(name for name in missing if name.endswith("_API_KEY"))
    return Service(keys, address=address)


def _first(environ: Mapping[str, str], *names: str) -> str | None:
    return next((environ[name] for name in names if name in environ), None)


def host_at(address: str, otherwise: str = "") -> Host:
    """The host of an address; the first part of another name where the address has none, as litellm keeps some to itself."""
    parts = urlsplit(address if "//" in address else f"//{address}")
    name = parts.hostname
    if name is None:
        return Host(otherwise.partition("/")[0], loopback=False)
    return Host(name, loopback=name == "localhost" or name.endswith(".localhost") or _is_loopback(name))


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
