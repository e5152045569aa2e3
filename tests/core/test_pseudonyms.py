"""Names and addresses to tokens, and back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona_core.loading import load
from persona_core.models import Corpus
from persona_core.pseudonyms import Pseudonyms

TALK = """Tessa Lund: Hi Marek, can you say who you are?

Marek Novak: I'm Marek, I work with my colleague Judith at the depot. Write to marek.novak@trams.example or call +44 20 7946 0018.

Tessa Lund: And online?

Marek Novak: I'm @mareknov on there, and there is www.novak.example/trams with pictures. MAREK in capitals, marek in small.

Tessa Lund: Will you go on?

Marek Novak: I will, for 1500 kilometres, from 2019 to 2023, Platform 7 at 14:05. Ask Will, he will know.
"""


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """An interview with names and addresses in it."""
    return load([("talk.txt", TALK.encode())])


@pytest.fixture(scope="module")
def pseudonyms(corpus: Corpus) -> Pseudonyms:
    """Its map."""
    return Pseudonyms(corpus)


def test_nothing_that_identifies_is_left(corpus: Corpus, pseudonyms: Pseudonyms) -> None:
    """Names in any case, friends' names, e-mail, phone, handle and address are gone; numbers and places stay."""
    hidden = "\n".join(pseudonyms.hide(text) for text in corpus.columns.texts)
    assert not re.search(
        r"marek|novak|tessa|lund|judith|trams\.example|7946|mareknov|novak\.example", hidden, re.IGNORECASE
    )
    for kept in ("the depot", "1500 kilometres", "from 2019 to 2023", "Platform 7 at 14:05"):
        assert kept in hidden


def test_the_words_come_back(corpus: Corpus, pseudonyms: Pseudonyms) -> None:
    """What was hidden is shown again, but for the case of a name."""
    for text in corpus.columns.texts:
        assert pseudonyms.show(pseudonyms.hide(text)).casefold() == text.casefold()


def test_tokens_are_stable(corpus: Corpus, pseudonyms: Pseudonyms) -> None:
    """The same corpus gives the same tokens."""
    text = corpus.columns.texts[1]
    assert Pseudonyms(corpus).hide(text) == pseudonyms.hide(text)


def test_ids_become_tokens_and_find_their_way_back() -> None:
    """A participant's id in the text is hidden like a name."""
    corpus = load(
        [
            (
                "s.csv",
                b"participant,answer\nKX-417,I told them that KX-417 is my number here\nKX-418,I would rather not be called KX-418 here\n",
            )
        ]
    )
    hidden = Pseudonyms(corpus).hide(corpus.columns.texts[0])
    assert "KX-417" not in hidden
    assert Pseudonyms(corpus).show(hidden) == corpus.columns.texts[0]


@given(text=st.text(max_size=300))
def test_any_text_comes_back(pseudonyms: Pseudonyms, text: str) -> None:
    """Hiding and showing loses nothing but the case of names."""
    assert pseudonyms.show(pseudonyms.hide(text)).casefold() == text.casefold() or "[" in text


@pytest.mark.parametrize("name", ["June Carter", "王芳", "Björk-Anne Will"])
def test_a_participants_own_name_is_hidden_whatever_it_looks_like(name: str) -> None:
    """Like a month, in another script, and both halves of a double name."""
    talk = f"Interviewer: And?\n\n{name}: They all know me as {name} at the depot of the trams.\n\nInterviewer: So?\n\n{name}: Yes, they do.\n"
    corpus = load([("talk.txt", talk.encode())])
    hidden = Pseudonyms(corpus).hide(f"{name} takes the tram, says {name.split('-')[0]}.")
    assert not [part for part in re.split(r"[ -]", name) if part in hidden]


def test_names_of_a_column_that_identifies_are_hidden_in_what_others_say() -> None:
    """The column itself is never sent; its names may stand in an answer."""
    rows = "participant,Recipient name,What happened?\nP1,Tomasz Wilk,I waited for Greta Holm at the stop\nP2,Greta Holm,Then Tomasz came and we left together\n"
    corpus = load([("survey.csv", rows.encode())])
    hidden = " ".join(Pseudonyms(corpus).hide(text) for text in corpus.columns.texts)
    assert not re.search("Tomasz|Wilk|Greta|Holm", hidden)


def test_a_name_is_hidden_where_words_stand_without_spaces() -> None:
    """What follows it there is the next word, and no part of it."""
    talk = "聞き手: どうですか?\n\n田中: 田中です。田中さんは毎日電車で通勤しています。"
    hidden = Pseudonyms(load([("talk.txt", talk.encode())])).hide("田中さんもです")
    assert hidden == "[NAME_1]さんもです"
