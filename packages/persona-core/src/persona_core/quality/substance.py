"""What a text says, not how long it is: the words of it that carry information, and whether it is a placeholder."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category

from persona_core.quality.lexicons import anywhere, plain, sequence, stem_set, whole, word_set
from persona_core.text import STOP_WORDS, content_stems, is_solo, stem, words

_LETTER = re.compile(r"[^\W_]")
_WORDY = re.compile(r"[^\W\d_]")
_AROUND = " .,;:!?*_-–—'\"“”‘’«»()"
_LETTERS_A_WORD = 2
"""In scripts without spaces, as Chinese: about so many make a word."""


@lru_cache(maxsize=50_000)
def is_blank(text: str) -> bool:
    """Whether a text says nothing at all: white space, signs, or a placeholder (`TBD`, `n/a`, `[insert goal]`, `…`)."""
    bare = plain(text).strip(_AROUND)
    if not _LETTER.search(bare) or unfilled(text):
        return True
    return bool(whole("substance", "blanks").fullmatch(bare)) or bool(_in_brackets(bare))


def _in_brackets(bare: str) -> re.Match[str] | None:
    return re.fullmatch(r"\[[^\]]*\]|<[^>]*>|\{[^}]*\}+", bare)


def unfilled(text: str) -> str | None:
    """The piece of a template that nobody filled in, as `[insert goal]` or `lorem ipsum`; None where there is none."""
    found = anywhere("substance", "unfilled").search(plain(text))
    return found.group() if found else None


def slot(text: str) -> str | None:
    """A place for a word, as `[name]`, which stands in templates and in words from which names were taken; None for none."""
    found = anywhere("substance", "slots").search(plain(text))
    return found.group() if found else None


def is_nameless(name: str) -> bool:
    """Whether a name is blank; some placeholders are names as well (`Nan`)."""
    return is_blank(name) and plain(name) not in word_set("names", "names_too")


def made_up_address(text: str) -> str | None:
    """An address that is there for an example, as `jane@example.com`."""
    found = anywhere("substance", "addresses").search(plain(text))
    return found.group() if found else None


@lru_cache(maxsize=1)
def _stop_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in STOP_WORDS if not word.endswith("ly"))


@lru_cache(maxsize=50_000)
def telling_stems(text: str) -> frozenset[str]:
    """Stems of the content words, without other forms of stop words either (`wants`, `uses`)."""
    return frozenset(content_stems(text)) - _stop_stems()


@lru_cache(maxsize=50_000)
def information(text: str) -> frozenset[str]:
    """What a text says: stems of its content words and its figures, each once, without filler; nothing for a placeholder.

    English stop words and filler are known; of other languages every word of two letters or more counts.
    """
    if is_blank(text):
        return frozenset()
    filler = word_set("substance", "filler")
    kept = " ".join(word for word in words(text) if word.lower() not in filler)
    found = telling_stems(kept.replace("-", " ")) - stem_set("substance", "filler")
    found |= {word for word in words(text) if word.isdecimal()}
    return frozenset(found | _pairs(text) | _marked(text))


def _pairs(text: str) -> set[str]:
    """In scripts without spaces, where no word stands by itself, so many letters after each other as make one."""
    letters = [letter for letter in text if is_solo(letter)]
    size = _LETTERS_A_WORD
    return {"".join(letters[i : i + size]) for i in range(0, len(letters) - size + 1, size)}


def _marked(text: str) -> set[str]:
    """Words of scripts that write vowels as marks, as Devanagari: between spaces, for the marks would part them."""
    tokens = [token.strip(_AROUND) for token in text.split() if not token.isascii()]
    return {
        token
        for token in tokens
        if any(category(letter) == "Mc" for letter in token) and not is_solo(token[0])
    }


def known(value: object) -> bool:
    """Whether a value of demographics, or one inside it, says something."""
    return any(
        isinstance(each, int | float) or (isinstance(each, str) and not is_blank_value(each))
        for each in sequence(value)
    )


def is_blank_value(text: str) -> bool:
    """Whether a value of demographics is a placeholder; unlike a claim it may be a figure or a sign as `65+`."""
    return is_blank(text) and (_WORDY.search(text) is not None or not any(each.isdecimal() for each in text))
