"""Our own form of a script, as JSON or YAML."""

from __future__ import annotations

import json
from typing import Any

import yaml

from persona_core.models.script import Script


def card_of(script: Script) -> dict[str, Any]:
    """The script as plain values, without what says nothing."""
    found: dict[str, Any] = _said(script.model_dump(mode="json"))
    return found


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _said(each) for key, each in value.items() if each is not None}
    return [_said(each) for each in value] if isinstance(value, list) else value


def render_card(script: Script, *, as_yaml: bool = False) -> str:
    """Render the script in JSON, or in YAML."""
    card = card_of(script)
    if as_yaml:
        text: str = yaml.safe_dump(card, allow_unicode=True, sort_keys=False, width=100)
        return text
    return json.dumps(card, indent=2, ensure_ascii=False) + "\n"
