"""What a report may show to whom: codes, words, the words around a quote, and places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from persona_core.consent import withheld
from persona_core.models import Corpus, Evidence, PersonaSet, Role
from persona_core.naming import ADDRESSES, identifies, ordinary
from persona_core.rendering.calling import NAME, NOBODY, TOKEN, codes_to_share, labels_in, names_to_hide
from persona_core.text import OwnWords, locate, sentence_spans

Audience = Literal["share", "team"]
"""`share`: nothing that identifies, no sources; `team`: sources and places, too."""

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What a terminal would obey, and what would turn the direction of the words after it."""
_HIDDEN = {"EMAIL": "[e-mail]", "URL": "[address]", "HANDLE": "[name]", "PHONE": "[number]"}
_OF_FILES = frozenset(
    {"encoding", "files_left_out", "participants_file", "unknown_participants", "unknown_label"}
)
"""Notices for whoever loads the sources, not for readers of what came of them."""
_REACH = 220
"""Characters of context on either side of a quote, at most."""
_MANY = 50_000
"""Segments above which nobody counts how a name is written elsewhere."""


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around a quote where it was said."""

    question: str = ""
    """What was asked, where that is known."""
    before: str = ""
    after: str = ""


class Showing:
    """Tells what of a study an audience may see; whoever did not allow to be quoted is shown to nobody."""

    def __init__(self, personas: PersonaSet, corpus: Corpus | None, audience: Audience) -> None:
        """Without a corpus nobody knows names or who may be quoted: only what gives itself away is left out."""
        self.audience = audience
        self.corpus = corpus
        self.shared = codes_to_share(personas, corpus)
        """Codes that would say who somebody is, and those that stand in their place for `share`."""
        self._codes = self.shared if audience == "share" else {}
        self._labels = labels_in(corpus) if audience == "share" and corpus is not None else frozenset()
        self._sources = sorted(_sources(personas, corpus), key=lambda name: (-len(name), name))

    def code(self, participant: str | None) -> str:
        """The code a participant goes by in this report."""
        return clean(self._codes.get(participant, participant)) if participant else ""

    def said(self, text: str, beside: Iterable[Evidence] = ()) -> str:
        """A text without what this audience may not see; nothing where it repeats withheld words.

        `beside` is the evidence the text may take its words from.
        """
        if self._withheld and self._withheld.repeated_in(text, self._said_openly(beside)):
            return ""
        return self._masked(clean(text))

    def warnings(self, personas: PersonaSet) -> list[str]:
        """What a reader must know of the personas and of who is in the sources, each once."""
        of_corpus = self.corpus.notices if self.corpus is not None else ()
        notices = (*personas.warnings, *(each for each in of_corpus if each.code not in _OF_FILES))
        return list(dict.fromkeys(said for notice in notices if (said := self.said(notice.message))))

    def quote(self, evidence: Evidence) -> str:
        """The words of a quote; nothing where they may not be shown."""
        return self.said(evidence.quote, (evidence,)) if self._open(evidence) else ""

    def context(self, evidence: Evidence) -> Context:
        """The words around a quote in its segment, and what was asked; empty where the segment is not at hand."""
        at = self._position(evidence)
        if at is None or self.corpus is None or not self.corpus.quotable(at) or not self._open(evidence):
            return Context()
        text = self.corpus.columns.texts[at]
        found = locate(evidence.quote, text, near=False)
        if found is None:
            return Context(question=self._question(at))
        start, end = found.spans[0][0], found.spans[-1][1]
        before = self._around(text[:start], last=True)
        after = self._around(text[end:], last=False)
        return Context(self._question(at), before, after)

    def place(self, evidence: Evidence) -> str:
        """Where a quote stands, in words; nothing for those who may not know."""
        return "" if self.audience == "share" else ", ".join(_places(evidence))

    def _open(self, evidence: Evidence) -> bool:
        """Whether a quote is there and not by somebody who did not allow to be quoted."""
        if not evidence.quote.strip() or self.corpus is None:
            return bool(evidence.quote.strip())
        person = self.corpus.person(evidence.participant) if evidence.participant else None
        if person is not None and not person.quote_ok:
            return False
        at = self._position(evidence)
        return at is None or self.corpus.columns.who[at] < 0 or self._may_be_quoted(at)

    def _may_be_quoted(self, at: int) -> bool:
        return self.corpus is None or self.corpus.people[self.corpus.columns.who[at]].quote_ok

    def _position(self, evidence: Evidence) -> int | None:
        return self.corpus.position(evidence.segment) if self.corpus and evidence.segment else None

    def _question(self, at: int) -> str:
        """What a segment answers: its question, or the end of what the interviewer said just before."""
        corpus = self.corpus
        if corpus is None:
            return ""
        asked = corpus.segment(at).question
        columns = corpus.columns
        if not asked and at and columns.source[at - 1] == columns.source[at]:
            asked = columns.texts[at - 1] if corpus.role(at - 1) is Role.interviewer else ""
        return self._around(asked, last=True)

    def _around(self, text: str, *, last: bool) -> str:
        """The sentences of a text that are nearest to a quote, as far as they may be shown, `…` where more was said."""
        kept = ""
        spans = sentence_spans(text)
        for start, end in reversed(spans) if last else spans:
            sentence = text[start:end]
            if self.audience == "share" and identifies(sentence):
                break
            longer = f"{sentence} {kept}" if last else f"{kept} {sentence}"
            if len(longer) > _REACH:
                kept = kept or _cut(sentence, last=last)
                break
            kept = longer.strip()
        else:
            return self.said(kept)
        shown = self.said(kept)
        return (f"…\u00a0{shown}" if last else f"{shown}\u00a0…") if shown else ""

    def _masked(self, text: str) -> str:
        if self.audience == "team":
            return text
        for name in self._sources:
            if name in text:
                text = re.sub(rf"“?{re.escape(name)}(?:#\d+)?”?", "a source", text)
        for kind, pattern in ADDRESSES:
            text = pattern.sub(_HIDDEN[kind], text)
        for own, shared in self._spaced:
            if own in text:
                text = re.sub(rf"(?<!\w){re.escape(own)}(?!\w)", shared, text)
        return TOKEN.sub(self._token, text)

    def _token(self, match: re.Match[str]) -> str:
        """A word, or what stands in its place where it is a participant's own code or somebody's name."""
        word = match.group()
        if word in self._codes and word.casefold() not in NOBODY:
            return self._codes[word]
        if word in self._labels:
            return "[name]"
        return NAME.sub(lambda part: "[name]" if self._is_name(part.group()) else part.group(), word)

    def _is_name(self, word: str) -> bool:
        names, ordinary_words = self._names
        plain = word.casefold()
        return plain in names and (word[0].isupper() or plain not in ordinary_words)

    @cached_property
    def _spaced(self) -> list[tuple[str, str]]:
        """Codes of several words, longest first: whole names, as a rule."""
        several = ((own, shared) for own, shared in self._codes.items() if not TOKEN.fullmatch(own))
        return sorted(several, key=lambda pair: (-len(pair[0]), pair[0]))

    @cached_property
    def _names(self) -> tuple[frozenset[str], frozenset[str]]:
        """Names by which the data calls people, in lower case, and those of them that are ordinary words, too."""
        if self.corpus is None:
            return frozenset(), frozenset()
        names = frozenset(name.casefold() for name in names_to_hide(self.corpus))
        return names, ordinary(self.corpus, names) if len(self.corpus) <= _MANY else names

    @cached_property
    def _withheld(self) -> OwnWords:
        """The words of those who did not allow to be quoted."""
        return withheld(self.corpus) if self.corpus is not None else OwnWords(())

    def _said_openly(self, beside: Iterable[Evidence]) -> Iterator[str]:
        """What somebody who may be quoted said, in the segments of some evidence."""
        for each in beside:
            at = self._position(each)
            if at is not None and self.corpus is not None and self.corpus.quotable(at):
                yield self.corpus.columns.texts[at]


def clean(text: str) -> str:
    """A text in one line, without what obeys or turns the direction of reading."""
    return _UNSEEN.sub("", " ".join(text.split()))


def moment(seconds: float) -> str:
    """`3:04`, `1:02:03`."""
    minutes, left = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def _places(evidence: Evidence) -> Iterator[str]:
    locator = evidence.locator
    name, _, number = (evidence.segment or "").rpartition("#")
    if source := locator.source if locator else name:
        yield clean(source)
    exact = False
    if locator is not None:
        for value, word in ((locator.row, "row"), (locator.page, "page"), (locator.paragraph, "paragraph")):
            exact = exact or bool(value)
            if value:
                yield f"{word} {value}"
        if locator.time is not None:
            exact = True
            yield f"at {moment(locator.time[0])}"
    if number and not exact:
        yield f"passage {clean(number)}"


def _sources(personas: PersonaSet, corpus: Corpus | None) -> set[str]:
    named = {source.name for source in personas.corpus.sources}
    return named | {source.name for source in corpus.sources} if corpus is not None else named


def _cut(sentence: str, *, last: bool) -> str:
    """The end, or the beginning, of a long sentence, at a word."""
    if last:
        return sentence[-_REACH:].partition(" ")[2]
    return sentence[:_REACH].rpartition(" ")[0]
