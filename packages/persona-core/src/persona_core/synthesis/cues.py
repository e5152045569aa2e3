"""How people say goals, needs, pain points, behaviours, motivations and context: a lexicon, one cue a row.

A cue is a regular expression that begins at a first-person subject (`I`, `we`, `my`, or `it … me`). It counts only outside questions,
conditions and relative clauses, and where nothing near it takes it back ("no longer a problem"). Words are matched whole, never inside
others. `weight`, 0–1, says how sure the cue is by itself; `form` how a third-person sentence is made of it (see `restating`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ADVERBS = (
    r"(?:(?:really|just|also|always|usually|often|mostly|mainly|generally|typically|normally|sometimes|still|actually|definitely|probably|honestly"
    r"|currently|personally|absolutely|especially|particularly|only|do|did|now|then|first|simply|constantly|regularly|frequently|occasionally"
    r"|never|ever|all|strongly|truly|genuinely|basically|kind of|sort of|very|so|quite|too|a bit|a little|super|pretty) )*"
)
_FIRMLY = r"(?:(?:really|just|also|still|only|truly|honestly|definitely|mainly|ultimately|currently|do|actually|personally|simply) )*"
_I = r"(?:i|we) "
_AM = r"(?:i am|i'm|we are|we're|im) "
_VE = r"(?:i have|i've|we have|we've) "
_D = r"(?:i would|i'd|we would|we'd) "

_HARD = (
    r"(?:hard|harder|difficult|tricky|tough|frustrating|annoying|irritating|confusing|tedious|stressful|exhausting|overwhelming|challenging|a pain"
    r"|a nightmare|a hassle|a struggle|painful|time[- ]consuming|awkward|unreliable|scary|impossible|upsetting|disappointing|infuriating|a waste of time|cumbersome|daunting)"
)
_DOES = (
    r"(?:use|check|double[- ]check|verify|review|write|draft|ask|copy|paste|edit|rewrite|save|print|plan|keep|look up|look at|look for|search|google|test|run|upload"
    r"|feed|take|go back|go through|go over|go to|start|begin|rely on|avoid|screenshot|call|ring|email|read|compare|organise|organize|schedule|track|give|send|share|make sure"
    r"|make a|create|build|brainstorm|work on|work through|walk|drive|cycle|book|buy|pay|set|turn|type|type in|download|open|carry|leave|allow|end up|follow|prompt|generate|collect|record|listen"
    r"|watch|talk to|meet|prepare|note|write down|outline|sketch|rework|revise|proofread|cross[- ]check|cross[- ]reference|experiment|research|analyse|analyze|summarise|summarize"
    r"|come up with|do (?:my|all|most of|everything|the|it all)|try to|teach|let|bring|show|export|import|discuss|add|change|tell|switch|move|refine|convert|translate)"
)
_LOVES = r"(?:love|enjoy|like(?! (?:to|just|literally|basically|totally|really|um|uh|yeah|actually|so|we|they|i|you|he|she|\w+ed|\d+)\b)(?!,)|adore|cherish|value|appreciate|care about|care a lot about|care deeply about|believe in|take pride in|thrive on|treasure)"


@dataclass(frozen=True, slots=True)
class Cue:
    """One way of saying something of a kind."""

    facet: str
    pattern: re.Pattern[str]
    weight: float
    form: str


def _cue(facet: str, weight: float, form: str, pattern: str) -> Cue:
    return Cue(facet, re.compile(rf"\b{pattern}"), weight, form)


CUES: tuple[Cue, ...] = (
    # Goals: an end of one's own. `want` with a thing is a need; `want to` is a goal.
    _cue(
        "goals",
        1.0,
        "my",
        r"(?:my|our) (?:\w+ ){0,2}(?:goal|goals|aim|aims|hope|hopes|dream|objective|ambition|intention|aspiration|target|end goal) (?:here |there |for me |right now )?(?:is|are|would be|has been)\b",
    ),
    _cue(
        "goals",
        1.0,
        "be",
        rf"{_AM}{_ADVERBS}(?:trying|hoping|aiming|planning|striving|looking|working|determined|keen|eager) (?:hard )?(?:to|toward|towards)\b(?! (?:figure|say|think|remember)\b)",
    ),
    _cue("goals", 0.9, "verb", rf"{_I}{_FIRMLY}(?:want|hope|aim|plan|intend|strive|wish) to\b"),
    _cue(
        "goals",
        0.8,
        "do",
        rf"{_I}{_ADVERBS}(?:don't|do not) want to (?:lose|miss|waste|pay|end up|have to|be|get|spend|give up|worry)\b",
    ),
    _cue(
        "goals",
        0.8,
        "would",
        rf"(?:{_D})(?:really |still |also )?(?:love|like|hope) to (?!(?:see|have|be able|know|get|use|hear|find|feel|be told|trust|verify|think|say|believe|add|thank|mention|point|talk|imagine|consider|try)\b)\w+",
    ),
    _cue(
        "goals",
        0.7,
        "be",
        rf"{_AM}{_ADVERBS}(?:looking forward to|after|saving (?:up )?for|working towards?)\b",
    ),
    # Needs: what is required, wished for or missing.
    _cue(
        "needs",
        1.0,
        "verb",
        rf"{_I}{_FIRMLY}(?:need|require)\b(?! (?:not|to)\b| my | our )",
    ),
    # "I need to" is mostly a duty; what one needs to know, see or have is a need.
    _cue(
        "needs",
        1.0,
        "verb",
        rf"{_I}{_FIRMLY}need to (?:know|be able|see|feel|trust|understand|hear|be told|be sure|rely)\b",
    ),
    _cue("needs", 0.9, "verb", rf"{_I}{_ADVERBS}(?:wish)\b(?! to)"),
    _cue(
        "needs",
        0.9,
        "would",
        rf"{_D}{_ADVERBS}(?:like|love|want|appreciate|prefer)\b(?! to (?!(?:see|have|be able|know|get|use|hear|find|feel|be told|trust|not)\b)\w| my | our )",
    ),
    _cue(
        "needs",
        0.8,
        "verb",
        rf"{_I}{_ADVERBS}(?:want|could really use|could do with|am missing|miss|lack) (?:it|them|something|someone|somebody|a|an|the|more|better|less|fewer|one|proper|real|that|this|clear|clearer|honest)\b",
    ),
    _cue(
        "needs",
        0.8,
        "it",
        r"it (?:would|'d) (?:really |also |definitely )?(?:be (?:\w+ )?(?:nice|great|helpful|useful|good|amazing|ideal|wonderful|easier|better|cool|handy|fantastic|awesome|lovely)|help)\b",
    ),
    _cue(
        "needs",
        0.8,
        "my",
        r"(?:what|all|the thing) (?:i|we) (?:really |would )?(?:need|want|miss|like) (?:is|are|would be)\b",
    ),
    # Pain points: a difficulty, a failure or a worry of one's own.
    _cue(
        "pain_points",
        1.0,
        "verb",
        rf"{_I}{_ADVERBS}(?:find|found|think) (?:(?:it|this|that) (?:\w+ )?(?:{_ADVERBS})?{_HARD} (?=to|when|if|that|because|for|how|not)|(?:them|the \w+|\w+ing) (?:to be )?(?:{_ADVERBS})?{_HARD}\b)",
    ),
    _cue(
        "pain_points",
        1.0,
        "verb",
        rf"{_I}{_ADVERBS}(?:struggle|struggled|hate|hated|dread|resent|worry|suffer|can't stand|can't bear)\b",
    ),
    _cue(
        "pain_points",
        1.0,
        "be",
        rf"{_AM}{_ADVERBS}(?:worried|concerned|afraid|frustrated|anxious|overwhelmed|scared|nervous|stuck|annoyed|tired of|sick of|fed up|wary|struggling|cross|terrified|uncomfortable|sceptical|skeptical|bothered|hesitant)\b",
    ),
    _cue(
        "pain_points",
        1.0,
        "verb",
        rf"{_I}{_ADVERBS}(?:get|got|become|became|feel|felt) {_ADVERBS}(?:frustrated|stuck|lost|annoyed|confused|overwhelmed|anxious|stressed|nervous|guilty|uncomfortable|uneasy|embarrassed|cheated|stupid|helpless|disappointed|bogged down|discouraged|trapped|frightened|a penalty|fined)\b",
    ),
    _cue(
        "pain_points",
        1.0,
        "my",
        r"(?:my|our) (?:\w+ ){0,2}(?:frustration|frustrations|problem|problems|concern|concerns|challenge|challenges|worry|worries|issue|issues|complaint|fear|pain point|gripe|struggle|difficulty|bugbear|hesitation) (?:\w+ ){0,3}(?:is|are|was|were|has been|would be)\b",
    ),
    _cue(
        "pain_points",
        0.9,
        "thing",
        r"the (?:(?:hardest|worst|most (?:frustrating|annoying|difficult|challenging|tedious|stressful|irritating)) (?:\w+ )?(?:thing|part|bit|problem)|(?:biggest|main|only|worst|one) (?:\w+ )?(?:problem|frustration|challenge|issue|concern|drawback|downside|limitation|worry|obstacle|hurdle|complaint)) (?:\w+ ){0,4}(?:is|was|are|were)\b",
    ),
    _cue(
        "pain_points",
        0.8,
        "it",
        rf"(?:it|that|this|which)(?:'s| is| was| can be| gets| became| got| has been) (?:{_ADVERBS})(?:\w+ )?{_HARD}\b",
    ),
    _cue(
        "pain_points",
        0.8,
        "verb",
        rf"{_I}{_ADVERBS}(?:(?:don't|do not|didn't|did not|doesn't) {_ADVERBS}(?:trust|know (?:how|what|where|which)|understand|have (?:enough|time|access|the time))|distrust|mistrust|dislike|disliked)\b",
    ),
    _cue(
        "pain_points",
        0.8,
        "had",
        rf"(?:{_VE}|(?:i|we) )(?:{_ADVERBS})(?:had|have|ran into|run into|encountered|experienced) (?:\w+ ){{0,2}}(?:problems?|issues?|trouble|difficulty|difficulties|a hard time|a bad experience|bad experiences|concerns|frustrations?|to start over|to redo)\b",
    ),
    _cue("pain_points", 0.7, "verb", rf"{_I}(?:{_ADVERBS})(?:lost|missed|wasted|waste|lose)\b"),
    _cue(
        "pain_points",
        0.8,
        "verb",
        rf"{_I}(?:{_ADVERBS})(?:can't|cannot|can not|couldn't|am not able to|was not able to|wasn't able to)\b(?! (?:say|think|imagine|complain|remember|wait|speak|recall|help but|see myself|stress|believe|share|reveal|disclose|give|put into|go into|discuss|name|tell you|talk))",
    ),
    _cue(
        "pain_points",
        0.7,
        "it",
        r"(?:it|the \w+|that|they) (?:\w+ )?(?:drives? me|stresses me|worries me|bothers me|annoys me|frustrates me|scares me|concerns me|irritates me|puts me off|slows me down|wastes my|cost me|costs me|frightens me)\b",
    ),
    _cue(
        "pain_points",
        0.7,
        "it",
        r"(?:it|the \w+|that|they|this) (?:\w+ )?(?:keeps|kept) (?:crashing|failing|changing|breaking|forgetting|getting|giving|losing|logging|asking|freezing|stopping|making)\b",
    ),
    # Behaviours: what they do, in the present, as a rule; and how long they have.
    _cue(
        "behaviours",
        1.0,
        "verb",
        r"(?:i|we) (?:\w+ly )?(?:usually|always|often|typically|generally|normally|regularly|mostly|tend to|frequently|constantly|sometimes|occasionally|routinely|mainly|never|rarely|primarily) (?!want|need|feel|felt|think|thought|hope|wish|love|enjoy|hate|like|worry|struggle|find|found|get|got|have|had|am|was|were|been|know|knew|believe|prefer|wanted|would|will|be|care|see|seem|wonder)(?:\w+)\b",
    ),
    _cue("behaviours", 0.9, "verb", rf"{_I}(?:{_ADVERBS})(?:{_DOES})\b"),
    _cue(
        "behaviours",
        0.9,
        "have",
        rf"(?:{_VE})(?:{_ADVERBS})been (?:using|doing|experimenting|relying|checking|keeping|writing|testing|trying out)\b",
    ),
    _cue(
        "behaviours",
        0.8,
        "my",
        r"(?:my|our) (?:\w+ ){0,2}(?:process|routine|workflow|approach|habit|method|first step|go-to) (?:\w+ ){0,2}(?:is|are|involves|starts|begins)\b",
    ),
    _cue(
        "behaviours",
        0.8,
        "do",
        rf"{_I}(?:don't|do not) {_ADVERBS}(?:use|rely on|let|ask|bother|plan|check|share|give|put|keep|copy|carry|look|read|pay|allow)\b",
    ),
    # Motivations: why they do it, what they enjoy and stand for.
    _cue(
        "motivations",
        1.0,
        "verb",
        rf"{_I}{_ADVERBS}(?:{_LOVES})\b(?! (?:we|they|i said|to think|to say|to add|you|it if|for it|to see|when|if|how you|your))",
    ),
    _cue(
        "motivations",
        0.9,
        "be",
        rf"{_AM}{_ADVERBS}(?:proud|passionate|motivated|driven|fascinated|inspired|excited (?:about|by|to)|committed|dedicated|curious)\b",
    ),
    _cue(
        "motivations",
        0.9,
        "thing",
        r"(?:what|the (?:main |biggest )?(?:reason|thing)(?: that| why)?) (?:\w+ )?(?:motivates|drives|inspires|excites|keeps|matters to|i love|i enjoy|i like|we love|i value|i do|i use|i got) (?:\w+ ){0,6}(?:is|was)\b",
    ),
    _cue(
        "motivations",
        0.8,
        "it",
        r"(?:it|this|that|which) (?:\w+ )?(?:matters|means a lot|is important|is very important|is really important|is crucial|is essential|is meaningful|is fulfilling|is rewarding) (?:to|for) (?:me|us)\b",
    ),
    _cue(
        "motivations",
        0.8,
        "it",
        r"(?:it|this|that|which) (?:\w+ )?(?:gives me|brings me|makes me feel|makes me|keeps me|motivates me|inspires me|allows me to|lets me|frees me) (?:\w+ )?(?:joy|happy|happier|proud|satisfaction|satisfied|confident|confidence|good|motivated|going|fulfilled|fulfilment|pleasure|safe|peace|calm|excited|purpose|in control|independent|freedom|focus|spend)\b",
    ),
    _cue(
        "motivations",
        0.8,
        "verb",
        rf"{_I}(?:{_ADVERBS})(?:believe|feel strongly) (?:that )?(?:it|the|my|people|art|writing|a|we|there|in|about|human|creativity|work|science|education|students|anything)\b",
    ),
    _cue(
        "motivations",
        0.8,
        "it",
        rf"because (?:{_ADVERBS})(?:i|we) (?:{_ADVERBS})(?:{_LOVES}|believe|care|feel|want|hope|don't want|do not want)\b",
    ),
    _cue(
        "motivations",
        0.7,
        "verb",
        rf"{_I}(?:{_ADVERBS})(?:got into|fell in love with|find (?:it|this|that|\w+ing) (?:\w+ )?(?:rewarding|fulfilling|satisfying|enjoyable|fun|interesting|meaningful|therapeutic|exciting))\b",
    ),
    # Context: who they are and where they stand.
    _cue(
        "context",
        1.0,
        "verb",
        rf"{_I}(?:{_ADVERBS})(?:work|study|volunteer|teach|serve) (?:mostly |mainly |primarily |full[- ]time |part[- ]time )?(?:as|in|for|at|with a|from|under|remotely|freelance)\b",
    ),
    _cue(
        "context",
        1.0,
        "be",
        rf"{_AM}(?:(?:mostly|currently|also|just|only|actually|now|basically|primarily|mainly|still) )?(?:a|an|the) (?!(?:big|huge|firm|bit|little|lot|fan|believer|strong|person who|type|kind|sort|point|tool|good|great|big|one|only|only one|way)\b)(?:[\w-]+ ){{0,4}}(?:\w*(?:er|or|ist|ian|ant|ent|nurse|student|assistant|coach|clerk|chef|parent|mum|mom|dad|wife|freelance|owner|executive|candidate|nurses|carer|tutor|fellow|intern|postdoc|professor|lead|head|analyst|representative|specialist|driver|secretary|graduate|attorney|architect|poet))\b",
    ),
    _cue(
        "context",
        0.9,
        "my",
        r"(?:my|our) (?:current |main |day |present )?(?:job|role|title|position|team|company|department|field|background|employer|work|lab|shift|commute|household|family|clients|partner|son|daughter|father|mother|dad|mum|children|kids) (?:is|are|was|involves|consists|has|includes|uses|works|requires|comes)\b",
    ),
    _cue(
        "context",
        0.8,
        "verb",
        rf"{_I}(?:{_ADVERBS})(?:live|run a|run my|own|manage|lead|have (?:a|an|two|three|four|one|my own) (?:\w+ ){{0,2}}(?:kids|children|sons?|daughters?|team|company|business|degree|phd|master's|background|job|dog|car|disability|lab|shop|studio))\b",
    ),
    _cue(
        "context",
        0.8,
        "have",
        rf"(?:{_VE})(?:{_ADVERBS})been (?:a|an|in|at|with|working (?:as|in|for|at)|teaching|studying|employed)\b",
    ),
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
    for cue in CUES:
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
