"""`persona report`: pages, prose and tables for those who share and for the team."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

STUDY = Path(__file__).parents[2] / "docs" / "examples" / "study"


@pytest.fixture
def run(persona, here):
    """A run over the example study, whose P09 did not allow to be quoted."""
    code, _, err = persona("generate", STUDY, "--participants", STUDY / "participants.csv", "--out", "run")
    assert code == 0, err
    return here / "run"


def test_a_run_has_its_report(persona, run, here):
    """`generate` writes the page to share; `report` writes the same one again."""
    code, out, err = persona("report", "run", "-o", "again.html")
    assert (code, out) == (0, "")
    assert "Written to again.html." in err
    assert (here / "again.html").read_bytes() == (run / "report.html").read_bytes()


def test_sources_are_for_the_team(persona, run, here):
    """A copy to share names no source; the team's says where each quote stands."""
    shared = (run / "report.html").read_text(encoding="utf-8")
    assert "interviews/" not in shared
    assert "survey.csv" not in shared
    assert persona("report", "run", "--audience", "team", "-o", "team.html")[0] == 0
    team = (here / "team.html").read_text(encoding="utf-8")
    assert "interviews/P05.vtt" in team
    assert "survey.csv, row" in team
    assert "interviews/" not in (run / "personas.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("audience", ["share", "team"])
@pytest.mark.parametrize("form", ["html", "md", "csv"])
def test_words_without_consent_are_in_no_form(persona, run, form, audience):
    """No five words of P09 are in any form for anybody."""
    code, page, _ = persona("report", "run", "--audience", audience, "-f", form, "-o", "-")
    assert code == 0
    plain = page.replace("&#39;", "'").casefold()
    rows = csv.DictReader(io.StringIO((STUDY / "survey.csv").read_text(encoding="utf-8")))
    answers = [cell for row in rows if "P09" in row.values() for cell in row.values()]
    assert answers
    for answer in answers:
        words = answer.casefold().split()
        assert not any(" ".join(words[i : i + 5]) in plain for i in range(len(words) - 4))


def test_the_form_follows_the_file(persona, run, here):
    """.md and .csv choose their form, and -f has the last word."""
    assert persona("report", "run", "-o", "a.md")[0] == 0
    assert (here / "a.md").read_text(encoding="utf-8").startswith("# Personas")
    assert persona("report", "run", "-o", "a.csv")[0] == 0
    assert (here / "a.csv").read_text(encoding="utf-8").startswith("persona_id,")
    assert persona("report", "run", "-o", "a.txt", "-f", "csv")[0] == 0
    assert (here / "a.txt").read_bytes() == (here / "a.csv").read_bytes()


def test_without_sources_it_says_what_is_missing(persona, run, here):
    """A personas file alone has a report, with a note of what nobody looked for."""
    shutil.copy(run / "personas.json", here / "alone.json")
    code, _, err = persona("report", "alone.json", "-o", "alone.html")
    assert code == 0
    assert "Without the sources quotes stand alone" in err
    assert "Evidence is unscored, because" in (here / "alone.html").read_text(encoding="utf-8")


def test_sources_that_have_gone_are_named(persona, run, here):
    """A run whose sources have moved has a report, and the note says which they are."""
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    manifest["inputs"][0]["path"] = str(here / "gone.csv")
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    code, _, err = persona("report", "run", "-o", "r.html")
    assert code == 0
    assert "gone.csv is gone or cannot be read" in err
    assert "--sources says where they are now" in err


def test_other_sources_are_refused(persona, run, survey, here):
    """Sources that the personas were not made from make no report."""
    code, _, err = persona("report", "run", "--sources", survey, "-o", "r.html")
    assert code == 2
    assert not (here / "r.html").exists()
    assert err.count("Error:") == 1


def test_a_report_wants_a_file(persona, run):
    """Where to write is asked for in one sentence."""
    code, _, err = persona("report", "run")
    assert code == 2
    assert "-o" in err


def test_anybodys_personas_have_a_report(persona, here):
    """Personas of another tool, as plain lists, are posters, too."""
    (here / "theirs.yaml").write_text(
        "- name: Ada\n  frustrations: [Slow forms]\n  goals: ['=SUM(A1)']\n", encoding="utf-8"
    )
    assert persona("report", "theirs.yaml", "-o", "r.html")[0] == 0
    page = (here / "r.html").read_text(encoding="utf-8")
    assert "Slow forms" in page
    assert "no quote stands behind this" in page
    code, table, _ = persona("report", "theirs.yaml", "-f", "csv", "-o", "-")
    assert code == 0
    assert "'=SUM(A1)" in table
