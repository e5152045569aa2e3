"""Which scripts of a run left: noted, read again, and written without those of a persona that changes."""

import hashlib
import json
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from persona_core.runs import RELEASES, Released, note_release, releases_of, write_releases

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
CARD = Released(
    at=AT, persona="persona-001", format="character_card", file="/there/card.json", sha256="0" * 64
)
PROMPT = Released(at=AT, persona="persona-002", format="system_prompt", sha256="1" * 64)


def test_what_left_is_noted_and_nothing_of_what_it_says(tmp_path):
    """Whose, in which form, where to, and the hash of its bytes; the oldest comes first."""
    note_release(tmp_path, "persona-001", "system_prompt", "I am “Maya”.", tmp_path / "prompt.txt")
    note_release(tmp_path, "persona-002", "tavern_png", b"\x89PNG")
    first, second = releases_of(tmp_path)
    assert (first.persona, first.format, first.file) == (
        "persona-001",
        "system_prompt",
        str(tmp_path / "prompt.txt"),
    )
    assert first.sha256 == hashlib.sha256("I am “Maya”.".encode()).hexdigest()
    assert (second.persona, second.file) == ("persona-002", None)
    assert second.sha256 == hashlib.sha256(b"\x89PNG").hexdigest()
    assert first.at.microsecond == 0
    assert "Maya" not in (tmp_path / RELEASES).read_text(encoding="utf-8")


def test_a_relative_path_is_kept_whole(tmp_path, monkeypatch):
    """Who reads the list later may be elsewhere."""
    monkeypatch.chdir(tmp_path)
    note_release(tmp_path, "persona-001", "system_prompt", "Hello", Path("prompt.txt"))
    assert releases_of(tmp_path)[0].file == str(tmp_path / "prompt.txt")


def test_what_is_written_is_read(tmp_path):
    """One line each."""
    write_releases(tmp_path, [CARD, PROMPT])
    assert releases_of(tmp_path) == [CARD, PROMPT]
    assert [json.loads(line)["persona"] for line in (tmp_path / RELEASES).read_text().splitlines()] == [
        "persona-001",
        "persona-002",
    ]


def test_nothing_to_list_is_no_file(tmp_path):
    """A folder from which nothing left has no list, and none is missed."""
    write_releases(tmp_path, [])
    assert list(tmp_path.iterdir()) == []
    assert releases_of(tmp_path) == []
    assert releases_of(tmp_path / "nowhere") == []


def test_the_same_script_is_listed_once(tmp_path):
    """Written again to the same place with the same bytes; elsewhere, or with others, it is another."""
    later = CARD.model_copy(update={"at": AT.replace(hour=11)})
    moved = later.model_copy(update={"file": "/elsewhere/card.json"})
    changed = later.model_copy(update={"sha256": "2" * 64})
    write_releases(tmp_path, [CARD, later, moved, changed])
    assert releases_of(tmp_path) == [CARD, moved, changed]


def test_a_torn_line_is_left_out(tmp_path):
    """A process was killed while it wrote the last line; what somebody typed in between is none of ours."""
    write_releases(tmp_path, [CARD, PROMPT])
    file = tmp_path / RELEASES
    whole = file.read_bytes()
    for size in range(len(whole.splitlines(keepends=True)[0]), len(whole) - 1):
        file.write_bytes(whole[:size])
        assert releases_of(tmp_path) == [CARD]
    file.write_bytes(b'\xff\xfe\n[]\n{"persona": "x"}\n\n' + whole)
    assert releases_of(tmp_path) == [CARD, PROMPT]


def test_the_next_one_after_a_torn_line_is_not_lost(tmp_path):
    """It begins on a line of its own."""
    write_releases(tmp_path, [CARD, PROMPT])
    file = tmp_path / RELEASES
    file.write_bytes(file.read_bytes()[:-20])
    note_release(tmp_path, "persona-003", "system_prompt", "Hello")
    assert [each.persona for each in releases_of(tmp_path)] == ["persona-001", "persona-003"]


def test_a_folder_that_cannot_be_written_notes_nothing(tmp_path):
    """The script was made all the same."""
    (tmp_path / "file").write_text("")
    note_release(tmp_path / "file", "persona-001", "system_prompt", "Hello")
    note_release(tmp_path / "nowhere", "persona-001", "system_prompt", "Hello")
    (tmp_path / RELEASES).mkdir()
    note_release(tmp_path, "persona-001", "system_prompt", "Hello")
    assert releases_of(tmp_path) == []
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", RELEASES]


HOLDER = """
import sys
from pathlib import Path
from persona_core.runs import revised_folder
with revised_folder(Path(sys.argv[1])) as revising:
    print("held", flush=True)
    sys.stdin.readline()
    (revising.partial / "manifest.json").write_text("{}")
"""


def test_a_note_waits_for_a_revision(tmp_path):
    """What leaves while somebody is taken out is noted in the folder that takes the other's place."""
    run = tmp_path / "run"
    run.mkdir()
    (run / "manifest.json").write_text("{}")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", HOLDER, run], **pipes) as holder:
        assert holder.stdout.readline() == "held\n"
        timer = threading.Timer(0.5, lambda: (holder.stdin.write("go\n"), holder.stdin.flush()))
        timer.start()
        note_release(run, "persona-001", "system_prompt", "Hello")
        timer.join()
        assert holder.wait(timeout=30) == 0
    assert [each.persona for each in releases_of(run)] == ["persona-001"]
    assert [each.name for each in tmp_path.iterdir()] == ["run"]
