"""What a generation is asked for, the same for both backends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from persona_core.models.events import Event
from persona_core.models.job import GenerateOptions, GenerateRequest
from persona_sdk._material import Material, Participants, Reading, refused
from persona_sdk.sources import Source

Heard = Callable[[Event], None]


class Options(Reading, total=False):
    """How sources are read and a model is asked: the options of the command line."""

    pseudonymise: Literal["auto", "on", "off"]
    budget: float | None
    assume_price: float | None
    context: int | None
    concurrency: int
    rpm: int | None
    timeout: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A generation."""

    material: Material
    request: GenerateRequest
    """Without its material."""
    heard: Heard | None = None


def asked(
    sources: Source,
    *,
    model: str,
    count: int,
    seed: int,
    participants: Participants,
    group_by: str | None,
    options: Mapping[str, Any],
    heard: Heard | None = None,
    webhook_url: str | None = None,
    webhook_secret: str | None = None,
) -> Asked:
    """Check what is asked. Raises ConfigurationError that names what cannot be."""
    try:
        request = GenerateRequest(
            data="here",
            count=count,
            model=model,
            seed=seed,
            options=GenerateOptions.model_validate({**options, "group_by": group_by}),
            webhook_url=webhook_url,
            webhook_secret=webhook_secret,
        )
    except ValidationError as error:
        raise refused(error) from error
    return Asked(Material(sources, participants, request.options), request, heard)
