"""`persona withdraw`: a run folder without a participant, done or not done."""

import html
import io
import json
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
from loopback import Loopback
from loopback.synthesis import truthful
from reportlab.pdfgen.canvas import Canvas

from persona_core.loading import load
from persona_core.models import Corpus
from persona_core.pipeline import withdraw
from persona_core.rendering.scripts import read_cards
from persona_core.runs import read_manifest, read_personas, releases_of
from persona_core.text import OwnWords

STUDY = Path(__file__).parents[2] / "docs" / "examples" / "study"
REGISTER = STUDY / "participants.csv"
PERSONA = Path(sys.executable).with_name("persona")
PEOPLE = [f"P{number:02}" for number in range(1, 13)]
P03 = "--participant", "P03"
NOT_COUNTED = {"PYTHONDONTWRITEBYTECODE": "1", "COVERAGE_PROCESS_CONFIG": ""}
"""Byte code that is cut off at a limit would break every later command of this environment."""


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """The example study, as it is read for the run."""
    return load([STUDY], participants=REGISTER)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A run over the example study, whose P09 did not allow to be quoted, with a page for the team and a table in it."""
    folder = tmp_path_factory.mktemp("made")
    env = {name: value for name, value in os.environ.items() if not name.startswith("PERSONA_")}
    env["PERSONA_CONFIG_DIR"] = str(folder / "no-config")
    for arguments in (
        ("generate", STUDY, "--participants", REGISTER, "--out", "run"),
        ("report", "run", "--audience", "team", "-o", "run/team.html"),
        ("report", "run", "--audience", "team", "-o", "run/team.csv"),
    ):
        subprocess.run(
            [PERSONA, *map(str, arguments)], cwd=folder, env=env, check=True, capture_output=True, timeout=120
        )
    return folder / "run"


@pytest.fixture
def run(made, here) -> Path:
    """A run as `generate` leaves it."""
    shutil.copytree(made, here / "run", ignore=shutil.ignore_patterns("team.*"))
    return here / "run"


@pytest.fixture
def own_study(command, here) -> Path:
    """A run over a copy of the example study, which a test may move or change."""
    shutil.copytree(STUDY, here / "study")
    done = command("generate", "study", "--participants", "study/participants.csv", "--out", "run")
    assert done.returncode == 0, done.stderr
    return here / "study"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path in it."""
    files = (each for each in sorted(folder.rglob("*")) if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in files}


def personas(folder: Path) -> dict:
    return json.loads((folder / "personas.json").read_text(encoding="utf-8"))


def persona_of(folder: Path, code: str) -> str:
    """The id of the persona that somebody stands behind."""
    return next(each["id"] for each in personas(folder)["personas"] if code in each["participants"])


def words_of(corpus: Corpus, code: str) -> OwnWords:
    """What they said and no other participant did."""
    said = [(corpus.participant(i), corpus.columns.texts[i]) for i in range(len(corpus))]
    others = [text for who, text in said if who is not None and who != code]
    return OwnWords([text for who, text in said if who == code], others)


def said(done) -> tuple[str, str]:
    """What a command that did its work said on stdout and on stderr."""
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode(), done.stderr.decode()


def refused(done, code: int = 2) -> str:
    """The one sentence with which a command refused."""
    assert done.returncode == code, done.stderr.decode()
    assert done.stdout == b""
    error = done.stderr.decode()
    assert error.startswith("Error: ")
    assert error.count("\n") == 1
    return error


def beside(folder: Path) -> list[str]:
    """What lies beside a run folder."""
    return sorted(each.name for each in folder.parent.iterdir() if each != folder)


