"""`persona script generate --model` with a model on this machine that gives away what was said."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from loopback import Loopback, Request

PERSONA = Path(sys.executable).with_name("persona")
STUDY = Path(__file__).parents[3] / "docs" / "examples" / "study"
LEAK = "Coming out of the tunnel and getting five alerts at once about things they could have avoided."
MENDED = "Hopes for something better."
ALIAS = re.compile(r"\[(C\d+) (\w+)\]")


def asked_in(request: Request) -> list[str]:
    """The aliases that a prompt asks for."""
    data = str(request.messages[1]["content"]).rpartition("<data>")[2]
    return [alias for alias, _ in ALIAS.findall(data)]


def answer(sentences: dict[str, str]) -> str:
    """Sentences by alias, as the model gives them."""
    return json.dumps({"sentences": [{"alias": each, "sentence": said} for each, said in sentences.items()]})


@pytest.fixture
def script(tmp_path):
    """Make a run, and the script of its first persona with a model that answers as it is told."""

    def run(answering):
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("PERSONA_", "OPENAI_"))
        }
        with Loopback(answer=answering) as server:
            env = {
                **kept,
                "OPENAI_BASE_URL": server.url,
                "OPENAI_API_KEY": "sk-test",
                "PERSONA_CONFIG_DIR": str(tmp_path / "none"),
            }
            made = ["generate", str(STUDY), "--out", "run"]
            told = ["script", "generate", "run#persona-001", "--model", "openai/loop"]
            for command in (made, told):
                found = subprocess.run(
                    [str(PERSONA), *command],
                    cwd=tmp_path,
                    env=env,
                    capture_output=True,
                    text=True,
                    timeout=120,
                    check=False,
                )
                assert found.returncode == 0, found.stderr
            return json.loads(found.stdout), list(server.requests)

    return run


def test_a_model_that_leaks_is_corrected(script):
    """Its first sentences go back with the kind of finding and without words; what it mends is released."""

    def mending(request: Request) -> str:
        said = LEAK if request.number == 1 else MENDED
        return answer(dict.fromkeys(asked_in(request), said))

    document, requests = script(mending)
    assert len(requests) == 2
    assert sorted(asked_in(requests[1])) == sorted(asked_in(requests[0]))
    told = str(requests[1].messages[1]["content"])
    assert "were refused" in told
    assert LEAK not in told
    assert MENDED in str(document["psychological_profile"])
    assert "five alerts" not in json.dumps(document)
    assert document["provenance"]["privacy_audit"]["passed"] is True


def test_a_model_that_goes_on_leaking_is_left_out_and_counted(script):
    """After three rounds the claim that still leaks is not in the script; the rest is."""
    stubborn = "C1"

    def leaking(request: Request) -> str:
        return answer({alias: LEAK if alias == stubborn else MENDED for alias in asked_in(request)})

    document, requests = script(leaking)
    assert [asked_in(each) for each in requests[1:]] == [[stubborn], [stubborn]]
    assert "five alerts" not in json.dumps(document)
    assert MENDED in str(document["psychological_profile"])
    assert document["provenance"]["withheld"]["claims"] == 1
    assert document["provenance"]["privacy_audit"]["passed"] is True
