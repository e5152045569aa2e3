"""What a column's header says: whose id it is, what identifies, what is a demographic, what asks for words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from persona_core.text import words

_NUMBER = r"(?:[ _-]*(?:id|no\.?|nr\.?|number|#|code))"
PARTICIPANT = (
    rf"participants?(?:{_NUMBER}|[ _-]*name)?",
    rf"(?:respondent|responder|interviewee|subject|informant){_NUMBER}?"
    rf"|(?:teilnehmer(?:in)?|befragter?|proband(?:in)?|participante|entrevistad[oa]|encuestad[oa]|répondante?|enquêtée?"
    rf"|intervistat[oa]|deelnemer|deltagare|uczestnik|участник|респондент){_NUMBER}?|参加者|回答者|被験者|受访者|참가자|응답자",
    rf"(?:p|s|u|user|person|customer|client|case|panelist|member){_NUMBER}|pid|uid|user",
    rf"(?:transcript|interview|session|dialog|conversation){_NUMBER}",
    r"response[ _-]*id|uuid|guid|token|#|id|no\.?|nr\.?|number",
)
"""Headers of a participant column, the surest first."""
CERTAIN = PARTICIPANT[:2]
"""Those that name one even where a table is about one person."""
IDENTIFIER = re.compile(
    r"\b(?:ip ?address|lat|lon|lng|latitude|longitude|geo|gps|coordinates|e-?mail|phone|telephone|mobile (?:number|no)|cell ?phone number|recipient"
    r"|first ?name|last ?name|surname|family name|given name|full name|your name|user ?name|nickname|street"
    r"|(?:postal|home|mailing|billing|your|street) address|(?:zip|postal) ?code|post ?code|zip"
    r"|external ?(?:data ?)?reference|linkedin|twitter|instagram|facebook|handle|network ?id|url|website|web ?site"
    r"|prolific|mturk|(?:worker|panel(?:ist)?) ?id|signature|date of birth|birth ?date|birthday|passport|social security|national insurance|tax id"
    r"|(?:student|employee|staff|patient|account|membership|licen[cs]e) (?:id|number|no|code))\b",
    re.IGNORECASE,
)
PEOPLE = re.compile(
    r"\b(?:author|reviewer|requester|reporter|assignee|agent|owner|supervisor|manager|instructor|teacher|interviewer"
    r"|moderator|advisor|doctor|therapist|(?:created|submitted|handled|posted|referred|recruited) by)\b",
    re.IGNORECASE,
)
"""Headers of somebody else, or of who wrote: identifiers where their cells are names."""
HANDLES = re.compile(
    r"author|reviewer|requester|reporter|assignee|interviewer|moderator|(?:\w+ )by"
    r"|(?:note|document|doc|file|interview|session|recording|video|transcript) ?(?:title|name)",
    re.IGNORECASE,
)
RESEARCHERS = re.compile(
    r"(?:(?:researcher|interviewer|moderator|internal|my)(?:['’]?s)? )?notes?", re.IGNORECASE
)
NAME_WORD = re.compile(r"\bnames?\b", re.IGNORECASE)
ADDRESS = re.compile(r"(?:\w+ )?address(?: line)? ?\d?", re.IGNORECASE)
META = re.compile(
    r"^(?:(?:start|end|recorded|submit(?:ted)?|created|completion|submission|last)[ _-]*(?:date|time|at)?"
    r"|date(?: submitted)?|timestamp|time(?: started)?|.*\bdate\b.*|status|progress|finished|duration.*"
    r"|distribution ?channel|user ?language|response type|score|collector.*|.*time.?stamp.*|weight)$",
    re.IGNORECASE,
)
"""What a survey tool writes of itself."""
_DEMOGRAPHICS: Mapping[str, re.Pattern[str]] = {
    key: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)
    for key, pattern in {
        "age": r"age|how old|born|birth year|year of birth",
        "gender": r"gender|sex|pronouns?",
        "occupation": r"occupation|job|profession|role|job title|position|what do you do for a living|line of work",
        "industry": r"industry|industries|sector|field of work",
        "education": r"education|degree|qualification|school(?:ing)?",
        "location": r"country|nationality|city|town|region|state|province|county|location|where do you live|area|residence"
        r"|live in|borough",
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
    }.items()
}
_NO_DEMOGRAPHIC = re.compile(
    r"\b(?:often|frequency|frequently|buying|prefer|satisf\w*|rate|likely|use|using|why|describe|change|improve)\b",
    re.IGNORECASE,
)
_YOURS = re.compile(r"\bwhat is your\b|\byour (?:primary |current )?role\b", re.IGNORECASE)
_SUBJECT_FIRST = re.compile(
    r"(?:what|which|where|how (?:old|many years|long have you worked)|please|are you|do you)\b", re.IGNORECASE
)
_AGE = re.compile(
    r".*\bage(?: (?:group|range|band|bracket))?"
    r"|(?:how old|what is your age|born|birth year|year of birth).*",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\d\s*[-–+]|\b(?:to|under|over)\b|[<>]")
_NO_SUBJECT = frozenset({"what", "is", "your", "do", "you", "the", "which", "in", "have", "a", "are", "of"})
OPEN_CUE = re.compile(
    r"\b(?:why|explain|explanation|describe|description|comments?|feedback|specify|write.?in|tell us|elaborate|reasons?"
    r"|improve|suggestions?|frustrat\w*|challenges?|what (?:would|do|did|is|are|makes?|else)|how (?:do|did|would|does)"
    r"|thoughts|notes?|answer|response|entry|quote|text|review|opinion|anything)\b",
    re.IGNORECASE,
)
TEXT = frozenset(
    {"text", "utterance", "content", "message", "turn", "transcript", "words", "sentence"}
    | {"answer", "response", "entry", "comment", "note", "quote"}
)
SPEAKER = frozenset(
    {"speaker", "speaker_name", "speaker_label", "name", "who", "voice", "author", "from", "role"}
)
QUESTION = frozenset({"question", "prompt", "item", "question_text"})


def plain(header: str) -> str:
    """A header in separate words: `RecipientFirst_Name` is `Recipient First Name`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[_\xa0]+", " ", header).strip()


def demographic(header: str) -> str | None:
    """The short name of the demographic that a header asks for."""
    # The subject of a long question stands before its explanations:
    # "Industry #1: what industries …", "role (e.g. student, …)".
    asked = re.sub(r"\([^)]*\)", " ", plain(header)).strip()
    if _NO_DEMOGRAPHIC.search(asked) and not _YOURS.search(asked):
        return None
    long = len(asked.split()) > 6 and not _SUBJECT_FIRST.match(asked)
    scope = " ".join(asked.split()[:3]) if long else asked
    hits = [
        (match.start(), key) for key, pattern in _DEMOGRAPHICS.items() if (match := pattern.search(scope))
    ]
    return min(hits)[1] if hits else None


def demographic_key(header: str, cells: Sequence[str]) -> str:
    """The short name that a persona uses for a demographic.

    `occupation`, `gender`, …; `age_range` where ages are in bands; else made of the header's words.
    """
    key = demographic(header)
    if key == "age" and _AGE.fullmatch(header.strip(" ?:")):
        ranged = sum(1 for cell in cells if _RANGE.search(cell))
        return "age_range" if ranged > 0.3 * len(cells) else "age"
    return key if key and key not in {"age", "family"} else _slug(header)


def _slug(header: str) -> str:
    kept = [word.lower() for word in words(header.split(":")[0]) if word.lower() not in _NO_SUBJECT]
    return "_".join(kept[:4]) or "other"