class TestListing:
    def test_it_changes_nothing_and_says_how_to_do_it(self, command, run):
        """Not one byte, and the command that it names does it."""
        before = contents(run)
        out, err = said(command("withdraw", "run", *P03))
        assert contents(run) == before
        assert beside(run) == []
        assert out.startswith("P03, who said 16 segments, would be taken out of ")
        assert "Claims that nobody else bears out:" in out
        last = err.splitlines()[-1]
        assert last.startswith("Nothing was changed. To do it: persona withdraw ")
        said(command(*shlex.split(last.partition("To do it: persona ")[2])))
        assert [each["participant"] for each in personas(run)["withdrawn"]] == ["P03"]

    def test_names_that_want_quotes_have_them(self, command, run, here):
        """The command can be pasted into a shell."""
        run.rename(here / "my run")
        _, err = said(command("withdraw", "my run", *P03))
        assert "persona withdraw 'my run' --participant P03 --apply" in err

    def test_it_lists_what_is_then_done(self, command, run):
        """The same quotes, claims, files and scores before and after."""
        before = [each["quote"] for each in quotes(run, "P03")]
        listed = json.loads(said(command("withdraw", "run", *P03, "--json"))[0])
        done = json.loads(said(command("withdraw", "run", *P03, "--json", "--apply"))[0])
        assert (listed.pop("applied"), done.pop("applied")) == (False, True)
        told = [quote["quote"] for each in listed["personas"] for quote in each.pop("quoted")]
        assert sorted(told) == sorted(before)
        assert not [quote for each in done["personas"] for quote in each.pop("quoted", [])]
        assert listed == done

    def test_it_lists_their_quotes(self, command, run):
        """On a terminal shortened; once it is done nobody repeats them."""
        words = next(each["quote"] for each in quotes(run, "P03"))
        out, _ = said(command("withdraw", "run", *P03))
        assert "Their quotes:" in out
        assert " ".join(words.split()[:5]) in " ".join(out.split())
        out, _ = said(command("withdraw", "run", *P03, "--apply"))
        assert "Their quotes:" not in out

    def test_a_persona_that_only_stands_for_fewer_is_listed(self, command, run):
        """Nothing of P09 may be quoted; what they take with them is their place."""
        theirs = next(each for each in personas(run)["personas"] if "P09" in each["participants"])
        out, _ = said(command("withdraw", "run", "--participant", "P09"))
        many = theirs["support"]["participants"]
        assert f"stands for {many - 1} instead of {many}" in " ".join(out.split())
        [change] = json.loads(said(command("withdraw", "run", "--participant", "P09", "--json"))[0])[
            "personas"
        ]
        assert (change["quotes"], change["participants_before"], change["participants_after"]) == (
            0,
            many,
            many - 1,
        )

    def test_one_interview_in_two_forms(self, command, here):
        """Whoever else holds the same words is named, before and after: they stand until they go, too."""
        (here / "study").mkdir()
        for name, text in TALKS.items():
            (here / "study" / f"{name}.txt").write_text(text)
        again = (
            TALKS["ada"].replace("Ada:", "Participant:").replace("Interviewer: How do you travel?\n\n", "")
        )
        (here / "study" / "again.md").write_text(again)
        said(command("generate", "study", "-n", 1, "--out", "run"))
        read = load([here / "study"])
        code = read.participant(read.position("again.md#1"))
        for more in ((), ("--apply",)):
            _, err = said(command("withdraw", "run", "--participant", "Ada", *more))
            assert f"{code} holds the same words" in err
        assert repeating(here / "run", OwnWords([TALKS["ada"].partition("Ada: ")[2]]))
        said(command("withdraw", "run", "--participant", code, "--apply"))
        assert not repeating(here / "run", OwnWords([TALKS["ada"].partition("Ada: ")[2]]))


