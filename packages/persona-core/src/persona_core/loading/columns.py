"""What each column of a table is for, told by its header and its values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from persona_core.errors import ConfigurationError
from persona_core.loading import headers, labels
from persona_core.loading.transcript import find_turns
from persona_core.models.corpus import Column, ColumnRole

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,7}", re.IGNORECASE)
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_PHONE = re.compile(r"(?=(?:\D*\d){7,15}\D*$)\+?[\d\s().-]*[\s().+-][\d\s().-]*")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ,].*)?|\d{1,2}:\d{2}.*")
_PERSON = re.compile(r"(?:[A-Z][a-z'’]+[ -]){1,2}(?:[A-Z]\. )?[A-Z][\w'’-]+")
_SPLIT = re.compile(r"\s*[;|]\s*|,\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Values:
    """What the cells of a column look like. Shares are 0–1, of the cells that are filled."""

    cells: tuple[str, ...]
    rows: int

    @property
    def distinct(self) -> int:
        """Different values, case apart."""
        return len({cell.casefold() for cell in self.cells})

    @property
    def variety(self) -> float:
        """Different values to filled cells."""
        return self.distinct / len(self.cells) if self.cells else 0.0

    @property
    def mean_words(self) -> float:
        """Words in a cell, on average."""
        return sum(len(cell.split()) for cell in self.cells) / len(self.cells) if self.cells else 0.0

    def share(self, pattern: re.Pattern[str]) -> float:
        """How many cells are wholly of a pattern."""
        return (
            sum(1 for cell in self.cells if pattern.fullmatch(cell)) / len(self.cells) if self.cells else 0.0
        )

    @property
    def wordy(self) -> float:
        """How many cells hold a word of letters."""
        return (
            sum(1 for cell in self.cells if re.search(r"[^\W\d_]{2,}", cell)) / len(self.cells)
            if self.cells
            else 0.0
        )

    @property
    def multiple_choice(self) -> bool:
        """Whether most cells are lists drawn from a small set."""
        lists = [_SPLIT.split(cell.strip(" ;,|")) for cell in self.cells]
        if sum(len(parts) > 1 for parts in lists) < 0.3 * len(lists):
            return False
        counts = Counter(part.casefold() for parts in lists for part in parts if part)
        return sum(counts.values()) >= 2.5 * len(counts) and sum(
            n for n in counts.values() if n > 1
        ) >= 0.8 * sum(counts.values())


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table, and which of the closed ones are answers worth grouping by."""

    columns: tuple[Column, ...]
    closed: tuple[int, ...]

    def of(self, *roles: ColumnRole) -> list[int]:
        """Positions of the columns of these roles."""
        return [i for i, column in enumerate(self.columns) if column.role in roles]


def lay_out(
    names: Sequence[str],
    questions: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    participant: str | None,
    roles: Mapping[str, str],
) -> Layout:
    """Tell what each column is for from a sample of rows.

    `participant` names the participant column; `roles` what the caller knows better. A name that no column has is theirs to report.
    """
    values = [
        Values(tuple(cell for row in rows if i < len(row) and (cell := row[i].strip())), len(rows))
        for i in range(len(names))
    ]
    found: list[ColumnRole | None] = [
        _asked_for(name, question, participant, roles)
        for name, question in zip(names, questions, strict=True)
    ]
    turns = _turn_columns(names, values)
    for i, role in turns.items():
        found[i] = found[i] or role
    named = _participant_column(names, values, found)
    if ColumnRole.participant not in found and named is not None:
        found[named] = ColumnRole.participant
    final = [
        role or _role(name, question, cells)
        for role, name, question, cells in zip(found, names, questions, values, strict=True)
    ]
    _leave_out_notes([question or name for name, question in zip(names, questions, strict=True)], final)
    columns = tuple(
        Column(
            name=name,
            role=role,
            question=question,
            filled=len(cells.cells),
            distinct=cells.distinct,
            key=headers.demographic_key(question or name, cells.cells)
            if role is ColumnRole.demographic
            else "",
        )
        for name, question, role, cells in zip(names, questions, final, values, strict=True)
    )
    closed = tuple(
        i
        for i, column in enumerate(columns)
        if column.role is ColumnRole.other and _is_closed_answer(column, values[i])
    )
    return Layout(columns, closed)


def _leave_out_notes(headings: Sequence[str], roles: list[ColumnRole]) -> None:
    """A column of notes beside what participants wrote is the researcher's."""
    written = [i for i, role in enumerate(roles) if role in {ColumnRole.open_text, ColumnRole.transcript}]
    notes = [i for i in written if headers.RESEARCHERS.fullmatch(headings[i].strip())]
    if len(notes) < len(written):
        for i in notes:
            roles[i] = ColumnRole.other


def _asked_for(
    name: str, question: str, participant: str | None, roles: Mapping[str, str]
) -> ColumnRole | None:
    if participant is not None and name == participant:
        return ColumnRole.participant
    wanted = roles.get(name, roles.get(question))
    if wanted is None:
        return None
    wanted = {"text": "open text", "ignore": "other"}.get(wanted, wanted)
    try:
        return ColumnRole(wanted)
    except ValueError:
        known = ", ".join(f"“{role}”" for role in ColumnRole)
        raise ConfigurationError(f"“{wanted}” is no role of a column; a column is one of {known}") from None


