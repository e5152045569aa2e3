"""What is read: encodings, folders, names, standard input, and what is refused or counted."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from persona_core.errors import LoadError
from persona_core.loading import load, read_back
from persona_core.loading.files import counted
from persona_core.models import PersonaSet
from persona_core.models.options import LoadingOptions
from persona_core.runs import to_json

TABLE = (
    "participant,answer\nP1,Le café était fermé à midi.\nP2,“Où aller” – c’était la question.\nP3,J’ai mangé à l’hôtel, déçu.\n".replace(
        "l’hôtel, déçu", "l’hôtel"
    )
    .replace("’", "'")
    .replace("“", "«")
    .replace("”", "»")
)


@pytest.mark.parametrize(
    ("encoding", "bom", "shown"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_encodings(study, codes, encoding, bom, shown):
    """UTF-8 and UTF-16 are read with or without a mark; anything else is detected and said."""
    data = bom + TABLE.encode(encoding)
    corpus = study.of("a.csv", data)
    assert corpus.sources[0].encoding == shown
    assert [column.name for column in corpus.sources[0].columns] == ["participant", "answer"]
    assert corpus.segment(0).text == "Le café était fermé à midi."
    assert read_back(corpus.locator(1), data) == corpus.segment(1).text
    assert ("encoding" in codes(corpus)) == (encoding == "cp1252")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_prose(study, encoding):
    """A text's offsets are code points after decoding, without the mark."""
    data = "Über allen Gipfeln\n\nist Ruh’, so schön.".encode(encoding)
    corpus = study.of("a.txt", data)
    assert corpus.segment(0).text == "Über allen Gipfeln"
    assert corpus.locator(0).parts == ((0, 18),)
    assert read_back(corpus.locator(1), data) == "ist Ruh’, so schön."


def test_damaged_utf8_is_refused_with_its_line(study):
    """One bad byte in UTF-8 does not turn every accent into something else."""
    good = "J'ai mangé à l'hôtel.\n"
    with pytest.raises(LoadError, match="UTF-8") as caught:
        study.of("a.txt", (good * 3).encode() + b"caf\xe9 noir\n" + good.encode())
    assert caught.value.place == "line 4"


@pytest.mark.parametrize("data", [b"", b"  \n\t\n"])
def test_an_empty_file(study, data):
    """A file without anything is refused by name."""
    with pytest.raises(LoadError, match=r"a\.txt: is empty"):
        study.of("a.txt", data)


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"PK\x03\x04rest", "a ZIP or Office file"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    ],
)
def test_binary_files_renamed(study, head, named):
    """What is no text is refused by what it is."""
    with pytest.raises(LoadError, match=named):
        study.of("a.txt", head + bytes(range(256)))


def test_unknown_binary_renamed(study):
    """What is no text is refused with the line of the first NUL."""
    with pytest.raises(LoadError, match="NUL") as caught:
        study.of("a.txt", b"abc\n\x01\x00\x07")
    assert caught.value.place == "line 2"


def test_an_unreadable_file_among_readable_ones(study, codes):
    """A link to nowhere stops loading, by name; under `skip_unreadable` it is said."""
    study.write("a.txt", "I walk to work each day.")
    (study.folder / "b.txt").symlink_to(study.folder / "nowhere.txt")
    with pytest.raises(LoadError, match="cannot be read") as caught:
        study.load()
    assert caught.value.path.endswith("b.txt")
    corpus = study.load(skip_unreadable=True)
    assert [source.name for source in corpus.sources] == ["a.txt"]
    (notice,) = [notice for notice in corpus.notices if notice.code == "unreadable"]
    assert "b.txt" in notice.message


