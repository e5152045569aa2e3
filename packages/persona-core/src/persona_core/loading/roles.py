"""Who is who: from voices in sources to participants, interviewers, and those who cannot be told."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from persona_core.loading import labels
from persona_core.loading.builder import Builder, SourceDraft, Who
from persona_core.loading.codes import Identity, give_codes
from persona_core.loading.consent import Register, same
from persona_core.models.corpus import Role
from persona_core.models.options import LoadingOptions

_STEM_ID = re.compile(r"(?:^|[_\- .])((?:P|R|S|U|T|ID|PT)[-_]?\d{1,4})(?=$|[_\- .])", re.IGNORECASE)
_SHOWN_ID = re.compile(r"(?!\+|.*://)[^\s@\x00-\x1f\x7f-\x9f]*\d[^\s@\x00-\x1f\x7f-\x9f]*")
_ASKS_OFTEN, _TIMES_MORE = 0.35, 2.0
"""An unnamed interviewer asks in this share of their turns, and so many times as often as anybody else."""


@dataclass(slots=True)
class Decision:
    """Who a voice is taken for, and why."""

    role: Role
    reason: str
    identity: Identity | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """Every voice's decision, and a code for every participant."""

    decisions: tuple[Decision, ...]
    codes: Mapping[Identity, str]
    labels: Mapping[Identity, str] = field(default_factory=dict)
    """What the data calls a participant whose code is made up."""


def cast(builder: Builder, register: Register) -> Cast:
    """Decide who every voice is."""
    decisions = [Decision(Role.participant, "") for _ in builder.whos]
    groups: dict[tuple[int, str], list[int]] = defaultdict(list)
    for i, who in enumerate(builder.whos):
        if who.kind == "label":
            groups[(who.source, who.scope)].append(i)
    options = builder.options
    open_groups = []
    for (source, _), members in groups.items():
        verdicts = _by_what_is_said(builder.whos, members, builder.sources[source], options)
        if verdicts is None:
            open_groups.append(members)
        else:
            _take(decisions, verdicts)
    _settle(builder.whos, open_groups, decisions, groups.values(), options)
    _identify(builder, decisions, groups, register)
    codes, called = give_codes(builder, [decision.identity for decision in decisions])
    return Cast(tuple(decisions), codes, called)


def _take(decisions: list[Decision], verdicts: Mapping[int, Decision]) -> None:
    for i, decision in verdicts.items():
        decisions[i] = decision


def _by_what_is_said(
    whos: Sequence[Who], members: Sequence[int], source: SourceDraft, options: LoadingOptions
) -> dict[int, Decision] | None:
    """Tell roles by options, by known labels, by the transcript's head, and by who asks; None where none tells."""
    found = _by_label(whos, members, source, options)
    rest = [i for i in members if i not in found]
    if not rest:
        return found
    roles = {decision.role for decision in found.values()}
    if Role.interviewer in roles:
        found |= {i: Decision(Role.participant, "somebody else asks") for i in rest}
    elif Role.participant in roles and (len(rest) == 1 or all(_asks(whos[i]) >= _ASKS_OFTEN for i in rest)):
        found |= {i: Decision(Role.interviewer, "somebody else is the participant") for i in rest}
    elif not roles and len(members) == 1:
        found[members[0]] = Decision(Role.participant, "the only speaker")
    elif not roles and (asker := _who_asks(whos, members)) is not None:
        found |= {i: Decision(Role.participant, "answers") for i in members}
        share = f"{_asks(whos[asker]):.0%}"
        found[asker] = Decision(Role.interviewer, f"asks in {share} of the turns, the others seldom")
    else:
        return None
    return found


def _by_label(
    whos: Sequence[Who], members: Sequence[int], source: SourceDraft, options: LoadingOptions
) -> dict[int, Decision]:
    """The roles that options, labels and the transcript's head state."""
    asks = {label.casefold() for label in options.interviewers}
    answers = {label.casefold() for label in options.participants}
    hint = source.hints.get("interviewer", "").casefold()
    present = {whos[i].label.casefold() for i in members}
    found: dict[int, Decision] = {}
    for i in members:
        label = whos[i].label
        plain = label.casefold()
        known = labels.known_role(label)
        if plain == "a" and present.isdisjoint({"q", "question", "i", "interviewer"}):
            known = None  # beside a B it is a letter, not an answer
        if plain in asks:
            found[i] = Decision(Role.interviewer, "named as an interviewer")
        elif plain in answers:
            found[i] = Decision(Role.participant, "named as a participant")
        elif known is not None:
            does = "asks" if known is Role.interviewer else "answers"
            found[i] = Decision(known, f"“{label}” is a label for who {does}")
        elif hint and (plain == hint or plain.split()[0] == hint.split()[0]):
            found[i] = Decision(Role.interviewer, "the transcript's head says so")
    return found


def _asks(who: Who) -> float:
    return who.questions / who.turns if who.turns else 0.0


def _who_asks(whos: Sequence[Who], members: Sequence[int]) -> int | None:
    """The one who asks much more often than anybody else, and does not talk most."""
    ranked = sorted(members, key=lambda i: _asks(whos[i]), reverse=True)
    first, others = ranked[0], ranked[1:]
    share = _asks(whos[first])
    if whos[first].turns < 3 or share < _ASKS_OFTEN or share < _TIMES_MORE * _asks(whos[others[0]]):
        return None
    return first if whos[first].words <= 1.2 * max(whos[i].words for i in others) else None


