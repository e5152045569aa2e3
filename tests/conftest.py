"""What tests of the whole share: the real command, and the proof that every quote holds."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings
from postgres import PostgresServer

from persona_core.loading import load, read_back
from persona_core.models import Role
from persona_core.runs import find_sources, read_personas

PERSONA = Path(sys.executable).with_name("persona")

# The same examples each time, so that a change is judged by what it changed; HYPOTHESIS_PROFILE=soak looks further.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("soak", max_examples=5000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture
def installed(tmp_path):
    """Run the installed command in `tmp_path`, with nobody's settings in force."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PERSONA_", "NO_COLOR"))}
    env["PERSONA_CONFIG_DIR"] = str(tmp_path / "no-config")

    def run(*arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [str(PERSONA), *map(str, arguments)]
        return subprocess.run(
            command,
            cwd=tmp_path,
            env=env | settings,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture
def every_quote_holds():
    """Check a run: every quote is exact, a participant's who may be quoted, and read back by its locator."""

    def check(run: Path) -> None:
        made, material = read_personas(run), find_sources(run)
        data = dict(material.sources)
        corpus = load(material.sources, material.options, participants=material.participants)
        assert made.personas
        for persona in made.personas:
            for path, claim in persona.claims():
                assert claim.evidence, f"{persona.id} {path} stands on nothing"
                for evidence in (*claim.evidence, *claim.against):
                    position = corpus.position(evidence.segment)
                    assert position is not None
                    assert evidence.tier == "exact"
                    assert corpus.role(position) is Role.participant
                    assert corpus.quotable(position)
                    assert evidence.participant == corpus.participant(position)
                    assert evidence.participant in persona.participants
                    assert evidence.quote in corpus.segment(position).text
                    back = read_back(evidence.locator, data[evidence.locator.source], material.options)
                    assert back == evidence.quote

    return check


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL for all tests that do not kill it."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def postgres_url(postgres):
    """The address of a new database."""
    return postgres.url(postgres.database())


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def on_either(request, tmp_path_factory):
    """What a server is told that is on a file, and then on PostgreSQL."""
    if request.param == "sqlite":
        return {}
    postgres = request.getfixturevalue("postgres")
    key = tmp_path_factory.mktemp("key") / "key"
    key.write_bytes(base64.urlsafe_b64encode(os.urandom(32)))
    return {
        "PERSONA_DATABASE_URL": postgres.url(postgres.database()),
        "PERSONA_SECRET_KEY_FILE": str(key),
    }