def test_a_bad_file_leaves_nothing_behind(study):
    """What a refused file had given before its fault is taken back."""
    study.write(
        "a.csv",
        "participant,answer\nP1,I walk to work each day.\nP2,The bus is late again.\n" + 'P3,"never\n' * 1,
    )
    study.write("b.txt", "I: How so?\nP: By bike.\nI: Why?\nP: It is quick.\n")
    corpus = study.load(skip_unreadable=True)
    assert [segment.id for segment in corpus] == ["b.txt#1", "b.txt#2", "b.txt#3", "b.txt#4"]
    assert len(corpus.people) == 1
    assert [corpus.position(segment.id) for segment in corpus] == [0, 1, 2, 3]


def test_nothing_readable(study):
    """A folder with nothing to read says what it left out, and what could be read."""
    study.write("a.png", b"x")
    study.write(".hidden.txt", "hidden words here")
    with pytest.raises(LoadError, match=r"nothing to read \(1 \.png file, 1 dot-file left out\)"):
        study.load()


def test_what_cannot_be_read_by_name(study):
    """A missing file, and one of another kind, are refused by name."""
    with pytest.raises(LoadError, match="no such file"):
        load(study.folder / "missing.txt")
    with pytest.raises(LoadError, match="of this kind"):
        load(study.write("a.mp3", b"x"))


def test_a_folder_walk(study):
    """Folders are walked in order; dot-files, licences, readmes and other kinds are left out and counted."""
    for name in ("b.txt", "A.md", "deep/er/c.txt", "deep/a.txt"):
        study.write(name, f"I am the one in {name}, and I walk.")
    for name in (
        ".env.txt",
        ".git/config.txt",
        "LICENSE",
        "LICENSE.md",
        "licence.txt",
        "README.md",
        "readme.txt",
        "x.png",
        "y.PNG",
        "Makefile",
    ):
        study.write(name, f"not this {name} at all")
    corpus = study.load()
    assert [source.name for source in corpus.sources] == ["A.md", "b.txt", "deep/a.txt", "deep/er/c.txt"]
    (notice,) = [notice for notice in corpus.notices if notice.code == "files_left_out"]
    assert notice.message.endswith("2 .png files, 1 dot-file, 5 licence and readme files, 1 suffixless file")


def test_the_same_file_twice(study, codes):
    """A path given twice counts once; the same bytes under two names once, and it is said."""
    path = study.write("a.txt", "I walk to work each day.")
    assert len(load([path, path, study.folder])) == 1
    study.write("b.txt", "I walk to work each day.")
    corpus = study.load()
    assert [source.name for source in corpus.sources] == ["a.txt"]
    assert "same_twice" in codes(corpus)