def _settle(
    whos: Sequence[Who],
    open_groups: Sequence[Sequence[int]],
    decisions: list[Decision],
    groups: Iterable[Sequence[int]],
    options: LoadingOptions,
) -> None:
    """Tell what one source leaves open by the others: a name that asks in one, asks in all."""
    settled = {i for members in groups for i in members} - {i for members in open_groups for i in members}
    asking = {
        whos[i].label.casefold()
        for i in settled
        if decisions[i].role is Role.interviewer and not labels.is_generic(whos[i].label)
    }
    for members in open_groups:
        known = [i for i in members if whos[i].label.casefold() in asking]
        for i in members:
            if known:
                role = Role.interviewer if i in known else Role.participant
                decisions[i] = Decision(role, "asks in other sources" if i in known else "somebody else asks")
            elif options.assume_participant:
                decisions[i] = Decision(Role.participant, "assumed, as asked for")
            else:
                decisions[i] = Decision(Role.unattributed, "nothing tells who asks and who answers")


def _identify(
    builder: Builder,
    decisions: list[Decision],
    groups: Mapping[tuple[int, str], Sequence[int]],
    register: Register,
) -> None:
    """Tell which voices are the same person."""
    stems = _stem_ids(builder.sources)
    _tell_numbers_apart(builder)
    for i, who in enumerate(builder.whos):
        decision = decisions[i]
        source = str(who.source)
        if who.kind == "id":
            decision.identity = _named(builder.sources[who.source], who.source, who.label)
        elif who.kind == "row":
            decision.identity = ("row", source, who.label)
        elif who.kind == "file":
            _identify_unlabelled(builder, decision, who, groups, stems, register)
        elif decision.role is Role.participant:
            together = [j for j in groups[(who.source, who.scope)] if decisions[j].role is Role.participant]
            decision.identity = _speaker(builder, who, stems, register, alone=len(together) == 1)
        elif decision.role is Role.unattributed:
            decision.identity = (
                ("name", same(who.label))
                if not labels.is_generic(who.label)
                else ("label", source, who.scope, who.label)
            )


def _tell_numbers_apart(builder: Builder) -> None:
    """Running numbers are people of their own table where several tables have them, and ids where one has."""
    numbered = [source for source in builder.sources if source.numbered]
    if len(numbered) > 1 and builder.options.participant_column is None:
        names = " and ".join(f"“{source.name}”" for source in numbered[:3])
        builder.notice(
            "numbers_per_table",
            f"{names} only number their participants, so the same number in two of them is taken for two people; "
            "if it is one, name the column with --participant-column",
        )
        return
    for source in numbered:
        source.numbered = False


def _identify_unlabelled(
    builder: Builder,
    decision: Decision,
    who: Who,
    groups: Mapping[tuple[int, str], Sequence[int]],
    stems: Mapping[int, str],
    register: Register,
) -> None:
    if (who.source, who.scope) in groups:
        decision.role = Role.participant if builder.options.assume_participant else Role.unattributed
        decision.reason = "stands without a label among labelled turns"
    decision.identity = _whole(builder, who, stems, register)


def _speaker(
    builder: Builder, who: Who, stems: Mapping[int, str], register: Register, *, alone: bool
) -> Identity:
    """Who a participant's label names: an id anywhere, a name anywhere, or a part that is somebody else in each file."""
    if alone and who.scope:
        return _whole(builder, who, stems, register)
    if labels.is_id(who.label):
        return ("id", who.label)
    if not labels.is_generic(who.label):
        return ("name", same(who.label))
    return (
        _whole(builder, who, stems, register) if alone else ("label", str(who.source), who.scope, who.label)
    )


def _whole(builder: Builder, who: Who, stems: Mapping[int, str], register: Register) -> Identity:
    """Who a source, or one transcript in it, is about, when it is about one person."""
    source = builder.sources[who.source]
    if who.scope:
        unnamed = who.scope.startswith("/")
        return ("row", str(who.source), who.scope) if unnamed else _named(source, who.source, who.scope)
    named = register.of_file(source.name) or (
        source.hints.get("participant", "") if labels.is_id(source.hints.get("participant", "")) else ""
    )
    known = named or stems.get(who.source, "")
    return _person(known) if known else ("file", str(who.source))


def _named(source: SourceDraft, code: int, value: str) -> Identity:
    """Whom a participant column's value names: somebody of this table only, where it is a running number."""
    return ("row", str(code), value) if source.numbered else _person(value)


def _person(value: str) -> Identity:
    """A participant column's value: an id, which is shown as it is, or what may name somebody, which never is."""
    shown = len(value) <= 2 or bool(_SHOWN_ID.fullmatch(value)) or labels.is_generic(value)
    return ("id", value) if shown else ("name", same(value))


def _stem_ids(sources: Sequence[SourceDraft]) -> dict[int, str]:
    """The participant ids that file names hold: `P03-interview.md`; a bare number where no other file has it."""
    stems = [PurePosixPath(source.name).stem for source in sources]
    counts = Counter(stems)
    found = {}
    for i, stem in enumerate(stems):
        match = _STEM_ID.search(stem)
        if match:
            found[i] = match[1]
        elif stem.isdecimal() and counts[stem] == 1:
            found[i] = stem
    return found
