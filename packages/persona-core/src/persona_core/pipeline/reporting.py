"""From personas to pages for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from persona_core.auditing import Auditor
from persona_core.models import Corpus, Notice, PersonaSet, Scorecard
from persona_core.pipeline.scoring import score
from persona_core.quality.distinctiveness import likenesses
from persona_core.rendering.audience import Audience
from persona_core.rendering.markdown import render_markdown
from persona_core.rendering.report import render_report
from persona_core.rendering.table import render_table
from persona_core.text import some_of

_MARKUP = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL)
_NAMED = 12
"""Words that are named in a notice, at most."""
Format = Literal["html", "md", "csv"]
"""A page to read and print, prose for documents, or a table for boards."""

_COMPARED = 200
"""Personas above which no map of who is like whom is drawn."""
MOST_SCORED = 50_000
"""Segments above which a run is not scored on the way."""


def report(
    personas: PersonaSet,
    corpus: Corpus | None = None,
    *,
    format: Format = "html",
    audience: Audience = "share",
    card: Scorecard | None = None,
) -> str:
    """Render personas for an audience; the page holds their scores and how alike they are, the other formats do not.

    Without `card` the personas are scored here. Raises CorpusMismatchError where the corpus is not of these personas.
    """
    if format == "md":
        return render_markdown(personas, corpus=corpus, audience=audience)
    if format == "csv":
        return render_table(personas, corpus=corpus, audience=audience)
    return render_report(
        personas,
        corpus=corpus,
        card=card if card is not None else score(personas, corpus) if personas.personas else None,
        likenesses=_likenesses(personas),
        audience=audience,
    )


def pages_of_a_run(
    personas: PersonaSet, corpus: Corpus | None, *, card: Scorecard | None = None
) -> dict[str, str]:
    """What a run folder holds for people, by file name; large runs leave the scores to `persona report`."""
    pages = {"personas.md": render_markdown(personas, corpus=corpus)}
    if corpus is None or len(corpus) <= MOST_SCORED:
        return pages | {"report.html": report(personas, corpus, card=card)}
    return pages | {"report.html": render_report(personas, corpus=corpus, likenesses=_likenesses(personas))}


def revealing(pages: Iterable[str], corpus: Corpus) -> Notice | None:
    """What in pages for everybody may say who somebody is, as the audit sees it; nothing in large studies.

    Names, addresses and ids are left out of such pages already. What few participants hold or mention is in their
    quotes, and only a reader can tell whether it matters.
    """
    if len(corpus) > MOST_SCORED:
        return None
    auditor, codes = Auditor(corpus), {person.code for person in corpus.people}
    found = (
        text[each.start : each.end]
        for text in (_MARKUP.sub(" ", page) for page in pages)
        for each in auditor.identify(text)
        if each.severity != "low"
    )
    # A page also says when it was made, which is nobody's date.
    texts = corpus.columns.texts
    words = [
        each
        for each in dict.fromkeys(found)
        if each not in codes and any(each.casefold() in text.casefold() for text in texts)
    ]
    if not words:
        return None
    shown = some_of((f"“{each}”" for each in words), _NAMED)
    return Notice(
        code="may_identify",
        message=f"before you share it, read where it says {shown}: so few participants do that it may say who somebody is",
    )


def _likenesses(personas: PersonaSet) -> Sequence[Sequence[float]] | None:
    return likenesses(personas.personas) if 1 < len(personas.personas) <= _COMPARED else None
