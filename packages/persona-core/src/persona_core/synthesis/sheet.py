"""Segments as a model sees them: pseudonymised, under short aliases, one a line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from persona_core.models.corpus import NONE, Corpus
from persona_core.models.persona import Evidence
from persona_core.pseudonyms import Pseudonyms
from persona_core.text import content_stems, words
from persona_core.verification import Finder, repaired

_TOKEN_WORDS = {
    "NAME": "someone",
    "EMAIL": "an e-mail address",
    "URL": "a website",
    "HANDLE": "an account",
    "PHONE": "a phone number",
}
_TOKEN = re.compile(r"\[(NAME|EMAIL|URL|HANDLE|PHONE)_\d+\]")
_PARTICIPANT = re.compile(r"\[P\d+\]|\bP\d+\b")


class Sheet:
    """The data of one prompt, and the way back from its aliases to the corpus.

    Without `pseudonyms` words go as they are; participants' codes are tokens all the same, so that a code cannot be a message.
    """

    def __init__(
        self, corpus: Corpus, positions: Sequence[int], pseudonyms: Pseudonyms | None, finder: Finder
    ) -> None:
        self.corpus, self.pseudonyms, self.finder = corpus, pseudonyms, finder
        self.positions = sorted(positions, key=lambda i: (corpus.columns.who[i], i))

    def text(self) -> str:
        """The lines: questions first, then under each participant what they said."""
        columns = self.corpus.columns
        asked = {columns.question[i]: "" for i in self.positions if columns.question[i] != NONE}
        codes = {question: f"Q{number}" for number, question in enumerate(asked, 1)}
        lines = [
            f"{code} asked: {self.line(columns.questions[question])}" for question, code in codes.items()
        ]
        speaker = NONE
        for number, i in enumerate(self.positions, 1):
            if columns.who[i] != speaker:
                speaker = columns.who[i]
                lines.append(f"\n{self.code(speaker)}:")
            code = codes.get(columns.question[i])
            lines.append(f"[S{number}{f' {code}' if code else ''}] {self.line(columns.texts[i])}")
        return "\n".join(lines)

    def line(self, text: str) -> str:
        """Words of the corpus as they may leave: on one line, hidden where that is asked for, unable to end the data."""
        hidden = self.pseudonyms.hide(text) if self.pseudonyms else text
        return " ".join(hidden.split()).replace("</data", "< /data").replace("<data", "< data")

    def code(self, person: int) -> str:
        """How the model sees a participant."""
        return f"P{person + 1}"

    def person(self, code: str) -> int | None:
        """The participant of a code that the model gives; None for one that it made up."""
        match = re.fullmatch(r"\W*P(\d+)\W*", code)
        number = int(match[1]) - 1 if match else NONE
        return number if 0 <= number < len(self.corpus.people) else None

    def position(self, alias: str) -> int | None:
        """The segment of an alias; None for one that the model made up."""
        match = re.fullmatch(r"\W*S(\d+)\b.*", alias.strip())
        number = int(match[1]) if match else 0
        return self.positions[number - 1] if 1 <= number <= len(self.positions) else None

    def find(self, alias: str, quote: str) -> Evidence | None:
        """The evidence that a quote is: the source's own words in its segment; None where they do not stand there.

        Only participants who allowed it are quoted.
        """
        i = self.position(alias)
        if i is None or not self.corpus.quotable(i):
            return None
        wanted = self.pseudonyms.show(quote) if self.pseudonyms else quote
        cited = Evidence(
            quote=wanted, segment=self.corpus.segment_id(i), participant=self.corpus.participant(i)
        )
        found = repaired(cited, self.corpus, finder=self.finder)
        at = self.corpus.position(found.segment) if found is not None and found.segment else None
        if found is None or at is None or not self.corpus.quotable(at):
            return None
        # "the" and "I think" stand in every segment and bear nothing out; a whole short answer does.
        whole = found.quote.strip(" .!") == self.corpus.columns.texts[at].strip(" .!\n")
        return found if whole or (len(words(found.quote)) >= 3 and content_stems(found.quote)) else None

    def plain(self, text: str) -> str:
        """What a model wrote about participants, without tokens: a name becomes "someone"."""
        worded = _TOKEN.sub(lambda match: _TOKEN_WORDS[match[1]], text)
        return " ".join(_PARTICIPANT.sub(self._no_code, worded).split())

    def _no_code(self, match: re.Match[str]) -> str:
        """A participant's code becomes "a participant"; `P1` that people say themselves is a word of theirs."""
        meant = match.group().startswith("[") or not self._says(match.group())
        return "a participant" if meant and self.person(match.group()) is not None else match.group()

    def _says(self, word: str) -> bool:
        pattern = re.compile(rf"\b{re.escape(word)}\b")
        return any(pattern.search(self.corpus.columns.texts[i]) for i in self.positions)
