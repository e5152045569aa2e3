"""The data of a prompt as a model sees it: segments under short aliases, one a line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from persona_core.models.corpus import NONE
from persona_core.models.persona import Evidence
from persona_core.naming import identifies
from persona_core.synthesis.prompted.lines import Lines, Piece
from persona_core.text import content_stems, is_solo, words
from persona_core.verification import Finder, repaired

_TOKEN_WORDS = {
    "NAME": "someone",
    "EMAIL": "an e-mail address",
    "URL": "a website",
    "HANDLE": "an account",
    "PHONE": "a phone number",
}
_TOKEN = re.compile(r"\[(NAME|EMAIL|URL|HANDLE|PHONE)_\d+\]")
_FEW_LETTERS = 4
"""Of a script without spaces: as little as two words."""
_PARTICIPANT = re.compile(r"\[P\d+\]|\bP\d+\b")


class Sheet:
    """The data of one prompt, and the way back from its aliases to the corpus.

    Participants' codes are tokens whether names are hidden or not, so that a code cannot be a message.
    """

    def __init__(self, lines: Lines, pieces: Iterable[Piece], finder: Finder) -> None:
        self.corpus, self.lines, self.finder = lines.corpus, lines, finder
        who = self.corpus.columns.who
        self.pieces = sorted(pieces, key=lambda piece: (who[piece.position], piece))

    def text(self) -> str:
        """The lines: questions first, then under each participant what they said."""
        columns = self.corpus.columns
        asked = dict.fromkeys(columns.question[piece.position] for piece in self.pieces)
        codes = {question: f"Q{number}" for number, question in enumerate((q for q in asked if q != NONE), 1)}
        lines = [f"{code} asked: {self.lines.question(question)}" for question, code in codes.items()]
        speaker = NONE
        for number, piece in enumerate(self.pieces, 1):
            if columns.who[piece.position] != speaker:
                speaker = columns.who[piece.position]
                lines.append(f"\n{self.code(speaker)}:")
            code = codes.get(columns.question[piece.position])
            lines.append(f"[S{number}{f' {code}' if code else ''}] {self.lines.text(piece)}")
        return "\n".join(lines)

    def quotable(self) -> Sheet:
        """The same without the words of those who did not allow to be quoted."""
        allowed = [piece for piece in self.pieces if self.corpus.quotable(piece.position)]
        return Sheet(self.lines, allowed, self.finder)

    def code(self, person: int) -> str:
        """How the model sees a participant."""
        return f"P{person + 1}"

    def person(self, code: str) -> int | None:
        """The participant of a code that the model gives; None for one that it made up."""
        match = re.fullmatch(r"\W*P(\d+)\W*", code)
        number = int(match[1]) - 1 if match else NONE
        return number if 0 <= number < len(self.corpus.people) else None

    def piece(self, alias: str) -> Piece | None:
        """What an alias stands for; None for one that the model made up."""
        match = re.fullmatch(r"\W*S(\d+)\b.*", alias.strip())
        number = int(match[1]) if match else 0
        return self.pieces[number - 1] if 1 <= number <= len(self.pieces) else None

    def find(self, alias: str, quote: str) -> Evidence | None:
        """The evidence that a quote is: the source's own words in its segment; None where they do not stand there.

        Whether it may be shown is another matter: `may_be_shown`.
        """
        piece = self.piece(alias)
        if piece is None:
            return None
        cited = Evidence(
            quote=self.lines.shown(quote),
            segment=self.corpus.segment_id(piece.position),
            participant=self.corpus.participant(piece.position),
        )
        found = repaired(cited, self.corpus, finder=self.finder)
        at = self.corpus.position(found.segment) if found is not None and found.segment else None
        if found is None or at is None or self.corpus.participant(at) is None:
            return None
        # "the" and "I think" stand in every segment and bear nothing out; a whole short answer does.
        whole = found.quote.strip(" .!") == self.corpus.columns.texts[at].strip(" .!\n")
        return found if whole or _says_something(found.quote) else None

    def may_be_shown(self, evidence: Evidence) -> bool:
        """Whether who said it allowed to be quoted, and the words do not say who they are."""
        at = self.corpus.position(evidence.segment) if evidence.segment else None
        return at is not None and self.corpus.quotable(at) and not identifies(evidence.quote)

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
        return any(pattern.search(self.corpus.columns.texts[piece.position]) for piece in self.pieces)


def _says_something(quote: str) -> bool:
    """Whether words could bear a claim out: three or more that carry content, or as many letters that stand for words."""
    said = words(quote)
    return len(said) >= 3 and (bool(content_stems(quote)) or sum(map(is_solo, said)) > _FEW_LETTERS)
