"""Personas files and run folders."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from persona_core.errors import CorpusMismatchError, GenerationError, LoadError, RunFolderError
from persona_core.loading import load
from persona_core.models import (
    Claim,
    CorpusRef,
    Evidence,
    Generation,
    LoadingOptions,
    Locator,
    Persona,
    PersonaSet,
    Support,
    Tier,
)
from persona_core.runs import (
    JOURNAL,
    Manifest,
    find_sources,
    input_of,
    inputs_of,
    journal_of,
    left_over,
    looked_at,
    read_manifest,
    read_personas,
    revised_folder,
    run_folder,
    settle,
    to_json,
    versions,
    write_run,
)
from persona_core.runs.locking import held, sweep

SAID = Evidence(
    quote="Home – and “quickly”.",
    segment="a.csv#1",
    tier=Tier.exact,
    similarity=1.0,
    participant="P01",
    locator=Locator(source="a.csv", sha256="0" * 64, row=1, field="why", parts=((0, 21),)),
)
MADE = PersonaSet(
    corpus=CorpusRef(digest="sha256:0", participants=2),
    generation=Generation(generated_at=datetime(2026, 1, 2, 12, tzinfo=UTC)),
    personas=(
        Persona(
            id="persona-001",
            name="Maya",
            support=Support(participants=1, of=2),
            goals=(Claim(text="Wants home", evidence=(SAID,)),),
        ),
    ),
)


def write(folder: Path, **how) -> None:
    with run_folder(folder, **how) as partial:
        write_run(partial, MADE, Manifest())


def break_off(folder: Path, error: BaseException, *also: str, **how) -> None:
    with run_folder(folder, **how) as partial:
        write_run(partial, MADE, Manifest())
        for name in also:
            (partial / name).write_text("{}\n")
        raise error


def lose(folder: Path) -> None:
    """Somebody takes the partial folder away while it is written."""
    with run_folder(folder, force=True) as partial:
        partial.rmdir()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class TestPersonasFile:
    def test_what_was_written_is_read(self):
        """A set of personas survives being written and read."""
        assert read_personas(to_json(MADE)) == MADE

    def test_the_same_personas_give_the_same_bytes(self):
        """Writing is deterministic, UTF-8, and ends with a line end."""
        assert to_json(MADE) == to_json(MADE.model_copy())
        assert "Home – and “quickly”.".encode() in to_json(MADE)
        assert to_json(MADE).endswith(b"}\n")

    def test_what_says_nothing_is_not_written(self):
        """Only what applies is in a locator; `model` and `scenario` are always said."""
        persona = json.loads(to_json(MADE))["personas"][0]
        located = persona["goals"][0]["evidence"][0]["locator"]
        assert set(located) == {"source", "sha256", "row", "field", "parts"}
        assert "extra" not in persona
        assert persona["scenario"] is None
        assert json.loads(to_json(MADE))["generation"]["model"] is None

    def test_what_tools_added_is_kept(self):
        """Extra keys are written as they came, empty values included."""
        odd = MADE.model_copy(update={"extra": {"board": {"id": None}}})
        assert json.loads(to_json(odd))["extra"] == {"board": {"id": None}}

    def test_a_folder_and_a_file_are_read(self, tmp_path):
        """A run folder stands for its personas file."""
        write(tmp_path / "run")
        assert read_personas(tmp_path / "run") == read_personas(tmp_path / "run" / "personas.json") == MADE

    def test_yaml_and_a_byte_order_mark_are_read(self):
        """YAML is as good as JSON, and a BOM does not hurt."""
        assert read_personas(b"personas:\n- id: p1\n  name: Maya\n").personas[0].name == "Maya"
        assert read_personas(b"\xef\xbb\xbf" + to_json(MADE)) == MADE

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b'{"personas": [', "is not JSON"),
            (b"personas: [", "neither JSON nor YAML"),
            (b"\xff\xfe\x00\xd8", "neither JSON nor YAML"),
            (b"[" * 100_000, "JSON"),
        ],
    )
    def test_what_is_neither_names_the_file(self, tmp_path, data, said):
        """A file that cannot be read is an error that names it."""
        file = tmp_path / "odd.json"
        file.write_bytes(data)
        with pytest.raises(LoadError, match=said) as caught:
            read_personas(file)
        assert str(file) in str(caught.value)

    def test_a_missing_file_is_named(self, tmp_path):
        """A file that is not there is named, and so is a folder without personas."""
        with pytest.raises(LoadError, match="no such personas file"):
            read_personas(tmp_path / "none.json")
        with pytest.raises(LoadError, match="is no run folder: it holds no personas"):
            read_personas(tmp_path)


class TestRunFolder:
    def test_it_is_whole(self, tmp_path):
        """A run folder holds the personas, a page for people, and the manifest; nothing partial stays."""
        write(tmp_path / "runs" / "one")
        assert names(tmp_path / "runs") == ["one"]
        assert names(tmp_path / "runs" / "one") == ["manifest.json", "personas.json", "personas.md"]

    @pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SystemExit])
    def test_or_absent(self, tmp_path, error):
        """Whatever breaks a run off, nothing is left, the folders made for it included."""
        with pytest.raises(error):
            break_off(tmp_path / "runs" / "one", error("broken"))
        assert names(tmp_path) == []

    def test_one_with_a_journal_stays_partial(self, tmp_path):
        """What was paid for is kept, and the next run says so."""
        with pytest.raises(ValueError, match="broken"):
            break_off(tmp_path / "one", ValueError("broken"), JOURNAL)
        assert names(tmp_path) == ["one.partial"]
        with pytest.raises(RunFolderError, match="was broken off"):
            write(tmp_path / "one")

    def test_a_left_over_without_a_journal_is_replaced(self, tmp_path):
        """What a killed run left behind does not stand in the way."""
        (tmp_path / "one.partial").mkdir()
        (tmp_path / "one.partial" / "personas.json").write_text("half")
        write(tmp_path / "one")
        assert names(tmp_path) == ["one"]

    def test_never_overwritten(self, tmp_path):
        """A run folder that is there stays as it is, without `force`."""
        write(tmp_path / "one")
        (tmp_path / "one" / "note.txt").write_text("mine")
        with pytest.raises(RunFolderError, match="exists already"):
            write(tmp_path / "one")
        assert "note.txt" in names(tmp_path / "one")

    def test_force_replaces_a_whole_one_by_a_whole_one(self, tmp_path):
        """With `force` the old one goes when the new one is whole, and only then."""
        write(tmp_path / "one")
        (tmp_path / "one" / "note.txt").write_text("mine")
        with pytest.raises(ValueError, match="broken"):
            break_off(tmp_path / "one", ValueError("broken"), force=True)
        assert "note.txt" in names(tmp_path / "one")
        write(tmp_path / "one", force=True)
        assert "note.txt" not in names(tmp_path / "one")
        assert names(tmp_path) == ["one"]

    def test_force_keeps_the_old_one_where_the_new_cannot_be_put(self, tmp_path):
        """When the last step fails the old folder is back in its place, and the error says so."""
        write(tmp_path / "one")
        with pytest.raises(RunFolderError, match="and is as it was"):
            lose(tmp_path / "one")
        assert names(tmp_path) == ["one"]
        assert read_personas(tmp_path / "one") == MADE

    def test_force_does_not_take_a_folder_of_something_else(self, tmp_path):
        """A folder that is no run is never deleted, whatever was asked; an empty one may be used."""
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / "thesis.doc").write_text("years")
        (tmp_path / "home" / "manifest.json").write_text('{"name": "a web app"}')
        with pytest.raises(RunFolderError, match="is no run folder"):
            write(tmp_path / "home", force=True)
        assert names(tmp_path / "home") == ["manifest.json", "thesis.doc"]
        (tmp_path / "empty").mkdir()
        write(tmp_path / "empty")
        assert "personas.json" in names(tmp_path / "empty")

    def test_what_cannot_be_written_says_so(self, tmp_path):
        """A file in the place of a folder is an error that names the folder."""
        (tmp_path / "file").write_text("")
        with pytest.raises(RunFolderError, match=r"file/run could not be written"):
            write(tmp_path / "file" / "run")


class TestTakingUp:
    @pytest.fixture
    def whole(self, tmp_path):
        """A whole run with a journal of two answers, and a note that somebody put there."""
        with run_folder(tmp_path / "one") as partial:
            write_run(partial, MADE, Manifest())
            (partial / JOURNAL).write_text("1\n2\n")
        (tmp_path / "one" / "notes").mkdir()
        (tmp_path / "one" / "notes" / "mine.txt").write_text("mine")
        return tmp_path / "one"

    @pytest.mark.parametrize("name", ["one", "one.partial"])
    def test_one_that_was_broken_off(self, tmp_path, name):
        """The journal is there to go on with, by either name of the folder."""
        with pytest.raises(ValueError, match="broken"):
            break_off(tmp_path / "one", ValueError("broken"), JOURNAL)
        assert left_over(tmp_path / name) == tmp_path / "one.partial"
        with run_folder(tmp_path / name, resume=True) as partial:
            assert (partial / JOURNAL).read_text() == "{}\n"
            write_run(partial, MADE, Manifest())
        assert names(tmp_path) == ["one"]
        assert left_over(tmp_path / name) is None

    def test_a_whole_one_goes_on_with_its_journal(self, tmp_path, whole):
        """It is replaced by what was made now, and keeps what else lies in it."""
        other = MADE.personas[0].model_copy(update={"id": "persona-002"})
        two = MADE.model_copy(update={"personas": (*MADE.personas, other)})
        with run_folder(whole, resume=True) as partial:
            assert (partial / JOURNAL).read_text() == "1\n2\n"
            assert read_personas(whole) == MADE
            write_run(partial, two, Manifest())
            (partial / JOURNAL).write_text("1\n2\n3\n")
        assert names(tmp_path) == ["one"]
        assert names(whole) == [JOURNAL, "manifest.json", "notes", "personas.json", "personas.md"]
        assert (whole / "notes" / "mine.txt").read_text() == "mine"
        assert (whole / JOURNAL).read_text() == "1\n2\n3\n"
        assert read_personas(whole) == two

    @pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
    def test_a_whole_one_outlives_an_attempt_that_fails(self, tmp_path, whole, error):
        """It stays as it was; what the attempt was answered is kept beside it, and taken up next."""
        with pytest.raises(error):
            break_off(whole, error("broken"), resume=True)
        assert names(tmp_path) == ["one"]  # the journal holds nothing new
        with pytest.raises(error):
            break_off(whole, error("broken"), JOURNAL, resume=True)
        assert read_personas(whole) == MADE
        assert (whole / JOURNAL).read_text() == "1\n2\n"
        assert journal_of(whole) == tmp_path / "one.partial" / JOURNAL
        with run_folder(whole, resume=True) as partial:
            assert (partial / JOURNAL).read_text() == "{}\n"
            write_run(partial, MADE, Manifest())
        assert names(tmp_path) == ["one"]

    def test_fewer_personas_do_not_replace_more(self, tmp_path, whole):
        """Unless they are wanted."""
        none = MADE.model_copy(update={"personas": ()})
        with pytest.raises(GenerationError, match="0 personas could be made this time"):
            self.write(whole, none)
        assert read_personas(whole) == MADE
        self.write(whole, none, force=True)
        assert read_personas(whole).personas == ()

    def write(self, folder: Path, made: PersonaSet, **how) -> None:
        with run_folder(folder, resume=True, **how) as partial:
            write_run(partial, made, Manifest())

    def test_what_holds_no_journal_is_refused(self, tmp_path):
        """A run that asked no model has nothing to take up, and a folder that is no run is left alone."""
        write(tmp_path / "one")
        with pytest.raises(RunFolderError, match="there is no journal in it"):
            self.write(tmp_path / "one", MADE)
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / JOURNAL).write_text("dear diary\n")
        with pytest.raises(RunFolderError, match="is no run folder"):
            self.write(tmp_path / "home", MADE)
        assert names(tmp_path / "home") == [JOURNAL]

    def test_an_end_in_the_middle_of_replacing_loses_nothing(self, tmp_path, whole):
        """Where a process was killed between the two renames, the old folder gets its name back."""
        whole.rename(tmp_path / "one.replaced.partial")
        with pytest.raises(RunFolderError, match="exists already"):
            write(whole)
        assert names(tmp_path) == ["one"]
        assert read_personas(whole) == MADE


def revise(folder: Path, *names: str, error: BaseException | None = None, comes: str = "") -> None:
    with revised_folder(folder) as revising:
        revising.keep.update(names)
        write_run(revising.partial, MADE.model_copy(update={"personas": ()}), Manifest())
        revising.seen = looked_at(folder)
        if comes:
            (folder / comes).write_text("mine")
        if error is not None:
            raise error


class TestRevising:
    def test_what_comes_meanwhile_stops_it(self, tmp_path):
        """A file that nobody looked at is neither lost nor carried over unseen; the run is as it was."""
        write(tmp_path / "one")
        with pytest.raises(RunFolderError, match="meanwhile"):
            revise(tmp_path / "one", comes="notes.txt")
        assert names(tmp_path) == ["one"]
        assert read_personas(tmp_path / "one") == MADE
        assert (tmp_path / "one" / "notes.txt").read_text() == "mine"

    @pytest.fixture
    def whole(self, tmp_path):
        """A whole run with a journal, and notes that somebody put there."""
        write(tmp_path / "one")
        (tmp_path / "one" / JOURNAL).write_text("1\n2\n")
        (tmp_path / "one" / "notes" / "old").mkdir(parents=True)
        for name in ("notes/mine.txt", "notes/old/theirs.txt", "plan.png"):
            (tmp_path / "one" / name).write_bytes(name.encode())
        return tmp_path / "one"

    def test_only_what_is_kept_is_carried_over(self, tmp_path, whole):
        """The rest is written anew, or gone: the journal, too."""
        revise(whole, "plan.png", "notes/mine.txt")
        assert names(tmp_path) == ["one"]
        assert names(whole) == ["manifest.json", "notes", "personas.json", "personas.md", "plan.png"]
        assert names(whole / "notes") == ["mine.txt"]
        assert (whole / "notes" / "mine.txt").read_bytes() == b"notes/mine.txt"
        assert read_personas(whole).personas == ()

    def test_what_was_made_anew_is_not_replaced_by_the_old(self, whole):
        """Whatever the block says is to be kept."""
        revise(whole, "personas.json")
        assert read_personas(whole).personas == ()

    def test_times_and_links_are_carried_over(self, whole):
        """A note is as old as it was, and a link leads where it led."""
        os.utime(whole / "plan.png", (1, 1))
        (whole / "sources").symlink_to("../nowhere")
        revise(whole, "plan.png", "sources")
        assert (whole / "plan.png").stat().st_mtime == 1
        assert (whole / "sources").readlink() == Path("../nowhere")

    @pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SystemExit])
    def test_a_revision_that_fails_changes_nothing(self, tmp_path, whole, error):
        """However it is broken off."""
        with pytest.raises(error):
            revise(whole, "plan.png", error=error("broken"))
        assert names(tmp_path) == ["one"]
        assert read_personas(whole) == MADE
        assert (whole / JOURNAL).read_text() == "1\n2\n"

    def test_a_file_that_went_away_changes_nothing(self, tmp_path, whole):
        """What was to be kept must be there."""
        with pytest.raises(RunFolderError, match="could not be written, and is as it was: no such file"):
            revise(whole, "gone.txt")
        assert names(tmp_path) == ["one"]
        assert read_personas(whole) == MADE

    def test_what_is_no_run_is_left_alone(self, tmp_path):
        """A folder of something else, and one that is not there."""
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / "thesis.doc").write_text("years")
        for name in ("home", "none"):
            with pytest.raises(RunFolderError, match="is no run folder"):
                revise(tmp_path / name)
        assert names(tmp_path) == ["home"]
        assert names(tmp_path / "home") == ["thesis.doc"]

    def test_answers_that_lie_beside_it_are_not_deleted(self, tmp_path, whole):
        """They were paid for."""
        (tmp_path / "one.partial").mkdir()
        (tmp_path / "one.partial" / JOURNAL).write_text("3\n")
        with pytest.raises(RunFolderError, match="what a model answered in a run that was broken off"):
            revise(whole)
        assert (tmp_path / "one.partial" / JOURNAL).read_text() == "3\n"
        assert read_personas(whole) == MADE

    def test_a_left_over_without_answers_is_replaced(self, tmp_path, whole):
        """What a killed revision left behind does not stand in the way."""
        (tmp_path / "one.partial" / "notes").mkdir(parents=True)
        (tmp_path / "one.partial" / "personas.json").write_text("half")
        revise(whole)
        assert names(tmp_path) == ["one"]
        assert names(whole) == ["manifest.json", "personas.json", "personas.md"]

    def test_an_old_one_that_was_put_aside_gets_its_name_back(self, tmp_path, whole):
        """A process was killed between the two renames."""
        whole.rename(tmp_path / "one.replaced.partial")
        settle(whole)
        assert names(tmp_path) == ["one"]
        assert read_personas(whole) == MADE

    def test_an_old_one_whose_place_was_taken_is_deleted(self, tmp_path, whole):
        """A process was killed before it had deleted it."""
        shutil.copytree(whole, tmp_path / "one.replaced.partial")
        settle(whole)
        assert names(tmp_path) == ["one"]

    def test_where_nothing_is_half_done_nothing_happens(self, tmp_path, whole):
        """Nothing is made, either; a partial folder is nothing that can be settled."""
        before = whole.stat().st_mtime_ns
        settle(whole)
        settle(tmp_path / "none")
        assert names(tmp_path) == ["one"]
        assert whole.stat().st_mtime_ns == before
        with pytest.raises(RunFolderError, match="is no whole run"):
            settle(tmp_path / "one.partial")

    def test_one_that_is_being_replaced_is_left_to_who_replaces_it(self, tmp_path, whole):
        """Its old folder is theirs to delete."""
        (tmp_path / "one.replaced.partial").mkdir()
        with (
            held(tmp_path / "one.partial"),
            pytest.raises(RunFolderError, match="another process is writing"),
        ):
            settle(whole)
        assert (tmp_path / "one.replaced.partial").exists()


HOLDER = """
    import sys, time
    from pathlib import Path
    from persona_core.runs import run_folder
    with run_folder(Path(sys.argv[1])) as partial:
        (partial / "journal.jsonl").write_text("1\\n")
        print("held", flush=True)
        time.sleep(60)
