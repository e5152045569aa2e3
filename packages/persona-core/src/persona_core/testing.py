"""Public doubles: what a test of one's own needs, without a file, a model or a network."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import anyio.lowlevel

from persona_core.loading import load
from persona_core.models import Corpus, LoadingOptions
from persona_core.models.completion import Completion, Prompt
from persona_core.models.persona import Usage
from persona_core.text import content_stems

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


class ScriptedProvider:
    """A provider that answers as it is told, and keeps what it was asked.

    `answers` is a function from prompt to answer, which may raise, or a list of answers that is used up in order.
    """

    def __init__(self, answers: Callable[[Prompt], str] | Sequence[str], *, model: str = "scripted") -> None:
        self.model = model
        self.prompts: list[Prompt] = []
        left = iter(() if callable(answers) else answers)
        self._answer = answers if callable(answers) else lambda _prompt: next(left)

    async def complete(self, prompt: Prompt) -> Completion:
        """Give the answer, after letting others run."""
        await anyio.lowlevel.checkpoint()
        self.prompts.append(prompt)
        text = self._answer(prompt)
        read = sum(len(message.text) for message in prompt.messages) // 4
        usage = Usage(prompt_tokens=read, completion_tokens=len(text) // 4)
        return Completion(text=text, model=self.model, usage=usage)


def truthful(prompt: Prompt) -> str:
    """Answer a prompt of the synthesis with words that stand in its data.

    What it writes is poor, and every quote of it is true.
    """
    task = prompt.messages[1].text
    lines = _lines(task[task.rindex("<data>") :])
    match prompt.name.partition("/")[0]:
        case "propose":
            schema: Any = prompt.answer_schema
            return json.dumps(_archetypes(lines, schema["properties"]["archetypes"]["minItems"]))
        case "observe":
            return json.dumps({"observations": _observations(lines)})
        case "persona":
            return json.dumps(_persona(lines))
        case _:
            return json.dumps({"quotes": []})


Line = tuple[str, str, str]
"""Alias, words, participant."""


def _lines(data: str) -> list[Line]:
    found, speaker = [], ""
    for line in data.splitlines():
        if heading := re.fullmatch(r"(P\d+):", line):
            speaker = heading[1]
        elif said := re.match(r"\[(S\d+)(?: Q\d+)?\] (.+)", line):
            found.append((said[1], said[2], speaker))
    return found


def _quoted(line: Line) -> dict[str, str]:
    said = line[1].split()
    starts = [" ".join(said[:length]) for length in range(12, 41)]
    return {"segment": line[0], "quote": next((s for s in starts if len(content_stems(s)) > 3), starts[0])}


def _archetypes(lines: Sequence[Line], count: int) -> dict[str, Any]:
    people = list(dict.fromkeys(speaker for _, _, speaker in lines))
    return {
        "archetypes": [
            {
                "label": f"The people of group {n + 1}",
                "difference": "They came in this order.",
                "participants": people[n::count],
                "segments": [alias for alias, _, speaker in lines if speaker in people[n::count]][:30],
            }
            for n in range(count)
        ]
    }


def _observations(lines: Sequence[Line]) -> list[dict[str, str]]:
    longest: dict[str, Line] = {}
    for line in lines:
        if len(line[1]) > len(longest.get(line[2], ("", "", ""))[1]):
            longest[line[2]] = line
    return [{"kind": "behaviour", "statement": line[1][:80], **_quoted(line)} for line in longest.values()]


def _persona(lines: Sequence[Line]) -> dict[str, Any]:
    by_length = sorted(lines, key=lambda line: -len(line[1]))

    def claim(n: int) -> dict[str, Any]:
        line = by_length[n % len(by_length)]
        return {"text": f"Says that {line[1][:60]}", "evidence": [_quoted(line)], "against": []}

    return {
        "title": "The quoted one",
        "summary": "Says what participants said.",
        "scenario": "A day like any other.",
        "headline": _quoted(by_length[0]),
        "goals": [claim(0), claim(1)],
        "needs": [claim(2)],
        "pain_points": [claim(3), claim(4)],
        "behaviours": [claim(5), claim(6)],
        "motivations": [claim(7)],
        "context": [],
    }
