"""Plain text, Markdown and captions to segments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from persona_core.loading.builder import Builder
from persona_core.loading.heading import read_head
from persona_core.loading.subtitles import find_cues, is_captioned, join
from persona_core.loading.transcript import Turn, find_turns, unclear_labels
from persona_core.text import trim

_NO_PARAGRAPH = re.compile(
    r"^(?:#{1,6}[ \t][^\n]*|[-*_=]{3,}|<!--.*-->|\[[^\]]*\]:.*|```.*|[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\])]?)$",
    re.DOTALL,
)

_ASKED = re.compile(r"(?:\*\*|__)([^*_\n]+[?？؟])(?:\*\*|__)[ \t\r]*(?:\n|\Z)")
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
        _tell_unclear(builder, unclear_labels(text))
        _read_paragraphs(builder, text)


def _tell_unclear(builder: Builder, labels: tuple[str, ...]) -> None:
    if labels:
        listed = ", ".join(f"“{label}”" for label in labels[:4])
        builder.notice(
            "no_speakers",
            f"lines of “{builder.source.name}” open with {listed}, and whether these are people is not clear: all of it "
            "is taken for one participant's words; say who asks with --interviewer and who answers with "
            "--participant-label",
        )


def _read_paragraphs(builder: Builder, text: str) -> None:
    """Add the paragraphs below the head, each under the question that stands over it."""
    source, (hints, body) = builder.source, read_head(text)
    if text[:body].strip():
        source.hints = hints
        source.left_out["lines of the head"] += sum(1 for line in text[:body].splitlines() if line.strip())
    who, question = builder.voice("file", ""), ""
    for start, end in paragraphs(text, body):
        span: tuple[int, int] | None = (start, end)
        while span and (asked := _ASKED.match(text, *span)):
            question = asked[1]
            source.left_out["questions"] += 1
            span = trim(text, asked.end(), end)
        if span:
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


def paragraphs(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Half-open spans of the paragraphs after `start`; of the lines, where no blank line parts any.

    Headings and rules are none.
    """
    parted = re.compile(r"\S[ \t\r]*\n[ \t\r]*\n[ \t]*\S").search(text, start)
    pattern = re.compile(r"\n[ \t\r]*\n" if parted else r"\n")
    for gap in [*(match.span() for match in pattern.finditer(text, start)), (len(text), len(text))]:
        span = trim(text, start, gap[0])
        while span is not None and text.startswith("#", span[0]) and "\n" in text[slice(*span)]:
            span = trim(text, text.index("\n", span[0]), span[1])
        if span is not None and not _NO_PARAGRAPH.match(text[slice(*span)]):
            yield span
        start = gap[1]
