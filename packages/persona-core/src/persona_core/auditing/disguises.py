"""Letters that only look like others, accents and what cannot be seen: every text in one plain form.

The plain form is for comparing; nobody reads it. Case and punctuation stay, so that names can be told from words.
"""

from __future__ import annotations

import re
import unicodedata

_LOOKALIKES = {
    "АВЕЅІЈКМНОРСТУХҮԀԚԜҺПабвеѕіјкмнорстухүԁԛԝһпьӏЬѵѴгѡ": "ABESIJKMHOPCTYXYDQWHNabbesijkmhopctyxydqwhnblbvVrw",
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεζηικμνορτυχγωςσϲϳ": "ABEZHIKMNOPTYXabeznikuvoptuxywcocj",
    "ԱՍՕՏաղհյոսցզօքգ": "UUOSwnhjnugqopq",
    "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ": "abcdefghijklmnoprstuvwyz",
    "ɑɡıȷɩɪʋʟɾɛ": "agijiivlre",
    "øØłŁđĐħĦŧŦƀɓɗɖɨƙɫɲɵɽʂʈʉɏƶⱥ": "oOlLdDhHtTbbddiklnorstuyza",
}
"""Cyrillic, Greek, Armenian, small capitals, phonetic letters and letters with a stroke, by what they look like."""
_ACCENT = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0")
_LOOKALIKE = re.compile(f"[{''.join(_LOOKALIKES)}]")
_WORD = re.compile(r"[^\W\d_]+")
_ODD = re.compile(r"[^\n\t\r\x20-\x7e‘’“”–—…£€°·•]")


_LOOKS = str.maketrans("".join(_LOOKALIKES), "".join(_LOOKALIKES.values()))


class _Undressed(dict[int, str]):
    """Characters without their accents, learnt when first seen; nothing for an accent alone and for what cannot be seen."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _undressed(chr(code))
        return found


_UNDRESSED = _Undressed()


def _undressed(char: str) -> str:
    if _ACCENT.match(char) or char in _BLANK or "\ufe00" <= char <= "\ufe0f" or char >= "\U000e0000":
        return ""
    if unicodedata.category(char) == "Cf" or (unicodedata.category(char) == "Cc" and not char.isspace()):
        return ""
    bare = unicodedata.normalize("NFKD", char)
    if len(bare) > 1 and bare[0].isalpha():
        bare = _ACCENT.sub("", bare)
    return bare if len(bare) == 1 else char


def plain(text: str) -> str:
    """The plain form of a text."""
    if _ODD.search(text) is None:
        return text
    bare = text.translate(_UNDRESSED)
    return _WORD.sub(_in_latin, bare) if _LOOKALIKE.search(bare) else bare


def places(text: str) -> list[int] | None:
    """Where in a text each character of its plain form stands; None where every place is its own."""
    if _ODD.search(text) is None:
        return None
    return [i for i, char in enumerate(text) if _UNDRESSED[ord(char)]]


def _in_latin(match: re.Match[str]) -> str:
    """A word of look-alikes in Latin letters; one that has other letters, too, is of its own language."""
    latin = match.group().translate(_LOOKS)
    return latin if latin.isascii() else match.group()
