"""The programs of the page on webhooks, run on what a server really sent."""

import json
import re
import runpy
import shutil
import subprocess

import pytest
from docs.pages import DOCS, delivered
from standardwebhooks.webhooks import WebhookVerificationError

from persona_core.errors import SignatureError

PAGE = (DOCS / "how-to" / "receive-webhooks.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(python|js)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def delivery(tmp_path_factory):
    """The last delivery of a job, and the secrets it was signed with."""
    return delivered(tmp_path_factory.mktemp("page"))


@pytest.mark.parametrize("program", [text for kind, text in BLOCKS if kind == "python"])
def test_the_python_runs(delivery, program):
    """Verifies what is genuine; those that verify refuse what was changed."""
    names = dict(delivery)
    exec(program, names)  # noqa: S102 - the page's own
    if "def " in program:
        return
    with pytest.raises((AssertionError, SignatureError, WebhookVerificationError)):
        exec(program, {**delivery, "body": delivery["body"] + b" "})  # noqa: S102 - the page's own


def test_chat_and_ticket_take_the_event(delivery):
    """What a chat and a tracker would be sent, names left out."""
    names = dict(delivery)
    for kind, text in BLOCKS:
        if kind == "python" and "def " in text:
            exec(text, names)  # noqa: S102 - the page's own
    assert names["to_chat"](delivery["event"])["text"].endswith("completed: 2 personas")
    ticket = names["to_ticket"](delivery["event"])
    assert ticket["fields"]["summary"] == "Review 2 personas"
    assert ticket["fields"]["description"].startswith("http://127.0.0.1:")


def test_the_receiver_takes_a_delivery_once(delivery, capsys):
    """It comes again after a crash of the server; what was changed on its way is refused."""
    example = runpy.run_path(str(DOCS / "examples" / "webhook_receiver.py"))
    body, headers, secret = delivery["body"], delivery["headers"], delivery["secret"]
    assert [example["received"](body, headers, secret) for _ in range(2)] == [204, 204]
    assert capsys.readouterr().out == "generation.completed\n"
    assert example["received"](body + b" ", headers, secret) == 400


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here")
def test_the_javascript_runs(delivery):
    """True for what is genuine, false for what was changed."""
    program = next(text for kind, text in BLOCKS if kind == "js")
    body, headers = delivery["body"], delivery["headers"]
    cases = [(body, headers, True), (body + b" ", headers, False), (body, {}, False)]
    cases.append((body, {"x-persona-signature": "sha256=short"}, False))
    for body, headers, genuine in cases:
        given = {"secret": delivery["secret"], "body": body.decode(), "headers": headers}
        head = f"const {{secret, body, headers}} = {json.dumps(given)};\n"
        done = subprocess.run(
            ["node", "-e", f"{head}{program}\nconsole.log(genuine);"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == str(genuine).lower()
