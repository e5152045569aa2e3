"""What each column of a table is for, told by its header and its values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from persona_core.errors import ConfigurationError
from persona_core.loading import labels
from persona_core.loading.transcript import find_turns
from persona_core.models.corpus import Column, ColumnRole
from persona_core.text import words

_PARTICIPANT = (
    r"participants?(?:[ _-]*(?:id|no|nr|number|#|code|name))?",
    r"(?:respondent|responder|interviewee|subject|informant)(?:[ _-]*(?:id|no|nr|number|#|code))?",
    r"(?:p|s|u|user|person|customer|client|case|panelist|member)[ _-]*(?:id|no|nr|number|#|code)|pid|uid|user",
    r"(?:transcript|interview|session|dialog|conversation)[ _-]*(?:id|no|nr|number|#|code)",
    r"response[ _-]*id|uuid|guid|token|#|id|no\.?|nr\.?|number",
)
_IDENTIFIER = re.compile(
    r"\b(?:ip ?address|latitude|longitude|e-?mail|phone|telephone|mobile (?:number|no)|cell ?phone number|recipient|first ?name|last ?name|surname"
    r"|family name|given name|full name|your name|user ?name|nickname|street|(?:postal|home|mailing|billing|your|street) address|external ?(?:data ?)?reference"
    r"|linkedin|twitter|instagram|facebook|handle|url|website|web ?site|signature|date of birth|birth ?date|birthday|passport|social security)\b",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"\bnames?\b", re.IGNORECASE)
_META = re.compile(
    r"^(?:(?:start|end|recorded|submit(?:ted)?|created|completion|submission|last)[ _-]*(?:date|time|at)?|date(?: submitted)?|timestamp|time(?: started)?|.*\bdate\b.*"
    r"|status|progress|finished|duration.*|distribution ?channel|user ?language|response type|network id|score|collector.*|.*time.?stamp.*|weight)$",
    re.IGNORECASE,
)
_DEMOGRAPHICS: Mapping[str, str] = {
    "age": r"age|how old|born|birth year|year of birth",
    "gender": r"gender|sex|pronouns?",
    "occupation": r"occupation|job|profession|role|job title|position|what do you do for a living|line of work",
    "industry": r"industry|industries|sector|field of work",
    "education": r"education|degree|qualification|school(?:ing)?",
    "location": r"country|nationality|city|town|region|state|province|county|location|where do you live|area|residence|live in|borough",
    "ethnicity": r"ethnic\w*|race|racial",
    "income": r"income|salary|earnings?",
    "family": r"marital|relationship status|household|children|kids|parents?|family|dependants?",
    "language": r"native language|mother tongue|first language",
    "employment": r"employment|employed|work status|working status",
    "experience": r"seniority|years? of experience|experience level|how many years|how long have you worked|tenure",
    "organisation_size": r"company size|team size|organi[sz]ation size|number of employees",
    "department": r"department|business unit",
    "political_affiliation": r"political.*",
    "religion": r"religio\w+",
    "disability": r"disabilit\w+|impairment",
}
_NO_DEMOGRAPHIC = re.compile(
    r"\b(?:often|frequency|frequently|buying|prefer|satisf\w*|rate|likely|use|using|why|describe|change|improve)\b",
    re.IGNORECASE,
)
_OPEN_CUE = re.compile(
    r"\b(?:why|explain|explanation|describe|description|comments?|feedback|specify|write.?in|tell us|elaborate|reasons?|improve|suggestions?"
    r"|frustrat\w*|challenges?|what (?:would|do|did|is|are|makes?|else)|how (?:do|did|would|does)|thoughts|notes?|answer|response|entry|quote|text|review|opinion|anything)\b",
    re.IGNORECASE,
)
_TEXT_HEADERS = frozenset(
    [
        "text",
        "utterance",
        "content",
        "message",
        "turn",
        "transcript",
        "words",
        "sentence",
        "answer",
        "response",
        "entry",
        "comment",
        "note",
        "quote",
    ]
)
_SPEAKER_HEADERS = frozenset(
    ["speaker", "speaker_name", "speaker_label", "speaker", "name", "who", "voice", "author", "from", "role"]
)
_QUESTION_HEADERS = frozenset(["question", "prompt", "item", "question_text"])
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
    if ColumnRole.participant not in found and (i := _participant_column(names, values, found)) is not None:
        found[i] = ColumnRole.participant
    final = [
        role or _role(question or name, cells)
        for role, name, question, cells in zip(found, names, questions, values, strict=True)
    ]
    columns = tuple(
        Column(
            name=name,
            role=role,
            question=question,
            filled=len(cells.cells),
            distinct=cells.distinct,
            key=demographic_key(question or name, cells) if role is ColumnRole.demographic else "",
        )
        for name, question, role, cells in zip(names, questions, final, values, strict=True)
    )
    closed = tuple(
        i
        for i, column in enumerate(columns)
        if column.role is ColumnRole.other and _is_closed_answer(column, values[i])
    )
    return Layout(columns, closed)


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
    texts = [i for i, name in enumerate(plain) if name in _TEXT_HEADERS and values[i].wordy > 0.5]
    if not texts:
        return {}
    for i, name in enumerate(plain):
        cells = values[i]
        if (
            name in _SPEAKER_HEADERS
            and cells.cells
            and cells.mean_words <= 4
            and (cells.variety <= 0.5 or labels.known_role(cells.cells[0]))
        ):
            if name == "role" and not any(labels.known_role(cell) for cell in set(cells.cells)):
                continue
            return {i: ColumnRole.speaker, texts[0]: ColumnRole.open_text}
    for i, name in enumerate(plain):
        if name in _QUESTION_HEADERS and values[i].wordy > 0.8:
            return {i: ColumnRole.question, texts[0]: ColumnRole.open_text}
    return {}


def _participant_column(
    names: Sequence[str], values: Sequence[Values], taken: Sequence[ColumnRole | None]
) -> int | None:
    """The first column whose header is a participant's and whose values are short and nearly all there."""
    for pattern in _PARTICIPANT:
        for i, name in enumerate(names):
            cells = values[i]
            if taken[i] is None and re.fullmatch(pattern, name.strip(), re.IGNORECASE) and cells.cells:
                filled = len(cells.cells) >= 0.8 * cells.rows
                short = max(len(cell) for cell in cells.cells) <= 64 and cells.mean_words <= 3
                if filled and short and (cells.distinct >= 2 or cells.rows == 1):
                    return i
    return None


