"""What goes where: results on stdout, everything else on stderr."""

import io
import json
import platform
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import jsonschema
import pytest

from persona_core.models import EvidenceReport, PersonaSet

STUDY = Path(__file__).parents[2] / "docs" / "examples" / "study"
STAMP = re.compile(r'"(?:generated_at|started_at)": "[^"]*"|"(?:loading|synthesis)": [\d.]+')


def schema(persona, name):
    code, out, err = persona("schema", name)
    assert (code, err) == (0, "")
    return json.loads(out)


class TestGenerate:
    def test_a_table_for_people_and_the_folder(self, persona, here):
        """Without --json stdout is a table and where it was written; the offline hint goes to stderr."""
        code, out, err = persona("generate", STUDY, "--out", "run")
        assert code == 0
        assert "Stands for" in out
        assert re.search(r"\d+ of 12", out)
        assert "Written to run; open run/report.html, or read run/personas.md." in out
        assert "Working offline, without a model" in err
        assert "--model" in err
        assert "Working offline" not in out
        assert sorted(path.name for path in (here / "run").iterdir()) == [
            "manifest.json",
            "personas.json",
            "personas.md",
            "report.html",
        ]

    def test_choosing_extractive_needs_no_hint(self, persona, survey):
        """Who chose the model is not told how to."""
        assert "Working offline" not in persona("generate", survey, "-n", 2, "--model", "extractive")[2]

    def test_a_folder_of_its_own_for_each_run(self, persona, survey, here):
        """Without --out runs go to persona-runs/<UTC time>, two in one second as well."""
        for _ in range(2):
            assert persona("generate", survey, "-n", 2)[0] == 0
        folders = sorted(path.name for path in (here / "persona-runs").iterdir())
        assert len(folders) == 2
        assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ", name) for name in folders)

    def test_json_is_the_document_and_nothing_else(self, persona, here):
        """With --json stdout is one document, valid by its schema and read strictly; no folder is made."""
        code, out, _ = persona("generate", STUDY, "--json")
        assert code == 0
        PersonaSet.model_validate_json(out, strict=True)
        jsonschema.Draft202012Validator(schema(persona, "personas")).validate(json.loads(out))
        assert list(here.iterdir()) == []

    def test_json_with_out_writes_both(self, persona, survey, here):
        """With --out as well, the folder holds the same bytes."""
        code, out, err = persona("generate", survey, "-n", 2, "--json", "--out", "run")
        assert code == 0
        assert (here / "run" / "personas.json").read_text(encoding="utf-8") == out
        assert "Written to run." in err

    def test_two_runs_give_the_same_bytes_but_for_times(self, command, here):
        """The same sources and seed give the same folder, but for its times, in two processes."""
        folders = [here / "one", here / "two"]
        for folder, hashing in zip(folders, "12", strict=True):
            done = command("generate", STUDY, "--out", folder, env={"PYTHONHASHSEED": hashing})
            assert done.returncode == 0
        for name in ("personas.json", "personas.md", "manifest.json"):
            first, second = (
                STAMP.sub("", (folder / name).read_text()).replace(str(folder), "") for folder in folders
            )
            assert first == second, name

    def test_the_manifest_says_how_it_was_made(self, persona, survey, here):
        """Versions, arguments, options, and every input with place and hash; nothing left for anywhere."""
        persona("generate", "survey.csv", "-n", 2, "--seed", 5, "--header-rows", 1, "--out", "run")
        manifest = json.loads((here / "run" / "manifest.json").read_text())
        assert manifest["arguments"]["seed"] == 5
        assert manifest["loading"]["header_rows"] == 1
        assert manifest["inputs"][0]["path"] == str(survey)
        assert len(manifest["inputs"][0]["sha256"]) == 64
        assert manifest["egress"] == []
        assert {"persona-core", "persona-cli", "python"} <= set(manifest["versions"])
        assert set(manifest["timings"]) == {"loading", "synthesis"}

    def test_standard_input_is_a_source(self, persona, survey, command):
        """`-` reads what is piped in."""
        done = command("generate", "-", "-n", 2, "--json", stdin=survey.read_bytes())
        assert done.returncode == 0
        assert json.loads(done.stdout)["corpus"]["sources"][0]["name"] == "stdin"

    def test_warnings_are_sentences_on_stderr(self, persona, survey):
        """What a reader must know is said in plain words beside the result."""
        _, out, err = persona("generate", survey, "-n", 3, "--json")
        assert json.loads(out)["warnings"]
        assert "few_participants" not in err
        assert re.search(r"^Note: .+\.$", err, re.MULTILINE)

    def test_groups_of_the_researchers_own(self, persona):
        """With --group-by there is one persona for each group."""
        code, out, _ = persona("generate", STUDY, "--group-by", "group", "--json")
        assert code == 0
        assert len(json.loads(out)["personas"]) == 3


