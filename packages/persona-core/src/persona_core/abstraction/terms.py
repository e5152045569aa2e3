"""What can be told of: a noun phrase or an activity, and which sort of thing it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from persona_core.abstraction.phrases import is_plural, plural
from persona_core.abstraction.verbs import gerund
from persona_core.text import with_s

Key = tuple[str, ...]
_MASS = re.compile(
    r"(?:ity|ness|ance|ence|ion|ing|ism|ware|work|data|research|time|money|life|health|staff|business)$"
)
_WHO = re.compile(r"(?:er|or|ist|ian|mate|people)$")
_NOBODY = frozenset(
    """
    paper editor browser computer number letter folder error vector factor sensor chapter poster newsletter order filter parameter character power
    river offer cluster layer server router browser printer scanner monitor counter corner door floor colour color behaviour behavior
    flavour flavor humour humor labour labor motor tractor mirror calculator simulator editor's weather water matter dinner supper
    paper's register center centre meter meters shower drawer container header footer filler cover timer trailer transfer charger
    tracker planner disorder border folder fiber tumor cancer polymer laser buffer marker primer trigger wrapper parser compiler
    debugger cellular indicator tensor operator estimator generator chatter after air chair hair floor store score core grammar
    calendar year ear gear liquor error corridor interior exterior anchor harbour elevator escalator radiator mirror sector tutor's
    list checklist playlist waitlist shortlist twist gist mist wrist guardian's cooker freezer toaster dishwasher washer dryer
    ladder hammer screwdriver tower flower summer winter september october november december proper fibre figure
    """.split()
)
"""They end as words for people do."""
_PEOPLE = frozenset(
    """
    student child kid client patient resident parent colleague coworker co-worker employee staff team adult boss human public
    audience crowd community expert executive artist friend family guest fan peer neighbour neighbor supervisor committee recruit
    participant respondent applicant candidate accountant consultant assistant professor agency nurse attendee member
    freelance specialist musician mentee trainee graduate undergraduate postdoc co-author pupil
    """.split()
)
_TOOLS = frozenset(
    "ai software app chatbot tool llm model assistant gpt llms plugin bot ai-model technology".split()
)

_QUALITIES = frozenset(
    """
    error mistake bug problem accuracy inspiration feedback information creativity idea efficiency productivity integrity expertise
    originality style tone voice application opinion emotion passion talent confidence trust bias
    responsibility communication collaboration relationship independence freedom career industry workplace machine
    assistance availability convenience safety privacy ethics copyright plagiarism fairness honesty truth resource future
    """.split()
)
"""They are said of other things; by themselves they are topics of conversation, and nothing that one does or minds."""


class Sort(Enum):
    """Which frames can speak of a term."""

    doing = "doing"
    people = "people"
    tool = "tool"
    thing = "thing"


@dataclass(frozen=True, slots=True)
class Term:
    """A noun phrase, or an activity with one as its object, that enough participants spoke of."""

    key: Key
    verb: str
    """Lemma, or nothing for a noun phrase."""
    noun: str
    """With its article or `their`, where people say it so."""
    people: int

    @property
    def about(self) -> str:
        """As something one can have thoughts about: `the lift`, `writing emails`."""
        return f"{gerund(self.verb)} {self.noun}" if self.verb else self.noun

    @property
    def bare(self) -> str:
        """The same without `their`, for a list: what they have is told of as such things are, in the plural."""
        if not self.noun.startswith("their "):
            return self.about
        noun = self.noun.removeprefix("their ")
        noun = noun if is_plural(noun.split()[-1]) or _MASS.search(noun) else plural(noun)
        return f"{gerund(self.verb)} {noun}" if self.verb else noun

    @property
    def to_do(self) -> str:
        """Behind `to`: `write emails`; only of activities."""
        return f"{self.verb} {self.noun}"

    @property
    def does(self) -> str:
        """Behind a name: `writes emails`; only of activities."""
        return f"{with_s(self.verb)} {self.noun}"

    @property
    def stems(self) -> frozenset[str]:
        """To tell whether two are about the same."""
        return frozenset(self.key)

    @property
    def many(self) -> bool:
        """Whether what is said of it stands in the plural."""
        return not self.verb and is_plural(self.noun.split()[-1])

    @property
    def sort(self) -> Sort:
        """Told by its last word."""
        if self.verb:
            return Sort.doing
        if is_tool(self.key):
            return Sort.tool
        return Sort.people if is_people(self.key) else Sort.thing


def is_people(key: Key) -> bool:
    """Whether a noun phrase speaks of people: `students`, `their colleagues`, `designers`."""
    head = key[-1]
    return head in _PEOPLE or (len(head) > 4 and head not in _NOBODY and _WHO.search(head) is not None)


def is_tool(key: Key) -> bool:
    """Whether a noun phrase speaks of AI or software."""
    return key[-1] in _TOOLS or key == ("image", "generator")


def is_quality(key: Key) -> bool:
    """Whether a noun phrase names a quality or an abstract thing: `accuracy`, `errors`, `inspiration`."""
    return key[-1] in _QUALITIES
