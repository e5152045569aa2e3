"""Words, sentences, stems, and finding a quote in a text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from persona_core.models.persona import Tier

_WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st vs etc e.g i.e eg ie approx dept est fig inc jr sr no vol a.m p.m am pm u.s u.k ph.d cf al".split()
)
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|\n\s*\n|\n(?=\s*[-*•]\s)")
_FOLD = {
    **dict.fromkeys("‘’‚‛ʼ`´′", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
    "…": "...",
}
_MARKUP = frozenset("*`#>_~")
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3,})\s*")
NEAR = 90.0
"""Least similarity, 0–100, of a near quote and the words found."""
_LEAST_WORDS = 4
"""A shorter quote is found or not: nearly is too easy."""


def words(text: str) -> list[str]:
    """Split into words, case kept; an apostrophe or hyphen inside belongs to the word."""
    return _WORD.findall(text)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the words."""
    return [match.span() for match in _WORD.finditer(text)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the sentences, white space around them left out.

    Ends are `.!?…` before white space, blank lines and list items; common abbreviations and initials are no ends.
    """
    spans, start = [], 0
    for match in _END.finditer(text):
        before = text[start : match.start()].rsplit(None, 1)[-1:] if match.group().startswith(".") else []
        if before and match.group() == "." and (before[0].lower().lstrip("(\"'") in _ABBREVIATIONS or re.fullmatch(r"[A-Z]", before[0])):
            continue
        spans.append((start, match.end()))
        start = match.end()
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := trim(text, *span)) is not None]


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Take white space off both ends of a span; None where nothing is left."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    return (start + left, start + right) if right > left else None


@lru_cache(maxsize=1)
def _stemmer() -> object:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Reduce an English word to its Snowball stem, in lower case and without a possessive."""
    folded = word.lower().replace("’", "'")
    return _stemmer().stemWord(folded.removesuffix("'s"))  # type: ignore[attr-defined,no-any-return]


STOP_WORDS = frozenset(
    """a about above actually after again all almost also although always am an and another any anybody anyone anything are aren't around
    as at away back be because been before being below between both but by came can can't cannot come could couldn't definitely did didn't
    do does doesn't doing don't done down during each either else enough especially etc even ever every everybody everyone everything
    feel few for from further generally get gets getting give go goes going gone gonna got had hadn't has hasn't have haven't having he he'd
    he'll he's hence her here here's hers herself him himself his how however i i'd i'll i'm i've if in indeed instead into is isn't it it'd
    it'll it's its itself just keep kind kinda know let let's like likely little lot lots made mainly make makes making many may maybe me
    mean might mine more most mostly much must mustn't my myself never next no nobody none nor not nothing now of off often oh ok okay on
    once one ones only onto or other others otherwise ought our ours ourselves out over overall own part particular particularly perhaps
    possible possibly pretty probably put quite rather really right said same say see seem seems several shall shan't she she'd she'll
    she's should shouldn't since so some somebody somehow someone something sometimes somewhat sort still stuff such sure take tell than
    that that'd that's the their theirs them themselves then there there's therefore these they they'd they'll they're they've thing things
    think this those though through thus to together too toward towards try two um uh under until up upon us use used using usually
    various very via want was wasn't way ways we we'd we'll we're we've well went were weren't what what's when where whether which while
    who whole whom whose why will with within without won't would wouldn't yeah yes yet you you'd you'll you're you've your yours yourself
    yourselves able based bit certain different end example fact far find first good great hi hello hey thank thanks specific""".split()
)


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry content: no stop words, no single letters, no bare numbers."""
    return [
        stem(word)
        for word in words(text)
        if len(word) > 1 and not word.isdecimal() and word.lower().replace("’", "'") not in STOP_WORDS
    ]


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in normal form; `offsets[i]` is where in the original the i-th character of `text` comes from."""

    text: str
    offsets: tuple[int, ...]
    ends: tuple[int, ...]


def fold(text: str) -> Folded:
    """Normalise case, white space, quotation marks, dashes, Unicode forms, ellipses and markdown, keeping offsets.

    Two texts that differ in nothing else have the same `text`.
    """
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    i, size = 0, len(text)
    while i < size:
        j = i + 1
        while j < size and unicodedata.combining(text[j]):
            j += 1
        for char in _folded_cluster(text, i, j):
            if char == " " and (not out or out[-1] == " "):
                continue
            if char == "-" and out and out[-1] == "-":
                ends[-1] = j
                continue
            out.append(char)
            starts.append(i)
            ends.append(j)
        i = j
    if out and out[-1] == " ":
        out.pop(), starts.pop(), ends.pop()
    return Folded("".join(out), tuple(starts), tuple(ends))


def _folded_cluster(text: str, i: int, j: int) -> str:
    """Normalise one character with its combining marks; nothing where it is markup."""
    char = text[i]
    if char in _FOLD and j == i + 1:
        return _FOLD[char]
    if char.isspace():
        return " "
    if char in _MARKUP:
        inside = 0 < i < len(text) - 1 and text[i - 1].isalnum() and text[j : j + 1].isalnum()
        return char if inside else ""
    if char.isascii() and j == i + 1:
        return char.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[i:j]).casefold())
    return "".join(_FOLD.get(each, " " if each.isspace() else each) for each in folded)


