"""How people say goals, needs, pain points, behaviours, motivations and context: the cues of `cues.txt`, and where they hold.

A cue is a regular expression that begins at a first-person subject (`I`, `we`, `my`, or `it … me`). It counts only outside questions,
conditions and relative clauses, and where nothing near it takes it back ("no longer a problem"). Words are matched whole, never inside
others. `weight`, 0–1, says how sure the cue is by itself; `form` how a third-person sentence is made of it (see `restating`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PARTS = {
    "ADVERBS": (
        r"(?:(?:really|just|also|always|usually|often|mostly|mainly|generally|typically|normally|sometimes|still|actually|definitely|probably|honestly"
        r"|currently|personally|absolutely|especially|particularly|only|do|did|now|then|first|simply|constantly|regularly|frequently|occasionally"
        r"|never|ever|all|strongly|truly|genuinely|basically|kind of|sort of|very|so|quite|too|a bit|a little|super|pretty) )*"
    ),
    "FIRMLY": r"(?:(?:really|just|also|still|only|truly|honestly|definitely|mainly|ultimately|currently|do|actually|personally|simply) )*",
    "I": r"(?:i|we) ",
    "AM": r"(?:i am|i'm|we are|we're|im) ",
    "VE": r"(?:i have|i've|we have|we've) ",
    "D": r"(?:i would|i'd|we would|we'd) ",
    "HARD": (
        r"(?:hard|harder|difficult|tricky|tough|frustrating|annoying|irritating|confusing|tedious|stressful|exhausting|overwhelming|challenging|a pain"
        r"|a nightmare|a hassle|a struggle|painful|time[- ]consuming|awkward|unreliable|scary|impossible|upsetting|disappointing|infuriating|a waste of time|cumbersome|daunting)"
    ),
    "DOES": (
        r"(?:use|check|double[- ]check|verify|review|write|draft|ask|copy|paste|edit|rewrite|save|print|plan|keep|look up|look at|look for|search|google|test|run|upload"
        r"|feed|take|go back|go through|go over|go to|start|begin|rely on|avoid|screenshot|call|ring|email|read|compare|organise|organize|schedule|track|give|send|share|make sure"
        r"|make a|create|build|brainstorm|work on|work through|walk|drive|cycle|book|buy|pay|set|turn|type|type in|download|open|carry|leave|allow|end up|follow|prompt|generate|collect|record|listen"
        r"|watch|talk to|meet|prepare|note|write down|outline|sketch|rework|revise|proofread|cross[- ]check|cross[- ]reference|experiment|research|analyse|analyze|summarise|summarize"
        r"|come up with|do (?:my|all|most of|everything|the|it all)|try to|teach|let|bring|show|export|import|discuss|add|change|tell|switch|move|refine|convert|translate)"
    ),
    "LOVES": r"(?:love|enjoy|like(?! (?:to|just|literally|basically|totally|really|um|uh|yeah|actually|so|we|they|i|you|he|she|\w+ed|\d+)\b)(?!,)|adore|cherish|value|appreciate|care about|care a lot about|care deeply about|believe in|take pride in|thrive on|treasure)",
}
"""What patterns have in common."""
_PART = re.compile(r"\{([A-Z]+)\}")


@dataclass(frozen=True, slots=True)
class Cue:
    """One way of saying something of a kind."""

    facet: str
    pattern: re.Pattern[str]
    weight: float
    form: str


@cache
def _cues() -> tuple[Cue, ...]:
    """The rows of `cues.txt`."""
    lines = files(__package__).joinpath("cues.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split(maxsplit=3) for line in lines if line and not line.startswith("#"))
    return tuple(
        Cue(facet, re.compile(r"\b" + _PART.sub(lambda part: _PARTS[part[1]], pattern)), float(weight), form)
        for facet, weight, form, pattern in rows
    )


_UNSURE_BEFORE = frozenset(
    "if when whenever unless whether which who whom whose where wherever what how why whatever until once though although than while imagine suppose say said says told tells asked asks hear heard like that".split()
)
_LEADS = frozenset(
    """well yeah yes no oh ok okay honestly personally overall also then now actually recently currently usually sometimes often mostly
    basically plus still maybe perhaps again first second third finally lately here anyway otherwise therefore however furthermore moreover additionally
    generally typically today mainly ultimately so and but because since as right look obviously to be honest me for i'd nowadays
    unfortunately luckily fortunately especially normally similarly instead or yet really mhm um uh hmm just""".split()
)
"""What may stand between a clause's beginning and its subject; anything else may be the noun that the clause belongs to."""
_SETTING = re.compile(
    r"(?:every|each|most|these days|the night before|last|once a|twice a|during|in general|in my|on my|at work|at home|in the (?:morning|evening|end|past|future)|for me|for my)\b"
)
_REPORTED = re.compile(r"\b(?:said|says|say|told \w+|asks?|asked|goes|went)[,:]? ?[\"']?[^.;]{0,20}$")
_GIVES_REASON = re.compile(r"\b(?:because|since|cause|cos)(?: \w+){0,2} $")
"""What one wants because of which one does something else is a reason, not a goal."""
_FIRST_PERSON = re.compile(r"\b(?:i|me|my|we|us|our|i'm|i've|i'd)\b")
_THINKS = re.compile(
    r"(?:i|we)(?:'d| would| do| really| honestly| also| just| personally)? (?:think|feel|believe|guess|know|suppose|say|find|mean|imagine|must say|have to say|admit)(?: that| like)?"
)
_TAKEN_BACK = re.compile(
    r"\b(?:no|not|never|isn't|wasn't|aren't|don't|didn't|hasn't|haven't|without|rarely|hardly|less|no longer|used to be)\b(?: \w+){0,3} (?:problem|problems|issue|issues|trouble|difficult|hard|frustrating|annoying|concern|concerns|challenge|challenges|worried|concerned|frustration|struggle|stressful|afraid|bothered|big deal|downsides?)\b"
    r"|\bnever (?:had|been|was)\b|\b(?:helps?|helped|helping|solves?|solved|fixed|eases?|reduces?|reduced|saves?|saved|eliminates?|takes away|alleviates?|makes it (?:easier|less|so much|much))\b"
)
_NOT_THEIRS = re.compile(
    r"\b(?:i (?:don't|do not|didn't|never) (?:need|want|require|wish|have any)|(?:don't|do not|didn't|no) (?:really |necessarily |actually )?(?:need|want))\b"
)
_ABOUT_THE_TALK = re.compile(
    r"\b(?:(?:this|the) (?:interview|conversation|survey|study|chat)|(?:thank|thanks)\b|happy to (?:help|chat|share|answer)|ready to (?:go|start|begin)|no questions?|any questions|sounds good|let's|your (?:question|time|research)"
    r"|like i said|as i (?:said|mentioned)|good question|want to (?:say|add|mention|share|specify|clarify|note|make clear|be clear|point out|talk about|start with|emphasi[sz]e|stress|thank)|see what you mean|i hope (?:that|this) (?:helps|makes))\b"
)
_BOUNDARY = re.compile(r"[,;:()—–\"“”]| - | and | but | so | because | then | or | yet | since | as ")
_VAGUE = re.compile(
    r"^(?:i|we) (?:\w+ )?(?:do|did|try|use|find|like|love|need|want|enjoy|get|make|let) (?:it|that|this|so|them|both|all|these|those)\b[.!]?$"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue found in a sentence: half-open offsets into the plain sentence, which are those of the sentence itself."""

    facet: str
    weight: float
    form: str
    start: int
    end: int


def plain(sentence: str) -> str:
    """Lower case with straight quotation marks; every character stands where it stood."""
    lowered = sentence.lower()
    if len(lowered) != len(sentence):
        lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in sentence)
    return lowered.translate(_STRAIGHT)


_STRAIGHT = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "\n": " ", "\t": " ", "\r": " ", "\xa0": " "}
)


def hits(sentence: str) -> list[Hit]:
    """The cues that hold in a sentence, best first; one a facet, none in a question or in talk about the talk."""
    text = plain(sentence)
    if text.rstrip(" \"')").endswith("?") or _ABOUT_THE_TALK.search(text):
        return []
    best: dict[str, Hit] = {}
    for cue in _cues():
        for match in cue.pattern.finditer(text):
            if _holds(cue, text, match):
                facet = (
                    "motivations"
                    if cue.facet == "goals" and _GIVES_REASON.search(text[: match.start()])
                    else cue.facet
                )
                hit = Hit(facet, cue.weight, cue.form, match.start(), match.end())
                if facet not in best or hit.weight > best[facet].weight:
                    best[facet] = hit
                break
    return sorted(_settled(best).values(), key=lambda hit: (-hit.weight, hit.start))


def _holds(cue: Cue, text: str, match: re.Match[str]) -> bool:
    """Whether a cue is the speaker's own: not in a condition, not somebody else's words, not taken back."""
    before = text[: match.start()]
    boundary = max((found.end() for found in _BOUNDARY.finditer(before)), default=0)
    lead = re.findall(r"[\w']+", _THINKS.sub(" ", before[boundary:]))
    if not set(lead) <= _LEADS and not (
        _SETTING.match(" ".join(lead)) and len(lead) <= 6 and not set(lead) & _UNSURE_BEFORE
    ):
        return False
    # "because, if I need …": what stands right before a clause may make it a condition all the same.
    last = re.findall(r"[\w']+", before[:boundary])[-1:]
    if last and last[0] in _UNSURE_BEFORE - {"like"}:
        return False
    if cue.form == "it" and cue.facet == "pain_points" and not _FIRST_PERSON.search(text):
        return False
    if _REPORTED.search(before):
        return False
    around = text[max(0, match.start() - 30) : match.end() + 60]
    if cue.facet == "pain_points" and _TAKEN_BACK.search(around):
        return False
    if (
        cue.facet in {"goals", "needs"}
        and cue.form != "do"
        and _NOT_THEIRS.search(text[max(0, match.start() - 12) : match.end() + 4])
    ):
        return False
    return not _VAGUE.match(text[match.start() :].strip())


def _settled(best: dict[str, Hit]) -> dict[str, Hit]:
    """Where two cues begin at the same subject, the narrower kind stands: a feeling before a habit."""
    order = ("pain_points", "goals", "needs", "motivations", "context", "behaviours")
    kept: dict[str, Hit] = {}
    for facet in order:
        hit = best.get(facet)
        if hit is not None and all(abs(hit.start - other.start) > 12 for other in kept.values()):
            kept[facet] = hit
    return kept
