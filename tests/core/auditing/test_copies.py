"""One interview in several files is one person's."""

from __future__ import annotations

from pathlib import Path

import pytest

from persona_core.abstraction import abstract
from persona_core.auditing import Auditor
from persona_core.auditing.combining import fitting
from persona_core.auditing.copies import people_once
from persona_core.loading import LoadingOptions, load
from persona_core.models import Claim, Corpus, Evidence, Persona

SAID = "The greenhouse thermostat woke our whole terrace before dawn twice last winter."
INTERVIEW = f"""Interviewer: How do you keep the plants warm?
{{name}}: {SAID} I keep a paper diary of every frost since then.
Interviewer: What do you do when it breaks?
{{name}}: I carry the seedlings into the kitchen and wait for the engineer to ring.
Interviewer: And after that?
{{name}}: I write the bill down in the paper diary and hope for spring to come early.
Interviewer: Is there more?
{{name}}: My aunt keeps the only spare key of the shed in her sewing box.
"""
ANOTHER = """Interviewer: How do you keep the plants warm?
{name}: A neighbour lends me fleece, so I never had to buy a heater in my life.
Interviewer: What do you do when it breaks?
{name}: Nothing breaks here because there is nothing electric out in the garden.
"""


def study(folder: Path, copies: int, change: str = "") -> Corpus:
    for i in range(copies):
        text = INTERVIEW.format(name=f"Person{i}") + (f"Person{i}: {change} {i}\n" if change else "")
        (folder / f"interview-{i}.txt").write_text(text, encoding="utf-8")
    for i in range(copies, copies + 3):
        (folder / f"interview-{i}.txt").write_text(
            ANOTHER.format(name=f"Person{i}") + f"Person{i}: {i} pots in all.\n"
        )
    return load(folder)


@pytest.mark.parametrize("change", ["", "There was nothing else on my list for part number"])
def test_words_of_copies_are_still_somebodys(tmp_path: Path, change: str) -> None:
    """Whether the copies are the same to the letter, or nearly."""
    corpus = study(tmp_path, 4, change)
    assert len(corpus.people) == 7
    assert len(set(people_once(corpus))) == 4
    audit = Auditor(corpus).audit(f"Plans ahead. {SAID} Likes quiet.")
    assert not audit.passed
    assert "verbatim" in {each.kind for each in audit.findings}


def test_words_of_copies_are_not_released(tmp_path: Path) -> None:
    """What one person says four times is not said by three."""
    corpus = study(tmp_path, 4)
    quote = "I keep a paper diary of every frost"
    codes = [person.code for person in corpus.people]
    claim = Claim(text="Keeps a paper diary", evidence=(Evidence(quote=quote, participant=codes[0]),))
    persona = Persona(id="persona-001", name="Maya", participants=tuple(codes), behaviours=(claim,))
    assert "diary" not in abstract(persona, corpus).model_dump_json()


def test_people_who_answer_alike_are_several(tmp_path: Path) -> None:
    """Short answers are the same by chance."""
    rows = "".join(f"P{i},Yes I do,It is fine by me,{30 + i}\n" for i in range(6))
    (tmp_path / "survey.csv").write_text(f"participant,Do you?,How is it?,age\n{rows}", encoding="utf-8")
    corpus = load(tmp_path, LoadingOptions(column_roles={"How is it?": "open text"}))
    assert people_once(corpus) == tuple(range(len(corpus.people)))


def test_demographics_of_copies_are_one_persons(tmp_path: Path) -> None:
    """Four rows with one person's words and place fit one participant."""
    row = f"Leeds,{SAID} I keep a paper diary of every frost since then"
    rows = "".join(f"P{i},{row}\n" for i in range(4)) + "P9,York,I never had to buy a heater in my life\n"
    (tmp_path / "survey.csv").write_text(f"participant,city,Why?\n{rows}", encoding="utf-8")
    corpus = load(tmp_path, LoadingOptions(column_roles={"Why?": "open text"}))
    assert fitting(corpus, {"location": "Leeds"}) == (1, ("location",))
