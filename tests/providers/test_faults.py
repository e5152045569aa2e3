"""What can go wrong with a model's host, over real connections."""

import logging
import subprocess
import sys
import textwrap
import time
import traceback
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import anyio
import pytest
from loopback import every, first
from providers.conftest import PLANTED

from persona_core.errors import (
    AuthenticationError,
    ConfigurationError,
    ContextLengthError,
    PersonaError,
    ProviderError,
    ProviderUnavailableError,
    RateLimitError,
)
from persona_providers import LiteLLMProvider
from persona_providers.errors import AnswerLostError, UnreachableError

pytestmark = pytest.mark.anyio
SCHEMA = {
    "type": "object",
    "properties": {"said": {"type": "string"}},
    "required": ["said"],
    "additionalProperties": False,
}


@asynccontextmanager
async def asking(server, **given):
    """A model at `server`, with a short time limit."""
    base = given.pop("api_base", None) or server.url
    async with LiteLLMProvider("openai/any", **{"timeout": 2.0, "api_base": base, **given}) as model:
        yield model


async def test_an_answer_says_what_it_took(loopback, ask) -> None:
    """Usage is the host's; the cost of a model that nobody lists is unknown, not nothing."""
    async with asking(loopback) as model:
        found = await model.complete(ask("hello"))
    assert found.text == '{"said": "hello"}'
    assert (found.model, found.finish_reason, found.replayed) == ("loopback-1", "stop", False)
    assert found.usage.prompt_tokens > 0
    assert found.usage.cost_usd is None
    assert len(loopback.requests) == 1


async def test_assumed_prices_make_costs(loopback, ask) -> None:
    """A million tokens at the assumed price."""
    async with asking(loopback, assume_price=1_000_000) as model:
        usage = (await model.complete(ask())).usage
    assert usage.cost_usd == usage.prompt_tokens + usage.completion_tokens


@pytest.mark.parametrize("fault", ["429", "429:0.3", "500", "503", "cut", "reset", "garbage"])
async def test_what_passes_is_asked_again(loopback, ask, fault) -> None:
    """One fault, then an answer."""
    loopback.fault = first(1, fault)
    begun = time.monotonic()
    async with asking(loopback) as model:
        assert (await model.complete(ask())).text
    assert len(loopback.requests) == 2
    if fault == "429:0.3":
        assert time.monotonic() - begun >= 0.3


@pytest.mark.parametrize(
    ("fault", "kind", "tries"),
    [
        ("400", ProviderError, 1),
        ("401", AuthenticationError, 1),
        ("403", AuthenticationError, 1),
        ("404", ConfigurationError, 1),
        ("context", ContextLengthError, 1),
        ("quota", ProviderError, 1),
        ("429", RateLimitError, 0),
        ("429:60", RateLimitError, 1),
        ("500", ProviderUnavailableError, 0),
        ("cut", AnswerLostError, 0),
        ("reset", AnswerLostError, 0),
        ("garbage", AnswerLostError, 0),
    ],
)
async def test_what_stays_is_one_error_of_ours(loopback, ask, fault, kind, tries) -> None:
    """Its kind says what to do, its message is a sentence, and it comes within twice the time limit."""
    loopback.fault = fault
    begun = time.monotonic()
    async with asking(loopback, timeout=0.5) as model:
        await model._adapter.ready()
        with pytest.raises(PersonaError) as raised:
            await model.complete(ask())
    assert type(raised.value) is kind
    assert "\n" not in str(raised.value)
    assert len(loopback.requests) == tries or (tries == 0 and len(loopback.requests) > 1)
    assert time.monotonic() - begun < 8
    if fault == "429:60":
        assert raised.value.retry_after == 60


@pytest.mark.parametrize("fault", ["hang", "drip"])
async def test_a_host_that_never_ends_is_left(loopback, ask, fault) -> None:
    """The time limit holds for a try, and twice of it for all, however the answer dawdles."""
    loopback.fault = fault
    async with asking(loopback, timeout=0.5) as model:
        await model._adapter.ready()
        begun = time.monotonic()
        with pytest.raises(AnswerLostError):
            await model.complete(ask())
    assert 0.9 < time.monotonic() - begun < 1.5
    assert len(loopback.requests) == 2


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/v1", "http://nowhere.invalid/v1"])
async def test_nobody_there_is_said_soon(loopback, ask, address) -> None:
    """A wrong address is tried three times, not ten."""
    async with asking(loopback, api_base=address, api_key="k") as model:
        with pytest.raises(UnreachableError, match="cannot be reached: check the address") as caught:
            await model.complete(ask())
    assert str(caught.value).startswith(f"{urlsplit(address).netloc} ")


async def test_half_the_answers_failing_loses_none(loopback, ask) -> None:
    """Every second request fails, and every question is answered."""
    loopback.fault = every(2, "500")
    found = set()
    async with asking(loopback, timeout=10) as model, anyio.create_task_group() as tasks:

        async def one(number: int) -> None:
            found.add((await model.complete(ask(number))).text)

        for number in range(40):
            tasks.start_soon(one, number)
    assert found == {f'{{"said": "{number}"}}' for number in range(40)}


