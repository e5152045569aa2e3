"""From a folder to personas and back to the words, with the real command."""

import json
from pathlib import Path

from persona_core.loading import load
from persona_core.models import LoadingOptions
from persona_core.runs import find_sources

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "docs" / "examples" / "study"


def test_the_example_study(tmp_path, installed, every_quote_holds):
    """Making personas of the example and checking them takes two commands, and every quote holds."""
    made = installed("generate", STUDY, "--out", "run")
    assert made.returncode == 0, made.stderr
    checked = installed("verify", "run", "--json")
    counts = json.loads(checked.stdout)["counts"]
    assert checked.returncode == 0, checked.stdout
    assert counts["exact"] == sum(counts.values()) > 20
    every_quote_holds(tmp_path / "run")


def test_who_did_not_agree_is_not_quoted(tmp_path, installed):
    """P09 did not allow to be quoted: no word of theirs is in anything that is written."""
    installed("generate", STUDY, "--out", "run")
    corpus = load([STUDY])
    theirs = [segment.text for segment in corpus if segment.participant == "P09"]
    assert theirs
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "run").iterdir())
    assert not [text for text in theirs if text in written]


def test_options_of_loading_are_kept(tmp_path, installed):
    """A run that was told how to read its sources reads them so again."""
    (tmp_path / "talk.txt").write_text(
        "Ann: What do you want?\n\nBob: I want the tram to be on time, because I hate to wait in the rain.\n\n"
        "Ann: Tell me more.\n\nBob: I always leave one tram earlier than I need to.\n"
    )
    arguments = ("--interviewer", "Ann", "-n", 1, "--out", "run")
    made = installed("generate", "talk.txt", *arguments)
    assert made.returncode == 0, made.stderr
    assert find_sources(tmp_path / "run").options == LoadingOptions(interviewers=("Ann",))
    assert installed("verify", "run").returncode == 0
    (tmp_path / "bare.json").write_bytes((tmp_path / "run" / "personas.json").read_bytes())
    assert installed("verify", "bare.json", "--sources", "talk.txt").returncode == 0
