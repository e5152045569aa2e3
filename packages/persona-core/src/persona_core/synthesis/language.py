"""Which language is spoken, as far as it matters: English cues need English."""

from __future__ import annotations

from collections import Counter

from persona_core.models.corpus import Corpus, Role
from persona_core.text import words

_COMMON = {
    "English": "the and to of in is it that for was with on are this be have not you but they i my",
    "German": "der die das und ist nicht ich zu ein mit auf es für dass wir sich auch wie aber nur",
    "French": "le la les et est je pas que de un une pour dans ce il on avec mais nous des",
    "Spanish": "el la los y es que no de un una para en lo con pero me se por mi las",
    "Portuguese": "o os e é que não de um uma para em eu com mas me se por minha as do",
    "Italian": "il e è che non di un una per in la mi con ma si sono gli le del anche",
    "Dutch": "de het en is dat niet ik een van te voor met op maar we zijn ook er als dan",
    "Swedish": "och det att är jag som en på för inte med den har till av men om vi ett så",
    "Polish": "i w nie na się że to jest z do jak ale co za tak o jestem mam tym od",
}
_SETS = {language: frozenset(listed.split()) for language, listed in _COMMON.items()}
_ENOUGH = 30


def other_language(corpus: Corpus) -> str | None:
    """The language that most of what participants said is in, where it is not English; None for English or too few words."""
    counts: Counter[str] = Counter()
    total = foreign = 0
    step = max(1, len(corpus) // 5000)
    for i in range(0, len(corpus), step):
        if corpus.role(i) is Role.interviewer:
            continue
        for word in words(corpus.columns.texts[i]):
            lower = word.lower()
            total += 1
            foreign += not lower.isascii()
            for language, common in _SETS.items():
                counts[language] += lower in common
    if total < _ENOUGH:
        return None
    if foreign > 0.5 * total:
        return "a language other than English"
    language, most = counts.most_common(1)[0]
    return (
        language if language != "English" and most > 1.5 * counts["English"] and most > 0.08 * total else None
    )
