"""Scripts in the forms that chats and front ends read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

from persona_core.models.script import Script, ScriptFormat
from persona_core.rendering.scripts.card import render_card
from persona_core.rendering.scripts.cleaning import cleaned
from persona_core.rendering.scripts.png import read_cards, render_png
from persona_core.rendering.scripts.prompt import render_prompt
from persona_core.rendering.scripts.tavern import render_v2, render_v3
from persona_core.rendering.scripts.template import fill_template, render_template

__all__ = ["SUFFIXES", "read_cards", "render_script", "strings_of"]

SUFFIXES = {
    ScriptFormat.character_card: ".json",
    ScriptFormat.system_prompt: ".txt",
    ScriptFormat.jinja2_template: ".j2",
    ScriptFormat.tavern_v2: ".json",
    ScriptFormat.tavern_v3: ".json",
    ScriptFormat.tavern_png: ".png",
}
"""How a file of each form ends; a character card in YAML ends in `.yaml`."""
_RENDER: Mapping[ScriptFormat, Callable[[Script], str | bytes]] = {
    ScriptFormat.system_prompt: render_prompt,
    ScriptFormat.jinja2_template: render_template,
    ScriptFormat.tavern_v2: render_v2,
    ScriptFormat.tavern_v3: render_v3,
    ScriptFormat.tavern_png: render_png,
}


def render_script(
    script: Script, format: ScriptFormat, *, template: str | None = None, as_yaml: bool = False
) -> str | bytes:
    """Render a script; bytes for a PNG, else text. `template` is one's own, for `jinja2_template`: it is filled.

    The same script gives the same bytes. What a reader could take for code or markup is taken out of its texts.
    Raises ConfigurationError where the template cannot be filled.
    """
    script = cleaned(script)
    if format is ScriptFormat.character_card:
        return render_card(script, as_yaml=as_yaml)
    if format is ScriptFormat.jinja2_template and template is not None:
        return fill_template(script, template)
    return _RENDER[format](script)


def strings_of(content: str | bytes, format: ScriptFormat, *, as_yaml: bool = False) -> str:
    """Every text that a rendered script holds, decoded, one a line: keys and values alike, walked and never listed."""
    if isinstance(content, bytes):
        documents: list[Any] = [json.loads(text) for text in read_cards(content).values()]
    elif format is ScriptFormat.character_card:
        documents = [yaml.safe_load(content) if as_yaml else json.loads(content)]
    elif format in {ScriptFormat.tavern_v2, ScriptFormat.tavern_v3}:
        documents = [json.loads(content)]
    else:
        return content
    return "\n".join(text for document in documents for text in _walked(document))


def _walked(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _walked(each)
    elif isinstance(value, list):
        for each in value:
            yield from _walked(each)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
