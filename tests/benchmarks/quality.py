"""How long personas take to be compared and scored, how much memory, how both grow, and whether copies are found."""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, Sizes, alone, command, exponent, peak

PERSONA = Path(sys.executable).with_name("persona")
FEWEST, MOST = (3.0, 400.0), (30.0, 800.0)
"""Seconds with start-up and peak MB, of the fewest and of the most personas."""
SCORE = 10.0
LOST, WRONGED, EXPONENT, EACH = 1.0, 5.0, 1.4, 20
"""Per cent of the planted copies; per cent of the others, which all draw on the same few hundred words; and which
personas are copies: every twentieth."""
FACETS = ("goals", "pain_points", "behaviours", "needs")
VERBS = """check order repair plan borrow sell carry paint teach measure record clean compare book cancel deliver sort label
translate forward archive print weigh lock charge rent deposit refund inspect water prune feed rehearse edit export invoice audit
schedule negotiate recycle upholster grind roast bottle stitch glaze solder calibrate anchor ferry shovel insulate photograph sketch
varnish polish inherit swap donate dismantle restore insure photocopy hide catalogue unload wrap disinfect sharpen replace adjust
number collect return post hang fold register lend trace pack split ration stack fetch mark test approve file""".split()
THINGS = """ticket invoice bicycle kettle ladder orchard parcel prescription roster spreadsheet tractor violin wardrobe greenhouse
logbook turbine mortgage pension permit passport suitcase stroller telescope trailer vaccine voucher webinar workshop aquarium
cradle engine garage harvest itinerary jacket keyboard lantern mattress notebook oven quilt receipt saddle tablet umbrella vineyard
xylophone yacht zipper beehive canoe drone easel fridge guitar hammock apron blanket calendar dictionary envelope fence generator
helmet inhaler jigsaw kiln loom microscope necklace ointment puppet questionnaire radiator sculpture thermostat uniform vase
wheelchair yarn bandage chandelier doorbell espresso freezer gearbox hedge incubator jukebox kayak locker manuscript napkin organ
pram quarry recipe shutter timetable ukulele valve whistle scanner""".split()
PEOPLE = """neighbour landlord nurse driver colleague teacher grandson supplier manager plumber librarian coach tenant client auditor
midwife baker farmer curator volunteer apprentice surveyor dentist courier translator sister uncle caretaker cashier electrician
beekeeper sergeant priest novelist trainee jeweller pilot shepherd goalkeeper chemist barber weaver referee gardener magician clerk
lodger""".split()
PLACES = """kitchen platform attic canteen harbour clinic corridor market basement archive balcony depot hallway studio terminal
classroom cellar courtyard ward lobby stable chapel library tram bakery pharmacy allotment museum laundry gym bank embassy quay
theatre brewery nursery mosque hostel airport sawmill dairy castle reservoir car-park village""".split()
OPENINGS = """wants to;loses an hour whenever they;has to;would rather;never manages to;taught a cousin how to;is proud to;forgets to;
pays somebody to;dreams of a day off to;was told off for refusing to;gets up early to;is afraid to;made a list of reasons to;
cannot afford to;promised to;gave up trying to;needs both hands to;saves coupons to;asks strangers to;learnt from videos to;
is the only one who remembers to;hopes to;hates having to""".replace("\n", "").split(";")
TIMES = """before breakfast;after the late shift;on market days;twice a month;every other evening;in the lunch break;during the
holidays;at the end of the quarter;when it rains;on the way home;once the children sleep;at the weekend;by candlelight;while
the radio plays;without glasses;against all advice;for a small fee;with music on;in secret;by telephone""".replace(
    "\n", " "
).split(";")
REASONS = """because the {person} retired;since the {person} moved abroad;so that the {person} stays calm;although the {person}
laughs about it;as the {person} used to do;unless the {person} helps;to spare the {person} the trouble;despite what the {person}
said;in case the {person} calls""".replace("\n", " ").split(";")
OTHER_WORDS = {
    "wants to": "would like to",
    "has to": "must",
    "would rather": "prefers to",
    "never manages to": "does not get round to",
    "because": "for",
    "although": "even if",
    "unless": "if nobody but",
}


def claim(chance: random.Random) -> str:
    """A statement out of the lists, long or short."""
    said = f"{chance.choice(OPENINGS)} {chance.choice(VERBS)} the {chance.choice(THINGS)}"
    if chance.random() < 0.6:
        said += f" in the {chance.choice(PLACES)}"
    if chance.random() < 0.5:
        said += f" {chance.choice(TIMES)}"
    if chance.random() < 0.5:
        said += f" {chance.choice(REASONS).format(person=chance.choice(PEOPLE))}"
    return said.capitalize()


def persona(n: int, chance: random.Random) -> dict[str, Any]:
    """A persona with eight claims, one of them with a quote."""
    said = {facet: [{"text": claim(chance)}, {"text": claim(chance)}] for facet in FACETS}
    said["goals"][0]["evidence"] = [{"quote": claim(chance), "segment": f"survey.csv#{n}"}]  # type: ignore[assignment]
    demographics = {
        "age": chance.randrange(18, 90),
        "occupation": chance.choice(PEOPLE),
        "home": chance.choice(PLACES),
    }
    return {"id": f"p{n:06}", "name": f"Persona {n}", "demographics": demographics, **said}