class TestDryRun:
    def test_it_shows_who_is_who_and_writes_nothing(self, persona, here):
        """A dry run tells a researcher what is read as what, and makes nothing."""
        code, out, _ = persona("generate", STUDY, "--dry-run")
        assert code == 0
        for said in (
            "answers: P01",
            "asks",
            "the transcript's head says so",
            "demographic: age range",
            "answers in people's own words",
            "1 boilerplate answer, 2 empty answers",
            "12 participants: P01, P02",
            "assisted (4), occasional (4), weekday (4)",
            "not shown: P09",
            "nothing was written",
        ):
            assert said in " ".join(out.split()), said
        assert list(here.iterdir()) == []

    def test_many_sources_are_grouped(self, persona, here):
        """Above a dozen transcripts those alike stand together."""
        for number in range(15):
            (here / f"{number:03}.md").write_text(
                f"AI: How is it?\n\nUser: I like tram number {number} a lot.\n"
            )
        out = persona("generate", here, "--dry-run")[1]
        assert "15 .md files" in out
        assert re.search(r"15 transcripts +User +answers", out)
        assert re.search(r" AI +asks", out)
        assert "003.md" not in out.partition("participants:")[0]

    def test_what_could_not_be_made_is_said(self, persona):
        """More personas than participants are refused by the dry run too."""
        assert "there can be 12 at most" in persona("generate", STUDY, "--dry-run", "-n", 13)[1]

    def test_files_without_speakers(self, persona, here):
        """A file without speaker labels is one participant, and that is said, for few files and for many."""
        for number in range(14):
            (here / f"note-{number}.txt").write_text(
                f"I always take tram number {number} to work, it is quick.\n"
            )
            out = persona("generate", here, "--dry-run")[1] if number in {1, 13} else ""
            if number == 1:
                assert re.search(r"note-0.txt +no labels +one participant", out)
        assert re.search(r"no labels +one participant each", out)

    def test_groups_of_ones_own(self, persona):
        """With --group-by it says what the groups are."""
        out = persona("generate", STUDY, "--dry-run", "--group-by", "group")[1]
        assert "one persona for each value of “group”" in out

    def test_for_a_program(self, persona):
        """With --json it is one document."""
        found = json.loads(persona("generate", STUDY, "--dry-run", "--json")[1])
        assert len(found["participants"]) == 12
        assert {source["kind"] for source in found["sources"]} == {"table", "transcript", "subtitles"}


