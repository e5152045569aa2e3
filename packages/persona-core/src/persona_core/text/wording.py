"""Words, sentences and stems."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Scripts that put no space between words: every letter stands for itself."""
_SOLO = re.compile(f"[{_UNSPACED}]")
_LETTER = rf"(?:(?![{_UNSPACED}])[^\W_][\u0300-\u036f]*)"
_WORD = re.compile(rf"{_LETTER}+(?:['’ʼ-]{_LETTER}+)*|(?![^\w])[{_UNSPACED}]")
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof st vs etc e.g i.e eg ie approx dept est fig inc jr sr no vol a.m p.m am pm u.s u.k
    ph.d cf al
    """.split()
)
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|\n\s*\n|\n(?=\s*[-*•]\s)")
STOP_WORDS = frozenset(
    """
    a about above actually after again all almost also although always am an and another any anybody
    anyone anything are aren't around as at away back be because been before being below between both
    but by came can can't cannot come could couldn't definitely did didn't do does doesn't doing don't
    done down during each either else enough especially etc even ever every everybody everyone
    everything feel few for from further generally get gets getting give go goes going gone gonna got
    had hadn't has hasn't have haven't having he he'd he'll he's hence her here here's hers herself him
    himself his how however i i'd i'll i'm i've if in indeed instead into is isn't it it'd it'll it's
    its itself just keep kind kinda know let let's like likely little lot lots made mainly make makes
    making many may maybe me mean might mine more most mostly much must mustn't my myself never next no
    nobody none nor not nothing now of off often oh ok okay on once one ones only onto or other others
    otherwise ought our ours ourselves out over overall own part particular particularly perhaps
    possible possibly pretty probably put quite rather really right said same say see seem seems several
    shall shan't she she'd she'll she's should shouldn't since so some somebody somehow someone
    something sometimes somewhat sort still stuff such sure take tell than that that'd that's the their
    theirs them themselves then there there's therefore these they they'd they'll they're they've thing
    things think this those though through thus to together too toward towards try two um uh under until
    up upon us use used using usually various very via want was wasn't way ways we we'd we'll we're
    we've well went were weren't what what's when where whether which while who whole whom whose why
    will with within without won't would wouldn't yeah yes yet you you'd you'll you're you've your yours
    yourself yourselves able based bit certain different end example fact far find first good great hi
    hello hey thank thanks specific
    """.split()
)


def words(text: str) -> list[str]:
    """Split into words, case kept; an apostrophe or hyphen inside belongs to the word."""
    return _WORD.findall(text)


def with_s(verb: str) -> str:
    """`write` → `writes`, `carry` → `carries`."""
    if re.search(r"(?:s|x|z|ch|sh|o)$", verb):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"


def some_of(named: Iterable[str], most: int) -> str:
    """Name so many, and say how many more there are."""
    every = list(named)
    return ", ".join(every[:most]) + (f" and {len(every) - most} more" if len(every) > most else "")


def word_spans(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the words."""
    return [match.span() for match in _WORD.finditer(text)]


def is_solo(char: str) -> bool:
    """Whether a letter is of a script that puts no space between words, so that it counts for a word."""
    return _SOLO.match(char) is not None


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the sentences, white space around them left out.

    Ends are `.!?…` before white space, blank lines and list items; abbreviations and initials are no ends.
    """
    spans, start = [], 0
    for match in _END.finditer(text):
        before = text[start : match.start()].rsplit(None, 1)[-1:] if match.group().startswith(".") else []
        if (
            before
            and match.group() == "."
            and (before[0].lower().lstrip("(\"'") in _ABBREVIATIONS or re.fullmatch(r"[A-Z]", before[0]))
        ):
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
    import Stemmer

    return Stemmer.Stemmer("english")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Reduce an English word to its Snowball stem, in lower case and without a possessive."""
    folded = word.lower().replace("’", "'")
    return _stemmer().stemWord(folded.removesuffix("'s"))  # type: ignore[attr-defined,no-any-return]


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry content: no stop words, no single letters, no bare numbers."""
    return [found for word in words(text) if (found := _content_stem(word))]


@lru_cache(maxsize=200_000)
def _content_stem(word: str) -> str:
    """The stem of a word that carries content; nothing for one that does not."""
    counts = len(word) > 1 and not word.isdecimal() and word.lower().replace("’", "'") not in STOP_WORDS
    return stem(word) if counts else ""
