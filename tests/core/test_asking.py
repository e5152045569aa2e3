"""Asking a model for something of a shape."""

from __future__ import annotations

import anyio
import pytest
from pydantic import BaseModel

from persona_core.asking import ask, parse, strict_schema
from persona_core.errors import GenerationError, RateLimitError
from persona_core.models.completion import Message, Prompt
from persona_core.synthesis.prompted.answers import Written
from persona_core.testing import ScriptedProvider

PROMPT = Prompt(
    name="colour/1", messages=(Message(role="system", text="Be brief."), Message(role="user", text="Which?"))
)


class Colour(BaseModel):
    """A colour with its strength."""

    name: str
    strength: int


def asked(*answers: str, **options: object) -> tuple[object, ScriptedProvider]:
    """Ask for a colour."""
    provider = ScriptedProvider(answers)
    return anyio.run(lambda: ask(provider, PROMPT, Colour, **options)), provider  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "answer",
    [
        '{"name": "red", "strength": 3}',
        'Sure! Here it is:\n```json\n{"name": "red", "strength": 3}\n```\nAnything else?',
        'I think {"name": "red", "strength": 3} is best.',
        '\n\n  {"name": "red",\n "strength": 3, "why": "it is mine"}',
    ],
)
def test_an_answer_is_found_among_prose(answer: str) -> None:
    """Fences, prose and extra keys around the object are passed over."""
    found, provider = asked(answer)
    assert found.value == Colour(name="red", strength=3)
    assert len(provider.prompts) == 1


def test_a_wrong_answer_is_sent_back_with_its_faults() -> None:
    """The second question holds the first answer and what was wrong with it, and both are counted."""
    found, provider = asked('{"name": "red", "strength": "strong"}', '{"name": "red", "strength": 3}')
    assert found.value.strength == 3
    assert found.calls == 2
    again = provider.prompts[1].messages
    assert [message.role for message in again] == ["system", "user", "assistant", "user"]
    assert "strong" in again[2].text
    assert "strength: Input should be a valid integer" in again[3].text
    each = [sum(len(message.text) for message in prompt.messages) // 4 for prompt in provider.prompts]
    assert found.usage.prompt_tokens == sum(each)


def test_after_two_repairs_it_is_an_error_that_says_why() -> None:
    """Three answers that do not fit, and no fourth question."""
    provider = ScriptedProvider(["no", "{}", ""])
    with pytest.raises(GenerationError, match=r"colour/1.*3 times: the answer was empty"):
        anyio.run(ask, provider, PROMPT, Colour)
    assert len(provider.prompts) == 3


def test_a_check_may_find_fault_and_is_overruled_in_the_end() -> None:
    """What fits the schema is better than nothing: after the last repair it stands."""
    same = '{"name": "red", "strength": 3}'
    found, provider = asked(
        same, same, same, check=lambda colour: "too red" if colour.name == "red" else None
    )
    assert found.value.name == "red"
    assert "too red" in provider.prompts[1].messages[-1].text


def test_a_cut_answer_gives_what_is_whole() -> None:
    """Of a list that was cut, the items before the cut are there."""
    assert parse('{"items": [{"a": 1}, {"a": 2}, {"a"', cut=True) == {"items": [{"a": 1}, {"a": 2}, {}]}
    with pytest.raises(ValueError, match="no JSON"):
        parse("nothing here")


def test_a_provider_error_passes() -> None:
    """Who asks hears why a model did not answer."""

    def refuse(_prompt: Prompt) -> str:
        raise RateLimitError("too much at once", retry_after=3.0)

    with pytest.raises(RateLimitError):
        anyio.run(ask, ScriptedProvider(refuse), PROMPT, Colour)


def test_the_schema_asks_for_every_key_and_no_other() -> None:
    """Structured output wants closed objects."""
    schema = strict_schema(Colour)
    assert schema["required"] == ["name", "strength"]
    assert schema["additionalProperties"] is False


def test_a_model_that_repeats_itself_is_asked_three_different_things() -> None:
    """A journal would answer the same question with the same answer."""
    _, provider = asked("", "", '{"name": "red", "strength": 3}')
    assert len({prompt.key("m") for prompt in provider.prompts}) == 3


def test_the_schema_says_no_defaults() -> None:
    """Strict answers refuse them, and every key is asked for anyway."""
    assert "default" not in str(strict_schema(Written))
