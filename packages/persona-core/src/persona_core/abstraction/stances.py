"""What kind of thing a claim says about its topic, and how that is put: a closed list of patterns and sentence frames.

`{x}` is what it is about, a thing or an activity (`the lift`, `writing emails`). `{do}` and `{does}` are an activity's verb phrase
(`write emails`, `writes emails`): frames with them are for activities alone, and come first where there is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stance:
    """One kind of thing that claims of a facet say; the first whose pattern is found holds."""

    facet: str
    pattern: re.Pattern[str]
    frames: tuple[str, ...]
    general: str
    """What can be said where nothing can be told of the topic; empty for nothing."""

    @property
    def of_tools(self) -> bool:
        """Whether its frames speak of tools themselves, so that a tool is no topic for them."""
        return any("tool" in frame or "software" in frame for frame in self.frames)


def _stance(facet: str, pattern: str, *frames: str, general: str = "") -> Stance:
    return Stance(facet, re.compile(rf"\b(?:{pattern})" if pattern else "", re.IGNORECASE), frames, general)


_NOT = (
    r"(?:don't|do not|doesn't|does not|didn't|never|no longer|wouldn't|would not|not) (?:really |actually )?"
)

STANCES: tuple[Stance, ...] = (
    _stance("goals", rf"{_NOT}(?:want|wish|have to|be|get|spend|lose|waste|miss|pay)|avoid|without having", "Wants to be spared trouble with {x}.", "Would rather not have to think about {x}.", "Hopes to worry less about {x}."),
    _stance("goals", r"learn|understand|know|grasp|study|train\w* as|qualif\w+", "Wants to understand {x} better.", "Is keen to learn more about {x}.", "Hopes to get a firmer grip on {x}.", general="Is eager to learn."),
    _stance("goals", r"efficien\w+|faster|quick\w*|speed|sav(?:e|es|ing) (?:\w+ )?time|automat\w+|streamlin\w+|less time", "Wants to get through {x} in less time.", "Hopes to make short work of {x}.", "Is after a quicker way with {x}.", general="Wants to save time."),
    _stance("goals", r"cheap\w*|money|price\w*|cost\w*|afford|budget|fare", "Wants to spend no more than necessary on {x}.", "Keeps costs in mind when it comes to {x}.", general="Wants to spend no more than necessary."),
    _stance("goals", r"uniqu\w+|original\w*|own voice|authentic\w*|human touch|stay true|personal", "Wants to leave a mark of their own on {x}.", "Wants {x} to stay recognisably theirs.", general="Wants to stay recognisable in all they do."),
    _stance("goals", r"better|improv\w+|quality|accura\w+|clear\w*|perfect\w*|refin\w+|polish\w*", "Wants to get better results from {x}.", "Is working to raise the standard of {x}.", "Wants to be able to count on the quality of {x}.", general="Wants to do things well."),
    _stance("goals", r"career|job|degree|promot\w+|school|college|profession\w*", "Hopes to move forward in working life, with {x} as part of it.", "Has plans for the future that involve {x}.", general="Has plans for the years ahead."),
    _stance("goals", "", "Wants to {do}.", "Hopes to {do} with less effort.", "Would like to {do} more often.", "Wants to get further with {x}.", "Would like to do more with {x}.", "Has set their sights on {x}."),
    _stance("needs", r"know|information|inform\w*|find out|clear\w*|tell|explain\w*|understand", "Needs to know where things stand with {x}.", "Needs clear information about {x}.", "Wants {x} to be easier to find out about.", general="Needs clear information."),
    _stance("needs", r"trust\w*|reliab\w+|accura\w+|correct\w*|sure|certain|confiden\w+|verif\w+|double.check\w*|real or not", "Needs to be able to rely on {x}.", "Needs to be sure that {x} can be trusted.", general="Needs things to be reliable."),
    _stance("needs", r"integrat\w+|connect\w*|tools?\b|feature\w*|software|platform|app\b|technolog\w+", "Would welcome better tools for {x}.", "Wishes that tools would fit in better with {x}.", general="Would welcome better tools."),
    _stance("needs", r"help\w*|assist\w*|support\w*|advice|suggest\w*|ideas?|guid\w+|handle|generate|if ai|could|do (?:it )?for me", "Would be glad to have more help with {x}.", "Could use a hand with {x}.", "Would happily share the load when it comes to {x}.", general="Would be glad to have more help."),
    _stance("needs", "", "Needs a good way to {do}.", "Wishes it were easier to {do}.", "Would like an easier time with {x}.", "Needs {x} to fit better into the day.", "Wishes {x} were less trouble."),
    _stance("pain_points", r"replac\w+|take over|taking over|takes over|taking away|take away|lose (?:my|their|our) job|jobs?\b|obsolete|skills?\b|rely too|reliant|dependen\w+|dull|diminish\w*|decline", "Worries about what will become of {x}.", "Fears that {x} may count for less in future.", "Is uneasy about leaving {x} to others.", general="Worries about what will become of their skills."),
    _stance("pain_points", r"ethic\w*|plagiari\w+|copyright\w*|intellectual|privacy|confidential\w*|sensitive|legal\w*|own(?:s|ership)|steal\w*|stolen", "Has doubts about what is right and proper when it comes to {x}.", "Is careful with {x}, out of concern for what is fair and private.", general="Has doubts about what is fair and right."),
    _stance("pain_points", r"wrong\w*|mistakes?|errors?|hallucinat\w+|inaccura\w+|incorrect\w*|accura\w+|trust\w*|reliab\w+|unreliable|correctness|made up|false|fake", "Has learnt to expect mistakes around {x}.", "Finds it hard to take {x} on trust.", "Worries that something could go wrong with {x} and not be noticed.", general="Has learnt to expect mistakes."),
    _stance("pain_points", r"time|slow\w*|long|hours|wast\w+|late\b|delay\w*|wait\w*", "Loses more time than they would like on {x}.", "Finds that {x} can eat up the day.", "Runs short of time for {x}.", general="Is often short of time."),
    _stance("pain_points", r"cost\w*|expensiv\w*|price\w*|pay\w*|money|afford|penalty|fined?", "Has the cost in mind when it comes to {x}.", "Feels that {x} [asks|ask] too much money.", general="Feels that things cost too much."),
    _stance("pain_points", r"confus\w+|unclear|(?:don't|didn't|doesn't|not) (?:know|understand)|complicat\w+|can't tell|familiar\w*", "Finds {x} confusing.", "Is not sure where to begin with {x}.", "Lacks practice with {x}.", general="Finds some things confusing."),
    _stance("pain_points", r"crash\w*|fail\w*|broken|won't|doesn't work|out of order|freez\w+|bugs?\b|glitch\w*|disappear\w*|no signal", "Has been let down by {x}.", "Cannot count on {x} when it matters.", general="Has been let down when it mattered."),
    _stance("pain_points", r"access|lack\w*|limit\w*|unable|can't|cannot|couldn't|not able|enough|missing|equipment", "Keeps running into limits with {x}.", "Has to make do where {x} ought to be.", general="Keeps running into limits."),
    _stance("pain_points", r"worr\w+|concern\w*|afraid|scar\w+|fear\w*|anxi\w+|nervous|hesita\w+|wary|sceptic\w+|skeptic\w+|cautious|dubious", "Worries about {x}.", "Has reservations about {x}.", "Is in two minds about {x}.", "Approaches {x} with caution.", general="Worries about what is to come."),
    _stance("pain_points", r"hat(?:e|es|ing)|dislik\w+|annoy\w+|frustrat\w+|tedious|boring|repetitive|irritat\w+|infuriat\w+|bother\w*", "Gets little joy out of {x}.", "Loses patience with {x}.", "Would be glad to see the back of {x}.", general="Loses patience with dull work."),
    _stance("pain_points", r"hard|difficult\w*|struggl\w+|tricky|tough|challeng\w+|overwhelm\w*|exhaust\w+|stress\w*", "Struggles with {x}.", "Finds {x} harder than it ought to be.", "Finds {x} a strain.", general="Finds some of it a strain."),
    _stance("pain_points", "", "Is held back by {x}.", "Often runs into trouble with {x}.", "Has trouble with {x} more often than not."),
    _stance("behaviours", rf"{_NOT}(?:use|let|ask|share|trust|rely|bother|plan|want|allow)|never|avoid\w*|stay away", "Stays away from shortcuts when it comes to {x}.", "Draws a line at {x}.", "Keeps {x} out of other hands."),
    _stance("behaviours", r"check\w*|verif\w+|review\w*|double|proofread\w*|make sure|makes sure|read through|cross|confirm\w*|debug\w*", "Looks twice at {x} before moving on.", "Makes a habit of checking {x}.", "Goes over {x} with care.", general="Looks at everything twice."),
    _stance("behaviours", r"myself|themselves|by hand|manual\w*|on my own|their own|my own", "Prefers to take care of {x} in person.", "Likes to keep {x} in their own hands.", general="Likes to do things without help."),
    _stance("behaviours", r"brainstorm\w*|ideas?|inspir\w+|bounce|explor\w+|try out|curious", "Plays with possibilities when it comes to {x}.", "Tries things out around {x} before settling on anything.", general="Likes to play with ideas."),
    _stance("behaviours", r"plan\w*|schedul\w+|organi[sz]\w*|outline|step|routine|checklist\w*|first|start\w*", "Plans ahead for {x}.", "Goes about {x} step by step.", "Begins with a plan for {x}.", general="Goes about things step by step."),
    _stance("behaviours", r"ai\b|chatgpt|claude|gemini|gpt|copilot|chatbot|tools?\b|software|app\b|assistant", "Regularly {does} with software at their side.", "Turns to digital tools for {x}.", "Leans on software for parts of {x}.", "Brings in tools where {x} calls for it.", general="Turns to digital tools for a good part of the day."),
    _stance("behaviours", "", "Usually {does}.", "Often {does}.", "{does!c} as a matter of routine.", "Usually has {x} to deal with.", "Comes back to {x} again and again.", "Gives regular attention to {x}."),
    _stance("motivations", rf"{_NOT}(?:want|use|like|enjoy|give|let)|wouldn't want|take over|not them|human", "Would not give {x} up to anybody else.", "Feels that {x} should stay in human hands.", "Holds on to {x} as something of their own."),
    _stance("motivations", r"enjoy\w*|love\w*|like\w*|fun|joy|happy|pleasure|thrive\w*", "Enjoys {x}.", "Takes real pleasure in {x}.", "Is at their best with {x}.", general="Enjoys what they do."),
    _stance("motivations", r"proud|pride|passion\w*|driven|committed|dedicat\w+|fascinat\w+|inspir\w+|excit\w+|curious", "Is passionate about {x}.", "Takes pride in {x}.", "Is fascinated by {x}.", general="Takes pride in what they do."),
    _stance("motivations", "", "Cares about {x}.", "Sees a purpose in {x}.", "Is driven by {x}."),
    _stance("context", r"student|study\w*|college|university|school|degree|phd|undergraduate|graduate", "Comes across {x} in the course of studying.", "Moves in a world of learning where {x} [comes|come] up often."),
    _stance("context", r"work\w*|job|team|company|role|manage\w*|client\w*|business|employ\w*|engineer\w*|lab\b|i am an?|is an?", "Spends working days around {x}.", "Has a working life in which {x} [plays|play] a part.", "Knows {x} from work."),
    _stance("context", "", "Deals with {x} from day to day.", "Has {x} in the background most days."),
)  # fmt: skip


def stance_of(facet: str, text: str) -> Stance:
    """The first stance of a facet whose pattern a claim holds."""
    return next(
        each for each in STANCES if each.facet == facet and each.pattern.search(text.replace("’", "'"))
    )
