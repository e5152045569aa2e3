"""Who withdrew: what they said is left out, and is known only to be avoided where others repeat or name them."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence, Set

from persona_core.loading.builder import Builder
from persona_core.loading.roles import Cast
from persona_core.models.corpus import NONE, ROLES, Columns, Role
from persona_core.naming import names_of
from persona_core.text import OwnWords

_ANSWERS = ROLES.index(Role.participant)


def without(builder: Builder, found: Cast, withdrawn: Set[int]) -> tuple[Columns, frozenset[int]]:
    """Leave out what these voices said, and whole sources in which nobody else answers.

    Of what is left nobody who asks repeats them. Gives also the hashes of what they alone said, to be avoided; their
    names go where the builder keeps such.
    """
    columns, options = builder.columns, builder.options
    builder.withheld.update(
        columns.texts[i][start:end].casefold()
        for segment, start, end in options.unnamed
        for i in builder.positions([segment])
    )
    mute = set(builder.positions(options.unasked))
    if not (withdrawn or mute):
        return columns, frozenset()
    gone = _gone(builder, found, withdrawn)
    texts = columns.texts
    answers = (text for i, text in enumerate(texts) if i not in gone and columns.role[i] == _ANSWERS)
    own = OwnWords((texts[i] for i in gone if columns.who[i] in withdrawn), answers)
    called = (found.labels.get(identity, "") for i in withdrawn if (identity := found.decisions[i].identity))
    builder.withheld.update(word.casefold() for word in names_of(called, (texts[i] for i in sorted(gone))))
    unasked = {code for code, question in enumerate(columns.questions) if own.repeated_in(question)}
    unasked |= {columns.question[i] for i in mute}
    columns.question = array("i", [NONE if code in unasked else code for code in columns.question])
    keep = [
        i
        for i in range(len(texts))
        if i not in gone and (columns.role[i] == _ANSWERS or not (i in mute or own.repeated_in(texts[i])))
    ]
    return _picked(columns, keep), frozenset(own.hashes)


def _gone(builder: Builder, found: Cast, withdrawn: Set[int]) -> set[int]:
    """The positions of what they said, and of all that stands in files of their own; says how many that are."""
    columns = builder.columns
    left: dict[int, set[int]] = defaultdict(set)
    for source, who in zip(columns.source, columns.who, strict=True):
        left[source].add(who)
    asking = {i for i, decision in enumerate(found.decisions) if decision.role is not Role.participant}
    emptied = {source for source, whos in left.items() if whos & withdrawn and not whos - withdrawn - asking}
    gone = {
        i for i, who in enumerate(columns.who) if who in withdrawn or columns.source[i] in emptied
    }  # fmt: skip
    if gone:
        one = "1 segment of participants who withdrew was"
        were = one if len(gone) == 1 else f"{len(gone)} segments of participants who withdrew were"
        builder.notice("withdrawn", f"{were} not loaded")
    return gone


def _picked(columns: Columns, keep: Sequence[int]) -> Columns:
    """The segments at these positions, and nothing that only the others had."""
    kept = Columns(texts=[columns.texts[i] for i in keep])
    for name in ("source", "number", "who", "row", "start", "end"):
        setattr(kept, name, array("i", [getattr(columns, name)[i] for i in keep]))
    kept.role = array("b", [columns.role[i] for i in keep])
    for name, table in (("field", "fields"), ("question", "questions"), ("speaker", "labels")):
        codes, values = _recoded(getattr(columns, name), getattr(columns, table), keep)
        setattr(kept, name, codes)
        setattr(kept, table, values)
    for name in ("parts", "time", "page", "paragraph"):
        sparse = getattr(columns, name)
        setattr(kept, name, {new: sparse[old] for new, old in enumerate(keep) if old in sparse})
    return kept


def _recoded(
    column: Sequence[int], table: Sequence[str], keep: Sequence[int]
) -> tuple[array[int], list[str]]:
    """A column of codes with its table, of which nothing is left that only the withdrawn had."""
    codes = {NONE: NONE}
    values: list[str] = []
    for i in keep:
        if column[i] not in codes:
            codes[column[i]] = len(values)
            values.append(table[column[i]])
    return array("i", [codes[column[i]] for i in keep]), values