async def test_a_host_that_asks_for_a_pause_gets_it_from_all(loopback, ask) -> None:
    """After Retry-After no other call begins before its time."""
    loopback.fault = first(1, "429:0.6")
    async with asking(loopback) as model, anyio.create_task_group() as tasks:
        tasks.start_soon(model.complete, ask(1))
        await anyio.sleep(0.2)
        assert len(loopback.requests) == 1
        begun = time.monotonic()
        await model.complete(ask(2))
        assert time.monotonic() - begun > 0.3


async def test_answers_that_are_poor_are_given_as_they_are(loopback, ask) -> None:
    """Cut at the limit, wrapped in prose, empty: the caller judges; a missing usage is unknown."""
    async with asking(loopback, assume_price=1) as model:
        found = {}
        for loopback.fault in ("length", "prose", "empty", "no_usage"):
            found[loopback.fault] = await model.complete(ask(loopback.fault))
    assert found["length"].finish_reason == "length"
    assert found["prose"].text.startswith("Gladly")
    assert found["empty"].text == ""
    assert found["no_usage"].usage.cost_usd is None
    assert len(loopback.requests) == 4


async def test_a_schema_goes_beside_the_prompt(loopback, ask) -> None:
    """As `response_format`, strict where every object is closed; loose where one is not."""
    async with asking(loopback) as model:
        await model.complete(ask(answer_schema=SCHEMA))
        await model.complete(ask(answer_schema={**SCHEMA, "required": []}))
    strict, loose = (request.json["response_format"]["json_schema"] for request in loopback.requests)
    assert (strict["schema"], strict["strict"], strict["name"]) == (SCHEMA, True, "test_1")
    assert loose["strict"] is False


async def test_a_refused_schema_goes_into_the_prompt_and_stays_there(loopback, ask) -> None:
    """The refusal costs one request, once."""
    loopback.fault = "no_schema"
    async with asking(loopback) as model:
        for text in ("one", "two"):
            assert (await model.complete(ask(text, answer_schema=SCHEMA))).text
    assert ["response_format" in request.json for request in loopback.requests] == [True, False, False]
    assert [request.schema for request in loopback.requests] == [SCHEMA] * 3


async def test_a_refusal_of_something_else_does_not_cost_the_schema(loopback, ask) -> None:
    """Where asking without a schema fails as well, the next prompt has it again."""
    async with asking(loopback) as model:
        loopback.fault = "400"
        with pytest.raises(ProviderError):
            await model.complete(ask("bad", answer_schema=SCHEMA))
        loopback.fault = None
        await model.complete(ask("good", answer_schema=SCHEMA))
    assert "response_format" in loopback.requests[-1].json


async def test_a_missing_key_is_said_before_anything_is_sent(ask) -> None:
    """One sentence that names the variables, and no litellm for it."""
    model = LiteLLMProvider("openai/gpt-5-mini")
    with pytest.raises(AuthenticationError) as raised:
        await model.complete(ask())
    assert str(raised.value) == "openai/gpt-5-mini needs a key: set OPENAI_API_KEY, or PERSONA_MODEL_API_KEY"


async def test_a_missing_key_of_a_service_only_litellm_knows_is_said(ask, monkeypatch) -> None:
    """Its variable comes from litellm."""
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    with pytest.raises(AuthenticationError, match="set GROQ_API_KEY, or PERSONA_MODEL_API_KEY"):
        await LiteLLMProvider("groq/llama-3.3-70b-versatile").complete(ask())


async def test_a_name_of_no_service_is_a_configuration_error(ask, capfd) -> None:
    """And nothing is printed for it."""
    with pytest.raises(ConfigurationError, match="no service is known for the model “nosuch/thing”"):
        await LiteLLMProvider("nosuch/thing").complete(ask())
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("fault", [None, "400", "401", "500", "cut", "hang"])
async def test_a_key_shows_nowhere(loopback, ask, fault, caplog, capfd) -> None:
    """Not in a log, an error, its traceback or a repr, though the host echoes it; and the prompt in no log."""
    caplog.set_level(logging.DEBUG)
    loopback.fault = fault
    seen = ""
    async with asking(loopback, timeout=0.3, api_key=PLANTED) as model:
        try:
            seen += repr(await model.complete(ask("planted words")))
        except PersonaError as error:
            seen += "".join(traceback.format_exception(error)) + repr(error)
        seen += repr(model) + repr(vars(model)) + repr(vars(model._adapter))
    logged = caplog.text + "".join(capfd.readouterr())
    assert PLANTED in loopback.requests[0].headers["authorization"]
    assert PLANTED not in seen + logged
    assert "planted words" not in logged


def test_a_call_that_is_given_up_early_says_nothing(loopback) -> None:
    """Whatever moment it is given up at: also while litellm prepares it in a thread of its own."""
    program = f"""
        import gc
        import anyio
        from persona_providers.adapter import Adapter

        async def main():
            adapter = Adapter("openai/any", api_base="{loopback.url}", api_key="any", timeout=5)
            await adapter.ready()
            for turn in range(40):
                with anyio.move_on_after(turn / 4000):
                    await adapter.call("acompletion", messages=[{{"role": "user", "content": "hello"}}])
            await anyio.sleep(0.2)
            gc.collect()

        anyio.run(main)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