def test_two_folders_with_the_same_names(tmp_path):
    """Where two folders hold the same names, the folder comes before them."""
    for folder in ("spring", "autumn"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(f"I walk to work in {folder}.")
        (tmp_path / folder / f"only-{folder}.txt").write_text(f"I ride to work in {folder}.")
    corpus = load([tmp_path / "spring", tmp_path / "autumn"])
    assert [source.name for source in corpus.sources] == [
        "spring/a.txt",
        "only-spring.txt",
        "autumn/a.txt",
        "only-autumn.txt",
    ]
    assert corpus.position("autumn/a.txt#1") == 2


def test_names_with_a_hash(study):
    """A segment id is split at the last `#`."""
    corpus = study.of("talk #2.txt", "I walk to work each day.")
    assert corpus.segment(0).id == "talk #2.txt#1"
    assert corpus.position("talk #2.txt#1") == 0
    assert corpus.position("talk #2.txt#2") is None
    assert corpus.position("talk #2.txt") is None


def test_bytes_in_hand():
    """Names with bytes are sources, too, one or many."""
    assert load(("a.txt", b"I walk to work each day.")).segment(0).text == "I walk to work each day."
    assert len(load([("a.txt", b"I walk to work."), ("b.txt", b"I ride to work.")])) == 2


@pytest.mark.parametrize(
    ("text", "kind", "segments"),
    [
        ("I walk to work each day.\n\nI like it.\n", "prose", 2),
        ("participant,answer\nP1,I walk to work each day.\nP2,The bus is late again.\n", "table", 2),
        (
            '[{"speaker": "Interviewer", "text": "How?"}, {"speaker": "P1", "text": "I walk."}]',
            "transcript",
            2,
        ),
        (
            '[\n  {"speaker": "Interviewer", "text": "How?"},\n  {"speaker": "P1", "text": "I walk."}\n]',
            "transcript",
            2,
        ),
        (
            '{"participant": "P1", "answer": "I walk to work each day."}\n{"participant": "P2", "answer": "The bus is late again."}\n',
            "table",
            2,
        ),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nI walk to work.\n", "subtitles", 1),
        ("1\n00:00:01,000 --> 00:00:02,000\nI walk to work.\n", "subtitles", 1),
        ("I: How?\nP: I walk.\nI: Far?\nP: No, near.\n", "transcript", 4),
        ("participant;answer\nP1;I walk to work each day.\nP2;The bus is late again.\n", "table", 2),
        ("participant\tanswer\nP1\tI walk, to work, each day.\nP2\tThe bus, is late, again.\n", "table", 2),
        ("Well, I walk to work.\nThen, I ride home.\n", "prose", 2),
    ],
)
def test_standard_input(text, kind, segments):
    """What comes through a pipe is told by how it begins, and its locators read back."""
    code = (
        "import sys\nfrom persona_core.loading import load, read_back\nimport io\n"
        "data = sys.stdin.buffer.read()\nsys.stdin = io.TextIOWrapper(io.BytesIO(data))\ncorpus = load('-')\n"
        "assert all(read_back(s.locator, data) == s.text for s in corpus)\n"
        "print(corpus.sources[0].name, corpus.sources[0].kind, len(corpus))"
    )
    done = subprocess.run([sys.executable, "-c", code], input=text.encode(), capture_output=True, check=False)
    assert (done.stdout.decode().split(), done.stderr.decode()) == (["stdin", kind, str(segments)], "")


def test_options_are_values():
    """Options are frozen and refuse what they do not know."""
    from pydantic import ValidationError

    with pytest.raises(ValidationError):
        LoadingOptions(header_row=2)


def test_a_run_folder_is_no_research_material(tmp_path) -> None:
    """What an earlier run made in the same folder is left out and counted, whole or partial."""
    (tmp_path / "P01.txt").write_text("I want to get home before it is dark outside.\n")
    for name in ("personas.json", "manifest.json", "personas.md"):
        run = tmp_path / "persona-runs" / "one"
        run.mkdir(parents=True, exist_ok=True)
        (run / name).write_text("{}")
    (tmp_path / "two.partial").mkdir()
    (tmp_path / "two.partial" / "journal.jsonl").write_text("{}\n")
    corpus = load(tmp_path)
    assert [source.name for source in corpus.sources] == ["P01.txt"]
    assert any("2 run folders" in notice.message for notice in corpus.notices)


def test_what_persona_wrote_is_no_research_material(study, codes):
    """A personas file beside the interviews is left out and said; alone it is refused."""
    study.write("a.txt", "I like the mornings a lot.")
    made = study.write("made.json", to_json(PersonaSet(personas=())))
    corpus = study.load()
    assert [source.name for source in corpus.sources] == ["a.txt"]
    assert "own_file" in codes(corpus)
    with pytest.raises(LoadError, match="was written by Persona"):
        load(made)


def test_a_foreign_file_with_a_schema_version_is_read(study):
    """That another tool states a version does not make its file ours."""
    turns = [{"speaker": "Interviewer", "text": "Why?"}, {"speaker": "Ada", "text": "It stays put."}] * 2
    corpus = study.of("a.json", json.dumps({"schema_version": "1.0", "turns": turns}))
    assert len(corpus) == 4


def test_counts_are_singular_where_they_are_one():
    """`1 run folder`, `2 empty answers`."""
    assert counted({"run folders": 1, "empty answers": 2}) == "2 empty answers, 1 run folder"