def _turn_columns(names: Sequence[str], values: Sequence[Values]) -> dict[int, ColumnRole]:
    """A table of turns has a speaker and a text column; a long one of answers has a question and an answer column."""
    plain = [name.strip().lower() for name in names]
    texts = [i for i, name in enumerate(plain) if name in headers.TEXT and values[i].wordy > 0.5]
    if not texts:
        return {}
    for i, name in enumerate(plain):
        cells = values[i]
        if (
            name in headers.SPEAKER
            and cells.cells
            and cells.mean_words <= 4
            and (cells.variety <= 0.5 or labels.known_role(cells.cells[0]))
        ):
            if name == "role" and not any(labels.known_role(cell) for cell in set(cells.cells)):
                continue
            return {i: ColumnRole.speaker, texts[0]: ColumnRole.open_text}
    for i, name in enumerate(plain):
        if name in headers.QUESTION and values[i].wordy > 0.8:
            return {i: ColumnRole.question, texts[0]: ColumnRole.open_text}
    return {}


def _participant_column(
    names: Sequence[str], values: Sequence[Values], taken: Sequence[ColumnRole | None]
) -> int | None:
    """The first column whose header is a participant's and whose values are short and nearly all there."""
    for pattern in headers.PARTICIPANT:
        for i, name in enumerate(names):
            cells = values[i]
            if taken[i] is None and re.fullmatch(pattern, name.strip(), re.IGNORECASE) and cells.cells:
                filled = len(cells.cells) >= 0.8 * cells.rows
                # A ticket's “subject” is what it is about.
                longest = 1.2 if name.strip().lower() == "subject" else 3
                short = max(len(cell) for cell in cells.cells) <= 64 and cells.mean_words <= longest
                tells = cells.distinct >= 2 or cells.rows == 1 or pattern in headers.CERTAIN
                if filled and short and tells:
                    return i
    return None


def _role(name: str, question: str, values: Values) -> ColumnRole:
    header = question or name
    if not values.cells:
        return ColumnRole.other
    if _is_transcript(values):
        return ColumnRole.transcript
    if _holds_identifiers(values) or _asks_identifier(header, values) or _asks_identifier(name, values):
        return ColumnRole.identifier
    if values.wordy < 0.3 and not headers.demographic(header):
        return ColumnRole.other
    if values.share(_DATE) > 0.7 or (headers.META.match(header.strip()) and values.mean_words < 4):
        return ColumnRole.other
    if headers.demographic(header) and values.mean_words <= 6 and not values.multiple_choice:
        return ColumnRole.demographic
    return ColumnRole.open_text if _is_open(header, values) else ColumnRole.other


def _is_transcript(values: Values) -> bool:
    long = [cell for cell in values.cells if cell.count("\n") >= 2]
    sample = long[:6]
    found = sum(find_turns(cell) is not None for cell in sample)
    return len(long) > 0.5 * len(values.cells) and found > len(sample) / 2


def _holds_identifiers(values: Values) -> bool:
    """Whether the cells are addresses of people, pages or machines, whatever the header says."""
    if max(values.share(_EMAIL), values.share(_IP), values.share(_URL)) > 0.4:
        return True
    return values.share(_PHONE) > 0.7 and values.share(_DATE) < 0.3


def _asks_identifier(header: str, values: Values) -> bool:
    """Whether a header asks for what identifies, and the cells are short enough to be that."""
    asked = headers.plain(header)
    length = len(asked.split())
    short = values.mean_words <= (6 if length <= 6 else 3)
    if short and length <= 12 and (headers.IDENTIFIER.search(asked) or headers.ADDRESS.fullmatch(asked)):
        return True
    people = values.share(_PERSON)
    if headers.NAME_WORD.search(asked) and short and (length <= 3 or people > 0.3):
        return True
    if short and (headers.HANDLES.fullmatch(asked) or (headers.PEOPLE.search(asked) and people > 0.3)):
        return True
    many = people > 0.7 and values.variety > 0.6 and len(values.cells) >= 4
    return many and not headers.demographic(header)


def _is_open(header: str, values: Values) -> bool:
    if values.multiple_choice or values.wordy < 0.5:
        return False
    if values.mean_words >= 4 and (values.variety >= 0.5 or values.distinct > 200):
        return True
    if headers.OPEN_CUE.search(header) and values.variety >= 0.5 and values.mean_words >= 1.5:
        return True
    return values.variety >= 0.55 and values.distinct >= 15 and values.mean_words >= 1.5


def _is_closed_answer(column: Column, values: Values) -> bool:
    """Whether a closed column says something of a person: two to thirty choices that repeat, and more than a tick."""
    header = (column.question or column.name).strip()
    return (
        not headers.META.match(header)
        and 2 <= values.distinct <= 30
        and values.variety <= 0.5
        and values.wordy > 0.5
    )
