"""What tests of the models share: a server on this machine, and nobody's keys or addresses."""

import json
import os

import pytest
from loopback import Loopback

from persona_core.models.completion import Message, Prompt
from persona_providers import settings

PLANTED = "sk-planted-0123456789"


@pytest.fixture
def anyio_backend():
    """Litellm runs on asyncio only."""
    return "asyncio"


@pytest.fixture(autouse=True)
def nobodys_environment(monkeypatch):
    """Take keys and addresses of the person who runs the tests away."""
    for service in settings.SERVICES.values():
        for name in (*service.keys, *service.bases):
            monkeypatch.delenv(name, raising=False)
    for name in [name for name in os.environ if name.startswith("PERSONA_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def loopback():
    """A model's server on this machine that repeats the last message."""
    with Loopback(answer=lambda request: json.dumps({"said": request.messages[-1]["content"]})) as server:
        yield server


@pytest.fixture
def ask():
    """Make a prompt of some text."""

    def make(text: object = "hello", **fields: object) -> Prompt:
        said = (Message(role="system", text="Answer."), Message(role="user", text=str(text)))
        return Prompt(**{"name": "test/1", "messages": said, "max_tokens": 50, **fields})

    return make