def again(given: dict[str, Any], n: int, chance: random.Random, *, other_words: bool) -> dict[str, Any]:
    """The same persona once more, word for word, or with one content word of each claim and its turns of phrase changed."""
    said = {facet: [{"text": each["text"]} for each in given[facet]] for facet in FACETS}
    if other_words:
        said = {facet: [{"text": reworded(each["text"], chance)} for each in said[facet]] for facet in FACETS}
    age = f"around {given['demographics']['age']}"
    return {"id": f"p{n:06}", "name": f"Persona {n}", "demographics": {"age": age}, **said}


def reworded(text: str, chance: random.Random) -> str:
    """A claim with a word of content taken out of it at random, another in its place, and set phrases in other words."""
    for phrase, other in OTHER_WORDS.items():
        text = text.lower().replace(phrase, other)
    known = {word: kind for kind in (VERBS, THINGS, PEOPLE, PLACES) for word in kind}
    words = text.split()
    at = chance.choice([i for i, word in enumerate(words) if word in known])
    words[at] = chance.choice(known[words[at]])
    return " ".join(words).capitalize()


def write(file: Path, size: int) -> dict[str, str]:
    """A personas file in which every twentieth persona is a copy of another; gives the copies and their originals."""
    chance = random.Random(size)
    planted: dict[str, str] = {}
    kept: dict[str, dict[str, Any]] = {}
    with file.open("w", encoding="utf-8") as stream:
        stream.write('{"schema_version": "1", "personas": [')
        for n in range(size):
            if n % EACH == EACH - 1:
                of = chance.choice(list(kept))
                made = again(kept.pop(of), n, chance, other_words=n % (2 * EACH) == EACH - 1)
                planted[made["id"]] = of
            else:
                made = persona(n, chance)
                if n % EACH < 5:
                    kept[made["id"]] = made
            stream.write(("," if n else "") + json.dumps(made))
        stream.write("]}")
    return planted


def measure(name: str) -> dict[str, Any]:
    """Read and compare; gives peak MB, seconds spent reading, and who was said to be nearest to whom with what loss."""
    begun = time.perf_counter()
    from persona_core.quality import DIMENSIONS, Configuration, Given
    from persona_core.quality.distinctiveness import effective_of
    from persona_core.runs import read_personas

    personas = read_personas(Path(name)).personas
    read = time.perf_counter() - begun
    measures = DIMENSIONS["distinctiveness"].measure(Given(personas, Configuration()))
    effective_of(measures)
    compared, held = time.perf_counter() - begun - read, peak()
    nearest = {
        each.id: (found.details["nearest"], found.value)
        for each, found in zip(personas, measures, strict=True)
    }
    return {"peak": held, "compared": compared, "nearest": nearest}


def run(sizes: Sizes) -> Iterator[Figure]:
    """Compare four sizes, each in a process of its own, start-up and reading included; score the smallest."""
    found: dict[int, dict[str, Any]] = {}
    copies = Copies()
    with tempfile.TemporaryDirectory() as name:
        for size in sizes.personas:
            file = Path(name) / f"{size}.json"
            planted = write(file, size)
            begun = time.perf_counter()
            answer = alone("quality", file)
            found[size] = {**answer, "took": time.perf_counter() - begun}
            found[size]["vectorised"] = alone("vectorising", file)
            copies.count(planted, answer["nearest"])
        fewest = Path(name) / f"{sizes.personas[0]}.json"
        scored = command([PERSONA, "score", fewest, "-o", "json"])
    yield from _compared(found)
    vectorised = found[sizes.personas[0]]["vectorised"]
    yield Figure(
        f"persona score, {sizes.personas[0]:,} personas", scored[0], "s", SCORE,
        floor=vectorised, floor_is="scikit-learn's TF-IDF of their claims",
    )  # fmt: skip
    yield Figure(f"planted copies of {copies.pairs:,} not found", copies.lost, "%", LOST)
    yield Figure(f"of {copies.others:,} personas without a copy, below 85", copies.wronged, "%", WRONGED)


def _compared(found: dict[int, dict[str, Any]]) -> Iterator[Figure]:
    taken = {size: each["compared"] for size, each in found.items()}
    for size, (most, megabytes) in ((min(found), FEWEST), (max(found), MOST)):
        each = found[size]
        yield Figure(
            f"compare {size:,} personas", each["took"], "s", most,
            floor=each["vectorised"], floor_is="scikit-learn's TF-IDF of their claims",
            sizes={n: other["took"] for n, other in found.items()} if size == max(found) else {},
        )  # fmt: skip
        yield Figure(f"compare {size:,} personas: peak memory", each["peak"], "MB", megabytes)
    yield Figure("compare: exponent of its growth", exponent(taken), "", EXPONENT)


class Copies:
    """How many planted copies were found, and how many others were taken for one."""

    def __init__(self) -> None:
        self.pairs = self.others = self._found = self._wronged = 0

    def count(self, planted: dict[str, str], nearest: dict[str, tuple[str, float]]) -> None:
        """Take a set of personas into the count."""
        self.pairs += len(planted)
        self._found += sum(nearest[copy][0] == of and nearest[copy][1] <= 60 for copy, of in planted.items())
        clean = set(nearest) - set(planted) - set(planted.values())
        self.others += len(clean)
        self._wronged += sum(nearest[each][1] < 85 for each in clean)

    @property
    def lost(self) -> float:
        """Per cent of the copies that were not found."""
        return 100 - 100 * self._found / self.pairs

    @property
    def wronged(self) -> float:
        """Per cent of the others."""
        return 100 * self._wronged / self.others
