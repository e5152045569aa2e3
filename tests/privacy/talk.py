"""Made talk about getting around with an app, as much of it as is wanted: studies of any size to measure with.

Nobody said any of it, and most of it is nonsense. Sentences are put together word by word, common words more often,
so that two people's are alike by chance as those of a real study are.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate

NOUNS = """
tram ticket phone driver stop bus lift app platform morning timetable screen station seat price delay work signal change alert
train card road inspector evening route fare pass street queue weather town number door fine friend bag winter journey account
message office discount bike barrier connection receipt machine crowd battery map password week neighbour corner shelter bridge
park mother shift rain manager brother zone website notice button coffee ramp step pram wheelchair stick railing speaker noise
announcement detour closure strike flood festival match school teacher student exam library hospital clinic appointment nurse
patient market shop counter voucher refund form letter email photo note list diary habit plan mistake habit excuse complaint
answer question helpline voice robot menu icon colour font setting update version tablet laptop printer paper envelope purse
wallet coin bank payment invoice budget salary rent holiday airport ferry boat harbour river hill village suburb garden kitchen
bench light camera guard police stranger tourist child toddler baby dog cat parcel suitcase umbrella jacket shoe glove helmet
music podcast book game film radio newspaper forecast snow ice heat wind storm fog darkness sunrise supper lunch breakfast meal
birthday wedding funeral rehearsal concert choir team coach training meeting interview client contract overtime break uniform
garage car engine petrol parking taxi scooter lane crossing roundabout tunnel depot quarry fence gate roof stair window wall
""".split()
PAST = """
missed found lost took changed bought checked ignored expected showed broke fixed blocked closed opened moved sold stole
cancelled printed deleted forgot remembered blamed praised followed avoided chose compared counted carried dropped emptied
explained filled finished guessed hated heard hid improved invented joined kept knew learned lent liked loved measured mended
mentioned needed noticed offered ordered packed paid planned pointed promised proved pulled pushed questioned reached read
recorded refused rented repeated replaced reported rescued ruined saved scanned searched sent shared shouted signed spilled
spoiled started stopped studied suggested swapped tested thanked threw tore trusted turned understood used wanted warned wasted
""".split()
BASE = """
miss find lose take change buy check ignore expect show break fix block close open move sell cancel print delete forget remember
blame praise follow avoid choose compare count carry drop explain fill finish guess hear hide improve join keep know learn lend
measure mend mention need notice offer order pack pay plan promise prove pull push question reach read record refuse rent repeat
replace report rescue ruin save scan search send share sign spoil start stop study suggest swap test thank trust turn use want
""".split()
ADJECTIVES = """
old new late early cheap wrong broken empty full slow quick quiet loud dark wet cold warm heavy light small large honest rude kind
patient tired angry happy nervous strange useful useless clever stupid simple complicated clear vague public private local foreign
daily weekly annual rare common busy lazy careful careless dirty clean dangerous safe steep flat narrow wide modern ancient
electric digital plastic wooden metal yellow green grey red blue temporary permanent official hidden missing double single
""".split()
ADVERBS = """
usually often never sometimes always rarely again twice already still quickly slowly suddenly finally secretly proudly badly
gladly honestly quietly loudly alone together outside inside upstairs downstairs abroad nearby nowhere somehow eventually lately
yesterday tomorrow tonight online offline overnight forever halfway
""".split()
DETERMINERS = "the the the a my my our her his their this that every another some each".split()
PREPOSITIONS = "at in on near behind under beside without after before during until since about against for with from".split()
JOINS = "because when although if while and but so unless until though whereas".split()
SUBJECTS = "i i i i we he she they you somebody nobody everybody it".split()
OPENINGS = [
    "", "", "", "", "well, ", "so ", "mostly ", "sometimes ", "anyway, ", "then ", "actually, ", "honestly, ",
]  # fmt: skip


class Speaker:
    """Draws words, the first of a list more often than the last."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._weights: dict[int, list[float]] = {}

    def pick(self, words: list[str]) -> str:
        """Draw one; the n-th is drawn in proportion to n to the power of -0.6."""
        size = len(words)
        if size not in self._weights:
            self._weights[size] = list(accumulate((n + 1) ** -0.6 for n in range(size)))
        return self._chance.choices(words, cum_weights=self._weights[size])[0]

    def thing(self) -> str:
        """A noun with what belongs to it."""
        middle = f" {self.pick(ADJECTIVES)}" if self._chance.random() < 0.3 else ""
        return f"{self._chance.choice(DETERMINERS)}{middle} {self.pick(NOUNS)}"

    def doing(self) -> str:
        """What somebody does."""
        does = self._chance.choice(
            [
                self.pick(PAST),
                f"had to {self.pick(BASE)}",
                f"can't {self.pick(BASE)}",
                f"want to {self.pick(BASE)}",
                f"tried to {self.pick(BASE)}",
                f"would {self.pick(BASE)}",
                f"{self.pick(PAST)} and {self.pick(PAST)}",
                f"{self.pick(ADVERBS)} {self.pick(PAST)}",
                f"don't {self.pick(BASE)}",
                f"used to {self.pick(BASE)}",
            ]
        )
        return f"{does} {self.thing()}"

    def clause(self) -> str:
        """Who does what, and perhaps where, when or how."""
        who = self._chance.choice(SUBJECTS) if self._chance.random() < 0.6 else self.thing()
        end = self._chance.choice(
            ["", f" {self._chance.choice(PREPOSITIONS)} {self.thing()}", f" {self.pick(ADVERBS)}"]
        )
        return f"{who} {self.doing()}{end}"

    def sentence(self) -> str:
        """One clause or two."""
        said = self._chance.choice(OPENINGS) + self.clause()
        if self._chance.random() < 0.6:
            said += f" {self._chance.choice(JOINS)} {self.clause()}"
        said = said.replace(" i ", " I ")
        return said[0].upper() + said[1:] + "."

    def turn(self) -> str:
        """One to three sentences."""
        return " ".join(self.sentence() for _ in range(self._chance.choice((1, 1, 2, 3))))


def turns(size: int, seed: int) -> Iterator[str]:
    """So many turns, the same for the same seed."""
    speaker = Speaker(random.Random(seed))
    return (speaker.turn() for _ in range(size))
