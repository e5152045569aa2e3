"""Traits, flaws and ways of talking, each from a count; where the counts do not support one, it is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from persona_core.abstraction.manner import Compared
from persona_core.models.script import CommunicationStyle

_SHORT = 10
"""Words of an answer from which on its length says something."""
APART = 0.3
"""Standard deviations by which a group's mean has to be above the others' for a trait."""
_TRAITS: Mapping[str, tuple[str, ...]] = {
    "planning": ("Organised: likes a plan, and thinks in steps.",),
    "checking": ("Careful: looks twice before trusting a thing.",),
    "curiosity": ("Curious: likes to try things out and learn.",),
    "enjoyment": ("Enthusiastic: quick to say what is good about a thing.",),
    "together": ("Sociable: thinks in terms of the people around.",),
    "alone": ("Independent: prefers to get by without others.",),
    "ideas": ("Imaginative: cares about ideas and where they come from.",),
    "helping": ("Helpful: much of the day is about other people.",),
    "detail": ("Precise: pays attention to detail.",),
}
"""The kind of word (`manner.KINDS`) that a group uses more than the others, and what that makes of the persona."""
_FLAWS: Mapping[str, tuple[str, ...]] = {
    "impatience": ("Impatient with whatever is slow or dull.",),
    "worry": ("Inclined to worry about what could go wrong.",),
    "doubt": ("Slow to commit: sees the other side of everything.",),
    "hedges": ("Tentative: puts many things with a maybe.",),
    "intensifiers": ("Emphatic: seldom puts a thing by halves.",),
}
_MOST_TRAITS, _MOST_FLAWS = 4, 2


def traits(compared: Compared, k: int) -> tuple[str, ...]:
    """What they are like: the kinds of words that set the group apart and that at least `k` of it use, clearest first."""
    return tuple(_apart(compared, _TRAITS, k))[:_MOST_TRAITS]


def flaws(compared: Compared, k: int) -> tuple[str, ...]:
    """The same of what is less welcome."""
    return tuple(_apart(compared, _FLAWS, k))[:_MOST_FLAWS]


def _apart(compared: Compared, listed: Mapping[str, Sequence[str]], k: int) -> Iterator[str]:
    by_distance = sorted(listed, key=lambda kind: (-compared.apart(kind), kind))
    for kind in by_distance:
        if compared.apart(kind) >= APART and compared.users(kind) >= k:
            yield listed[kind][0]


def style(compared: Compared, k: int) -> CommunicationStyle:
    """How they talk; how everybody does where fewer than `k` of the group said enough, and that is said."""
    if len(compared.inside) < k:
        return _of_everybody(compared, k)
    return CommunicationStyle(
        tone=_tone(compared),
        vocabulary_level=_vocabulary(compared),
        speech_patterns=tuple(_patterns(compared)),
    )


def _of_everybody(compared: Compared, k: int) -> CommunicationStyle:
    everybody = Compared((*compared.inside, *compared.outside), ())
    few = f"Fewer than {k} people said enough to tell how this persona talks"
    if len(everybody.inside) < k:
        return CommunicationStyle(tone=f"{few}: use a plain, neutral voice.")
    given = style(everybody, k)
    tone = f"{few}; what follows is how the participants of the study talk on the whole. {given.tone}"
    return given.model_copy(update={"tone": tone})


def _rounded(number: float) -> int:
    return max(5, 5 * round(number / 5))


def _tone(compared: Compared) -> str:
    formal = compared.mean("contractions")
    manner = "Informal" if formal >= 2.5 else "Relaxed but not chatty" if formal >= 1 else "Rather formal"
    mood = ""
    if compared.apart("enjoyment") >= APART or compared.mean("exclamations") >= 15:
        mood = " and warm"
    elif compared.apart("worry") >= APART:
        mood = " and cautious"
    elif compared.mean("worry") < compared.mean("enjoyment") / 2:
        mood = " and upbeat"
    return f"{manner}{',' if mood and 'not' in manner else ''}{mood}."


def _vocabulary(compared: Compared) -> str:
    """By LIX: below 30 very easy, below 40 easy, below 50 medium, below 60 difficult."""
    lix = fmean(each.lix for each in compared.inside)
    levels = (
        (30, "Everyday words, short and plain."),
        (40, "Plain words, with a longer one here and there."),
        (50, "A good many longer words."),
        (60, "Long words, and terms of the trade."),
    )
    return next((told for least, told in levels if lix < least), "Long and learned words throughout.")


def _patterns(compared: Compared) -> Iterator[str]:
    length = fmean(each.sentence_length for each in compared.inside)
    low = int(length // 5) * 5
    yield (
        f"Sentences of about {max(low, 1)} to {low + 5} words."
        if length < 40
        else "Sentences of more than 40 words."
    )
    turn = int(fmean(each.turn_length for each in compared.inside))
    if turn >= _SHORT:
        yield f"Answers of {_rounded(0.7 * turn)} to {_rounded(1.3 * turn)} words as a rule."
    turns = (
        ("hedges", 1.2, "Hedges now and then.", "Hedges more than most."),
        ("intensifiers", 1.6, "Stresses things readily.", "Stresses things more than most."),
        (
            "first_person",
            7.0,
            "Speaks mostly from personal experience.",
            "Speaks of personal experience more than most.",
        ),
        ("together", 1.5, "Often speaks for a group.", "Speaks for a group more than most."),
        ("questions", 8.0, "Asks a question now and then.", "Asks more questions than most."),
    )
    for kind, much, told, more in turns:
        if compared.apart(kind) >= APART and compared.mean(kind) >= much / 3:
            yield more
        elif compared.mean(kind) >= much:
            yield told
    if compared.mean("questions") < 2 and compared.apart("questions") < APART:
        yield "Hardly ever asks anything back."
    if compared.mean("contractions") >= 2.5:
        yield "Runs words together as people do when they talk."
