"""What people add most takes three files or fewer: each change is made in a copy of the packages, and works there."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from serving import Serving, study, until
from serving.receiver import receiving

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "docs" / "examples" / "study"
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RUN = "import sys; from persona_cli.main import main; sys.argv[0] = 'persona'; main()"
Change = Mapping[str, str | tuple[tuple[str, str], ...]]
"""By file: the whole of a new one, or what is put in whose place."""

FORM: Change = {
    "persona_core/loading/sbv.py": '''"""Captions whose times stand on a line of their own, parted by a comma."""

import re

from persona_core.loading.builder import Builder
from persona_core.loading.prose import add_turns
from persona_core.loading.transcript import Turn, seconds
from persona_core.text import trim

_CUE = re.compile(r"^([\\d:.]+),([\\d:.]+)\\n(.+?)(?=\\n\\n|\\Z)", re.MULTILINE | re.DOTALL)


def read_sbv(builder: Builder, text: str) -> None:
    """Add each cue as a turn."""
    builder.source.kind = "subtitles"
    spans = ((trim(text, *cue.span(3)), cue) for cue in _CUE.finditer(text))
    add_turns(
        builder, text, [Turn("", (span,), (seconds(cue[1]), seconds(cue[2]))) for span, cue in spans if span]
    )
''',
    "persona_core/loading/files.py": (('    ".srt",\n', '    ".srt",\n    ".sbv",\n'),),
    "persona_core/loading/__init__.py": (
        (
            "from persona_core.loading.roles import cast\n",
            "from persona_core.loading.roles import cast\nfrom persona_core.loading.sbv import read_sbv\n",
        ),
        (
            '    elif suffix in {".vtt", ".srt"}:\n',
            '    elif suffix == ".sbv":\n        read_sbv(builder, text)\n    elif suffix in {".vtt", ".srt"}:\n',
        ),
    ),
}
DIMENSION: Change = {
    "persona_core/quality/brevity.py": '''"""Brevity: whether claims can be read at a glance. 100 less 5 for each claim of more than 30 words."""

from collections.abc import Sequence

from persona_core.quality.dimension import Deduction, Dimension, Given, Measure


def _measure(given: Given) -> Sequence[Measure]:
    return [
        Measure(
            tuple(
                Deduction(path, "this is long: say it in fewer words", 5.0)
                for path, claim in persona.claims()
                if len(claim.text.split()) > 30
            )
        )
        for persona in given.personas
    ]


DIMENSION = Dimension(name="brevity", version="1", measure=_measure)
''',
    "persona_core/models/scorecard.py": (
        ('    "realism": 0.15,\n', '    "realism": 0.10,\n    "brevity": 0.05,\n'),
    ),
    "persona_core/quality/scorer.py": (
        ("import completeness,", "import brevity, completeness,"),
        ("evidence, distinctiveness, realism)", "evidence, distinctiveness, realism, brevity)"),
    ),
}
SCRIPT: Change = {
    "persona_core/rendering/scripts/plain.py": '''"""A script as two lines."""

from persona_core.models.script import Script


def render_plain(script: Script) -> str:
    """Render who it is and what they want."""
    return f"{script.identity.name}\\n{'; '.join(script.psychological_profile.goals)}\\n"
''',
    "persona_core/models/script.py": (
        ('    tavern_png = "tavern_png"\n', '    tavern_png = "tavern_png"\n    plain = "plain"\n'),
    ),
    "persona_core/rendering/scripts/__init__.py": (
        (
            "from persona_core.rendering.scripts.png import",
            "from persona_core.rendering.scripts.plain import render_plain\n"
            "from persona_core.rendering.scripts.png import",
        ),
        ('    ScriptFormat.tavern_png: ".png",\n', '    ScriptFormat.tavern_png: ".png",\n    ScriptFormat.plain: ".txt",\n'),
        (
            "    ScriptFormat.tavern_png: render_png,\n",
            "    ScriptFormat.tavern_png: render_png,\n    ScriptFormat.plain: render_plain,\n",
        ),
    ),
}  # fmt: skip
EVENT: Change = {
    "persona_core/models/events.py": (
        ('    "generation.revised",\n', '    "generation.revised",\n    "generation.checked",\n'),
        (
            'is another one now.", ("personas",)\n    ),\n',
            'is another one now.", ("personas",)\n    ),\n'
            '    "generation.checked": EventKind("All claims were counted.", ("claims",)),\n',
        ),
    ),
    "persona_core/pipeline/generating.py": (
        (
            '    teller.tell("generation.completed"',
            '    teller.tell("generation.checked", claims=sum(1 for each in made.personas for _ in each.claims()))\n'
            '    teller.tell("generation.completed"',
        ),
    ),
}
COMMAND: Change = {
    "persona_cli/commands/segments.py": '''"""`persona segments`."""

import click

from persona_cli import output
from persona_cli.commands import _options
from persona_core.loading import load


@click.command("segments")
@click.argument("source", nargs=-1, required=True)
@_options.debug
def command(source: tuple[str, ...]) -> None:
    """Count the segments of SOURCEs."""
    output.show(str(len(load(_options.sources_of(source)))))
''',
    "persona_cli/main.py": (
        ('    "schema": "Print', '    "segments": "Count the segments of sources.",\n    "schema": "Print'),
    ),
}
CHANGES = {
    "A form to read": FORM,
    "A dimension": DIMENSION,
    "A form of script": SCRIPT,
    "An event": EVENT,
    "A command": COMMAND,
}


class Copy:
    """The packages with a change in them."""

    def __init__(self, folder: Path, change: Change) -> None:
        self.folder, self.source = folder, folder / "source"
        for each in ROOT.glob("packages/*/src/*"):
            shutil.copytree(each, self.source / each.name, ignore=shutil.ignore_patterns("__pycache__"))
        for name, what in change.items():
            _make(self.source / name, what)
        self.env = {**os.environ, "PYTHONPATH": str(self.source), "PERSONA_CONFIG_DIR": str(folder / "none")}

    def persona(self, *arguments: object, code: int = 0) -> str:
        """What the command prints, run in the folder."""
        command = [sys.executable, "-c", RUN, *map(str, arguments)]
        done = subprocess.run(
            command, cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == code, done.stderr + done.stdout
        return done.stdout


def _make(file: Path, what: str | tuple[tuple[str, str], ...]) -> None:
    if isinstance(what, str):
        assert not file.exists()
        file.write_text(what, encoding="utf-8")
        return
    text = file.read_text(encoding="utf-8")
    for old, new in what:
        assert text.count(old) == 1, (file.name, old)
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", CHANGES)
def test_the_page_names_the_files(name):
    """The page lists just the files that the change touches, and they are three at most."""
    section = PAGE.partition(f"### {name}\n")[2].partition("\n### ")[0]
    listed = re.findall(r"^- `(persona_[\w/.]+)`:", section, re.MULTILINE)
    assert listed == list(CHANGES[name])
    assert 1 < len(listed) <= 3


def test_together_they_keep_the_contracts(tmp_path):
    """All five in one copy: every module still knows only those below it."""
    copy = Copy(tmp_path, {name: what for change in CHANGES.values() for name, what in change.items()})
    command = [
        Path(sys.executable).with_name("lint-imports"),
        "--config",
        ROOT / ".importlinter",
        "--no-cache",
    ]
    done = subprocess.run(
        command, cwd=tmp_path, env=copy.env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_a_form_to_read(tmp_path):
    """Captions of a new kind become personas whose quotes are found where they stand."""
    copy = Copy(tmp_path, FORM)
    said = ["I want the bus to come on time.", "I need to know when it leaves.", "The app never tells me."]
    for person in range(2):
        cues = "\n\n".join(f"0:00:0{i}.000,0:00:0{i}.900\n{text}" for i, text in enumerate(said, person))
        (tmp_path / f"P0{person}.sbv").write_text(
            f"{cues}\n\n0:01:00.000,0:01:02.000\nI ride line {person}.\n"
        )
    copy.persona("generate", "P00.sbv", "P01.sbv", "-n", 1, "--out", "run")
    report = json.loads(copy.persona("verify", "run", "--json"))
    assert report["counts"]["exact"] > 0
    assert report["counts"]["missing"] == 0
    place = report["personas"][0]["claims"][0]["evidence"][0]["locator"]
    text = (tmp_path / place["source"]).read_text(encoding="utf-8")
    start, end = place["parts"][0]
    assert text[start:end] in [*said, "I ride line 0.", "I ride line 1."]
    assert place["time"][1] > place["time"][0]


def test_a_dimension(tmp_path):
    """It is scored, weighs something, and has a column."""
    copy = Copy(tmp_path, DIMENSION)
    persona = {"name": "Ada", "goals": ["Wants " + "very " * 30 + "much", "Wants to be home by six"]}
    (tmp_path / "personas.json").write_text(json.dumps([persona]), encoding="utf-8")
    card = json.loads(copy.persona("score", "personas.json", "-o", "json"))
    assert card["personas"][0]["dimensions"]["brevity"]["value"] == 95
    assert card["weights"]["brevity"] == pytest.approx(0.05)
    assert card["versions"]["brevity"] == "1"
    assert "brevity" in copy.persona("score", "personas.json")


def test_a_form_of_script(tmp_path):
    """It can be asked for, and is audited: in a text this short, one sentence with a finding is too many."""
    copy = Copy(tmp_path, SCRIPT)
    shutil.copytree(STUDY, tmp_path / "study")
    copy.persona("generate", "study", "-n", 3, "--out", "run")
    said = copy.persona("script", "generate", "run#persona-001", "-f", "plain")
    name = json.loads((tmp_path / "run" / "personas.json").read_text(encoding="utf-8"))["personas"][0]["name"]
    assert said.startswith(f"{name}\n")
    assert "refused" in copy.persona("script", "batch", "run", "-f", "plain", "-o", "none", code=6)
    copy.persona("script", "batch", "run", "-f", "plain", "-o", "out", "--threshold", 0.3)
    assert len(list((tmp_path / "out").glob("*.txt"))) == 3


def test_an_event(tmp_path):
    """Streams tell it and webhooks are sent it, before the end, and once although its server died in between."""
    copy = Copy(tmp_path, EVENT)
    settings = {"PERSONA_ALLOW_HTTP_WEBHOOKS": "yes", "PERSONA_ALLOW_WEBHOOK_NETWORK": "127.0.0.0/8"}
    with receiving() as receiver, Serving(tmp_path / "server", **copy.env, **settings) as server:
        with server.client() as client:
            hook = {"url": f"{receiver.url}/ok", "events": ["generation.checked"]}
            client.post("webhooks", json=hook).raise_for_status()
        job = server.wait(server.post_job(study(2))["id"])
        told = server.events(job["id"])
        until(lambda: receiver.at("/ok"))
        described = httpx.get(f"{server.url}/openapi.json", timeout=10, trust_env=False).json()
        server.stop()
        _unfinish(server.database)
        server.start()
        server.wait(job["id"])
        told_again = server.events(job["id"])
    assert [each["type"] for each in told[-2:]] == ["generation.checked", "generation.completed"]
    once = [each["type"] for each in told if each["type"] != "generation.progress"]
    assert [each["type"] for each in told_again if each["type"] != "generation.progress"] == once
    assert len(told_again) > len(told)
    assert json.loads(receiver.at("/ok")[0].body)["data"]["claims"] == told[-2]["data"]["claims"] > 0
    assert "generation.checked" in described["webhooks"]


def _unfinish(database: Path) -> None:
    """Leave the job as a server does that dies before its last event."""
    with closing(sqlite3.connect(database)) as rows, rows:
        rows.execute("DELETE FROM events WHERE type = 'generation.completed'")
        rows.execute(
            "UPDATE jobs SET status = 'running', completed_at = NULL, result = NULL, sequence = sequence - 1"
        )


def test_a_command(tmp_path):
    """It is listed and does what it says."""
    copy = Copy(tmp_path, COMMAND)
    shutil.copytree(STUDY, tmp_path / "study")
    assert int(copy.persona("segments", "study")) == 209
    assert "Count the segments of sources." in copy.persona("--help")
