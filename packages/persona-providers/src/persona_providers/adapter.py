"""One call through litellm: imported when first needed, with a time limit, its errors turned into ours."""

from __future__ import annotations

from typing import Any

import anyio
import anyio.to_thread

from persona_providers import catalogue
from persona_providers.catalogue import Access, access_to, require_key
from persona_providers.errors import MORE_TIME, AnswerLostError, Said, translate
from persona_providers.settings import Secret


class Adapter:
    """Makes single calls to one model; neither limits nor retries."""

    def __init__(self, model: str, *, api_base: str | None, api_key: str | None, timeout: float) -> None:
        self.model, self.timeout = model, timeout
        self._access: Access | None = None
        self._library: Any = None
        self._given = (api_base, Secret(api_key) if api_key else None)
        self._lock = anyio.Lock()

    @property
    def library(self) -> Any:
        """Litellm, once `ready`."""
        return self._library

    async def ready(self) -> None:
        """Find address and key, then import litellm, in a thread: other tasks go on.

        Raises AuthenticationError for a missing key and ConfigurationError for a model of no known service.
        """
        if self._library is None:
            async with self._lock:
                if self._library is None:
                    self._library = await anyio.to_thread.run_sync(self._prepare)

    def _prepare(self) -> Any:
        base, key = self._given
        self._access = access_to(self.model, api_base=base, api_key=key.reveal() if key else None)
        require_key(self._access)
        return catalogue.litellm()

    async def call(self, function: str, **arguments: Any) -> Any:
        """Await one of litellm's functions. Raises our errors, and what is none of litellm's as it is."""
        access = self._access
        assert access is not None  # noqa: S101 - `ready` came before
        # Servers on this machine ask for no key, and litellm for one.
        key = access.api_key.reveal() if access.api_key else "none" if access.host.loopback else None
        common = {"model": self.model, "api_base": access.api_base, "api_key": key, "timeout": self.timeout}
        try:
            with anyio.fail_after(self.timeout):
                return await getattr(self._library, function)(
                    **common, num_retries=0, max_retries=0, drop_params=True, **arguments
                )
        except TimeoutError:
            message = f"{access.host.name} did not answer within {self.timeout:g} s: {MORE_TIME}"
            raise AnswerLostError(message) from None
        except Exception as error:
            keys = " or ".join(reversed(access.keys))
            ours = translate(error, model=self.model, host=access.shown, keys=keys)
            if ours is None:
                raise
            said = f"{type(error).__name__}: {error}"
            raise ours from Said(access.api_key.hide_in(said) if access.api_key else said)

    async def aclose(self) -> None:
        """Close litellm's connections, all of this process."""
        if self._library is not None:
            await self._library.close_litellm_async_clients()
