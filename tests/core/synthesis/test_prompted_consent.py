"""Words of participants who did not allow to be quoted: they count, and nobody reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from core.synthesis.scripted import check, edited, make, of_files, sent

from persona_core.errors import GenerationError
from persona_core.models import Corpus
from persona_core.models.completion import Prompt
from persona_core.testing import sample_corpus, truthful

SAID = {
    "A1": "I leave home early because the first tram is always late in winter.",
    "A2": "I leave home an hour early, since the tram never comes when it snows outside.",
    "A3": "I keep a spare ticket in my coat for the days when my phone is flat.",
    "A4": "I ask the driver about the lift before I get in with my chair.",
    "A5": "I walk to the second stop because the first one has no shelter at all.",
    "A6": "I read the timetable the evening before so that I know what to expect.",
}
SECRET = SAID["A2"]


def study(refused: str = "A2") -> Corpus:
    """Six answers; some people did not allow to be quoted."""
    answers = "".join(f'{code},"{said}"\n' for code, said in SAID.items())
    consent = "".join(f"{code},{'no' if code in refused else 'yes'}\n" for code in SAID)
    return of_files(
        {
            "s.csv": f"participant,How do you travel?\n{answers}",
            "participants.csv": f"participant,quote_ok\n{consent}",
        }
    )


def citing(*codes: str, text: str = "Leaves early in winter", **more: Any) -> Callable[[Prompt], str]:
    """Rest the first goal on what these people said, and change more."""

    def answer(prompt: Prompt) -> str:
        said = json.loads(truthful(prompt))
        if prompt.name.startswith("persona"):
            data = prompt.messages[1].text
            for facet in ("goals", "needs", "pain_points", "behaviours", "motivations"):
                for number, claim in enumerate(said[facet]):
                    claim["text"] = f"They do something ({facet} {number})"
            evidence = [{"segment": _alias(data, SAID[code]), "quote": SAID[code][:45]} for code in codes]
            said["goals"][0] = {"text": text, "evidence": evidence, "against": []}
            said |= more
        return json.dumps(said)

    return answer


def _alias(data: str, words: str) -> str:
    line = next(line for line in data.splitlines() if words in line)
    return line[1:].split("]")[0].split()[0]


def test_they_support_a_claim_and_are_shown_nowhere() -> None:
    """Two said so, one may be quoted."""
    personas, provider = make(study(), citing("A1", "A2"), count=1)
    check(study(), personas)
    goal = personas.personas[0].goals[0]
    assert SECRET in sent(provider)
    assert goal.support is not None
    assert goal.support.participants == 2
    assert [each.participant for each in goal.evidence] == ["A1"]
    assert SECRET[:30] not in personas.model_dump_json()


def test_a_claim_that_rests_only_on_them_is_asked_about_again_and_dropped() -> None:
    """It is counted and named, apart from those whose words do not exist."""
    personas, provider = make(study(), citing("A2", text="Waits for the snow to melt"), count=1)
    asked = next(prompt.messages[1].text for prompt in provider.prompts if prompt.name.startswith("requote"))
    assert "1. Waits for the snow to melt" in asked
    assert SECRET not in asked
    assert all(claim.text != "Waits for the snow to melt" for _, claim in personas.personas[0].claims())
    notices = [each.message for each in personas.warnings if each.code == "claims_dropped"]
    assert any(
        "claims rested only on words that may not be shown, and were left out: “Waits for the snow to melt”"
        in notice
        for notice in notices
    )
    assert not any("not in the sources" in notice for notice in notices)


def test_a_second_try_finds_who_may_be_quoted() -> None:
    """Then the claim stands, and still counts both."""

    def answer(prompt: Prompt) -> str:
        if prompt.name.startswith("requote"):
            quote = {"claim": 1, "segment": _alias(prompt.messages[1].text, SAID["A1"]), "quote": SAID["A1"]}
            return json.dumps({"quotes": [quote]})
        return citing("A2")(prompt)

    personas, _ = make(study(), answer, count=1)
    goal = personas.personas[0].goals[0]
    assert goal.support is not None
    assert goal.support.participants == 2
    assert [each.participant for each in goal.evidence] == ["A1"]


def test_what_a_model_writes_does_not_repeat_them() -> None:
    """Neither a claim, nor the summary, nor a headline, nor what the warnings list."""
    copied = f"They say: {SECRET}"
    personas, _ = make(
        study(),
        citing("A1", text=copied, summary=f"Travels. {copied} Plans ahead.", scenario=copied, title=copied),
        count=1,
    )
    persona = personas.personas[0]
    assert persona.summary == "Travels. Plans ahead."
    assert persona.scenario is None
    assert "since the tram never comes" not in personas.model_dump_json()
    assert any("“(in words that may not be shown)”" in each.message for each in personas.warnings)


def test_against_a_claim_only_those_speak_who_may_be_quoted() -> None:
    """Counter-evidence shows words, too."""

    def answer(prompt: Prompt) -> str:
        said = json.loads(citing("A1")(prompt))
        if prompt.name.startswith("persona"):
            data = prompt.messages[1].text
            said["goals"][0]["against"] = [
                {"segment": _alias(data, SAID[code]), "quote": SAID[code][:50]} for code in ("A2", "A5")
            ]
        return json.dumps(said)

    personas, _ = make(study(), answer, count=1)
    assert [each.participant for each in personas.personas[0].goals[0].against] == ["A5"]


def test_words_that_say_who_somebody_is_are_not_shown_either() -> None:
    """An address in a quote is no better for being true."""
    answers = "".join(
        f'{code},"{said} Write to {code.lower()}@mail.example for more."\n' for code, said in SAID.items()
    )
    corpus = of_files({"s.csv": f"participant,How do you travel?\n{answers}"})

    def whole(said: dict[str, Any]) -> None:
        quoted = said["headline"]
        said["goals"] = [
            {
                "text": "Leaves an address",
                "evidence": [{**quoted, "quote": "for more than this"}, quoted],
                "against": [],
            },
            {
                "text": "Writes",
                "evidence": [{"segment": "S1", "quote": "Write to [EMAIL_1] for more."}],
                "against": [],
            },
        ]

    personas, _ = make(corpus, edited(whole), count=1)
    assert "mail.example" not in personas.model_dump_json()
    assert [claim.text for claim in personas.personas[0].goals] == ["Leaves an address"]


def test_a_persona_of_whom_nothing_may_be_shown_fails_alone() -> None:
    """The others stay."""

    def split(said: dict[str, Any]) -> None:
        said["archetypes"][0] |= {"participants": ["P2"], "segments": ["S2"]}
        said["archetypes"][1] |= {"participants": ["P1", "P3", "P4", "P5", "P6"], "segments": ["S1"]}

    with pytest.raises(
        GenerationError, match=r"1 of 2 personas could not be made: none of .* may be shown"
    ) as raised:
        make(study(), edited(split, "propose"), count=2)
    assert len(raised.value.partial.personas) == 1


def test_where_everybody_may_be_quoted_nothing_is_withheld() -> None:
    """A claim in participants' own words is no fault then."""
    personas, _ = make(sample_corpus(), truthful, count=1)
    assert not [each for each in personas.warnings if each.code == "claims_dropped"]
