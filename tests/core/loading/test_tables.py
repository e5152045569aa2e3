"""Delimited text: dialects, ragged rows, header names, and what is refused where."""

from __future__ import annotations

import pytest

from persona_core.errors import LoadError
from persona_core.loading import read_back

WORDS = (
    "It is near my house and quick.",
    "The price was what settled it.",
    "My sister told me to try it.",
    "I had no other choice then.",
)


@pytest.mark.parametrize(
    ("name", "delimiter"), [("a.csv", ","), ("a.csv", ";"), ("a.csv", "\t"), ("a.csv", "|"), ("a.tsv", "\t")]
)
def test_delimiters(study, name, delimiter):
    """The delimiter is found, also where answers hold commas."""
    lines = [delimiter.join(("participant", "age", "answer"))] + [
        delimiter.join(
            (
                f"P{i}",
                "3" + str(i),
                words.replace(" and", ";").replace(";", "") if delimiter == ";" else words,
            )
        )
        for i, words in enumerate(WORDS)
    ]
    corpus = study.of(name, "\n".join(lines) + "\n")
    assert [(column.name, column.role.value) for column in corpus.sources[0].columns] == [
        ("participant", "participant"),
        ("age", "demographic"),
        ("answer", "open text"),
    ]
    assert corpus.segment(1).text == WORDS[1]
    assert corpus.segment(1).participant == "P1"


def test_declared_delimiter(study):
    """Excel's `sep=;` line is no header, and a broken row below is named by its line in the file."""
    body = "".join(f'P{i};"{words}"\r\n' for i, words in enumerate(WORDS))
    corpus = study.of("a.csv", f"sep=;\r\nparticipant;answer\r\n{body}")
    assert [segment.locator.row for segment in corpus] == [1, 2, 3, 4]
    assert corpus.segment(0).locator.field == "answer"
    with pytest.raises(LoadError) as caught:
        study.of("a.csv", f'sep=;\r\nparticipant;answer\r\n{body}P9;"never closed\r\n')
    assert caught.value.place == "line 7"


def test_semicolons_with_commas_in_every_answer(study):
    """Commas inside answers do not make a comma the delimiter."""
    text = "participant;answer\n" + "".join(f"P{i};Well, {words.lower()}\n" for i, words in enumerate(WORDS))
    assert [segment.text for segment in study.of("a.csv", text)] == [
        f"Well, {words.lower()}" for words in WORDS
    ]


def test_a_one_column_file(study):
    """One column of answers is enough; each row is a participant."""
    corpus = study.of("a.csv", "feedback\n" + "\n".join(WORDS) + "\n")
    assert [segment.text for segment in corpus] == list(WORDS)
    assert len(corpus.people) == 4


def test_quoted_newlines(study):
    """A quoted cell keeps its line ends and quotation marks; rows are records, not lines."""
    text = 'participant,answer\r\nP1,"First line,\r\nsecond ""line"" here."\r\nP2,"Another thing I said."\r\n'
    corpus = study.of("a.csv", text)
    assert corpus.segment(0).text == 'First line,\r\nsecond "line" here.'
    assert corpus.segment(1).locator.row == 2
    assert read_back(corpus.locator(0), text.encode()) == corpus.segment(0).text


def test_white_space_around_a_cell(study):
    """A segment is its cell without the white space around it."""
    corpus = study.of(
        "a.csv", 'participant,answer\nP1,"  It is near my house.  "\nP2,"\tIt was the price, I think."\n'
    )
    assert (corpus.segment(0).text, corpus.segment(0).locator.parts) == ("It is near my house.", ((2, 22),))


def test_shorter_rows_are_padded_and_counted(study):
    """A row that ends early has empty cells at its end."""
    text = "participant,answer,city\n" + "".join(
        f"P{i},{words}{',Oslo' if i > 1 else ''}\n" for i, words in enumerate(WORDS)
    )
    corpus = study.of("a.csv", text)
    assert corpus.sources[0].left_out == {"padded rows": 2}
    assert len(corpus) == 4


def test_longer_rows_are_refused(study):
    """A row longer than the header names its row; under `skip_unreadable` it is counted."""
    text = "participant,answer\n" + "".join(
        f"P{i},{words}{' Or so, they say' if i == 2 else ''}\n" for i, words in enumerate(WORDS)
    )
    with pytest.raises(LoadError) as caught:
        study.of("a.csv", text)
    assert caught.value.place == "row 3"
    corpus = study.of("a.csv", text, skip_unreadable=True)
    assert corpus.sources[0].left_out == {"rows longer than the header": 1}
    assert [segment.locator.row for segment in corpus] == [1, 2, 4]


