"""What cannot be served is said in one sentence, with exit code 3, before anything is served."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from serving import Serving, study
from serving.evidence import opened


def refused(**settings):
    """Start a server that does not start; gives its one sentence."""
    done = subprocess.run(
        [sys.executable, "-m", "persona_api"],
        env={**os.environ, "PERSONA_API_PORT": "0", **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    return line


def test_an_argument():
    """None is taken, so that a flag is not passed over in silence."""
    done = subprocess.run(
        [sys.executable, "-m", "persona_api", "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "PERSONA_*" in done.stderr


@pytest.fixture
def running(tmp_path):
    """A server that runs, without a model."""
    with Serving(tmp_path / "server") as serving:
        yield serving


def test_a_second_server_over_one_database(running):
    """It says who holds it; the first goes on."""
    line = refused(PERSONA_DATABASE_URL=f"sqlite:///{running.database}")
    assert f"held by another process (pid {running.pid})" in line
    assert "PostgreSQL" in line
    assert running.wait(running.post_job(study(1))["id"])["status"] == "completed"


def test_a_killed_server_holds_nothing(running):
    """Its place can be taken at once."""
    running.kill()
    running.start()


def test_a_newer_database(running):
    """A database that a later version made is left as it is."""
    running.stop()
    with opened(running.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_later'")
        connection.commit()
    before = running.database.read_bytes()
    assert "newer version (9999_later)" in refused(PERSONA_DATABASE_URL=f"sqlite:///{running.database}")
    assert running.database.read_bytes() == before


def test_what_is_no_address_of_a_database():
    """It is repeated, unless a password may stand in it."""
    assert "“data/x.sqlite” is no address of a database" in refused(PERSONA_DATABASE_URL="data/x.sqlite")
    line = refused(PERSONA_DATABASE_URL="me:secret@host")
    assert "this is no address of a database: give sqlite:///FILE" in line
    assert "secret" not in line


def test_what_is_no_number():
    """The variable and what it holds are named."""
    assert "PERSONA_MAX_BODY: “much” is no whole number" in refused(PERSONA_MAX_BODY="much")
    assert "PERSONA_GRACEFUL: “long” is no number" in refused(PERSONA_GRACEFUL="long")


def test_no_database_at_all(running):
    """A file of something else is not touched."""
    running.stop()
    running.database.write_text("minutes of a meeting\n" * 100)
    assert "cannot be used" in refused(PERSONA_DATABASE_URL=f"sqlite:///{running.database}")
    assert running.database.read_text() == "minutes of a meeting\n" * 100


def test_a_folder_that_cannot_be_written(tmp_path):
    """The folder is named, and what to give instead."""
    (tmp_path / "file").write_text("")
    line = refused(PERSONA_DATABASE_URL=f"sqlite:///{tmp_path / 'file' / 'persona.db'}")
    assert "cannot be written" in line
    assert "--database" in line


def test_a_port_in_use(tmp_path):
    """The port is named, and what to give instead."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = refused(PERSONA_DATABASE_URL=f"sqlite:///{tmp_path / 'persona.db'}", PERSONA_API_PORT=port)
    assert f"port {port} of 127.0.0.1" in line
    assert "--port" in line


@pytest.mark.parametrize("content", ["", "no key"])
def test_a_key_that_is_none(tmp_path, content):
    """A key file that was cut short or spoilt is named, not replaced: it seals the secrets of webhooks."""
    key = tmp_path / "persona.db.key"
    key.write_text(content)
    assert "key" in refused(PERSONA_DATABASE_URL=f"sqlite:///{tmp_path / 'persona.db'}")
    assert key.read_text() == content
