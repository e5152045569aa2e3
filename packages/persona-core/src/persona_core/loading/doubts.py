"""What may be wrong with a corpus, though nothing in it is unreadable: names that nobody has, voices that nobody told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from persona_core.errors import ConfigurationError
from persona_core.loading.builder import Builder, Who
from persona_core.text import some_of

_ASKED_OFTEN, _ASKED_TIMES = 0.1, 3
"""Share and number of a source's segments with a question from which somebody else may be asking."""
_COMPARED, _TELLING, _SAME = 40, 30, 0.8
"""Segments of a source that are compared, their least characters, and the share that makes two sources one."""


def tell_doubts(builder: Builder) -> None:
    """Say what a reader must know before they believe who is who.

    Raises ConfigurationError where the options name a column that no table has.
    """
    _refuse_unknown_columns(builder)
    _tell_unknown_labels(builder)
    _tell_unlabelled(builder)
    _tell_same_words(builder)


def _refuse_unknown_columns(builder: Builder) -> None:
    options = builder.options
    columns = [column for source in builder.sources for column in source.columns]
    there = {name for column in columns for name in (column.name, column.question)}
    named = [options.participant_column] if options.participant_column else []
    for name in [*named, *options.column_roles]:
        if columns and name not in there:
            known = some_of(dict.fromkeys(f"“{column.name}”" for column in columns), 12)
            raise ConfigurationError(f"no table has a column “{name}”; there are {known}")


def _tell_unknown_labels(builder: Builder) -> None:
    present = {who.label.casefold() for who in builder.whos if who.kind == "label"}
    for label in (*builder.options.interviewers, *builder.options.participants):
        if label.casefold() not in present:
            builder.notice("unknown_label", f"nobody is called “{label}” in these sources")


def _tell_unlabelled(builder: Builder) -> None:
    """Recorded talk without speakers is one participant's; who asks may be in it."""
    voices: dict[int, list[Who]] = defaultdict(list)
    for who in builder.whos:
        voices[who.source].append(who)
    asking = [
        builder.sources[source].name
        for source, whos in voices.items()
        if builder.sources[source].kind != "table" and _may_hold_who_asks(whos)
    ]
    if asking:
        builder.notice(
            "no_speakers",
            f"nothing says who speaks in {some_of((f'“{name}”' for name in asking), 3)}, and there are questions in "
            "it: all is taken for one participant's words, also what an interviewer may say; label who speaks to keep "
            "them apart",
        )


def _may_hold_who_asks(whos: list[Who]) -> bool:
    questions, turns = sum(who.questions for who in whos), sum(who.turns for who in whos)
    unlabelled = all(who.kind == "file" and not who.scope for who in whos)
    return unlabelled and questions >= max(_ASKED_TIMES, _ASKED_OFTEN * turns)


def _tell_same_words(builder: Builder) -> None:
    """One interview in two forms would count for two people."""
    first: dict[str, int] = {}
    for source, texts in _compared(builder):
        before = [first.setdefault(text, source) for text in texts]
        twins = [each for each in before if each != source]
        if len(texts) >= 3 and len(twins) >= _SAME * len(texts):
            builder.notice(
                "same_words",
                f"“{builder.sources[source].name}” holds the same words as “{builder.sources[twins[0]].name}”: if it is "
                "the same interview in another form, leave one of them out, else it counts twice",
            )


def _compared(builder: Builder) -> Iterator[tuple[int, list[str]]]:
    """For each source that is no table, some of its longer texts, white space apart."""
    columns, at = builder.columns, 0
    for source, draft in enumerate(builder.sources):
        end = at
        texts: list[str] = []
        while end < len(columns.source) and columns.source[end] == source:
            if draft.kind != "table" and len(texts) < _COMPARED and len(columns.texts[end]) >= _TELLING:
                texts.append(" ".join(columns.texts[end].casefold().split()))
            end += 1
        at = end
        yield source, texts
