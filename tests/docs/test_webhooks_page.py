"""The programs of the page on webhooks, run on what a server really sent."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from serving import Serving
from serving.receiver import receiving
from standardwebhooks.webhooks import WebhookVerificationError

from persona_core.errors import SignatureError

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "receive-webhooks.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(python|js)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SETTINGS = {"PERSONA_ALLOW_HTTP_WEBHOOKS": "yes", "PERSONA_ALLOW_WEBHOOK_NETWORK": "127.0.0.0/8"}


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    """The last delivery of a job, and the secrets it was signed with."""
    with receiving() as receiver, Serving(tmp_path_factory.mktemp("page"), **SETTINGS) as server:
        with server.client() as client:
            made = client.post(
                "webhooks", json={"url": f"{receiver.url}/ok", "events": ["generation.completed"]}
            ).json()
        server.post_job()
        one = receiver.wait("/ok", 1)[0]
    return {
        "secret": made["secret"],
        "signing_secret": made["signing_secret"],
        "body": one.body,
        "headers": one.headers,
        "event": json.loads(one.body),
    }


@pytest.mark.parametrize("program", [text for kind, text in BLOCKS if kind == "python"])
def test_the_python_runs(delivered, program):
    """Verifies what is genuine; those that verify refuse what was changed."""
    names = dict(delivered)
    exec(program, names)  # noqa: S102 - the page's own
    if "def " in program:
        return
    with pytest.raises((AssertionError, SignatureError, WebhookVerificationError)):
        exec(program, {**delivered, "body": delivered["body"] + b" "})  # noqa: S102 - the page's own


def test_chat_and_ticket_take_the_event(delivered):
    """What a chat and a tracker would be sent, names left out."""
    names = dict(delivered)
    for kind, text in BLOCKS:
        if kind == "python" and "def " in text:
            exec(text, names)  # noqa: S102 - the page's own
    assert names["to_chat"](delivered["event"])["text"].endswith("completed: 2 personas")
    ticket = names["to_ticket"](delivered["event"])
    assert ticket["fields"]["summary"] == "Review 2 personas"
    assert ticket["fields"]["description"].startswith("http://127.0.0.1:")


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here")
def test_the_javascript_runs(delivered):
    """True for what is genuine, false for what was changed."""
    program = next(text for kind, text in BLOCKS if kind == "js")
    body, headers = delivered["body"], delivered["headers"]
    cases = [(body, headers, True), (body + b" ", headers, False), (body, {}, False)]
    cases.append((body, {"x-persona-signature": "sha256=short"}, False))
    for body, headers, genuine in cases:
        given = {"secret": delivered["secret"], "body": body.decode(), "headers": headers}
        head = f"const {{secret, body, headers}} = {json.dumps(given)};\n"
        done = subprocess.run(
            ["node", "-e", f"{head}{program}\nconsole.log(genuine);"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == str(genuine).lower()
