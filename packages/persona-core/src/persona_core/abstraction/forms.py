"""How people say a noun phrase: in which number, and with which article."""

from __future__ import annotations

from collections import Counter, defaultdict

from persona_core.abstraction.phrases import is_plural, plural
from persona_core.abstraction.terms import Key

_COUNTABLE = 0.1
"""Share of `a` before a noun from which on it can be counted, and stands in the plural."""
_THE = 0.4
"""Share of `the` before a noun from which on it stands with it."""


class Forms:
    """Each noun phrase as it was said, counted by form and determiner."""

    def __init__(self) -> None:
        self._forms: dict[Key, Counter[tuple[str, str]]] = defaultdict(Counter)

    def add(self, key: Key, phrase: str, determiner: str) -> None:
        """Count one mention."""
        self._forms[key][phrase, determiner] += 1

    def times(self, key: Key) -> int:
        """How often it was said."""
        return sum(self._forms[key].values()) if key in self._forms else 0

    def shown(self, key: Key) -> tuple[str, str]:
        """The form people use most, with its determiner; the plural where people use that, too, and it needs no article."""
        counts: Counter[tuple[str, str]] = Counter()
        for (phrase, determiner), times in self._forms[key].items():
            several = is_plural(phrase.split()[-1])
            counts[
                phrase, "" if determiner == "other" or (several and determiner != "own") else determiner
            ] += times
            if determiner == "other" and not several:
                counts[phrase, ""] -= times
        (phrase, determiner), most = min(counts.items(), key=lambda each: (-each[1], each[0]))
        plurals = {form: times for (form, _), times in counts.items() if is_plural(form.split()[-1])}
        least = {"a": 1, "the": most / 3, "own": most / 2}.get(determiner, most / 4)
        if plurals and sum(plurals.values()) >= least and not is_plural(phrase.split()[-1]):
            return min(plurals, key=lambda form: (-plurals[form], form)), ""
        if determiner not in {"a", ""} or is_plural(phrase.split()[-1]):
            return phrase, determiner
        return self._article(key, phrase, sum(plurals.values()))

    def _article(self, key: Key, phrase: str, several: int) -> tuple[str, str]:
        """A singular that can be counted stands in the plural, or with `the` where people rather say it so."""
        said: Counter[str] = Counter()
        for (_, determiner), times in self._forms[key].items():
            said[determiner] += times
        counted = said["a"] + several
        if counted < _COUNTABLE * sum(said.values()):
            return phrase, "the" if said["the"] >= _THE * sum(said.values()) else ""
        return (phrase, "the") if said["the"] > counted else (plural(phrase), "")

    def noun(self, key: Key) -> str:
        """The phrase as it can stand in a sentence: `the lift`, `their work`, `emails`."""
        words, determiner = self.shown(key)
        before = {"the": "the ", "own": "their "}.get(determiner, "")
        return before + words
