"""WebVTT, SubRip and stamped lines: cues joined into turns, each a segment of several parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from persona_core.loading import labels
from persona_core.loading.transcript import Turn, seconds
from persona_core.text import trim

_STAMP = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMING = re.compile(rf"^[ \t]*({_STAMP})[ \t]*-->[ \t]*({_STAMP}).*$", re.MULTILINE)
_INDEX = re.compile(r"\n[ \t]*\d+[ \t\r]*\n\Z")
_STAMPED_LINE = re.compile(
    rf"^[ \t]*\[({_STAMP})[ \t]*-->[ \t]*({_STAMP})\][ \t]*(?P<text>.*)$", re.MULTILINE
)
_LINE = re.compile(r"[^\n]+")
_EMPTY_LINE, _BLANK_LINE = re.compile(r"\n\r?\n"), re.compile(r"\n[ \t\r]*\n")
_VOICE = re.compile(r"<v(?:\.[\w.-]+)?[ \t]+([^>]+)>")
_TAG = re.compile(r"</?[a-zA-Z0-9][^>\n]*>|\{\\[^}\n]*\}|♪")
_SPOKEN_BY = re.compile(
    r"(?:-[ \t]*)?(?:\[([^\]\n]{1,40})\]|([^\W\d_][\w .'’-]{0,38}?|[A-Z]\d{1,3}))[ \t]*:[ \t]+"
)
_GAP, _BLINK = 0.5, 0.1
"""Seconds between a line and its repetition, and of a caption that only rolls."""
_PAUSE, _LONG, _TOO_LONG = 1.5, 60, 140
"""Without speakers: seconds of silence, words at a sentence's end, and words anywhere, that end a segment."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One line of a caption: when, where (half-open spans, tags between them), and who, if it says so."""

    time: tuple[float, float]
    spans: tuple[tuple[int, int], ...]
    label: str | None
    rolls: bool = False
    """Whether its caption stands with other lines, or only for a blink, as those do that roll."""


def is_captioned(text: str) -> bool:
    """Whether a text file is made of stamped lines, as speech recognisers write them."""
    return len(_STAMPED_LINE.findall(text)) >= 2 and bool(_STAMPED_LINE.match(text.lstrip()))


def find_cues(text: str) -> list[Cue]:
    """Read the cues of WebVTT, SubRip, or stamped lines, in order; a rolling caption's repeated line counts once."""
    lines = _stamped_cues(text) if is_captioned(text) else _block_cues(text)
    cues: list[Cue] = []
    for cue in lines:
        last = cues[-1] if cues else None
        again = last is not None and cue.label == last.label and _words(text, cue) == _words(text, last)
        if last is None or not (again and cue.rolls and cue.time[0] - last.time[1] < _GAP):
            cues.append(cue)
    return _with_colon_labels(text, cues)


def _words(text: str, cue: Cue) -> str:
    return " ".join(text[start:end] for start, end in cue.spans)


def _stamped_cues(text: str) -> Iterator[Cue]:
    for match in _STAMPED_LINE.finditer(text):
        if (span := trim(text, *match.span("text"))) is not None:
            yield Cue((seconds(match[1]), seconds(match[2])), (span,), None)


def _block_cues(text: str) -> Iterator[Cue]:
    timings = list(_TIMING.finditer(text))
    for i, timing in enumerate(timings):
        limit = timings[i + 1].start() if i + 1 < len(timings) else len(text)
        end = _cue_end(text, timing.end(), limit)
        time = (seconds(timing[1]), seconds(timing[2]))
        lines = [line.span() for line in _LINE.finditer(text, timing.end(), end) if line.group().strip()]
        rolls = len(lines) > 1 or time[1] - time[0] < _BLINK
        label = None
        for line in lines:
            voice = _VOICE.search(text, *line)
            label = " ".join(voice[1].split()) if voice else label
            if spans := tuple(_untagged(text, *line)):
                yield Cue(time, spans, label, rolls)


def _cue_end(text: str, start: int, limit: int) -> int:
    """Where a cue's text ends: at an empty line, else at a blank one, else above the next cue's number."""
    if gap := _EMPTY_LINE.search(text, start, limit) or _BLANK_LINE.search(text, start, limit):
        return gap.start()
    index = _INDEX.search(text[:limit], start)
    return index.start() if index and limit < len(text) else limit


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
        # Where voices are tagged, a cue without a tag is nobody's that could be told.
        return [cue if cue.label else replace(cue, label="") for cue in cues]
    found = [(cue, _SPOKEN_BY.match(text, *cue.spans[0])) for cue in cues]
    names = Counter((match[1] or match[2]).strip() for _, match in found if match)
    speaks = {
        name
        for name, count in names.items()
        if labels.known_role(name) or (count >= 2 and labels.looks_like_name(name))
    }
    labelled = []
    for cue, match in found:
        name = (match[1] or match[2]).strip() if match else ""
        if match is None or name not in speaks:
            labelled.append(cue)
            continue
        first = trim(text, match.end(), cue.spans[0][1])
        spans = ((first,) if first else ()) + cue.spans[1:]
        if spans:
            labelled.append(replace(cue, spans=spans, label=name))
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
        spans += cue.spans
        count += sum(text.count(" ", *span) + 1 for span in cue.spans)
    close()
    return turns


def _ends_here(text: str, last: tuple[int, int], ended: float, cue: Cue, count: int) -> bool:
    finished = text[last[0] : last[1]].rstrip("\"'”’)").endswith((".", "?", "!", "…"))
    return count >= _TOO_LONG or (finished and (count >= _LONG or cue.time[0] - ended >= _PAUSE))
