"""Public doubles: what a test of one's own needs, without a file, a model or a network."""

from __future__ import annotations

from collections.abc import Mapping

from persona_core.loading import load
from persona_core.models import Corpus, LoadingOptions

SAMPLE: Mapping[str, str] = {
    "interviews/P01.md": (
        "Interviewer: How do you get to work?\n\n"
        "Participant: I take the tram at ten past eight. I always check the app before I leave.\n\n"
        "Interviewer: What goes wrong?\n\n"
        "Participant: There is no signal at the stop, so my ticket won't load. It's really frustrating.\n\n"
        "Participant: I just want to get home without having to think about it.\n"
    ),
    "interviews/P02.md": (
        "Interviewer: How do you get to work?\n\n"
        "Participant: I usually take the bus with the twins. I need to know that the lift works.\n\n"
        "Interviewer: What goes wrong?\n\n"
        "Participant: The lift was out of order. I can't carry a double pram up the stairs.\n\n"
        "Participant: I want to plan the whole way the evening before, because mornings are chaos.\n"
    ),
    "interviews/P03.vtt": (
        "WEBVTT\n\n"
        "00:00:01.000 --> 00:00:03.000\n<v Tessa>How do you get to work?\n\n"
        "00:00:04.000 --> 00:00:08.000\n<v P03>I ride when a fare is cheap, and I cycle when it isn't.\n\n"
        "00:00:08.500 --> 00:00:12.000\n<v P03>I want to pay the least that won't get me fined.\n\n"
        "00:00:13.000 --> 00:00:15.000\n<v Tessa>What goes wrong?\n\n"
        "00:00:16.000 --> 00:00:21.000\n<v P03>The off-peak rules are confusing, and I got a penalty.\n"
    ),
    "survey.csv": (
        "participant,Age,Occupation,What frustrates you most?,What do you hope to get done?\n"
        "P01,35,Nurse,The ticket won't load when there is no signal.,I want to get home with no surprises.\n"
        "P02,31,Teacher,A lift that is shown as working when it isn't.,I need to get off with a pram.\n"
        "P03,20,Student,I can't tell which fare is the right one.,I want the cheapest ticket there is.\n"
        "P04,44,Clerk,My ticket disappears in the tunnel.,I want to get to work without thinking about it.\n"
        "P05,67,Retired,I worry that the lift is broken.,I hope to visit my sister without stairs.\n"
        "P06,22,Apprentice,The fares change all the time.,I want to spend as little as possible.\n"
    ),
}
"""A small invented study about a tram's app: three interviews in two forms, and six answers to a survey."""


def sample_corpus(options: LoadingOptions | None = None) -> Corpus:
    """Load `SAMPLE`, the same each time: six participants, their words, and an interviewer's."""
    return load([(name, text.encode()) for name, text in SAMPLE.items()], options)
