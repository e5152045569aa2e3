"""Secrets of every kind, planted everywhere they may stand, and looked for in everything that anybody can read."""

from __future__ import annotations

import json
import os
import subprocess
import traceback
from collections.abc import Iterator

import httpx
import pytest
from conftest import PERSONA
from loopback import Loopback
from loopback.synthesis import truthful
from serving import Serving, study, until
from serving.receiver import receiving

from persona_api.settings import resolve as server_settings
from persona_core.errors import PersonaError
from persona_core.testing import SAMPLE
from persona_providers.settings import Secret
from persona_sdk import PersonaClient
from persona_sdk.settings import resolve as client_settings

TOKEN = "tok3n-of-the-admin-zebra"
PROVIDER = "sk-provider-key-walrus-0123456789"
HOOK = "whsec_aG9vay1zZWNyZXQtbWFybW90LTAxMjM0NQ=="
PLAIN_HOOK = "hook-secret-as-it-is-marmot"
HEADER = "Bearer gateway-token-ocelot"
PASSWORD = "passw0rd-of-the-database-tapir"
ADDRESS = "passw0rd-in-an-address-lemur"
FILED = "key-in-persona-toml-gecko"
SERVERS = "key-of-a-server-ibex-012345"
SECRETS = {
    name: value
    for name, value in globals().items()
    if name.isupper() and isinstance(value, str) and name not in {"PERSONA", "SECRETS"}
}


def shown(text: str) -> list[str]:
    """The secrets, by name, that a text gives away: whole, or but for a few characters."""
    return [name for name, value in SECRETS.items() if value[-20:-4] in text or value in text]


@pytest.fixture
def model() -> Iterator[Loopback]:
    """A model that may be made to fail; then it sends the key back, as some do."""
    with Loopback(answer=truthful) as loopback:
        yield loopback


