"""What kind of thing people say about a topic, and how that is put: a closed list of patterns and sentence frames.

A frame has one slot, and is for one sort of topic: `{x}` for things and activities (`the lift`, `writing emails`), `{do}` and `{does}`
for activities alone (`write emails`, `writes emails`), `{who}` for people, `{tool}` for AI and software. `[is|are]` follows the number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from persona_core.abstraction.terms import Sort

_SLOTS = {
    Sort.doing: ("{do}", "{does}", "{x}"),
    Sort.thing: ("{x}",),
    Sort.people: ("{who}",),
    Sort.tool: ("{tool}",),
}


@dataclass(frozen=True, slots=True)
class Stance:
    """One kind of thing that is said in a facet."""

    facet: str
    pattern: re.Pattern[str]
    """What a claim of this kind holds; nothing for the kind that is left."""
    said: re.Pattern[str]
    """What a clause holds in which a participant says such a thing, in small letters."""
    frames: tuple[str, ...]
    negative: bool
    """Whether it is said with a `not`."""

    def fitting(self, sort: Sort) -> list[str]:
        """The frames for a sort of topic, those that say most of it first."""
        return [frame for slot in _SLOTS[sort] for frame in self.frames if slot in frame]


def _stance(facet: str, pattern: str, said: str, *frames: str, negative: bool = False) -> Stance:
    words = re.compile(rf"\b(?:{pattern})" if pattern else "", re.IGNORECASE)
    return Stance(facet, words, re.compile(rf"\b(?:{said})"), frames, negative)


NEGATION = re.compile(r"\b(?:not|never|no|nor|cannot|without|hardly|[a-z]+n['’]?t)\b")
_NOT = r"(?:don't|do not|doesn't|does not|didn't|never|no longer|wouldn't|would not|not) (?:really |actually |ever )?"
_WISH = r"(?:want|wish|hope|hoping|would like|would love|i'd like|i'd love|aim|my goal|looking to|plan to|trying to)"

STANCES: tuple[Stance, ...] = (
    _stance("goals", r"learn|understand|know|grasp|study|train\w* as|qualif\w+", r"learn(?:ed|ing)? (?:more|about|how|new|to)|(?:to|better|help\w* me|trying to) understand\w*|wrap my head|get a grasp",
        "Wants to understand {x} better.", "Is keen to learn more about {x}.", "Wants to understand {who} better."),
    _stance("goals", r"efficien\w+|faster|quick\w*|speed|sav(?:e|es|ing) (?:\w+ )?time|automat\w+|streamlin\w+|less time", r"sav(?:e|es|ed|ing) (?:\w+ ){0,3}time|faster|quick(?:er|ly)|speed\w*|automat\w+|streamlin\w+|efficien\w+",
        "Wants to {do} in less time.", "Wants to spend less time on {x}.", "Looks for quicker ways of dealing with {x}.", "Counts on {tool} to save time."),
    _stance("goals", r"cheap\w*|money|price\w*|cost\w*|afford|budget|fare", r"cheap\w*|sav(?:e|es|ing) (?:\w+ )?money|afford\w*|budget\w*",
        "Wants to keep the cost of {x} down."),
    _stance("goals", r"uniqu\w+|original\w*|own voice|authentic\w*|human touch|stay true|personal", r"uniqu\w+|original(?:ity)?\b|own voice|authentic\w*|human touch|my own style|personal touch",
        "Wants to {do} in a way that is recognisably theirs.", "Wants a personal touch in {x}."),
    _stance("goals", r"better|improv\w+|quality|accura\w+|clear\w*|perfect\w*|refin\w+|polish\w*", r"improv\w+|better quality|higher quality|refin\w+|polish\w*|perfect\w*",
        "Wants to {do} to a higher standard.", "Is working on making {x} better."),
    _stance("goals", r"career|job|degree|promot\w+|school|college|profession\w*", r"(?:my|a|new) (?:career|job|degree|business)|promot\w+",
        "Sees {x} as a way to get on in working life.", "Sees {tool} as part of working life from now on."),
    _stance("goals", "", _WISH,
        "Wants to {do}.", "Would like to {do} more often.", "Wants to get further with {x}.", "Would like to do more with {x}.", "Wants to do right by {who}.", "Wants to get more out of {tool}."),
    _stance("needs", r"trust\w*|reliab\w+|accura\w+|correct\w*|sure|certain|confiden\w+|verif\w+|double.check\w*|real or not", r"trust\w*|reliab\w+|accura\w+|verif\w+|make sure|be sure|certain that|double.check\w*|correct\b",
        "Needs to {do} without mistakes.", "Has to be able to rely on {x}.", "Needs to get {x} right.", "Needs {tool} to be more dependable.", negative=True),
    _stance("needs", r"know|information|inform\w*|find out|clear\w*|tell|explain\w*|understand", r"(?:need|want|have|like|easier|hard|how) to (?:know|find|find out|tell|see)|clear(?:er)? (?:information|about)|let me know|information (?:on|about)|know (?:when|where|which|whether|if|what)",
        "Needs clear information about {x}.", "Wants to find out about {x} without a search.", "Needs to know what {tool} can and cannot do.", negative=True),
    _stance("needs", r"integrat\w+|connect\w*|tools?\b|feature\w*|software|platform|app\b|technolog\w+", r"integrat\w+|better tools?|tools? (?:for|that|to|which)|feature\w*|an app|software",
        "Would welcome better tools for {x}.", "Wishes that tools did more for {x}.", "Wants {tool} to fit in with the rest of the work."),
    _stance("needs", r"help\w*|assist\w*|support\w*|advice|suggest\w*|ideas?|guid\w+|handle|generate|if ai|could|do (?:it )?for me", r"help(?:s|ed|ing|ful)?\b|assist(?:s|ed|ance)?\b|support(?:s|ed)?\b|advice|suggest(?:s|ions)?\b|guid(?:e|ance)\b",
        "Is glad of help with {x}.", "Could use a hand with {x}.", "Asks {tool} for help readily."),
    _stance("needs", "", r"need(?:s|ed)?\b|must\b|require\w*|essential|crucial|rely on|depend on",
        "Needs a good way to {do}.", "Cannot do without {x}.", "Needs the goodwill of {who}."),
    _stance("pain_points", r"replac\w+|take over|taking over|takes over|taking away|take away|lose (?:my|their|our) job|obsolete|skills?\b|rely too|reliant|dependen\w+|dull|diminish\w*|decline", r"replac(?:e|es|ed|ing)\b|tak(?:e|es|ing) over|tak(?:e|es|ing) away|obsolete|los(?:e|es|ing) (?:my|their|our|the)\b|too reliant|rely too|over.?rel\w+|diminish\w*",
        "Worries that {x} may be lost to machines.", "Fears for the future of {x}.", "Fears that machines may push {who} aside.", "Is uneasy about relying too much on {tool}.", negative=True),
    _stance("pain_points", r"ethic\w*|plagiari\w+|copyright\w*|intellectual|privacy|confidential\w*|sensitive|legal\w*|own(?:s|ership)|steal\w*|stolen", r"ethic\w*|plagiari\w+|copyright\w*|privacy|confidential\w*|sensitive|steal\w*|stolen|unfair",
        "Has doubts about what is fair when it comes to {x}.", "Thinks about privacy and fairness in connection with {x}.", "Worries about what is fair to {who}.", "Has doubts about how fair {tool} [is|are].", negative=True),
    _stance("pain_points", r"wrong\w*|mistakes?|errors?|hallucinat\w+|inaccura\w+|incorrect\w*|accura\w+|trust\w*|reliab\w+|unreliable|correctness|made up|false|fake", r"wrong\w*|mistakes?\b|errors?\b|hallucinat\w+|inaccura\w+|incorrect\w*|unreliable|made up|making up|makes up|false|fake|(?:not|n't|never) (?:\w+ )?(?:trust|accurate|reliable|correct)\w*",
        "Has seen {x} go wrong.", "Does not take {x} on trust.", "Has caught {tool} making mistakes.", "Does not take what {tool} [says|say] on trust.", negative=True),
    _stance("pain_points", r"time|slow\w*|long|hours|wast\w+|late\b|delay\w*|wait\w*", r"(?:tak|took|spen)\w* (?:\w+ ){0,4}(?:time|long|longer|hours|days|forever)|time.consuming|wast(?:e|es|ed|ing)\b|too long|slow(?:s|er|ing)?\b|late\b|delay\w*|wait\w*",
        "Loses more time on {x} than they would like.", "Finds that {x} can eat up the day.", "Loses time with {who}.", "Finds {tool} slow to be of use.", negative=True),
    _stance("pain_points", r"cost\w*|expensiv\w*|price\w*|pay\w*|money|afford|penalty|fined?", r"cost(?:s|ly)?\b|expensiv\w*|too much money|afford|overpriced|pay(?:ing)? (?:for|so|too|more)",
        "Feels the cost of {x}.", "Finds {tool} too expensive.", negative=True),
    _stance("pain_points", r"confus\w+|unclear|(?:don't|didn't|doesn't|not) (?:know|understand)|complicat\w+|can't tell|familiar\w*", r"confus\w+|unclear|complicat\w+|(?:not|n't) (?:\w+ )?(?:know|understand|familiar|clear|obvious)|can't tell",
        "Finds {x} confusing.", "Is not at home with {x} yet.", "Finds {tool} hard to make sense of.", negative=True),
    _stance("pain_points", r"crash\w*|fail\w*|broken|won't|doesn't work|out of order|freez\w+|bugs?\b|glitch\w*|disappear\w*|no signal", r"crash\w*|fail\w*|broken|won't|(?:doesn't|didn't|not) work\w*|out of order|fr[eo]+z\w+|bugs?\b|glitch\w*|disappear\w*|no signal",
        "Has been let down by {x}.", "Has been let down by {who}.", "Has been let down by {tool}.", negative=True),
    _stance("pain_points", r"access|lack\w*|limit\w*|unable|can't|cannot|couldn't|not able|enough|missing|equipment", r"lack(?:s|ed|ing)?\b|limit(?:s|ed|ing|ation|ations)?\b|unable|can't|cannot|couldn't|not able|(?:not|n't) (?:\w+ )?enough|missing",
        "Runs into limits with {x}.", "Feels held back when it comes to {x}.", "Runs into the limits of what {tool} can do.", negative=True),
    _stance("pain_points", r"worr\w+|concern\w*|afraid|scar\w+|fear\w*|anxi\w+|nervous|hesita\w+|wary|sceptic\w+|skeptic\w+|cautious|dubious", r"worr(?:y|ied|ies|ying|isome)\b|concern(?:s|ed|ing)?\b|afraid|scar(?:e|ed|y)\b|fear(?:s|ful)?\b|anxi\w+|nervous|hesita\w+|wary|s[kc]eptic\w+|cautious",
        "Worries about {x}.", "Has reservations about {x}.", "Worries about {who}.", "Has reservations about {tool}."),
    _stance("pain_points", r"hat(?:e|es|ing)|dislik\w+|annoy\w+|frustrat\w+|tedious|boring|repetitive|irritat\w+|infuriat\w+|bother\w*", r"hat(?:e|es|ed|ing)\b|dislik\w+|annoy\w+|frustrat\w+|tedious|boring|repetitive|irritat\w+|monotonous|mundane",
        "Gets little joy out of {x}.", "Loses patience with {x}.", "Loses patience with {who}.", "Finds {tool} frustrating at times."),
    _stance("pain_points", r"hard|difficult\w*|struggl\w+|tricky|tough|challeng\w+|overwhelm\w*|exhaust\w+|stress\w*", r"hard(?:er|est)?\b|difficult\w*|struggl\w+|tricky|tough\w*|challeng(?:e|es|ed|ing)\b|overwhelm\w*|exhaust\w+|stress(?:ed|ful)?\b",
        "Struggles with {x}.", "Finds {x} harder than [it looks|they look].", "Finds it a strain to deal with {who}.", "Has a hard time getting {tool} to do the right thing."),
    _stance("pain_points", "", r"problem\w*|issue\w*|trouble\w*|bad\b|worse|worst|downside\w*|drawback\w*|unfortunately",
        "Often runs into trouble with {x}.", "Has had problems with {x}.", "Has had trouble with {who}.", "Sees the drawbacks of {tool}."),
    _stance("behaviours", rf"{_NOT}(?:use|let|ask|share|trust|rely|bother|plan|want|allow)|never|avoid\w*|stay away", rf"{_NOT}(?:use|using|let|ask|share|trust|rely|want|allow)\w*|avoid\w*|stay away|refus\w+",
        "Does not let anybody else {do}.", "Draws a line at {x}.", "Keeps {tool} away from some of the work.", negative=True),
    _stance("behaviours", r"check\w*|verif\w+|review\w*|double|proofread\w*|make sure|makes sure|read through|cross|confirm\w*|debug\w*", r"check(?:s|ed|ing)?\b|verif\w+|double.check\w*|proofread\w*|make sure|making sure|read through|cross.\w+|confirm\w*|review(?:ed|ing)?\b|look over|go over",
        "Goes over {x} with care.", "Makes a habit of checking {x}.", "Checks things with {who}.", "Checks what {tool} [says|say]."),
    _stance("behaviours", r"myself|themselves|by hand|manual\w*|on my own|their own|my own", r"myself|by hand|manual\w*|on my own|my own",
        "Prefers to {do} without help.", "Likes to take care of {x} without help.", "Likes to work without {tool} where that is possible."),
    _stance("behaviours", r"brainstorm\w*|ideas?|inspir\w+|bounce|explor\w+|try out|curious", r"brainstorm\w*|ideas?\b|inspir\w+|bounc\w+|explor\w+|experiment(?:ed|ing)|play(?:ing)? (?:with|around)",
        "Likes to play with ideas for {x}.", "Tries things out before settling on {x}.", "Tries out ideas on {who}.", "Tries out ideas with {tool}."),
    _stance("behaviours", r"plan\w*|schedul\w+|organi[sz]\w*|outline|step|routine|checklist\w*|first|start\w*", r"plan(?:s|ned|ning)?\b|schedul\w+|organi[sz]\w*|outlin\w+|step by step|routine|checklist\w*|first\b|start(?:s|ed|ing)? (?:by|with)",
        "Goes about {x} step by step.", "Has a set way of going about {x}.", "Makes plans together with {who}.", "Plans with the help of {tool}."),
    _stance("behaviours", r"ai\b|chatgpt|claude|gemini|gpt|copilot|chatbot|tools?\b|software|app\b|assistant", r"(?:us(?:e|es|ed|ing)|ask(?:s|ed|ing)?|rel(?:y|ied|ies)|turn(?:s|ed)?|help\w*|with|through|via) (?:\w+ ){0,2}(?:ai|chatgpt|chat gpt|claude|gemini|gpt|copilot|llms?|chatbots?|tools?|software|app)\b",
        "Brings in software to {do}.", "Turns to software for {x}.", "Leaves parts of {x} to software.", "Makes regular use of {tool}."),
    _stance("behaviours", "", r"usually|often|always|every (?:day|week|time|morning)|daily|regularly|typically|normally|i (?:\w+ )?(?:use|make|do|work|write|read|take|go|look|create|start)",
        "Regularly {does}.", "Often {does}.", "Deals with {x} as a matter of routine.", "Gives regular time to {x}.", "Works closely with {who}.", "Makes regular use of {tool}."),
    _stance("motivations", rf"{_NOT}(?:want|use|like|enjoy|give|let)|wouldn't want|take over|not them|human", rf"{_NOT}(?:want|give|let|replac)\w*|wouldn't want|human (?:touch|element|being|connection|creativ\w+)|only (?:a )?humans?",
        "Feels that {x} should stay in human hands.", "Would not leave {x} to a machine.", "Feels that nothing replaces {who}.", "Feels that {tool} should not have the last word.", negative=True),
    _stance("motivations", r"enjoy\w*|love\w*|like\w*|fun|joy|happy|pleasure|thrive\w*", r"enjoy\w*|lov(?:e|es|ed|ing)\b|i (?:really )?like\b|fun\b|joy\b|happy|pleasure|thriv\w+|favou?rite",
        "Enjoys {x}.", "Takes real pleasure in {x}.", "Enjoys working with {who}.", "Enjoys working with {tool}."),
    _stance("motivations", r"proud|pride|passion\w*|driven|committed|dedicat\w+|fascinat\w+|inspir\w+|excit\w+|curious", r"proud|pride|passion\w*|dedicat\w+|fascinat\w+|inspir\w+|excit\w+|interested in|curious",
        "Takes pride in {x}.", "Is fascinated by {x}.", "Is inspired by {who}.", "Is curious about {tool}."),
    _stance("motivations", "", r"important|matters?\b|care about|valu(?:e|es|ed|able)\b|meaning\w*|rewarding|worth|satisf\w+",
        "Cares about {x}.", "Finds that {x} [is|are] worth the effort.", "Cares about {who}.", "Sees real value in {tool}."),
    _stance("context", r"student|study\w*|college|university|school|degree|phd|undergraduate|graduate", r"student|stud(?:y|ies|ying|ied)\b|college|university|school|degree|phd|class(?:es)?\b",
        "Meets {x} in the course of studying.", "Spends much time among {who}."),
    _stance("context", r"work\w*|job|team|company|role|manage\w*|client\w*|business|employ\w*|engineer\w*|lab\b|i am an?|is an?", r"(?:i|we|my|our) (?:\w+ )?(?:work|job|role|team|company|manage|lab|business|office)\w*|as an?\b|at work|i(?:'m| am) an?\b",
        "Has a job in which {x} [matters|matter].", "Has to do with {x} at work.", "Works with {who}.", "Uses {tool} at work."),
    _stance("context", "", r"every day|day.to.day|daily|always|at home|usually|often",
        "Has to do with {x} from day to day.", "Has to do with {who} from day to day."),
)  # fmt: skip

LOOSE: Mapping[str, Stance] = {
    each.facet: each
    for each in (
        _stance("goals", "", "", "Wants to {do}.", "Wants less trouble with {x}.", "Wants a say when it comes to {x}.", "Wants to get along with {who}.", "Wants to get more out of {tool}."),
        _stance("needs", "", "", "Needs a good way to {do}.", "Would like {x} to be easier to deal with.", "Would be glad of improvements to {x}.", "Needs the support of {who}.", "Would like {tool} to be of more use."),
        _stance("pain_points", "", "", "Has had trouble with {x}.", "Is not happy with {x}.", "Has had trouble with {who}.", "Has had trouble with {tool}."),
        _stance("behaviours", "", "", "Often {does}.", "Has a way of dealing with {x}.", "Keeps an eye on {x}.", "Has to do with {who}.", "Uses {tool}."),
        _stance("motivations", "", "", "Cares about {x}.", "Cares about {who}.", "Sees a use for {tool}."),
        _stance("context", "", "", "Has to do with {x} from day to day.", "Has to do with {who} from day to day.", "Has {tool} around from day to day."),
    )
}  # fmt: skip
"""What a claim of a facet says of its topic at the least: for studies too small for several people to say the same of it."""


def stances_of(facet: str, text: str) -> list[Stance]:
    """The stances of a facet whose pattern a claim holds, the clearest first; the last holds for every claim."""
    plain = text.replace("’", "'")
    return [each for each in STANCES if each.facet == facet and each.pattern.search(plain)]