def _role(header: str, values: Values) -> ColumnRole:
    if not values.cells:
        return ColumnRole.other
    if _is_transcript(values):
        return ColumnRole.transcript
    if _is_identifier(header, values):
        return ColumnRole.identifier
    if values.wordy < 0.3 and not _demographic(header):
        return ColumnRole.other
    if _META.match(header.strip()) or values.share(_DATE) > 0.7:
        return ColumnRole.other
    if _is_demographic(header, values):
        return ColumnRole.demographic
    return ColumnRole.open_text if _is_open(header, values) else ColumnRole.other


def _is_transcript(values: Values) -> bool:
    long = [cell for cell in values.cells if cell.count("\n") >= 2]
    sample = long[:6]
    return (
        len(long) > 0.5 * len(values.cells)
        and sum(find_turns(cell) is not None for cell in sample) > len(sample) / 2
    )


def _is_identifier(header: str, values: Values) -> bool:
    if max(values.share(_EMAIL), values.share(_IP), values.share(_URL)) > 0.4 or (
        values.share(_PHONE) > 0.7 and values.share(_DATE) < 0.3
    ):
        return True
    short = values.mean_words <= 6
    if _IDENTIFIER.search(header.replace("_", " ")) and short and len(header.split()) <= 12:
        return True
    if (
        re.fullmatch(r"(?:\w+ )?address(?: line)? ?\d?", header.replace("_", " ").strip(), re.IGNORECASE)
        and short
    ):
        return True
    people = values.share(_PERSON)
    if _NAME_WORD.search(header) and short and (len(header.split()) <= 3 or people > 0.3):
        return True
    return people > 0.7 and values.variety > 0.6 and len(values.cells) >= 4 and not _demographic(header)


def _demographic(header: str) -> str | None:
    """The short name of the demographic that a header asks for."""
    # The subject of a long question stands before its explanations: "Industry #1: what industries …", "role (e.g. student, …)".
    plain = re.sub(r"\([^)]*\)", " ", re.sub(r"[_\xa0]+", " ", header)).strip()
    if _NO_DEMOGRAPHIC.search(plain) and not re.search(
        r"\bwhat is your\b|\byour (?:primary |current )?role\b", plain, re.IGNORECASE
    ):
        return None
    long = len(plain.split()) > 6 and not re.match(
        r"(?:what|which|where|how (?:old|many years|long have you worked)|please|are you|do you)\b",
        plain,
        re.IGNORECASE,
    )
    scope = " ".join(plain.split()[:3]) if long else plain
    hits = [
        (match.start(), key)
        for key, pattern in _DEMOGRAPHICS.items()
        if (match := re.search(rf"\b(?:{pattern})\b", scope, re.IGNORECASE))
    ]
    return min(hits)[1] if hits else None


def _is_demographic(header: str, values: Values) -> bool:
    return _demographic(header) is not None and values.mean_words <= 6 and not values.multiple_choice


def demographic_key(header: str, values: Values) -> str:
    """The short name that a persona uses for a demographic: `occupation`; `age_range` where ages are in bands; else of the header."""
    key = _demographic(header)
    ranged = sum(1 for cell in values.cells if re.search(r"\d\s*[-–+]|\b(?:to|under|over)\b|[<>]", cell))
    if key == "age":
        if not re.fullmatch(
            r".*\bage(?: (?:group|range|band|bracket))?|(?:how old|what is your age|born|birth year|year of birth).*",
            header.strip(" ?:"),
            re.IGNORECASE,
        ):
            return _slug(header)
        return "age_range" if ranged > 0.3 * len(values.cells) else "age"
    if key == "family":
        return _slug(header)
    return key or _slug(header)


def _slug(header: str) -> str:
    kept = [
        word.lower()
        for word in words(header.split(":")[0])
        if word.lower()
        not in {"what", "is", "your", "do", "you", "the", "which", "in", "have", "a", "are", "of"}
    ]
    return "_".join(kept[:4]) or "other"


def _is_open(header: str, values: Values) -> bool:
    if values.multiple_choice or values.wordy < 0.5:
        return False
    if values.mean_words >= 4 and (values.variety >= 0.5 or values.distinct > 200):
        return True
    if _OPEN_CUE.search(header) and values.variety >= 0.5 and values.mean_words >= 1.5:
        return True
    return values.variety >= 0.55 and values.distinct >= 15 and values.mean_words >= 1.5


def _is_closed_answer(column: Column, values: Values) -> bool:
    """Whether a closed column says something of a person: two to thirty choices that repeat, and more than a tick."""
    header = (column.question or column.name).strip()
    return (
        not _META.match(header)
        and 2 <= values.distinct <= 30
        and values.variety <= 0.5
        and values.wordy > 0.5
    )