class TestApplying:
    def test_the_folder_is_rendered_anew(self, command, run):
        """Personas, prose, page and manifest agree; nothing else is left, in the folder or beside it."""
        before = contents(run)
        out, err = said(command("withdraw", "run", *P03, "--apply"))
        after = contents(run)
        assert (
            after.keys() == before.keys() == {"manifest.json", "personas.json", "personas.md", "report.html"}
        )
        assert all(after[name] != before[name] for name in after)
        assert beside(run) == []
        assert "was taken out of" in out
        assert "Overall score: " in out
        assert "Nothing was changed" not in err
        revised = read_personas(run)
        assert read_manifest(run).warnings[: len(revised.warnings)] == revised.warnings
        for name in ("personas.md", "report.html"):
            assert "11 participants" in after[name].decode()
            assert "12 participants" not in after[name].decode()

    def test_a_tombstone_is_all_that_names_them(self, command, run):
        """Their code and the time; a warning counts them."""
        said(command("withdraw", "run", *P03, "--apply"))
        revised = personas(run)
        [tombstone] = revised["withdrawn"]
        assert set(tombstone) == {"participant", "at"}
        assert tombstone["participant"] == "P03"
        assert tombstone["at"].endswith("Z")
        assert "withdrawn_since" in {each["code"] for each in revised["warnings"]}
        del revised["withdrawn"], revised["corpus"]["loading"]
        assert "P03" not in json.dumps(revised)
        assert "P03" not in (run / "personas.md").read_text(encoding="utf-8")
        assert "interviews/P03.txt" not in (run / "manifest.json").read_text(encoding="utf-8")

    def test_every_quote_that_is_left_is_found(self, command, run):
        """Word for word, in sources that the run still finds."""
        said(command("withdraw", "run", *P03, "--apply"))
        out, _ = said(command("verify", "run", "--json"))
        counts = json.loads(out)["counts"]
        assert counts.pop("exact") > 40
        assert set(counts.values()) == {0}

    def test_the_other_commands_go_on_with_it(self, command, run):
        """A score with evidence, a script against the sources, and the page that lies there, to the byte."""
        said(command("withdraw", "run", *P03, "--apply"))
        card = json.loads(said(command("score", "run", "-o", "json"))[0])
        assert card["set"]["dimensions"]["evidence"] is not None
        said(command("report", "run", "-o", "again.html"))
        assert Path("again.html").read_bytes() == (run / "report.html").read_bytes()
        out, err = said(command("script", "generate", f"run#{persona_of(run, 'P06')}"))
        assert json.loads(out)["provenance"]["privacy_audit"]["corpus_checked"] is True
        assert "not given" not in err

    def test_the_scores_are_those_that_score_gives(self, command, run):
        """Before and after."""

        def overall():
            return json.loads(said(command("score", "run", "-o", "json"))[0])["set"]["overall"]

        before = overall()
        done = json.loads(said(command("withdraw", "run", *P03, "--apply", "--json"))[0])
        assert (done["score_before"], done["score_after"]) == (before, overall())

    def test_sources_are_never_touched(self, command, own_study):
        """They are named: whose they are has them deleted."""
        before = contents(own_study)
        _, err = said(command("withdraw", "run", *P03, "--apply"))
        assert contents(own_study) == before
        assert f"  {own_study / 'survey.csv'}\n  {own_study / 'interviews' / 'P03.txt'}\n" in err
        assert "P05.vtt" not in err
        assert "Mark P03 as withdrawn in the participants file" in err

    def test_the_others_stay_who_they_are(self, command, run):
        """Personas that rest on others keep every claim and quote."""
        before = {each["id"]: each for each in personas(run)["personas"]}
        theirs = persona_of(run, "P03")
        said(command("withdraw", "run", *P03, "--apply"))
        for each in personas(run)["personas"]:
            same = {
                key: each[key] == before[each["id"]][key] for key in ("name", "goals", "quotes", "headline")
            }
            assert all(same.values()) == (each["id"] != theirs)

    def test_who_must_not_be_quoted_stays_unquoted(self, command, run, corpus):
        """The participants file goes on being honoured."""
        said(command("withdraw", "run", *P03, "--apply"))
        assert "P09" in personas(run)["personas"][1]["participants"]
        quiet = words_of(corpus, "P09")
        assert quiet
        for name, data in contents(run).items():
            assert not any(map(quiet.repeated_in, readings(name, data)))

    def test_the_personas_file_stands_for_the_folder(self, command, run):
        """As it does for the other commands."""
        said(command("withdraw", "run/personas.json", *P03, "--apply"))
        assert personas(run)["withdrawn"]

    def test_by_a_link(self, command, run, here):
        """What a link points at is revised, and the link stays."""
        (here / "latest").symlink_to("run")
        said(command("withdraw", "latest", *P03, "--apply"))
        assert (here / "latest").is_symlink()
        assert personas(run)["withdrawn"]
        assert beside(run) == ["latest"]

    def test_where_words_were_sent_to_is_named(self, command, run):
        """Nobody here can delete them there."""
        manifest = json.loads((run / "manifest.json").read_text())
        manifest["egress"] = [{"host": "api.example.org", "model": "m", "segments": 9, "pseudonymised": True}]
        (run / "manifest.json").write_text(json.dumps(manifest))
        assert "Words of this run were sent to api.example.org" in said(command("withdraw", "run", *P03))[1]

    def test_for_a_program(self, command, run, corpus):
        """One document, which repeats nobody's words but the quotes that are to go; what to do is said on stderr."""
        theirs = persona_of(run, "P03")
        done = said(command("withdraw", "run", *P03, "--json"))
        assert not words_of(corpus, "P03").repeated_in(done[1])
        done = said(command("withdraw", "run", *P03, "--json", "--apply"))
        listed = json.loads(done[0])
        assert (listed["participant"], listed["segments"], listed["applied"]) == ("P03", 16, True)
        [change] = listed["personas"]
        assert change["id"] == theirs
        assert change["quotes"] == listed["quotes"] > 0
        assert "goals[0]" in change["claims_fallen"]
        assert [Path(each).name for each in listed["still_held_in"]] == ["survey.csv", "P03.txt"]
        for code in PEOPLE:
            assert not any(
                map(words_of(corpus, code).repeated_in, (*done, *readings(".json", done[0].encode())))
            )


