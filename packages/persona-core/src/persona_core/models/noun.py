"""What every noun is."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Noun(BaseModel):
    """What is written, sent and read: frozen, strict about its keys, documented where its fields stand."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
