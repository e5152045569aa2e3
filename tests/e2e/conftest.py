"""A real server, and a model on this machine that it may ask."""

import pytest
from loopback import Loopback
from loopback.synthesis import truthful
from serving import Serving


@pytest.fixture
def model():
    """A model that takes a moment for every answer."""
    with Loopback(answer=truthful, latency=0.15) as loopback:
        yield loopback


@pytest.fixture
def server(request, model, tmp_path):
    """A server that may ask the model, not yet started; killed at the end, wherever it is.

    On a SQLite file, or on the database that the test's parameter names.
    """
    more = {}
    if getattr(request, "param", "sqlite") == "postgresql":
        more["PERSONA_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    serving = Serving(
        tmp_path / "server",
        OPENAI_BASE_URL=model.url,
        OPENAI_API_KEY="k",
        PERSONA_ALLOW_MODEL="openai/*",
        PERSONA_GRACEFUL="1",
        **more,
    )
    yield serving
    serving.kill()
