"""Words, sentences, stems, and finding a quote in a text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from persona_core.models.persona import Tier

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Scripts that put no space between words: every letter stands for itself."""
_SOLO = re.compile(f"[{_UNSPACED}]")
_LETTER = rf"(?:(?![{_UNSPACED}])[^\W_][\u0300-\u036f]*)"
_WORD = re.compile(rf"{_LETTER}+(?:['’ʼ-]{_LETTER}+)*|(?![^\w])[{_UNSPACED}]")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st vs etc e.g i.e eg ie approx dept est fig inc jr sr no vol a.m p.m am pm u.s u.k ph.d cf al".split()
)
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|\n\s*\n|\n(?=\s*[-*•]\s)")
_FOLD = {
    **dict.fromkeys("‘’‚‛ʼ´′", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
    "…": "...",
}
MARKUP = frozenset("*`#>_~")
"""Left out of the normal form, but between two letters or digits."""
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3,})\s*")
NEAR = 90.0
"""Least similarity, 0–100, of a near quote and the words found."""
_LEAST_WORDS = 4
"""A shorter quote is found or not: nearly is too easy."""
_REACH = 40
"""Characters around the end of an alignment in which a better one is looked for."""
_PLAIN = re.compile(r"[A-Za-z0-9,.;:!?'\"]+(?: [A-Za-z0-9,.;:!?'\"]+)*(?![^\x00-\x7f])")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATIONS = frozenset("not no never none nobody nothing neither nor cannot without hardly".split())


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

    Two texts that differ in nothing else have the same `text`; dashes stand without space around them.
    """
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    i, size = 0, len(text)
    while i < size:
        if plain := _PLAIN.match(text, i):
            j = plain.end()
            out.extend(plain.group().lower())
            starts.extend(range(i, j))
            ends.extend(range(i + 1, j + 1))
        else:
            j = i + 1
            while j < size and not text[j].isascii() and is_mark(text[j]):
                j += 1
            for char in folded_cluster(text, i, j):
                _put(char, i, j, out, starts, ends)
        i = j
    if out and out[-1] == " ":
        out.pop(), starts.pop(), ends.pop()
    return Folded("".join(out), tuple(starts), tuple(ends))


def _put(char: str, i: int, j: int, out: list[str], starts: list[int], ends: list[int]) -> None:
    """Append one character in normal form that stands at `i` to `j`."""
    last = out[-1] if out else " "
    if char == " " and last in " -":
        return
    if char == "-" and last == " " and out:
        out[-1], starts[-1], ends[-1] = char, i, j
        return
    if char == "-" and last == "-":
        ends[-1] = j
        return
    out.append(char)
    starts.append(i)
    ends.append(j)


def is_mark(char: str) -> bool:
    """Whether a character belongs to the one before it: a combining mark, or a part of a Hangul syllable."""
    return unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff"


def is_solo(char: str) -> bool:
    """Whether a letter is of a script that puts no space between words, so that it counts for a word."""
    return _SOLO.match(char) is not None


def folded_cluster(text: str, i: int, j: int) -> str:
    """Normalise one character with its combining marks; nothing where it is markup."""
    char = text[i]
    if char in _FOLD and j == i + 1:
        return _FOLD[char]
    if char.isspace():
        return " "
    if char in MARKUP:
        inside = 0 < i < len(text) - 1 and text[i - 1].isalnum() and text[j : j + 1].isalnum()
        return char.replace("`", "'") if inside else ""
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

    `folded` is `fold(text)`, where it is at hand already. A hit begins and ends at word boundaries. Nearly is not enough where
    a number or a negation differs, and an ellipsis may not swallow one.
    """
    quote = quote.strip()
    if not text or not (any(char.isalnum() for char in quote) or (quote and quote == text.strip())):
        return None
    start = _find_whole(quote, text)
    if start >= 0:
        return Match(Tier.exact, ((start, start + len(quote)),), 1.0)
    folded = folded or fold(text)
    return _locate_normalised(quote, folded) or (_locate_near(quote, text, folded) if near else None)