@pytest.fixture
def run(tmp_path):
    """Run the command with secrets in every variable that may hold one; gives all that it printed."""
    (tmp_path / "study").mkdir()
    for name, text in SAMPLE.items():
        (tmp_path / "study" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "study" / name).write_text(text, encoding="utf-8")

    def run(*arguments: object, **variables: str) -> tuple[int, str]:
        env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PERSONA_")},
            "PERSONA_CONFIG_DIR": str(tmp_path / "none"),
            "PERSONA_API_KEY": SERVERS,
            "PERSONA_API_AUTH_TOKEN": TOKEN,
            "PERSONA_WEBHOOK_SECRET": PLAIN_HOOK,
            "OPENAI_API_KEY": PROVIDER,
            **variables,
        }
        done = subprocess.run(
            [str(PERSONA), *map(str, arguments)],
            cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    return run


def test_what_is_looked_for_can_be_found():
    """Each secret is found where it stands, and where its end is cut off."""
    for name, value in SECRETS.items():
        assert shown(f"x {value} y") == [name]
        assert shown(value[:-3]) == [name]


@pytest.mark.parametrize(
    ("fault", "key", "base", "password"),
    [
        (None, "OPENAI_API_KEY", "OPENAI_BASE_URL", ""),
        ("401", "OPENAI_API_KEY", "OPENAI_BASE_URL", ""),
        ("400", "PERSONA_MODEL_API_KEY", "PERSONA_MODEL_API_BASE", ""),
        ("quota", "OPENAI_API_KEY", "OPENAI_BASE_URL", ""),
        ("garbage", "OPENAI_API_KEY", "OPENAI_BASE_URL", ""),
        ("500", "OPENAI_API_KEY", "OPENAI_BASE_URL", f"reader:{ADDRESS}@"),
    ],
)
def test_a_models_key(run, model, tmp_path, fault, key, base, password):
    """Not on the terminal, not in a traceback, and in no file, whatever the model's host answers."""
    model.fault = fault
    code, said = run(
        "generate", "study", "--model", "openai/gpt-4o-mini", "--out", "run", "--timeout", 2, "--yes", "--debug",
        **{key: PROVIDER, base: model.url.replace("//", f"//{password}")},
    )  # fmt: skip
    assert (code == 0) == (fault is None), said
    assert not shown(said), said
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert not shown(file.read_text(encoding="utf-8", errors="replace")), file.name


def test_settings_are_shown_without_secrets(run, tmp_path):
    """`persona check`, and errors that name what is wrong in a file."""
    (tmp_path / "persona.toml").write_text(f'server = "https://me:{ADDRESS}@example.org"\n', encoding="utf-8")
    code, said = run("check", "--debug")
    assert code == 0
    assert "example.org" in said
    assert not shown(said)
    for text in (
        f'api_key = "{FILED}"\n',
        f'count = "{FILED}"\n',
        f'model = "{FILED}\n',
        f"api_key = {FILED}\n",
    ):
        (tmp_path / "persona.toml").write_text(text, encoding="utf-8")
        code, said = run("check", "--debug")
        assert code == 3
        if not text.startswith("count"):  # what is no number is shown, so that one sees which
            assert not shown(said), said


def test_a_server_that_is_not_there_or_says_no(run, tmp_path):
    """The key for a server, and a password in its address."""
    with Serving(tmp_path / "server", PERSONA_API_AUTH_TOKEN=TOKEN) as server:
        there = server.url.replace("//", f"//me:{ADDRESS}@")
        for url in (
            server.url,
            there,
            f"http://me:{ADDRESS}@127.0.0.1:9",
            f"ftp://me:{ADDRESS}@127.0.0.1",
            f"me:{ADDRESS}@127.0.0.1:9",
            f"http://me:{ADDRESS}/#?@127.0.0.1:9",
        ):
            code, said = run("generate", "study", "--server", url, "--json", "--debug")
            assert code in {3, 4}, said
            assert not shown(said), said
    assert not shown(server.log)


@pytest.mark.parametrize(
    "arguments",
    [
        ["serve", "--port", 0, "--auth-token", "short"],
        ["serve", "--port", 0, "--database", f"postgresql://persona:{PASSWORD}@127.0.0.1:9/persona"],
        ["serve", "--port", 0, "--database", f"mysql://persona:{PASSWORD}@127.0.0.1:9/persona"],
        ["serve", "--port", 0, "--database", f"postgresql://persona:{PASSWORD}@127.0.0.1:nine/persona"],
        ["serve", "--port", "nine", "--auth-token", TOKEN],
        ["serve", "--nonsense", "--auth-token", TOKEN],
        ["keys", "list", "--database", f"postgresql://persona:{PASSWORD}@127.0.0.1:9/persona"],
        ["keys", "list", "--database", f"oracle://persona:{PASSWORD}@127.0.0.1:9/persona"],
        ["webhooks", "verify", "nothing.json", "--secret", HOOK],
        ["webhooks", "verify", "body.json", "--secret", HOOK],
        ["webhooks", "verify", "body.json", "-H", "webhook-id: x", "--secret", HOOK],
        ["webhooks", "listen", "--port", "x", "--secret", HOOK],
    ],
    ids=lambda each: " ".join(map(str, each))[:40],
)
def test_what_is_given_wrongly_is_not_repeated(run, tmp_path, arguments):
    """A server that cannot start, a signature that does not match: one sentence, a traceback, and no secret."""
    (tmp_path / "body.json").write_text('{"signature":"sha256=00"}', encoding="utf-8")
    code, said = run(*arguments, "--debug")
    assert code not in {0, 130}
    assert not shown(said), said


def test_nothing_that_a_server_says(tmp_path, model):
    """Not its log, its answers, problems, figures, events, deliveries; and at rest webhooks' secrets are sealed."""
    model.fault = "401"
    settings = {
        "PERSONA_API_AUTH_TOKEN": TOKEN,
        "PERSONA_ALLOW_MODEL": "openai/*",
        "PERSONA_ALLOW_HTTP_WEBHOOKS": "yes",
        "PERSONA_ALLOW_WEBHOOK_NETWORK": "127.0.0.0/8",
        "OPENAI_BASE_URL": model.url,
        "OPENAI_API_KEY": PROVIDER,
    }
    said: list[str] = []
    with receiving() as receiver, Serving(tmp_path / "server", **settings) as server:
        with server.client(TOKEN) as client:

            def ask(method: str, path: str, body: object = None) -> httpx.Response:
                answer = client.request(method, path, json=body)
                said.append(f"{answer.headers}\n{answer.text}")
                return answer

            for url, secret in ((f"{receiver.url}/ok", HOOK), (f"{receiver.url}/fail", PLAIN_HOOK)):
                hook = {"url": url, "secret": secret, "headers": {"Authorization": HEADER}}
                made = (
                    client.post("webhooks", json=hook).raise_for_status().json()
                )  # shown this once, to its owner
                ask("POST", f"webhooks/{made['id']}/ping")
            for model_asked in ("openai/gpt-4o-mini", "extractive"):
                job = server.wait(server.post_job(study(2, model=model_asked), TOKEN)["id"], TOKEN)
                ask("GET", f"generate/{job['id']}")
                said.append(json.dumps(server.events(job["id"], key=TOKEN)))
            assert json.loads(said[-4].partition("\n")[2])["status"] == "failed"
            until(lambda: len(receiver.at("/fail")) >= 2)
            receiver.wait("/ok", 2)
            for path in (
                "webhooks",
                f"webhooks/{made['id']}",
                f"webhooks/{made['id']}/deliveries",
                "generate",
                "audit-log",
            ):
                ask("GET", path)
            ask("POST", "scripts", {"persona": {"name": "A"}, "model": "openai/gpt-4o-mini"})
            ask(
                "POST",
                "webhooks",
                {"url": "https://127.0.0.1/", "secret": "short", "headers": {"host": HEADER}},
            )
            ask("POST", "webhooks", {"url": f"https://me:{ADDRESS}@127.0.0.1/", "secret": PLAIN_HOOK})
            ask(
                "POST",
                "generate",
                {**study(1), "webhook_url": f"{receiver.url}/ok", "webhook_secret": [PLAIN_HOOK]},
            )
            for path in ("/metrics", "/openapi.json", "/docs"):
                said.append(
                    httpx.get(
                        f"{server.url}{path}", headers={"X-API-Key": TOKEN}, timeout=10, trust_env=False
                    ).text
                )
        for wrong in (SERVERS, f"psk_0_{SERVERS}"):
            with server.client(wrong) as client:
                ask("GET", "generate")
        bodies = [each.body.decode() for each in receiver.received]
    for text in [*said, *bodies, server.log]:
        assert not shown(text), text
    kept = b"".join(each.read_bytes() for each in (tmp_path / "server").glob("persona.db*"))
    assert b"generation.completed" in kept
    assert not shown(kept.decode("utf-8", "replace"))


def test_no_representation_and_no_error_shows_one(model, monkeypatch):
    """Values print without it, and errors say what to do without it."""
    monkeypatch.setenv("OPENAI_API_KEY", PROVIDER)
    monkeypatch.setenv("OPENAI_BASE_URL", model.url)
    given = {
        "PERSONA_API_AUTH_TOKEN": TOKEN,
        "PERSONA_DATABASE_URL": f"postgresql://p:{PASSWORD}@localhost/p",
    }
    settings = server_settings(given, {})
    mine = client_settings(None, f"http://me:{ADDRESS}@localhost:8000", SERVERS, 1, 0)
    printed = [
        repr(settings),
        str(settings),
        repr(mine),
        str(mine),
        repr(Secret(PROVIDER)),
        f"{Secret(PROVIDER)}",
    ]
    model.fault = "401"
    sources = [(name, text.encode()) for name, text in SAMPLE.items()]
    for client in (
        PersonaClient(model="openai/gpt-4o-mini"),
        PersonaClient(base_url=f"http://me:{ADDRESS}@127.0.0.1:9", api_key=SERVERS, retries=0),
    ):
        with client, pytest.raises(PersonaError) as caught:
            client.generate(sources)
        printed += [repr(client), repr(client.__dict__), repr(caught.value), str(caught.value)]
        printed += traceback.format_exception(caught.value)
    for text in printed:
        assert not shown(text), text
