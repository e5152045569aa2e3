"""The page: the template, filled, with its style and script in it and nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from persona_core.consent import NOT_SHOWN
from persona_core.models import Corpus, PersonaSet, Scorecard
from persona_core.rendering.audience import Audience, Showing, clean
from persona_core.rendering.markdown import MOST_CODES, WHAT_THESE_ARE, count, sentence
from persona_core.rendering.report.appendix import alike, scores
from persona_core.rendering.report.drawing import crowd
from persona_core.rendering.report.posters import Poster, behind, poster

if TYPE_CHECKING:
    from jinja2 import Environment

_NUMBERS = (
    "No",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
)


@dataclass(frozen=True, slots=True)
class StudyView:
    """What the personas were made from, and how."""

    title: str
    made: str
    crowd: Markup | None
    per_dot: int
    """How many participants a dot of it stands for."""
    unrepresented: tuple[str, ...]
    known: bool
    """Whether the personas file says who stands behind whom."""
    shared: tuple[tuple[str, str], ...]
    """Codes, and those that stand in their place in the copy to share."""


def render_report(
    personas: PersonaSet,
    *,
    corpus: Corpus | None = None,
    card: Scorecard | None = None,
    likenesses: Sequence[Sequence[float]] | None = None,
    audience: Audience = "share",
) -> str:
    """Render personas as one HTML page that needs nothing but itself; the same input gives the same text.

    With `corpus`, quotes open in the words around them, and what identifies people is left out for `share`. `card`
    and `likenesses` (0–1, of each persona with each, in their order) make the appendix. Everything from sources and
    models is escaped, and the page's own policy forbids every request and any script but its own.
    """
    showing = Showing(personas, corpus, audience)
    posters = [poster(each, n, showing) for n, each in enumerate(personas.personas, 1)]
    style, script = _text("page.css"), _text("page.js")
    page = _environment().get_template("page.html")
    return page.render(
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        policy=_policy(style, script),
        audience=audience,
        study=_study(personas, posters, showing),
        posters=posters,
        warnings=[sentence(each) for each in showing.warnings(personas)],
        scores=scores(card, posters, showing) if card is not None else None,
        alike=alike(likenesses, posters) if likenesses is not None else None,
        has_context=corpus is not None,
        what=WHAT_THESE_ARE,
        not_shown=NOT_SHOWN,
        most=MOST_CODES,
    )


def _text(name: str) -> str:
    return resources.files("persona_core.rendering.report").joinpath(name).read_text(encoding="utf-8")


def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    made = Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters: dict[str, Any] = {"count": count, "behind": behind}
    made.filters.update(filters)
    return made


def _policy(style: str, script: str) -> str:
    """Nothing is loaded, sent or framed; one style sheet and one script may be, by their hashes."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _study(personas: PersonaSet, posters: Sequence[Poster], showing: Showing) -> StudyView:
    people, number = personas.corpus.participants, len(posters)
    spelled = _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"
    groups = [len(persona.participants) for persona in personas.personas]
    drawn, each = crowd(groups, len(personas.unrepresented))
    return StudyView(
        title=f"{spelled} {'persona' if number == 1 else 'personas'}"
        + (f" of {count(people, 'participant')}" if people else ""),
        made=_made(personas),
        crowd=drawn if any(groups) else None,
        per_dot=each,
        unrepresented=tuple(showing.code(code) for code in personas.unrepresented),
        known=any(groups),
        shared=tuple((clean(own), other) for own, other in sorted(showing.shared.items()))
        if showing.audience == "team"
        else (),
    )


def _made(personas: PersonaSet) -> str:
    generation = personas.generation
    if generation.generated_at is None:
        return ""
    by = (
        f"worded by the model {clean(generation.model)}"
        if generation.model
        else "without a model: claims were chosen from the participants’ own words"
    )
    return f"Made on {generation.generated_at.day} {generation.generated_at:%B %Y}, {by}."
