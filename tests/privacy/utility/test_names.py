"""No name that is in a study is in a script of it, whichever form the script has."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from persona_core.abstraction import abstract
from persona_core.errors import LeakError
from persona_core.loading import load
from persona_core.models import Corpus, Persona, SynthesisOptions
from persona_core.models.script import ScriptFormat
from persona_core.pipeline import generate
from persona_core.pipeline.releasing import ReleaseOptions, release
from persona_core.rendering.scripts import read_cards, render_script

DATA = os.environ.get("PERSONA_REALDATA", "")
REAL = Path(DATA) / "transcripts-formats"
WORD = re.compile(r"[^\W\d_]+")
PEOPLE = ("Grethe Holmqvist", "Obafemi Adeyinka", "Priscilla Vantongeren", "Teodor Wasilewski")
MENTIONED = ("Ruaridh", "Quillfeather", "Brannigan", "Zephyrine")
ASKED = "Interviewer: How do you get your tickets?\n"


def made_up() -> Corpus:
    """Four who say the same of tickets, in files with their names, and all of whom speak of the same four people."""
    files = []
    for n, who in enumerate(PEOPLE):
        told = [
            f"I buy tickets in the app, and {name} always checks the timetable with me." for name in MENTIONED
        ]
        said = " ".join([f"I am {who}.", *told, "I worry about delays. " * (n + 3)])
        files.append((f"{who}.md", f"{ASKED}{who}: {said}\n".encode()))
    return load(files)


def names_of(corpus: Corpus) -> set[str]:
    """Words with a capital that the study never has in small letters; those of the scripts' own rules left out."""
    said = [corpus.columns.texts[i] for i in range(len(corpus))]
    found = [word for text in said for word in WORD.findall(text)]
    small = {word for word in found if word.islower()}
    capital = {word.lower() for word in found if word[0].isupper() and len(word) > 3}
    return capital - small - {word.lower() for text in plain_texts() for word in WORD.findall(text)}


def plain_texts() -> Iterator[str]:
    """What stands in every script, whoever it is of."""
    script = abstract(Persona(id="x", name="Ann"), None)
    yield from (text_of(render_script(script, form)) for form in ScriptFormat)


def text_of(content: str | bytes) -> str:
    """What a reader of any form reads."""
    return content if isinstance(content, str) else "\n".join(read_cards(content).values())


def released(corpus: Corpus, k: int) -> Iterator[str]:
    """Every script of one persona that may leave."""
    persona = anyio.run(generate, corpus, None, SynthesisOptions(count=1)).personas[0]
    for form in ScriptFormat:
        try:
            yield text_of(release(persona, corpus, ReleaseOptions(format=form, k=k)).content)
        except LeakError:
            continue


@pytest.mark.parametrize("k", [1, 3])
def test_no_made_up_name_is_released(k):
    """Neither a participant's nor one that every participant mentions, also where one voice is enough."""
    corpus = made_up()
    names = {part.lower() for name in (*PEOPLE, *MENTIONED) for part in name.split()}
    texts = list(released(corpus, k))
    assert len(texts) == len(ScriptFormat)
    for text in texts:
        assert not names & {word.lower() for word in WORD.findall(text)}
        assert "tickets" in text


@pytest.mark.skipif(
    not DATA or not REAL.exists(),
    reason="PERSONA_REALDATA names no folder with the interviews that hold names",
)
@pytest.mark.parametrize("file", ["interview-2.md", "interview.vtt", "interview.json", "interview.txt"])
def test_no_real_name_is_released(file):
    """Of an interview in which people, employers, places and products are named."""
    corpus = load(REAL / file)
    names = names_of(corpus)
    assert len(names) > 20
    texts = list(released(corpus, 3))
    assert len(texts) == len(ScriptFormat)
    for text in texts:
        assert not names & {word.lower() for word in WORD.findall(text)}
