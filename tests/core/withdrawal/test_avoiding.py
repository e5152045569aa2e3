"""Who withdrew is avoided where others repeat or name them, and nothing is written down by which they could be."""

from __future__ import annotations

import json
import re
from pathlib import Path

import anyio
import pytest

from persona_core.loading import load
from persona_core.models import Corpus, LoadingOptions, PersonaSet, SynthesisOptions
from persona_core.pipeline import revise
from persona_core.pipeline.reporting import pages_of_a_run
from persona_core.pseudonyms import Pseudonyms
from persona_core.synthesis.extractive import Extractive
from persona_core.withdrawal import recalled, remembered

ANNA = (
    "Interviewer: How do you travel?\n\n"
    "Anna: I walk along the old towpath when the bus is late, and I want to be home early.\n\n"
    "Interviewer: And what is hard?\n\n"
    "Anna: It is frustrating that the lamps go out before the last tram comes.\n"
)
BOB = (
    "Interviewer: Somebody told me they walk along the old towpath when the bus is late. And you?\n\n"
    "Bob: I agree with Anna that it is frustrating, and I need a lamp that stays on.\n\n"
    "Interviewer: Do the lamps go out before the last tram comes, then?\n\n"
    "Bob: I want to cycle everywhere because I hate to wait for trams.\n"
)
CARA = (
    "Interviewer: How is it for you?\n\n"
    "Cara: They do go out, I told anna about it, and I need to see where I go.\n\n"
    "Interviewer: What do you want?\n\n"
    "Cara: I want to come home before it gets dark because I am afraid of the stairs.\n"
)
APART = {"anna.txt": ANNA, "bob.txt": BOB, "cara.txt": CARA}
TOGETHER = {"all.txt": f"{ANNA}\n{BOB}\n{CARA}"}
THEIRS = ("old towpath when the bus", "lamps go out before the last")


def read_of(files: dict[str, str], register: Path | None = None, **options):
    """Read files as personas say theirs are read."""

    def read(recorded=None) -> Corpus:
        loading = LoadingOptions.model_validate({**options, **(recorded or {})})
        sources = [(name, text.encode()) for name, text in files.items()]
        return load(sources, loading, participants=register)

    return read


def made_of(corpus: Corpus, **loading) -> PersonaSet:
    made = anyio.run(Extractive().synthesise, corpus, SynthesisOptions(count=1))
    return made.model_copy(update={"corpus": made.corpus.model_copy(update={"loading": loading})})


def shown(personas: PersonaSet, corpus: Corpus) -> str:
    """All that a run folder says to people."""
    return " ".join("\n".join(pages_of_a_run(personas, corpus).values()).split())


def without_anna(files: dict[str, str], **loading):
    read = read_of(files, **loading)
    corpus = read()
    return revise(made_of(corpus, **loading), "Anna", corpus, read), read


def test_before_all_of_it_stands_there() -> None:
    """Or nothing below could fail."""
    for files in (APART, TOGETHER):
        corpus = read_of(files)()
        page = shown(made_of(corpus), corpus)
        assert all(words in page for words in THEIRS)
        assert "I agree with [name] that" in page


@pytest.mark.parametrize("files", [APART, TOGETHER])
def test_who_asks_repeats_nothing_of_theirs(files) -> None:
    """Neither in the pages of the withdrawal nor in any that are made later, nor in what a model is sent."""
    (revision, after), read = without_anna(files)
    again = read(revision.personas.corpus.loading)
    for corpus in (after, again):
        page = shown(revision.personas, corpus)
        assert not [words for words in THEIRS if words in page]
        texts = (*corpus.columns.texts, *corpus.columns.questions)
        assert not [words for words in THEIRS if any(words in text for text in texts)]
        assert "What do you want?" in page


@pytest.mark.parametrize("files", [APART, TOGETHER])
def test_others_name_them_no_more_than_before(files) -> None:
    """A name that was hidden stays hidden, on pages and in prompts."""
    (revision, after), read = without_anna(files)
    for corpus in (after, read(revision.personas.corpus.loading)):
        page = shown(revision.personas, corpus)
        assert "I agree with [name] that" in page
        assert "anna" not in page.casefold()
        assert "Anna" not in Pseudonyms(corpus).hide("I agree with Anna that")


@pytest.mark.parametrize("files", [APART, TOGETHER])
def test_nothing_that_is_kept_names_or_quotes_them(files) -> None:
    """What is to be avoided is pointed at."""
    (revision, after), _ = without_anna(files, participants=["Anna", "Bob", "Cara"])
    made = revision.personas
    told = json.dumps([each.message for each in (*made.warnings, *after.notices)])
    assert "anna" not in f"{told} {made.corpus.model_dump_json()} {made.withdrawn}".casefold()
    assert revision.personas.corpus.loading["participants"] == ["Bob", "Cara"]
    assert {each.label for each in after.people} == {"Bob", "Cara"}


def test_a_name_of_two_letters_stays_hidden() -> None:
    """And what is the same in small letters stays."""
    bob = BOB.replace("Anna", "Bo").replace("stays on", "stays on al fresco, bo or not")
    read = read_of({"bo.txt": ANNA.replace("Anna", "Bo"), "bob.txt": bob, "cara.txt": CARA})
    corpus = read()
    revision, after = revise(made_of(corpus), "Bo", corpus, read)
    page = shown(revision.personas, after)
    assert "I agree with [name] that" in page
    assert not re.search(r"\bBo\b", page)
    assert revision.personas.corpus.loading["unnamed"] == [("bob.txt#2", 13, 15)]


def test_a_name_stays_hidden_when_the_next_one_takes_a_file_along() -> None:
    """Each file that names them says where."""
    (revision, after), read = without_anna(APART)
    second, left = revise(revision.personas, "Bob", after, read)
    assert "anna" not in shown(second.personas, left).casefold()
    assert "anna" in left.withheld


def test_a_name_stays_hidden_where_only_words_are_remembered() -> None:
    """As on a server, which deletes the sources."""
    (revision, _), read = without_anna(APART)
    corpus = read()
    code = next(each.code for each in corpus.people if each.label == "Anna")
    kept = json.loads(json.dumps(remembered(corpus, code)))
    assert "anna" in recalled(kept, revision.personas.corpus.loading).withheld


@pytest.mark.parametrize("files", [APART, TOGETHER])
def test_who_withdrew_before_anything_was_made(files, tmp_path) -> None:
    """The participants file has the same effect, also on personas that another tool made of their words."""
    register = tmp_path / "people.csv"
    register.write_text("participant,withdrawn\nAnna,yes\nBob,no\nCara,no\n")
    corpus = read_of(files, register)()
    made = made_of(corpus)
    page = shown(made, corpus)
    assert not [words for words in THEIRS if words in page]
    assert "I agree with [name] that" in page
    assert "anna" not in page.casefold()
    persona = made.personas[0].model_copy(update={"summary": f"They say: {THEIRS[1]} tram comes."})
    theirs = made.model_copy(update={"personas": (persona,)})
    assert THEIRS[1] not in shown(theirs, corpus)


def test_a_question_of_a_table_that_repeats_them_is_not_shown() -> None:
    """Answers to it stay."""
    table = "participant,Why do you say the lamps go out before the last tram comes\nP08,I need light because I want to read there.\n"
    (revision, after), read = without_anna({**APART, "s.csv": table})
    for corpus in (after, read(revision.personas.corpus.loading)):
        assert not any(THEIRS[1] in question for question in corpus.columns.questions)
        assert corpus.position("s.csv#1") is not None