class TestOneAfterTheOther:
    def test_up_to_the_last(self, command, survey, here):
        """Each leaves a tombstone; of the last nothing else is left, and the commands say so."""
        run = here / "run"
        said(command("generate", survey, "-n", 2, "--out", "run"))
        everybody = PEOPLE[:6]
        for number, code in enumerate(everybody, 1):
            out, _ = said(command("withdraw", "run", "--participant", code, "--apply"))
            assert [each["participant"] for each in personas(run)["withdrawn"]] == everybody[:number]
            if number == 3:
                said(command("verify", "run"))
        assert "not scored after" in out
        assert personas(run)["personas"] == personas(run)["unrepresented"] == []
        for name in ("verify", "score"):
            assert "every participant of run has withdrawn" in refused(command(name, "run"))
        assert "P01 withdrew from these personas already" in refused(
            command("withdraw", "run", "--participant", "P01")
        )
        assert beside(run) == ["survey.csv"]

    def test_two_at_the_same_time(self, start, run):
        """One waits or is refused; nobody who was taken out comes back."""
        both = [start("withdraw", "run", "--participant", code, "--apply") for code in ("P03", "P05")]
        errors = [process.communicate(timeout=60)[1].decode() for process in both]
        ended = {code: process.returncode for code, process in zip(("P03", "P05"), both, strict=True)}
        assert set(ended.values()) <= {0, 2}, errors
        assert all("another process is writing" in said for said in errors if said.startswith("Error"))
        gone = {each["participant"] for each in personas(run)["withdrawn"]}
        assert gone == {code for code, returned in ended.items() if returned == 0} != set()
        assert beside(run) == []

    def test_who_is_called_by_a_name(self, command, here):
        """People know their names, and not their codes; neither is left but in the tombstone."""
        (here / "talk.txt").write_text(
            "Interviewer: How do you travel?\n\n"
            "Ada: I walk to the mill when the bus is late, because I need to be there by seven.\n\n"
            "Bob: I never take the bus, I want to cycle because I hate to wait for it.\n\n"
            "Interviewer: What would help?\n\n"
            "Ada: I want a sign at the stop that tells me honestly how late the bus is.\n\n"
            "Bob: I need a safe place for my bicycle, since it is stolen every year.\n"
        )
        said(command("generate", "talk.txt", "-n", 1, "--out", "run"))
        out, _ = said(command("withdraw", "run", "--participant", "Ada", "--apply"))
        [tombstone] = personas(here / "run")["withdrawn"]
        assert out.startswith(f"{tombstone['participant']}, who said 2 segments, was taken out")
        assert not [name for name, data in contents(here / "run").items() if b"Ada" in data]
        said(command("verify", "run"))

    @pytest.mark.parametrize("apart", [True, False])
    def test_a_name_is_left_nowhere(self, command, here, apart):
        """Not in an option, a path or a notice, though the participants file and the command named them."""
        ada = "Interviewer: How do you travel?\n\nAda: I walk to the mill when the bus is late, and I want a sign.\n\n"
        bob = "Interviewer: How do you travel?\n\nBob: I never take the bus, I want to cycle because I hate to wait.\n\n"
        (here / "study").mkdir()
        for name, text in {"ada.txt": ada, "bob.txt": bob}.items() if apart else [("talk.txt", ada + bob)]:
            (here / "study" / name).write_text(text)
        (here / "people.csv").write_text("participant,quote_ok\nAda,yes\nBob,yes\n")
        labels = ("--participant-label", "Ada", "--participant-label", "Bob")
        said(command("generate", "study", *labels, "--participants", "people.csv", "-n", 1, "--out", "run"))
        said(command("withdraw", "run", "--participant", "Ada", "--apply"))
        said(command("report", "run", "-o", "run/again.html"))
        left = {name: data.decode() for name, data in contents(here / "run").items()}
        assert not [name for name, text in left.items() if re.search(r"\bada\b", text, re.IGNORECASE)]
        assert '"Bob"' in left["manifest.json"]
        said(command("verify", "run"))

    def test_a_copy_of_their_file_goes_along(self, command, here):
        """The manifest names neither, and both are listed as still there."""
        (here / "study").mkdir()
        for name, talk in {"ada": "ada", "ada-copy": "ada", "cyril": "cyril"}.items():
            (here / "study" / f"{name}.txt").write_text(TALKS[talk])
        said(command("generate", "study", "-n", 1, "--out", "run"))
        assert b"ada-copy.txt" in contents(here / "run")["manifest.json"]
        done = command("withdraw", "run", "--participant", "Ada", "--apply", "--json")
        held = json.loads(said(done)[0])["still_held_in"]
        assert sorted(Path(each).name for each in held) == ["ada-copy.txt", "ada.txt"]
        assert not [name for name, data in contents(here / "run").items() if re.search(rb"(?i)\bada\b", data)]
        said(command("verify", "run"))

    @pytest.mark.parametrize("up", ["./study", "../work/study"])
    def test_a_path_names_them_no_more_wherever_they_are_taken_out(self, command, here, up, monkeypatch):
        """A run knows not in which folder it was made."""
        (here / "study").mkdir()
        for name in ("ada", "cyril"):
            (here / "study" / f"{name}.txt").write_text(TALKS[name])
        said(command("generate", f"{up}/ada.txt", f"{up}/cyril.txt", "-n", 1, "--out", "run"))
        assert b"study/ada.txt" in contents(here / "run")["manifest.json"]
        monkeypatch.chdir(here / "study")
        withdraw(here / "run", "Ada", apply=True)
        arguments = json.loads((here / "run" / "manifest.json").read_text())["arguments"]
        assert "cyril.txt" in str(arguments)
        assert "ada.txt" not in str(arguments)

    def test_they_stay_out_of_a_run_that_replaces_it(self, command, own_study, here, corpus):
        """Also once more, and also when their own file is gone; of other sources nobody is left out."""
        run, again = (
            here / "run",
            ("generate", "study", "--participants", "study/participants.csv", "--force"),
        )
        said(command("withdraw", "run", *P03, "--apply"))
        for _ in range(2):
            _, err = said(command(*again, "--out", "run"))
            assert "P03 withdrew from the run that is replaced, and stays out" in err
            assert not repeating(run, words_of(corpus, "P03"))
            assert [each["participant"] for each in personas(run)["withdrawn"]] == ["P03"]
            assert personas(run)["corpus"]["participants"] == 11
            said(command("verify", "run"))
            (own_study / "interviews" / "P03.txt").unlink(missing_ok=True)
        (here / "other.csv").write_text(
            "participant,How?\nP03,I want to walk home as I hate trams.\nP04,I need a light.\n"
        )
        _, err = said(command("generate", "other.csv", "-n", 1, "--out", "run", "--force"))
        assert "made of other sources" in err
        assert personas(here / "run")["corpus"]["participants"] == 2

    @pytest.mark.parametrize("table", [True, False])
    def test_a_source_that_changed_brings_nobody_back(self, command, here, table):
        """Its rows or turns may be others' now."""
        name, more = ("s.csv", "P4,I need a seat.\n") if table else ("s.txt", "\nDan: I want a seat.\n")
        rows = "participant,How?\nP1,I want to walk home as I hate trams.\nP2,I need a light.\nP3,I always cycle.\n"
        (here / name).write_text(rows if table else TALKS["ada"] + "\n" + TALKS["bob"])
        said(command("generate", name, "-n", 1, "--out", "run"))
        said(command("withdraw", "run", "--participant", "P1" if table else "Ada", "--apply"))
        before = contents(here / "run")
        with (here / name).open("a") as stream:
            stream.write(more)
        done = command("generate", name, "-n", 1, "--out", "run", "--force")
        assert done.returncode == 3
        assert b"withdrew from the run that would be replaced, and these sources are no more" in done.stderr
        assert contents(here / "run") == before

    def test_a_code_that_moved_takes_nobody_else_out(self, command, here):
        """Names get codes; whose file is gone leaves theirs to nobody."""
        (here / "study").mkdir()
        for name, text in TALKS.items():
            (here / "study" / f"{name}.txt").write_text(text)
        said(command("generate", "study", "-n", 1, "--out", "run"))
        said(command("withdraw", "run", "--participant", "Ada", "--apply"))
        (here / "study" / "ada.txt").unlink()
        said(command("generate", "study", "-n", 1, "--out", "run", "--force"))
        assert {each["segment"].split("#")[0] for each in quotes(here / "run", None)} == {
            "bob.txt",
            "cyril.txt",
            "dora.txt",
        }


