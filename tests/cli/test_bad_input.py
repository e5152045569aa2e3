"""Bad input, nothing lost: one sentence, the right exit code, and a run folder that is whole or absent."""

import resource
import signal
import sys
import time

import pytest

from persona_core.testing import SAMPLE

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x06"


def leftovers(folder):
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(("persona-runs", "run")))


def one_sentence(err: str) -> str:
    """The error, which is one line, the last, and no traceback."""
    lines = err.strip().splitlines()
    assert "Traceback" not in err
    assert lines[-1].startswith("Error: ")
    assert sum(line.startswith("Error: ") for line in lines) == 1
    return lines[-1]


def test_no_files(persona):
    """Without a source the command says what to give it."""
    code, out, err = persona("generate")
    assert (code, out) == (2, "")
    assert "persona generate interviews/" in one_sentence(err)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.csv", b"", "is empty"),
        ("blank.txt", b" \n\n ", "is empty"),
        ("picture.txt", PNG * 40, "picture.txt"),
        ("picture.png", PNG, "files of this kind cannot be read"),
        ("numbers.csv", b"id,score\n1,3\n2,4\n3,5\n", "numbers.csv"),
        ("broken.json", b'{"a": [', "broken.json"),
        ("ragged.csv", b"participant,why\nP01,because,of,this\n", "ragged.csv"),
    ],
)
def test_a_file_that_holds_nothing_to_read(persona, here, name, data, said):
    """An unreadable file is named, with exit code 2, and nothing is written."""
    (here / name).write_bytes(data)
    code, out, err = persona("generate", name)
    assert (code, out) == (2, "")
    assert said in one_sentence(err)
    assert leftovers(here) == []


def test_a_file_that_is_not_there(persona, here):
    """A missing path is named."""
    code, _, err = persona("generate", "interviews")
    assert code == 2
    assert "interviews: there is no such file or folder" in one_sentence(err)


def test_a_folder_without_readable_files(persona, here):
    """A folder of pictures is an error that says what can be read."""
    (here / "scans").mkdir()
    (here / "scans" / "page.png").write_bytes(PNG)
    code, _, err = persona("generate", "scans")
    assert code == 2
    assert "1 .png file left out" in one_sentence(err)
    assert ".csv" in err


def test_more_personas_than_participants(persona, survey, here):
    """A count above the number of participants is an error that says the most there can be."""
    code, out, err = persona("generate", survey, "-n", 7, "--out", "run")
    assert out == ""
    assert code in {1, 2}
    assert "6" in one_sentence(err)
    assert leftovers(here) == []


def test_one_unreadable_among_readable(persona, here):
    """An unreadable file stops the run; with --skip-unreadable it is counted and named."""
    (here / "data").mkdir()
    (here / "data" / "survey.csv").write_text(SAMPLE["survey.csv"])
    (here / "data" / "broken.json").write_text('{"a": [')
    code, _, err = persona("generate", "data")
    assert code == 2
    assert "broken.json" in one_sentence(err)
    code, _, err = persona("generate", "data", "-n", 2, "--skip-unreadable", "--out", "run")
    assert code == 0
    assert "broken.json" in err
    code, *_ = persona("verify", "run")
    assert code == 0


def test_a_run_folder_in_the_way(persona, survey, here):
    """An existing run folder is never overwritten without --force, and nothing is lost with it."""
    assert persona("generate", survey, "-n", 2, "--out", "run")[0] == 0
    before = (here / "run" / "personas.json").read_bytes()
    code, _, err = persona("generate", survey, "-n", 2, "--out", "run")
    assert code == 2
    assert "--force" in one_sentence(err)
    assert (here / "run" / "personas.json").read_bytes() == before
    assert persona("generate", survey, "-n", 99, "--out", "run", "--force")[0] != 0
    assert (here / "run" / "personas.json").read_bytes() == before
    assert persona("generate", survey, "-n", 2, "--out", "run", "--force")[0] == 0
    assert leftovers(here) == ["run"]


def test_a_full_disk(command, survey, here):
    """Where the disk takes no more, the run folder is absent, and the error says why."""

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    # Byte code that is cut off at the limit would break every later command of this environment.
    alone = {"PYTHONDONTWRITEBYTECODE": "1", "COVERAGE_PROCESS_CONFIG": ""}
    done = command("generate", survey, "-n", 2, "--out", "run", preexec_fn=full, env=alone)
    assert done.returncode == 1
    assert "could not be written, and is absent" in one_sentence(done.stderr.decode())
    assert leftovers(here) == []