class TestVerify:
    @pytest.fixture
    def run(self, persona, here):
        assert persona("generate", STUDY, "--out", "run")[0] == 0
        return here / "run"

    def test_a_run_finds_its_own_sources(self, persona, run):
        """Every quote of an offline run stands word for word in sources that the run finds by itself."""
        code, out, _ = persona("verify", run)
        assert code == 0
        assert re.search(r"^\d+ quotes looked up in 209 segments from 8 sources:$", out, re.MULTILINE)
        assert re.search(r"^ +0  not found$", out, re.MULTILINE)
        assert "exact" not in out

    def test_a_bare_file_wants_its_sources(self, persona, run, here):
        """A personas file without a run says what it needs, and is content with it."""
        bare = here / "mine.json"
        bare.write_bytes((run / "personas.json").read_bytes())
        code, _, err = persona("verify", bare)
        assert code == 2
        assert "--sources" in err
        assert persona("verify", bare, "--sources", STUDY)[0] == 0

    def spoil(self, run, here, change):
        made = json.loads((run / "personas.json").read_text())
        change(made)
        file = here / "spoilt.json"
        file.write_text(json.dumps(made))
        return file

    def test_an_invented_quote_fails(self, persona, run, here):
        """A quote that nobody said is listed with its claim, and the command fails above --max-missing."""

        def invent(made):
            made["personas"][0]["goals"][0]["evidence"][0]["quote"] = "I adore quarterly parking levies"

        file = self.spoil(run, here, invent)
        code, out, err = persona("verify", file, "--sources", STUDY)
        assert code == 1
        assert "“I adore quarterly parking levies”" in out
        assert "  not found; cited: " in out
        assert "goals 1:" in out
        assert "1 quote is not what a participant said" in err
        assert persona("verify", file, "--sources", STUDY, "--max-missing", 1)[0] == 0

    def test_what_is_off_is_said_in_words(self, persona, run, here):
        """Nearly right and somebody else's words are told apart, in words for people."""

        def bend(made):
            first, second = (persona_made["headline"]["evidence"][0] for persona_made in made["personas"][:2])
            first["quote"] = first["quote"].replace(" the ", " this ", 1)
            second["participant"] = made["personas"][2]["participants"][0]

        file = self.spoil(run, here, bend)
        code, out, _ = persona("verify", file, "--sources", STUDY)
        assert code == 1
        assert re.search(r"headline: .+\n  “.+”\n  nearly \(\d+% alike\); ", out)
        assert "said by another participant than the one cited" in out
        assert "near;" not in out
        assert "wrong_participant" not in out

    def test_json_comes_with_a_refusing_exit_code_too(self, persona, run, here):
        """--json prints the report, valid by its schema, whatever the exit code."""

        def invent(made):
            made["personas"][0]["goals"][0]["evidence"][0]["quote"] = "I adore quarterly parking levies"

        code, out, _ = persona("verify", self.spoil(run, here, invent), "--sources", STUDY, "--json")
        assert code == 1
        report = EvidenceReport.model_validate_json(out, strict=True)
        assert report.counts.missing == 1
        jsonschema.Draft202012Validator(schema(persona, "evidence")).validate(json.loads(out))

    def test_another_corpus_is_refused(self, persona, run, survey):
        """Sources that are not the personas' are refused, and searched anew with --any-corpus."""
        code, _, err = persona("verify", run, "--sources", survey)
        assert code == 2
        assert "Error: " in err
        assert persona("verify", run, "--sources", survey, "--any-corpus")[0] == 1

    def test_a_changed_source_is_named(self, persona, survey, here):
        """A run whose source changed says which."""
        persona("generate", survey, "-n", 2, "--out", "run")
        survey.write_text(survey.read_text() + "P07,30,Cook,Nothing really bothers me.,I want to go home.\n")
        code, _, err = persona("verify", "run")
        assert code == 2
        assert "survey.csv has changed" in err

    def test_personas_from_a_pipe(self, command, run):
        """`-` reads personas from standard input."""
        done = command(
            "verify", "-", "--sources", STUDY, "--json", stdin=(run / "personas.json").read_bytes()
        )
        assert done.returncode == 0
        assert json.loads(done.stdout)["counts"]["missing"] == 0


class TestStreams:
    def test_a_reader_that_stops_is_no_error(self, here, start):
        """When the reader of stdout goes away, the command is quiet and its folder is whole."""
        process = start("generate", str(STUDY), "--out", "run")
        process.stdout.close()
        err = process.stderr.read().decode()
        assert process.wait(60) == 0
        assert "Broken" not in err
        assert "Error" not in err
        assert (here / "run" / "personas.json").exists()
        process.stderr.close()

    def test_progress_shows_on_a_terminal_after_a_second(self, monkeypatch):
        """Work tells how far it is, on a terminal, once it takes longer."""
        from persona_cli import output

        class Terminal(io.StringIO):
            def isatty(self):
                return True

        for stream, quick, shows in (
            (Terminal(), 0, True),
            (Terminal(), 60, False),
            (io.StringIO(), 0, False),
        ):
            monkeypatch.setattr(sys, "stderr", stream)
            monkeypatch.setattr(output, "_QUICK", quick)
            with output.progress() as told:
                told("reading", 1, 3)
                told("grouping", 0, 1)
            assert bool(stream.getvalue()) is shows

    def test_no_color_is_honoured(self, on_a_terminal):
        """On a terminal there is style, and under NO_COLOR there is none."""
        arguments = ["generate", str(STUDY), "--dry-run"]
        assert b"\x1b[" in on_a_terminal(arguments)
        assert b"\x1b[" not in on_a_terminal(arguments, NO_COLOR="1")

    def test_words_of_the_corpus_cannot_drive_the_terminal(self, persona, here):
        """Control characters in a source are not printed."""
        rows = "".join(f"P{n},I want \x1b]0;owned\x07 to go home by tram number {n}.\n" for n in range(6))
        (here / "odd.csv").write_text("participant,Why?\n" + rows)
        _, out, err = persona("generate", "odd.csv", "-n", 2)
        assert "\x1b" not in out + err
        assert "\x07" not in out + err


