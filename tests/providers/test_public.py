"""What the package shows, and what it leaves alone until it is needed."""

import subprocess
import sys

import pytest
from loopback.server import vector

import persona_providers
from persona_core.errors import ConfigurationError, ProviderError
from persona_providers import Budget, Host, Limits, LiteLLMEmbedder, Secret, host_of, limits_of
from persona_providers.catalogue import access_to


def test_the_public_list_is_sorted_and_true() -> None:
    """Every name is there."""
    assert sorted(persona_providers.__all__) == persona_providers.__all__
    assert all(hasattr(persona_providers, name) for name in persona_providers.__all__)


def test_importing_brings_neither_litellm_nor_httpx() -> None:
    """Nor does making a provider, or asking where the well-known are."""
    code = (
        "import sys, persona_providers as p; p.provider('openai/x', budget=1.0); p.host_of('openai/x');"
        "print([name for name in ('litellm', 'httpx', 'openai', 'aiohttp') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("model", "base", "host", "loopback"),
    [
        ("openai/gpt-5-mini", None, "api.openai.com", False),
        ("anthropic/claude-sonnet-4-5", None, "api.anthropic.com", False),
        ("ollama/llama3", None, "localhost", True),
        ("openai/x", "http://127.0.0.9:8000/v1", "127.0.0.9", True),
        ("openai/x", "http://[::1]:8000/v1", "::1", True),
        ("openai/x", "http://localhost.example.org/v1", "localhost.example.org", False),
        ("openai/x", "https://key:secret@models.example.org/v1", "models.example.org", False),
        ("gpt-5-mini", None, "api.openai.com", False),
        ("groq/llama-3.3-70b-versatile", None, "api.groq.com", False),
        ("bedrock/anthropic.claude-v2", None, "bedrock", False),
    ],
)
def test_where_a_call_would_go(model, base, host, loopback) -> None:
    """The host alone, and whether it is this machine."""
    assert host_of(model, base) == Host(host, loopback)


@pytest.mark.parametrize(
    ("base", "shown"),
    [
        (None, "api.openai.com"),
        ("http://[::1]:8000/v1", "[::1]:8000"),
        ("https://key:secret@models.example.org/v1", "models.example.org"),
    ],
)
def test_what_an_error_calls_it(base, shown) -> None:
    """The host with the port of the address, and never who asks."""
    assert access_to("openai/x", api_base=base, environ={}).shown == shown


def test_which_address_and_key_count() -> None:
    """What is given, then ours, then litellm's own variables."""
    environ = {
        "OPENAI_BASE_URL": "http://theirs",
        "OPENAI_API_BASE": "http://older",
        "OPENAI_API_KEY": "theirs",
    }
    ours = {**environ, "PERSONA_MODEL_API_BASE": "http://ours", "PERSONA_MODEL_API_KEY": "ours"}
    found = [
        access_to("openai/x", environ=environ),
        access_to("openai/x", environ=ours),
        access_to("openai/x", environ=ours, api_base="http://given", api_key="given"),
    ]
    assert [each.api_base for each in found] == ["http://theirs", "http://ours", "http://given"]
    assert [each.api_key.reveal() for each in found] == ["theirs", "ours", "given"]
    assert [each.host.name for each in found] == ["theirs", "ours", "given"]


def test_what_models_take_and_cost() -> None:
    """From the price list; what nobody lists is unknown, and another service's prices are not borrowed."""
    known = limits_of("openai/gpt-5-mini")
    assert (known.context, known.input_price, known.output_price) == (272_000, 0.25, 2.0)
    local = limits_of("openai/my-own")
    assert (local.context, local.input_price, local.cost(1, 1)) == (32_000, None, None)
    assert limits_of("lm_studio/gpt-4o").input_price is None
    assumed = limits_of("openai/my-own", 8_000, assume_price=3.0)
    assert (assumed.context, assumed.cost(500_000, 500_000)) == (8_000, 3.0)
    assert limits_of("openai/gpt-5-mini", assume_price=3.0).input_price == 0.25


def test_a_secret_hides() -> None:
    """In repr, str and format; and where a text holds it."""
    secret = Secret("sk-planted-0123456789")
    assert "planted" not in f"{secret!r} {secret} {[secret]}"
    assert secret.hide_in("Bearer sk-planted-0123456789!") == "Bearer ***!"
    assert Secret("k").hide_in("kind") == "kind"


@pytest.mark.anyio
async def test_embeddings_come_in_the_order_of_the_texts(loopback) -> None:
    """In batches, side by side, and within a budget."""
    texts = [f"text {n}" for n in range(200)]
    limits = Limits(budget=Budget(1.0))
    model = LiteLLMEmbedder("openai/any", limits=limits, assume_price=1.0, api_base=loopback.url)
    found = await model.embed(texts)
    assert found == [vector(text) for text in texts]
    assert await model.embed([]) == []
    assert len(loopback.requests) == 3
    assert 0 < limits.budget.spent < 1
    loopback.fault = "400"
    with pytest.raises(ProviderError, match="refused"):
        await model.embed(texts)
    unpriced = LiteLLMEmbedder("openai/any", limits=limits, api_base=loopback.url)
    with pytest.raises(ConfigurationError, match="the price of openai/any is not known"):
        await unpriced.embed(texts)
    await model.aclose()