def test_the_journal_goes(command, survey, here):
    """With whatever a model answered: the run cannot be taken up or replayed any more."""
    with Loopback(answer=truthful) as model:
        asking = {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": "k"}
        said(command("generate", survey, "-n", 2, "--model", "openai/loop", "--out", "run", env=asking))
        lines = (here / "run" / "journal.jsonl").read_bytes().count(b"\n")
        assert lines
        assert (
            f"The journal ({lines} lines) goes" in said(command("withdraw", "run", "--participant", "P02"))[0]
        )
        assert (here / "run" / "journal.jsonl").exists()
        said(command("withdraw", "run", "--participant", "P02", "--apply"))
        assert not (here / "run" / "journal.jsonl").exists()
        asked = len(model.requests)
        given = ("generate", survey, "--model", "openai/loop", "--resume", "run")
        assert "no journal in it" in refused(command(*given, env=asking))
        assert len(model.requests) == asked


class TestFilesInTheFolder:
    @pytest.fixture
    def scripts(self, command, run, here) -> dict[str, str]:
        """Scripts of P03's persona in the folder, beside it and on stdout, and one of another in the folder."""
        theirs, other = persona_of(run, "P03"), persona_of(run, "P05")
        for target in (
            (f"run#{theirs}", "-o", "run/scripts/theirs.json"),
            (f"run#{theirs}", "-f", "tavern_png", "-o", "card.png"),
            (f"run#{theirs}", "-f", "system_prompt"),
            (f"run#{other}", "-o", "run/scripts/other.json"),
        ):
            said(command("script", "generate", *target))
        return {"theirs": theirs, "other": other}

    def test_scripts_that_left_are_named(self, command, run, here, scripts):
        """Wherever they went; that one lies in the folder no more, and the other persona's stays."""
        kept = (run / "scripts" / "other.json").read_bytes()
        out, err = said(command("withdraw", "run", *P03, "--apply"))
        named = [line for line in err.splitlines() if line.startswith("To be replaced: ")]
        assert len(named) == 3
        assert all(scripts["theirs"] in line for line in named)
        for where in (run / "scripts" / "theirs.json", here / "card.png", "standard output"):
            assert sum(line.endswith(f" to {where}") for line in named) == 1
        assert "Removed from the folder: scripts/theirs.json" in out
        assert contents(run / "scripts") == {"other.json": kept}
        assert read_cards((here / "card.png").read_bytes())  # outside, it is theirs who have it
        assert [each.persona for each in releases_of(run)] == [scripts["other"]]

    def test_scripts_made_anew_are_not_named_again(self, command, run, here, scripts):
        """Only what left before somebody withdrew is to be replaced."""
        said(command("withdraw", "run", *P03, "--apply"))
        said(command("script", "generate", f"run#{scripts['theirs']}", "-o", "new.json"))
        _, err = said(command("withdraw", "run", "--participant", "P06"))
        assert err.count("To be replaced") == 1
        assert str(here / "new.json") in err

    def test_a_script_that_nobody_noted_goes(self, command, run, here, scripts):
        """Whose it is cannot be told."""
        (run / "copy.json").write_bytes((run / "scripts" / "other.json").read_bytes() + b"\n")
        out, _ = said(command("withdraw", "run", *P03))
        assert "To be removed from the folder: copy.json" in out
        assert "scripts/other.json" not in out

    @pytest.mark.parametrize("how", ["plain", "utf-16", "html", "json", "csv"])
    def test_what_repeats_their_words_goes(self, command, run, corpus, how):
        """However the words are written; a note of one's own stays, to the byte."""
        words = next(each["quote"] for each in quotes(run, "P03") if len(each["quote"].split()) > 7)
        apart = "&#32;".join(words.split())
        forms = {
            "plain": f"They said: {words.upper()}\n".encode(),
            "utf-16": f"They said: {words}\n".encode("utf-16"),
            "html": f"<p>{apart}</p>".encode(),
            "json": json.dumps({"said": [words.replace(" ", "\n")]}).encode(),
            "csv": f'who,what\nsomebody,"{words}"\n'.encode(),
        }
        (run / "mine").mkdir()
        (run / "mine" / "theirs.txt").write_bytes(forms[how])
        (run / "mine" / "notes.txt").write_bytes(b"Ask the client\r\nabout ticket prices.")
        out, _ = said(command("withdraw", "run", *P03, "--apply"))
        assert "Removed from the folder: mine/theirs.txt" in out
        assert contents(run / "mine") == {"notes.txt": b"Ask the client\r\nabout ticket prices."}

    @pytest.mark.parametrize("kind", ["docx", "pdf", "xlsx"])
    def test_office_files_are_looked_into(self, command, run, kind):
        """With what reads them as sources."""
        words = next(each["quote"] for each in quotes(run, "P03") if 7 < len(each["quote"].split()) < 14)
        for name, text in {"theirs": f"They said: {words}", "mine": "Ask the client about prices"}.items():
            (run / f"{name}.{kind}").write_bytes(office(kind, text))
        out, err = said(command("withdraw", "run", *P03, "--apply"))
        assert f"Removed from the folder: theirs.{kind}" in out
        assert f"mine.{kind}" in contents(run)
        assert "Nobody here can look into" not in err

    def test_what_nobody_can_look_into_is_named(self, command, run):
        """It stays, and somebody has to see."""
        (run / "talk.zip").write_bytes(b"PK\x03\x04" + bytes(99))
        (run / "broken.docx").write_bytes(b"no Word file at all\0")
        _, err = said(command("withdraw", "run", *P03))
        for name in ("talk.zip", "broken.docx"):
            assert f"Nobody here can look into {name}" in err
        done = json.loads(said(command("withdraw", "run", *P03, "--apply", "--json"))[0])
        assert done["files_not_looked_into"] == ["broken.docx", "talk.zip"]
        assert "talk.zip" in contents(run)

    def test_pictures_and_links_stay(self, command, run, here):
        """What holds no text of theirs is carried over as it is."""
        (run / "plan.bin").write_bytes(bytes(range(256)) * 40)
        (run / "data").symlink_to("../elsewhere")
        before = (run / "plan.bin").read_bytes()
        said(command("withdraw", "run", *P03, "--apply"))
        assert (run / "plan.bin").read_bytes() == before
        assert (run / "data").readlink() == Path("../elsewhere")


def office(kind: str, text: str) -> bytes:
    """A file of Word, Excel, or a PDF, with a text in it."""
    out = io.BytesIO()
    if kind == "docx":
        document = docx.Document()
        document.add_paragraph(text)
        document.save(out)
    elif kind == "xlsx":
        book = openpyxl.Workbook()
        book.active.append([text])
        book.save(out)
    else:
        canvas = Canvas(out)
        canvas.setFont("Helvetica", 6)
        canvas.drawString(20, 700, text)
        canvas.save()
    return out.getvalue()


def quotes(folder: Path, code: str | None) -> list[dict]:
    """Every quote of somebody's in a run, or of everybody's."""

    def walk(value) -> Iterator[dict]:
        if isinstance(value, dict):
            if code in {value.get("participant"), None} and "quote" in value:
                yield value
            value = list(value.values())
        if isinstance(value, list):
            for each in value:
                yield from walk(each)

    return list(walk(personas(folder)["personas"]))


TALKS = {
    "ada": "Interviewer: How do you travel?\n\nAda: I walk to the mill when the bus is late, and I want a sign.\n",
    "bob": "Interviewer: How do you travel?\n\nBob: I agree with Ada that it is frustrating, and I need a lamp.\n",
    "cyril": "Interviewer: And you?\n\nCyril: I want to cycle everywhere because I hate to wait for trams.\n",
    "dora": "Interviewer: And you?\n\nDora: I agree with Cyril that it is frustrating, and I need a bench.\n",
}


class TestSourcesThatAreNotThere:
    def check(self, command, run: Path, reason: str) -> None:
        theirs = [each["quote"] for each in quotes(run, "P03")]
        assert theirs
        out, err = said(command("withdraw", "run", *P03, "--apply"))
        assert out.startswith("P03 was taken out of ")
        assert "Overall score" not in out
        assert reason in err
        assert "Only words of P03 that are quoted were known here" in err
        own = OwnWords(theirs)
        for name, data in contents(run).items():
            assert not any(map(own.repeated_in, readings(name, data)))
        assert [name for name in beside(run) if name.startswith("run")] == []

    def test_moved(self, command, own_study, here):
        """What they are quoted with goes; back in their place the sources are the run's again."""
        own_study.rename(here / "study elsewhere")
        self.check(command, here / "run", "is gone or cannot be read")
        assert "not what they were" in refused(command("verify", "run"))
        (here / "study elsewhere").rename(own_study)
        counts = json.loads(said(command("verify", "run", "--json"))[0])["counts"]
        assert counts.pop("exact") > 0
        assert set(counts.values()) == {0}

    def test_changed(self, command, own_study, here):
        """A row more."""
        with (own_study / "survey.csv").open("a", encoding="utf-8") as stream:
            stream.write("P13" + "," * 8 + "\n")
        self.check(command, here / "run", "survey.csv has changed")

    def test_their_file_is_missing(self, command, own_study, here):
        """Who withdraws may have had it deleted already."""
        (own_study / "interviews" / "P03.txt").unlink()
        theirs = [each["quote"] for each in quotes(here / "run", "P03")]
        out, err = said(command("withdraw", "run", *P03, "--apply"))
        assert "P03.txt is gone" in err
        assert "Overall score: " in out
        assert not repeating(here / "run", OwnWords(theirs))
        assert "P03.txt" not in (here / "run" / "manifest.json").read_text()
        assert json.loads(said(command("verify", "run", "--json"))[0])["counts"]["missing"] == 0

    @pytest.mark.parametrize("who", ["Ada", "code"])
    def test_their_only_file_is_missing(self, command, here, who):
        """By name or by code: nobody else takes their place, is named, or loses a quote."""
        (here / "study").mkdir()
        for name, text in TALKS.items():
            (here / "study" / f"{name}.txt").write_text(text)
        said(command("generate", "study", "-n", 1, "--out", "run"))
        before = {each["segment"]: each["participant"] for each in quotes(here / "run", None)}
        code = before["ada.txt#2"]
        (here / "study" / "ada.txt").unlink()
        said(command("withdraw", "run", "--participant", code if who == "code" else who, "--apply"))
        after = {each["segment"]: each["participant"] for each in quotes(here / "run", None)}
        assert after == {at: each for at, each in before.items() if each != code}
        page = (here / "run" / "report.html").read_text()
        assert "I agree with [name] that" in page
        assert "Cyril" not in page
        counts = json.loads(said(command("verify", "run", "--json"))[0])["counts"]
        assert counts.pop("exact") > 0
        assert set(counts.values()) == {0}

    def test_nobody_is_unmasked_where_too_much_is_missing(self, command, here):
        """A file of two people that was changed: what is left still tells whose names to hide."""
        (here / "study").mkdir()
        for name, text in TALKS.items():
            (here / "study" / f"{name}.txt").write_text(text)
        said(command("generate", "study", "-n", 1, "--out", "run"))
        code = next(
            each["participant"] for each in quotes(here / "run", None) if each["segment"] == "ada.txt#2"
        )
        with (here / "study" / "bob.txt").open("a") as stream:
            stream.write("\nBob: One more word of mine, which changes the file.\n")
        _, err = said(command("withdraw", "run", "--participant", code, "--apply"))
        assert "bob.txt has changed" in err
        page = (here / "run" / "report.html").read_text()
        assert "[name] that it is frustrating" in page
        assert "Cyril" not in page

    def test_from_a_pipe(self, command, survey, here):
        """Words that came through a pipe are nowhere else."""
        said(command("generate", "-", "-n", 2, "--out", "run", stdin=survey.read_bytes()))
        _, err = said(command("withdraw", "run", "--participant", "P02", "--apply"))
        assert "did not come from a file" in err
        assert quotes(here / "run", "P02") == []


HOLDER = """
import sys
from pathlib import Path
from persona_core.runs import revised_folder
with revised_folder(Path("run")) as revising:
    print("held", flush=True)
    sys.stdin.read()
    raise SystemExit
"""


class TestRefusing:
    def test_a_code_that_nobody_has(self, command, run):
        """The known ones are named."""
        before = contents(run)
        for more in ((), ("--apply",)):
            error = refused(command("withdraw", "run", "--participant", "P99", *more))
            assert "know no participant “P99”: they know P01, P02, P03" in error
        assert contents(run) == before
        assert beside(run) == []

    def test_who_has_withdrawn_already(self, command, run):
        """Once is enough."""
        said(command("withdraw", "run", *P03, "--apply"))
        before = contents(run)
        for more in ((), ("--apply",)):
            assert "P03 withdrew from these personas already" in refused(
                command("withdraw", "run", *P03, *more)
            )
        assert contents(run) == before

    def test_nobody_named(self, command, run):
        """Whose words is asked for."""
        assert "--participant" in refused(command("withdraw", "run"))

    @pytest.mark.parametrize("more", [(), ("--apply",)])
    def test_what_is_no_run_folder(self, command, here, more):
        """A folder of something else, a file, and nothing at all: left alone, nothing is made."""
        (here / "home").mkdir()
        (here / "home" / "thesis.doc").write_text("years")
        (here / "file.json").write_text("{}")
        for name in ("home", "file.json", "nowhere/at/all"):
            assert f"{name} is no run folder" in refused(command("withdraw", name, *P03, *more))
        assert contents(here) == {"file.json": b"{}", "home/thesis.doc": b"years"}
        assert sorted(each.name for each in here.iterdir()) == ["file.json", "home"]

    @pytest.mark.parametrize("more", [(), ("--apply",)])
    def test_a_run_that_was_broken_off(self, command, run, here, more):
        """It is to be finished or deleted, and what a model answered beside a whole one, too."""
        (here / "run.partial").mkdir()
        (here / "run.partial" / "journal.jsonl").write_text("{}\n")
        before = contents(here)
        error = refused(command("withdraw", "run.partial", *P03, *more))
        assert "no whole run: finish it with --resume" in error
        done = command("withdraw", "run", *P03, *more)
        if more:
            assert "run.partial holds what a model answered" in refused(done)
        else:
            said(done)
        assert {name: data for name, data in contents(here).items() if not name.endswith(".lock")} == before

    def test_a_folder_that_another_process_writes(self, command, run, here):
        """It is told to wait; the listing needs no lock."""
        before = contents(run)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen([sys.executable, "-c", HOLDER], cwd=here, **pipes) as holder:
            assert holder.stdout.readline() == "held\n"
            assert "another process is writing" in refused(command("withdraw", "run", *P03, "--apply"))
            said(command("withdraw", "run", *P03))
            holder.communicate("", timeout=60)
        assert contents(run) == before
        assert beside(run) == []
        said(command("withdraw", "run", *P03, "--apply"))

    @pytest.mark.skipif(sys.platform != "linux", reason="root gives its rights up on Linux")
    @pytest.mark.parametrize("which", ["run", "."])
    def test_a_folder_that_cannot_be_written(self, command, run, here, which, as_anybody):
        """The run itself, or what it lies in: it stays as it was, and nothing beside it."""
        before = contents(run)
        (here / which).chmod(0o555)
        try:
            error = refused(command("withdraw", "run", *P03, "--apply", preexec_fn=as_anybody), 1)
            said(command("withdraw", "run", *P03, preexec_fn=as_anybody))
        finally:
            (here / which).chmod(0o755)
        assert "could not be written, and is as it was: permission denied" in error
        assert contents(run) == before
        assert beside(run) == []

    def test_a_full_disk(self, command, run):
        """The old run stays, to the byte."""
        before = contents(run)

        def full():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        done = command("withdraw", "run", *P03, "--apply", preexec_fn=full, env=NOT_COUNTED)
        assert "could not be written, and is as it was" in refused(done, 1)
        assert contents(run) == before
        assert beside(run) == []


def readings(name: str, data: bytes) -> Iterator[str]:
    """A file as it stands, without the escapes of HTML, and every text in it where it is JSON."""
    text = data.decode("utf-8", errors="replace")
    yield text
    yield html.unescape(text)
    if name.endswith(".json"):
        yield from texts(json.loads(text))


def texts(value) -> Iterator[str]:
    """Every text in JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def repeating(folder: Path, words: OwnWords) -> list[str]:
    """The files of a folder that repeat somebody's words."""
    files = contents(folder).items()
    return [name for name, data in files if any(map(words.repeated_in, (name, *readings(name, data))))]


class TestNothingIsLeft:
    @pytest.mark.parametrize("code", PEOPLE)
    def test_of_whomever(self, made, corpus, tmp_path, code):
        """No five words in a row that only they said stand in any file; before, they do, of all who may be quoted."""
        run = shutil.copytree(made, tmp_path / "run")
        words = words_of(corpus, code)
        assert bool(repeating(run, words)) == (code != "P09")
        withdraw(run, code, apply=True)
        assert repeating(run, words) == []
        assert {"personas.json", "personas.md", "report.html", "manifest.json"} <= contents(run).keys()

    def test_of_all_but_one(self, made, corpus, tmp_path):
        """One after the other, and nothing of anybody comes back."""
        run = shutil.copytree(made, tmp_path / "run")
        for number, code in enumerate(PEOPLE[:-1], 1):
            withdraw(run, code, apply=True)
            assert [gone for gone in PEOPLE[:number] if repeating(run, words_of(corpus, gone))] == []
        assert repeating(run, words_of(corpus, PEOPLE[-1]))