"""


class TestTwoProcesses:
    @pytest.fixture
    def holder(self, tmp_path):
        """A process that writes the run folder `one`."""
        command = [sys.executable, "-c", textwrap.dedent(HOLDER), str(tmp_path / "one")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout.readline() == "held\n"
            yield process
            process.kill()

    @pytest.mark.parametrize("how", [{}, {"force": True}, {"resume": True}])
    def test_the_second_is_refused(self, tmp_path, holder, how):
        """In one sentence, and what the first has written stays."""
        with pytest.raises(RunFolderError, match="another process is writing"):
            write(tmp_path / "one", **how)
        assert (tmp_path / "one.partial" / JOURNAL).exists()

    @pytest.mark.parametrize("left", [(), (".lock",)])
    def test_what_one_left_before_it_began_is_swept_away(self, tmp_path, left):
        """A folder with nothing in it but a lock that nobody holds; one with more stays."""
        partial = tmp_path / "one.partial"
        partial.mkdir()
        for name in left:
            (partial / name).touch()
        sweep(partial)
        assert not partial.exists()
        write(partial)
        sweep(partial)
        assert len(names(partial)) == 3

    def test_until_the_first_ends_however_it_ends(self, tmp_path, holder):
        """After kill -9 its journal can be taken up."""
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        write(tmp_path / "one", resume=True)
        assert names(tmp_path / "one") == [JOURNAL, "manifest.json", "personas.json", "personas.md"]


class TestSources:
    @pytest.fixture
    def study(self, tmp_path):
        """A run that knows its sources: two files below a folder, and a participants file."""
        folder = tmp_path / "study"
        (folder / "in").mkdir(parents=True)
        (folder / "in" / "a.csv").write_text("participant,Why?\nP01,Because I like trams a lot.\n")
        (folder / "b.txt").write_text("I always take the tram to work, since it is quick.\n")
        register = tmp_path / "who.csv"
        register.write_text("participant,quote_ok\nP01,yes\n")
        options = LoadingOptions(header_rows=1)
        corpus = load([folder], options, participants=register)
        inputs = inputs_of([folder], corpus, register)
        manifest = Manifest(loading=options, inputs=inputs, participants_file=input_of(register))
        with run_folder(tmp_path / "run") as partial:
            write_run(partial, MADE, manifest)
        return tmp_path, corpus

    def test_they_give_the_same_corpus(self, study):
        """Sources that still stand are loaded to the very corpus, names and options included."""
        root, corpus = study
        material = find_sources(root / "run")
        again = load(material.sources, material.options, participants=material.participants)
        assert again.digest == corpus.digest
        assert [segment.id for segment in again] == [segment.id for segment in corpus]

    def test_what_changed_is_named(self, study):
        """A source that changed or is gone, and a changed participants file, are named."""
        root, _ = study
        (root / "study" / "b.txt").unlink()
        (root / "who.csv").write_text("participant,quote_ok\nP01,no\n")
        with pytest.raises(CorpusMismatchError) as caught:
            find_sources(root / "run")
        assert "b.txt is gone" in str(caught.value)
        assert "who.csv has changed" in str(caught.value)

    def test_standard_input_cannot_be_found_again(self, tmp_path):
        """Words that came through a pipe are gone, and that is said."""
        given = [("stdin", b"I take the tram to work every day.")]
        manifest = Manifest(inputs=inputs_of(given, load(given)))
        with run_folder(tmp_path / "run") as partial:
            write_run(partial, MADE, manifest)
        with pytest.raises(CorpusMismatchError, match="“stdin” did not come from a file"):
            find_sources(tmp_path / "run")

    def test_a_folder_without_a_manifest_is_no_run(self, tmp_path):
        """No manifest, or somebody else's, is an error that says so."""
        with pytest.raises(RunFolderError, match="is no run folder"):
            read_manifest(tmp_path)
        (tmp_path / "manifest.json").write_text('{"name": "a web app"}')
        with pytest.raises(RunFolderError, match="no manifest of this version"):
            read_manifest(tmp_path)

    def test_versions_name_the_packages(self):
        """A manifest can say which packages made it."""
        assert {"persona-core", "python"} <= set(versions())
