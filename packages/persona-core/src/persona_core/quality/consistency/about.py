"""Whether words in a sentence are a fact about the persona: not about others, not denied, not past, not wished for."""

from __future__ import annotations

import re
from functools import lru_cache

from persona_core.models.persona import PROSE
from persona_core.quality.consistency.phrases import listed, word_lists
from persona_core.quality.consistency.statements import Statement

_BREAK = re.compile(r"[,;:(]| - | (?:but|although|though|whereas|because|so|and|while|yet) ")
_SHE = re.compile(r"\b(?:he|she|they|he's|she's|they're|his|her|their)\b")
_POSSESSIVE, _SHE_IS = (
    re.compile(r"(?:'s|s')\s*$"),
    re.compile(r"\b(?:he|she|it|that|here|there)'s\s*$"),
)
_I = re.compile(r"\b(?:i|we|i'm|i've|my|we're)\b")
_THING = re.compile(
    r"^(?:and |but |so |because )?(?:the|this|that|these|those|it|its|it's|there|our|you|your|everyone|nobody|no one)\b"
)


def of_the_persona(
    statement: Statement, match: re.Match[str], *, presupposed: bool = False, past: bool = False
) -> bool:
    """Say whether the words that matched are so, of the persona, now.

    `presupposed` words hold whether or not the sentence is denied or wished for; `past` ones also where they are told of the past.
    """
    sentence = statement.text
    if statement.field:
        return presupposed or not _denied(sentence[: match.start()])
    before, after = sentence[: match.start()], sentence[match.end() :]
    if _of_others(statement, before, match.group()) or _asked(sentence):
        return False
    if _of_the_past(sentence, past=past):
        return False
    if presupposed:
        return True
    clause = _last_clause(before)
    return not (
        statement.aspires
        or _denied(clause)
        or listed("hedged").search(before)
        or listed("taken_back").match(after.strip(" ,"))
        or _THING.match(clause + match.group() if clause else "")
    )


def tells_of_others(statement: Statement) -> bool:
    """Say whether a sentence is about other people or about something the persona is not."""
    return _of_others(statement, statement.text, "") and not _THING.match(statement.text)


def _last_clause(before: str) -> str:
    """What stands before, from the last break of the sentence on."""
    return _BREAK.split(before)[-1].strip()


def _denied(before: str) -> bool:
    return listed("denied").search(before) is not None


def _asked(sentence: str) -> bool:
    return sentence.rstrip("\"')").endswith("?")


def _of_the_past(sentence: str, *, past: bool) -> bool:
    return not past and listed("past").search(sentence) is not None


def _of_others(statement: Statement, before: str, words: str) -> bool:
    """Whether somebody else is the one who does it or has it."""
    if _POSSESSIVE.search(before) and not _SHE_IS.search(before):
        return True
    if statement.first_person and _SHE.match(words):
        return True
    last = None
    for found in _subjects().finditer(before):
        last = last if _introduces(statement, found) else found
    if last is None:
        return bool(statement.first_person and _SHE.search(before))
    since = before[last.end() :]
    return _I.search(since) is None


def _introduces(statement: Statement, found: re.Match[str]) -> bool:
    """Whether it is the persona that a title or summary begins with: “A nurse from Leeds who …”."""
    return statement.path in PROSE and found.start() == 0 and found.group().startswith(("a ", "an "))


@lru_cache(maxsize=1)
def _subjects() -> re.Pattern[str]:
    """Other people where they are who the sentence, or a part of it, is about."""
    people = "|".join(word_lists()["others"])
    qualified = "|".join(word_lists()["qualifiers"])
    opening = r"(?:^|[,;:(] ?|\b(?:that|because|and|but|when|if|while|so|since|as|where|than|although|says?|thinks?|believes?|knows?|hopes?|lets?) )"
    return re.compile(
        rf"{opening}(?:(?:{qualified}) )*(?:{people})\b|\b(?:{people}) (?:who|that|whose)\b|\b(?:those|anyone|anybody|people|someone|somebody|everyone) (?:who|whose)\b"
    )