def test_an_interrupt(here, start):
    """Ctrl-C at any moment ends with 130, and the run folder is whole or absent."""
    rows = [
        f"P{n:04},I want to get home by tram {n} because the bus number {n % 97} is late.\n"
        for n in range(3000)
    ]
    (here / "big.csv").write_text("participant,Why?\n" + "".join(rows))
    codes = set()
    for moment in (0.0, 0.4, 1.0):
        process = start("generate", "big.csv", "--out", "run", "--force")
        assert process.stderr.readline().startswith(b"Working offline")
        time.sleep(moment)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        codes.add(process.returncode)
        assert b"Traceback" not in err
        assert leftovers(here) in ([], ["run"])
    assert codes <= {0, 130}
    assert 130 in codes


def test_an_unknown_model(persona, survey, here):
    """A model of no known service is a matter of configuration, said in one sentence with an example."""
    code, _, err = persona("generate", survey, "--model", "nonsense")
    assert code == 3
    assert "openai/nonsense" in one_sentence(err)


@pytest.mark.parametrize(
    "arguments",
    [
        ("generate", "survey.csv", "--nonsense"),
        ("generate", "survey.csv", "-n", "none"),
        ("generate", "survey.csv", "-n", "0"),
        ("generate", "survey.csv", "--header-rows", "many"),
        ("generate", "survey.csv", "--column", "Why"),
        ("generate", "survey.csv", "--column", "Why=nothing"),
        ("generate", "-", "-"),
        ("verify",),
        ("verify", "-", "--sources", "-"),
        ("schema", "nonsense"),
        ("nonsense",),
    ],
)
def test_wrong_usage(persona, survey, arguments):
    """Wrong usage is exit code 2 and one sentence."""
    code, out, err = persona(*arguments)
    assert (code, out) == (2, "")
    one_sentence(err)


def test_what_is_no_number_is_said_plainly(persona, survey):
    """In words, not in types."""
    assert "'many' is not a whole number (see" in persona("generate", survey, "-n", "many")[2]
    assert "'much' is not a number (see" in persona("score", survey, "--min-score", "much")[2]


def test_what_we_did_wrong_is_a_sentence_too(persona, survey, monkeypatch):
    """An error nobody foresaw is one sentence; --debug shows where."""
    import persona_cli.commands._making as module

    def fall(*_, **__):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(module, "load", fall)
    code, _, err = persona("generate", survey)
    assert code == 1
    assert "--debug" in one_sentence(err)
    code, _, err = persona("generate", survey, "--debug")
    assert code == 1
    assert "Traceback" in err


@pytest.mark.skipif(sys.platform != "linux", reason="root gives its rights up on Linux")
@pytest.mark.parametrize("which", ["survey.csv", "deep"])
def test_what_nobody_may_read(command, survey, here, as_anybody, which):
    """A file or a folder without permission is named, wherever in a study it lies; or counted, where that was asked."""
    (here / "study" / "deep").mkdir(parents=True)
    (here / "study" / "diary.md").write_bytes(survey.read_bytes())
    survey.rename(here / "study" / "survey.csv")
    (here / "study" / which).chmod(0)
    try:
        refused = command("generate", "study", preexec_fn=as_anybody)
        counted = command("generate", "study", "--skip-unreadable", "-n", 1, "--json", preexec_fn=as_anybody)
    finally:
        (here / "study" / which).chmod(0o700)
    assert refused.returncode == 2
    assert f"study/{which}: cannot be read: permission denied" in one_sentence(refused.stderr.decode())
    assert counted.returncode == 0
    assert f"study/{which}: cannot be read" in counted.stderr.decode()


@pytest.mark.skipif(sys.platform != "linux", reason="root gives its rights up on Linux")
def test_where_nobody_may_write(command, survey, here, as_anybody):
    """The place is named as it was given, with what to do."""
    assert command("generate", survey, "-n", 1, "--out", "run").returncode == 0
    (here / "shut").mkdir(mode=0o500)
    for what in (("score", "run", "--save", "shut/x"), ("report", "run", "-f", "md", "-o", "shut/x")):
        done = command(*what, preexec_fn=as_anybody)
        assert done.returncode == 1
        assert one_sentence(done.stderr.decode()).startswith("Error: shut/x: permission denied: name another")