@dataclass(frozen=True, slots=True)
class Match:
    """Where a quote was found in a text."""

    tier: Tier
    spans: tuple[tuple[int, int], ...]
    """Half-open offsets; more than one where an ellipsis joins parts."""
    similarity: float
    """0–1."""

    def words_of(self, text: str) -> str:
        """The words found, parts joined by one space."""
        return " ".join(text[start:end] for start, end in self.spans)


def locate(quote: str, text: str, *, folded: Folded | None = None, near: bool = True) -> Match | None:
    """Find a quote in a text: exactly, else normalised, else nearly; None where it is not there.

    `folded` is `fold(text)`, where it is at hand already. A hit begins and ends at word boundaries.
    """
    if not quote.strip() or not text:
        return None
    start = _find_whole(quote, text)
    if start >= 0:
        return Match(Tier.exact, ((start, start + len(quote)),), 1.0)
    folded = folded or fold(text)
    return _locate_normalised(quote, folded) or (_locate_near(quote, text, folded) if near else None)


def _find_whole(needle: str, text: str, start: int = 0) -> int:
    """Find like `str.find`, at word boundaries only."""
    while (at := text.find(needle, start)) >= 0:
        end = at + len(needle)
        cut_before = at > 0 and text[at - 1].isalnum() and needle[0].isalnum()
        cut_after = end < len(text) and text[end].isalnum() and needle[-1].isalnum()
        if not (cut_before or cut_after):
            return at
        start = at + 1
    return -1


def _locate_normalised(quote: str, folded: Folded) -> Match | None:
    """Find every part of a quote, in order, in normal form."""
    pieces = [fold(piece).text.strip(" \"'.,;:!?-()[]") for piece in _ELLIPSIS.split(quote)]
    pieces = [piece for piece in pieces if piece]
    # Two words on either side of an ellipsis could be joined out of any text: a part must say something by itself.
    if not pieces or (len(pieces) > 1 and min(len(words(piece)) for piece in pieces) < 2):
        return None
    spans, at = [], 0
    for piece in pieces:
        start = _find_whole(piece, folded.text, at)
        if start < 0:
            return None
        at = start + len(piece)
        spans.append((folded.offsets[start], folded.ends[at - 1]))
    return Match(Tier.normalised, tuple(spans), 1.0)


def _locate_near(quote: str, text: str, folded: Folded) -> Match | None:
    """Align a quote with the stretch of the text that is most like it, at least `NEAR` of 100."""
    from rapidfuzz import fuzz

    wanted = fold(quote).text.strip(" \"'")
    if len(words(wanted)) < _LEAST_WORDS or len(folded.text) < 0.9 * len(wanted):
        return None
    found = fuzz.partial_ratio_alignment(wanted, folded.text, score_cutoff=NEAR - 5)
    if found is None or found.dest_end <= found.dest_start:
        return None
    start, end = _to_words(folded.text, found.dest_start, found.dest_end)
    similarity = fuzz.ratio(wanted, folded.text[start:end])
    if max(similarity, found.score) < NEAR:
        return None
    span = trim(text, folded.offsets[start], folded.ends[end - 1])
    return Match(Tier.near, (span,), round(max(similarity, found.score) / 100, 3)) if span else None


def _to_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole words."""
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end
