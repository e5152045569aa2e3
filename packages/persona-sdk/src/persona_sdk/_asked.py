"""What a generation is asked for, the same for both backends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from pydantic import ValidationError

from persona_core.errors import ConfigurationError
from persona_core.models.events import Event
from persona_core.models.job import GenerateOptions, GenerateRequest
from persona_sdk.sources import Source

Heard = Callable[[Event], None]
Participants = Sequence[Mapping[str, Any]]


class Options(TypedDict, total=False):
    """How sources are read and a model is asked: the options of the command line."""

    participant_column: str
    columns: Mapping[str, str]
    header_rows: int | Literal["auto"]
    interviewer: Sequence[str]
    participant_label: Sequence[str]
    assume_participant: bool
    skip_unreadable: bool
    pseudonymise: Literal["auto", "on", "off"]
    budget: float
    assume_price: float
    context: int
    concurrency: int
    rpm: int
    timeout: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A generation."""

    sources: Source
    request: GenerateRequest
    """Without its sources."""
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
            participants=tuple(dict(each) for each in participants),
            options=GenerateOptions.model_validate({**options, "group_by": group_by}),
            webhook_url=webhook_url,
            webhook_secret=webhook_secret,
        )
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigurationError(f"{place}: {first['msg'].removeprefix('Value error, ')}") from error
    return Asked(sources, request, heard)
