"""Plain text, Markdown and captions to segments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from persona_core.loading.builder import Builder
from persona_core.loading.subtitles import find_cues, is_captioned, join
from persona_core.loading.transcript import Turn, find_turns
from persona_core.text import trim

_NO_PARAGRAPH = re.compile(
    r"^(?:#{1,6}[ \t][^\n]*|[-*_=]{3,}|<!--.*-->|\[[^\]]*\]:.*|```.*|[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\])]?)$",
    re.DOTALL,
)

_ASKED = re.compile(r"(?:\*\*|__)([^*_\n]+\?)(?:\*\*|__)")
"""A bold question stands over its answer, and is nobody's who answers."""


def read_text(builder: Builder, text: str) -> None:
    """Add a text file: speakers' turns, captions, or paragraphs."""
    given = (*builder.options.interviewers, *builder.options.participants)
    if is_captioned(text):
        read_captions(builder, text)
    elif (transcript := find_turns(text, given)) is not None:
        source = builder.source
        source.kind, source.hints = "transcript", transcript.hints
        if transcript.unsaid:
            source.left_out["lines before the first turn"] += transcript.unsaid
        add_turns(builder, text, transcript.turns)
    else:
        who, question = builder.voice("file", ""), ""
        for span in paragraphs(text):
            if asked := _ASKED.fullmatch(text[slice(*span)]):
                question = asked[1]
                builder.source.left_out["questions"] += 1
            else:
                builder.add_turn(text, (span,), who, question=question)


def read_captions(builder: Builder, text: str) -> None:
    """Add WebVTT, SubRip or stamped lines."""
    builder.source.kind = "subtitles"
    add_turns(builder, text, join(text, find_cues(text)))


def add_turns(
    builder: Builder,
    text: str,
    turns: list[Turn] | tuple[Turn, ...],
    *,
    row: int = 0,
    field: str | None = None,
    scope: str = "",
) -> None:
    """Add turns; one without a label is said by the source, or by the row."""
    for turn in turns:
        who = builder.voice("label", turn.label, scope) if turn.label else builder.voice("file", "", scope)
        builder.add_turn(
            text, turn.spans, who, row=row, field=field, speaker=turn.label or None, time=turn.time
        )


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Half-open spans of the paragraphs; of the lines, where no blank line parts any. Headings and rules are none."""
    pattern = re.compile(r"\n[ \t\r]*\n" if re.search(r"\S[ \t\r]*\n[ \t\r]*\n[ \t]*\S", text) else r"\n")
    start = 0
    for gap in [*(match.span() for match in pattern.finditer(text)), (len(text), len(text))]:
        span = trim(text, start, gap[0])
        while span is not None and text.startswith("#", span[0]) and "\n" in text[slice(*span)]:
            span = trim(text, text.index("\n", span[0]), span[1])
        if span is not None and not _NO_PARAGRAPH.match(text[slice(*span)]):
            yield span
        start = gap[1]