def test_empty_cells_beyond_the_header(study):
    """Trailing delimiters are no cells."""
    corpus = study.of(
        "a.csv", "participant,answer\n" + "".join(f"P{i},{words},,\n" for i, words in enumerate(WORDS))
    )
    assert len(corpus) == 4


def test_columns_of_the_same_name(study):
    """Columns of the same name are told apart by number, also in locators."""
    text = "participant,Why?,Why?,\n" + "".join(
        f"P{i},{words},Then {words.lower()},\n" for i, words in enumerate(WORDS)
    )
    corpus = study.of("a.csv", text)
    assert [column.name for column in corpus.sources[0].columns] == [
        "participant",
        "Why?",
        "Why? (2)",
        "column 4",
    ]
    assert corpus.segment(1).locator.field == "Why? (2)"
    assert read_back(corpus.locator(1), text.encode()) == "Then it is near my house and quick."


def test_an_unclosed_quote_names_its_line(study):
    """A quotation mark that is never closed is refused where its record begins."""
    with pytest.raises(LoadError, match="never closed") as caught:
        study.of("a.csv", f'participant,answer\nP1,{WORDS[0]}\nP2,"{WORDS[1]}\nP3,{WORDS[2]}\n')
    assert caught.value.place == "line 3"


def test_a_stray_quote_names_its_line(study):
    """A quotation mark in the wrong place is refused where its record begins."""
    with pytest.raises(LoadError, match="wrong place") as caught:
        study.of("a.csv", f'participant,answer\nP1,"two\nlines here"\nP2,"{WORDS[1]}" he said\n')
    assert caught.value.place == "line 4"


def test_nul_bytes_are_refused(study):
    """A NUL byte is refused with its line."""
    with pytest.raises(LoadError, match="NUL") as caught:
        study.of("a.csv", "participant,answer\nP1,fine words here\nP2,not\0fine\n")
    assert caught.value.place == "line 3"


def test_a_table_without_text(study):
    """A table in which nobody wrote anything is refused, and its columns are told."""
    with pytest.raises(LoadError, match=r"no column holds text.*“age” \(demographic\)"):
        study.of("a.csv", "participant,age,score\n" + "".join(f"P{i},3{i},{i}\n" for i in range(5)))


@pytest.mark.parametrize("text", ["participant,answer\n", "participant,answer"])
def test_a_header_and_nothing_else(study, text):
    """A header without records is refused."""
    with pytest.raises(LoadError, match="no records"):
        study.of("a.csv", text)


def test_boilerplate_and_empty_answers_are_counted(study):
    """What says nothing is no segment."""
    answers = [
        *WORDS,
        "n/a",
        "N/A.",
        "none",
        "No",
        "idk",
        "-",
        "",
        "  ",
        ":-)",
        "prefer not to say",
        "nothing really",
    ]
    text = "participant,answer\n" + "".join(f"P{i},{words}\n" for i, words in enumerate(answers))
    corpus = study.of("a.csv", text)
    assert [segment.text for segment in corpus] == list(WORDS)
    assert corpus.sources[0].left_out == {
        "answers without words": 1,
        "boilerplate answers": 8,
        "empty answers": 2,
    }
    assert len(corpus.people) == 4


def test_short_answers_that_say_something_stay(study):
    """A short answer is an answer."""
    answers = [
        "Nothing beats paper for me",
        "No more meetings",
        "None of them worked",
        "Test runs take all day",
        "Noise",
    ]
    text = "participant,What is hard?\n" + "".join(f"P{i},{words}\n" for i, words in enumerate(answers))
    assert [segment.text for segment in study.of("a.csv", text)] == answers


def test_a_row_without_participant(study):
    """A row whose participant cell is empty is somebody of its own, not a person of that number."""
    rows = ["1", "2", "", "3", "4"]
    text = "participant,answer\n" + "".join(
        f"{name},The number {i} was all I wanted.\n" for i, name in enumerate(rows)
    )
    corpus = study.of("a.csv", text)
    assert len(corpus.people) == 5
    nobody = corpus.person(corpus.participant(2))
    assert nobody.label == "a.csv, row 3"


def test_a_large_table_keeps_its_rows(study):
    """Beyond the sample that roles are told from, rows are read the same way."""
    text = "participant,answer\n" + "".join(
        f'P{i % 50},"It was {i} times, and\r\n“more” than I wanted."\n' for i in range(12_000)
    )
    corpus = study.of("a.csv", text)
    assert len(corpus) == 12_000
    assert len(corpus.people) == 50
    assert corpus.segment(11_999).text == "It was 11999 times, and\r\n“more” than I wanted."
    assert corpus.segment(11_999).locator.row == 12_000
    assert read_back(corpus.locator(11_999), text.encode()) == corpus.segment(11_999).text