def _find_whole(needle: str, text: str, start: int = 0) -> int:
    """Find like `str.find`, at word boundaries only."""
    while (at := text.find(needle, start)) >= 0:
        if not (_within_word(text, at) or _within_word(text, at + len(needle))):
            return at
        start = at + 1
    return -1


def _within_word(text: str, at: int) -> bool:
    """Whether a cut before the character at `at` goes through a word."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before.isascii() and after.isascii():
        return before.isalnum() and after.isalnum()
    if is_mark(after):
        return before.isalnum() or is_mark(before)
    return after.isalnum() and (before.isalnum() or is_mark(before)) and not (is_solo(before) or is_solo(after))


def _locate_normalised(quote: str, folded: Folded) -> Match | None:
    """Find a quote in normal form; where it holds ellipses, else every part of it, in order."""
    whole = _bare(quote)
    if not whole:
        return None
    if (start := _find_whole(whole, folded.text)) >= 0:
        return Match(Tier.normalised, (_span(folded, start, start + len(whole)),), 1.0)
    pieces = [piece for part in _ELLIPSIS.split(quote) if (piece := _bare(part))]
    # Two words on either side of an ellipsis could be joined out of any text: a part must say something by itself.
    if len(pieces) < 2 or min(len(words(piece)) for piece in pieces) < 2:
        return None
    spans, at = [], 0
    for piece in pieces:
        start = _find_whole(piece, folded.text, at)
        if start < 0 or (at and _turns(folded.text[at:start])):
            return None
        at = start + len(piece)
        spans.append(_span(folded, start, at))
    return Match(Tier.normalised, tuple(spans), 1.0)


def _bare(quote: str) -> str:
    """A quote in normal form without the punctuation around it."""
    return fold(quote).text.strip(" \"'.,;:!?-()[]")


def _span(folded: Folded, start: int, end: int) -> tuple[int, int]:
    return folded.offsets[start], folded.ends[end - 1]


def _negations(text: str) -> list[str]:
    return [word for word in words(text) if word in _NEGATIONS or word.endswith("n't")]


def _turns(gap: str) -> bool:
    """Whether leaving out a few words, a negation among them, turns what was said into its opposite."""
    return len(words(gap)) <= 4 and bool(_negations(gap))


def _agree(quote: str, found: str) -> bool:
    """Whether two texts in normal form hold the same numbers, and as many negations."""
    return sorted(_NUMBER.findall(quote)) == sorted(_NUMBER.findall(found)) and len(_negations(quote)) == len(_negations(found))


def _locate_near(quote: str, text: str, folded: Folded) -> Match | None:
    """Align a quote with the stretch of the text that is most like it, at least `NEAR` of 100."""
    from rapidfuzz import fuzz

    wanted = _bare(quote)
    if len(words(wanted)) < _LEAST_WORDS or len(folded.text) < 0.9 * len(wanted):
        return None
    found = fuzz.partial_ratio_alignment(wanted, folded.text, score_cutoff=NEAR - 5)
    if found is None or found.dest_end <= found.dest_start:
        return None
    start, end = _to_words(folded.text, found.dest_start, found.dest_end)
    # The alignment is as long as the quote: a word that was left out of the quote pushes the first or last one out.
    around = [(a, b) for a in _near_cuts(folded.text, start) for b in _near_cuts(folded.text, end) if a < b]
    similarity, (start, end) = max((fuzz.ratio(wanted, folded.text[a:b]), (a, b)) for a, b in around)
    if similarity < NEAR or not _agree(wanted, folded.text[start:end]):
        return None
    span = trim(text, *_span(folded, start, end))
    return Match(Tier.near, (span,), round(similarity / 100, 3)) if span else None


def _to_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole words."""
    while _within_word(text, start):
        start -= 1
    while _within_word(text, end):
        end += 1
    return start, end


def _near_cuts(text: str, at: int) -> list[int]:
    """`at` and up to two word boundaries on either side of it."""
    low = max(0, at - _REACH)
    bounds = sorted({bound + low for span in word_spans(text[low : at + _REACH]) for bound in span} | {at})
    bounds = [bound for bound in bounds if not _within_word(text, bound)]
    here = bounds.index(at)
    return bounds[max(0, here - 4) : here + 5]