class TestHelp:
    def test_it_lists_the_commands(self, persona):
        """--help names every command with what it does."""
        from persona_cli.main import COMMANDS

        out = persona("--help")[1]
        for name, text in COMMANDS.items():
            assert re.search(rf"^  {name} +{re.escape(text)}$", out, re.MULTILINE)

    def test_the_table_says_what_the_commands_say(self):
        """The short helps in the table are those of the commands."""
        import click

        from persona_cli.main import COMMANDS, cli

        for name in COMMANDS:
            command = cli.get_command(click.Context(cli), name)
            assert command is not None
            assert command.name == name
            assert command.help

    def test_it_imports_nothing_heavy(self):
        """`persona --help` needs click and nothing else that takes time."""
        code = (
            "import sys; from persona_cli.main import run; run(['--help']);"
            "print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        loaded = set(re.findall(r"'(\w+)'", done.stderr))
        assert "click" in loaded
        assert not loaded & {
            "pydantic",
            "persona_core",
            "rich",
            "anyio",
            "yaml",
            "sklearn",
            "numpy",
            "platformdirs",
        }

    def test_version_names_the_packages(self, persona):
        """--version names each package of ours with its version, and Python."""
        root = Path(__file__).parents[2]
        version = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
        out = persona("--version")[1]
        for name in ("core", "providers", "sdk", "cli", "api"):
            assert f"persona-{name} {version}\n" in out
        assert out.endswith(f"\npython {platform.python_version()}\n")

    def test_completion(self, persona):
        """The completion script is printed for the shells there are."""
        for shell in ("bash", "zsh", "fish"):
            code, out, _ = persona("completion", shell)
            assert code == 0
            assert "_PERSONA_COMPLETE" in out

    def test_completing_imports_no_command(self, command):
        """Commands are completed from the table."""
        started = time.monotonic()
        done = command(
            env={"_PERSONA_COMPLETE": "bash_complete", "COMP_WORDS": "persona ver", "COMP_CWORD": "1"}
        )
        assert b"verify" in done.stdout
        assert time.monotonic() - started < 30


class TestTraps:
    def test_without_a_command_the_help_is_shown(self, persona):
        """`persona` alone is wrong usage, answered with the help and without “Error”."""
        code, out, err = persona()
        assert (code, out) == (2, "")
        assert err.startswith("Usage: persona")

    def test_the_file_that_stdout_goes_to_is_no_source(self, here, survey):
        """`persona generate . --json > made.json` reads neither the empty file nor, the next time, the full one."""
        for name in ("made.json", "again.json"):
            with (here / name).open("wb") as stream:
                done = subprocess.run(
                    [str(Path(sys.executable).with_name("persona")), "generate", ".", "-n", "1", "--json"],
                    stdout=stream,
                    stderr=subprocess.PIPE,
                    cwd=here,
                    check=False,
                )
            assert done.returncode == 0, done.stderr
        assert [
            each["name"] for each in json.loads((here / "again.json").read_text())["corpus"]["sources"]
        ] == [survey.name]

    def test_nothing_to_look_up_is_said(self, persona, here, survey):
        """Personas without a single quote pass, and nobody takes that for proof."""
        (here / "made.json").write_text('[{"name": "Ada", "goals": ["Sleep"]}]')
        code, _, err = persona("verify", "made.json", "--sources", survey)
        assert code == 0
        assert "not one quote to look up" in err

    def test_columns_of_other_sources_are_not_asked_of_these(self, persona, here, survey):
        """With --any-corpus a recorded column that the new sources lack stops nothing; a typed one does."""
        column = survey.read_text(encoding="utf-8").partition(",")[0]
        assert persona("generate", survey, "-n", "1", "--participant-column", column, "--out", "run")[0] == 0
        (here / "other.txt").write_text("Interviewer: Why?\nP1: It stays put.\n")
        (here / "other.csv").write_text(
            "who,What would help?\nA,An undo button for me.\nB,A search that finds.\n"
        )
        given = ("--sources", "other.txt", "--sources", "other.csv", "--any-corpus")
        code, out, _ = persona("verify", "run", *given)
        assert (code, "looked up in" in out) == (1, True)
        code, _, err = persona("verify", "run", *given, "--participant-column", "nope")
        assert code == 3
        assert "no table has a column “nope”" in err


class TestExamples:
    def test_every_command_has_examples_that_can_be_typed(self, persona):
        """--help ends with examples; each names a command and options that there are."""
        import shlex

        import click

        from persona_cli.main import COMMANDS, cli

        root = click.Context(cli)
        commands = {name: cli.get_command(root, name) for name in COMMANDS}
        for name, group in list(commands.items()):
            if isinstance(group, click.Group):
                commands |= {f"{name} {sub}": each for sub, each in group.commands.items()}
                del commands[name]
        for name, command in commands.items():
            assert command is not None
            shown = [line.strip() for line in (command.epilog or "").splitlines() if line.startswith("  ")]
            named = []
            for line in shown:
                words = shlex.split(line.removeprefix('eval "$(').removesuffix(')"').partition(" >")[0])
                named.append(next(name for name in (" ".join(words[1:3]), words[1]) if name in commands))
                options = {option for param in commands[named[-1]].params for option in param.opts}
                assert {word for word in words if word.startswith("-") and word != "-"} <= options, line
            assert name in named
