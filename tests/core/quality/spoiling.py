"""Personas and what spoils them, one fault at a time; how well a figure tells the spoilt from the clean."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import anyio
import yaml

from persona_core.models import Claim, Persona
from persona_core.pipeline import generate
from persona_core.reading import parse_personas
from persona_core.testing import sample_corpus

_HERE = Path(__file__).parent


def written(name: str) -> tuple[Persona, ...]:
    """The personas of a file beside this one."""
    return parse_personas(yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))).personas


GOOD = written("good_personas.yaml")
BAD = written("bad_personas.yaml")
EXTRACTED = anyio.run(generate, sample_corpus()).personas
CLEAN = (*GOOD, *EXTRACTED)


def claims(*texts: str) -> tuple[Claim, ...]:
    """Claims as a model writes them, without evidence."""
    return tuple(Claim(text=text, origin="model") for text in texts)


def changed(persona: Persona, **values: object) -> Persona:
    """The same with other values."""
    return persona.model_copy(update=values)


def auroc(clean: Sequence[float], spoilt: Sequence[float]) -> float:
    """The chance that a clean one has more than a spoilt one; a tie counts half."""
    pairs = [(one, other) for one in clean for other in spoilt]
    return sum(1.0 if one > other else 0.5 if one == other else 0.0 for one, other in pairs) / len(pairs)


NAMES = "John Doe|Jane Doe|Persona 1|User A|Test User|[Name]|TBD|Lorem Ipsum|Participant P07|Firstname Lastname|Foo Bar|N/A".split(
    "|"
)
GENERIC = """be more productive|save time and money|achieve success|Improve efficiency|Stay organised|Wants to grow the business
Make better decisions|Reach her full potential|Have a better work-life balance|Learn new skills|To be happy and healthy|Get things done faster
Increasing productivity and reducing costs|Find reliable solutions quickly|Stay up to date with the latest trends|Enhance the user experience""".replace(
    "\n", "|"
).split("|")
JARGON = """We leverage synergies across the board|It delivers a seamless omnichannel experience|I want actionable insights that move the needle
A holistic, scalable ecosystem for stakeholders|Harness the power of cutting-edge solutions|We need strategic alignment on key deliverables
Empowers users with best-in-class touchpoints|Drives engagement through data-driven strategies""".replace(
    "\n", "|"
).split("|")
FRAMES = (
    "Wants to {} so that she can relax",
    "As a user, I want {} so that I can do my work",
    "Struggles with {} because of the current system",
    "Would like an app that helps with {} every day",
)
THINGS = "invoices|the rota|prints|parking|recipes|bookings|labels|allergies|minutes|boilers|recordings|deposits".split(
    "|"
)


def placeholder_names(clean: Sequence[Persona] = CLEAN) -> Iterator[Persona]:
    """Every persona under a name that is none."""
    for i, persona in enumerate(clean):
        for name in (NAMES[i % len(NAMES)], NAMES[(5 * i + 3) % len(NAMES)]):
            yield changed(persona, name=name)


def generic_goals(clean: Sequence[Persona] = CLEAN) -> Iterator[Persona]:
    """Every persona with goals of anybody, from one to four."""
    for i, persona in enumerate(clean):
        for size in (1, 2, 4):
            yield changed(persona, goals=claims(*(GENERIC[(3 * i + j) % len(GENERIC)] for j in range(size))))


def jargon(clean: Sequence[Persona] = CLEAN) -> Iterator[Persona]:
    """Every persona with a slide's words for its quotes, or for one pain point."""
    for i, persona in enumerate(clean):
        text = JARGON[i % len(JARGON)]
        yield changed(persona, quotes=claims(text))
        yield changed(persona, pain_points=(*persona.pain_points[1:], *claims(text)))


def templates(clean: Sequence[Persona] = CLEAN) -> Iterator[Persona]:
    """Every persona with claims of one shape."""
    for i, persona in enumerate(clean):
        filled = [FRAMES[i % len(FRAMES)].format(THINGS[(i + j) % len(THINGS)]) for j in range(6)]
        yield changed(
            persona,
            goals=claims(*filled[:2]),
            pain_points=claims(*filled[2:4]),
            behaviours=claims(*filled[4:]),
            needs=(),
            motivations=(),
            context=(),
        )


def gaps(clean: Sequence[Persona] = CLEAN) -> Iterator[Persona]:
    """Every persona without one field."""
    for persona in clean:
        for field in ("goals", "pain_points", "behaviours", "quotes"):
            yield changed(persona, **{field: ()}, **({"headline": None} if field == "quotes" else {}))
        yield changed(persona, demographics={})


def thin(clean: Sequence[Persona] = CLEAN) -> Iterator[Persona]:
    """Every persona with claims cut to a word or two, or to one claim each."""
    for persona in clean:
        for words in (1, 2):
            cut = {
                facet: tuple(
                    each.model_copy(update={"text": " ".join(each.text.split()[-words:])})
                    for each in getattr(persona, facet)
                )
                for facet in ("goals", "pain_points", "behaviours")
            }
            yield changed(persona, **cut)
        yield changed(
            persona,
            **{facet: getattr(persona, facet)[:1] for facet in ("goals", "pain_points", "behaviours")},
        )
