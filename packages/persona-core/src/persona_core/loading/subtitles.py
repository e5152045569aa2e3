"""WebVTT, SubRip and stamped lines: cues joined into turns, each a segment of several parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from persona_core.loading import labels
from persona_core.loading.transcript import Turn, seconds
from persona_core.text import trim

_STAMP = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMING = re.compile(rf"^[ \t]*({_STAMP})[ \t]*-->[ \t]*({_STAMP}).*$", re.MULTILINE)
_INDEX = re.compile(r"\n[ \t]*\d+[ \t]*\n\Z")
_STAMPED_LINE = re.compile(rf"^[ \t]*\[({_STAMP})[ \t]*-->[ \t]*({_STAMP})\][ \t]*(?P<text>.*)$", re.MULTILINE)
_VOICE = re.compile(r"<v(?:\.[\w.-]+)?[ \t]+([^>]+)>")
_TAG = re.compile(r"</?[a-zA-Z0-9][^>\n]*>|\{\\[^}\n]*\}|♪")
_SPOKEN_BY = re.compile(r"^(?:-[ \t]*)?(?:\[([^\]\n]{1,40})\]|([^\W\d_][\w .'’-]{0,38}?|[A-Z]\d{1,3}))[ \t]*:[ \t]+")
_PAUSE, _LONG, _TOO_LONG = 1.5, 60, 140
"""Without speakers: seconds of silence, words at a sentence's end, and words anywhere, that end a segment."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One line of a caption: when, where, and who, if it says so."""

    time: tuple[float, float]
    span: tuple[int, int]
    label: str | None


def is_captioned(text: str) -> bool:
    """Whether a text file is made of stamped lines, as speech recognisers write them."""
    return len(_STAMPED_LINE.findall(text)) >= 2 and bool(_STAMPED_LINE.match(text.lstrip()))


def find_cues(text: str) -> list[Cue]:
    """Read the cues of WebVTT, SubRip, or stamped lines, in order; a rolling caption's repeated line counts once."""
    lines = _stamped_cues(text) if is_captioned(text) else _block_cues(text)
    cues: list[Cue] = []
    said = ""
    for cue in lines:
        now = text[slice(*cue.span)]
        if now == said and cue.time[0] - cues[-1].time[1] < 0.5:
            continue
        said = now
        cues.append(cue)
    return _with_colon_labels(text, cues)


def _stamped_cues(text: str) -> Iterator[Cue]:
    for match in _STAMPED_LINE.finditer(text):
        if (span := trim(text, *match.span("text"))) is not None:
            yield Cue((seconds(match[1]), seconds(match[2])), span, None)


def _block_cues(text: str) -> Iterator[Cue]:
    timings = list(_TIMING.finditer(text))
    for i, timing in enumerate(timings):
        start = timing.end()
        limit = timings[i + 1].start() if i + 1 < len(timings) else len(text)
        blank = re.compile(r"\n[ \t]*\n|\n[ \t]*\Z").search(text, start, limit)
        end = blank.start() if blank else limit
        if blank is None and i + 1 < len(timings) and (index := _INDEX.search(text[:end], start)):
            end = index.start()  # SubRip without blank lines: the next cue's number stands right above its timing
        time = (seconds(timing[1]), seconds(timing[2]))
        label = None
        for line in re.compile(r"[^\n]+").finditer(text, start, end):
            voice = _VOICE.search(text, line.start(), line.end())
            label = " ".join(voice[1].split()) if voice else label
            for span in _untagged(text, *line.span()):
                yield Cue(time, span, label)


def _untagged(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for tag in _TAG.finditer(text, start, end):
        if (span := trim(text, start, tag.start())) is not None:
            yield span
        start = tag.end()
    if (span := trim(text, start, end)) is not None:
        yield span


def _with_colon_labels(text: str, cues: list[Cue]) -> list[Cue]:
    """Take `Name: words` for a label where no voice tag names one, and the label comes back or is a known one."""
    if any(cue.label for cue in cues):
        return cues
    found = [(cue, _SPOKEN_BY.match(text[slice(*cue.span)])) for cue in cues]
    names = [(match[1] or match[2]).strip() for _, match in found if match]
    speaks = {name for name in names if labels.known_role(name) or (names.count(name) >= 2 and labels.looks_like_name(name))}
    labelled = []
    for cue, match in found:
        name = (match[1] or match[2]).strip() if match else None
        if match and name in speaks:
            span = trim(text, cue.span[0] + match.end(), cue.span[1])
            if span is not None:
                labelled.append(Cue(cue.time, span, name))
        else:
            labelled.append(cue)
    return labelled


def join(text: str, cues: Iterable[Cue]) -> list[Turn]:
    """Join cues into turns: as long as one speaks, or, without speakers, up to a pause or a sentence's end."""
    turns: list[Turn] = []
    spans: list[tuple[int, int]] = []
    time = (0.0, 0.0)
    label, count = "", 0

    def close() -> None:
        if spans:
            turns.append(Turn(label, tuple(spans), time))
            spans.clear()

    for cue in cues:
        speaker = cue.label if cue.label is not None else label
        if spans and (speaker != label or (not label and _ends_here(text, spans[-1], time[1], cue, count))):
            close()
        if not spans:
            time, count = cue.time, 0
        label, time = speaker, (time[0], max(time[1], cue.time[1]))
        spans.append(cue.span)
        count += text.count(" ", *cue.span) + 1
    close()
    return turns


def _ends_here(text: str, last: tuple[int, int], ended: float, cue: Cue, count: int) -> bool:
    finished = text[last[0] : last[1]].rstrip("\"'”’)").endswith((".", "?", "!", "…"))
    return count >= _TOO_LONG or (finished and (count >= _LONG or cue.time[0] - ended >= _PAUSE))
