"""Made-up names, none of whose words stands in a corpus."""

from __future__ import annotations

import random
import re

from persona_core.models.corpus import Corpus
from persona_core.text import words

_NAMES = """Maya Okafor|Elena Petrova|Tomás Herrera|Aiko Tanaka|Noor Haddad|Liam Gallagher|Priya Raman|Samuel Mensah|Ingrid Solberg|Mateus Carvalho
Leila Farahani|Daniel Kowalski|Mei Chen|Ana Kovač|Kwame Boateng|Sofia Rossi|Yusuf Demir|Hannah Weiss|Rafael Ortega|Linh Nguyen|Fatima Benali|Oskar Lindqvist
Zanele Dlamini|Arjun Mehta|Claire Fournier|Nikos Papadakis|Grace Wanjiru|Ivan Horvat|Amara Nwosu|Joana Ferreira|Min-jun Park|Siobhan Byrne|Omar Siddiqui
Katarina Novak|Diego Salazar|Ruth Abrams|Tariq Aziz|Lotte Jansen|Esperanza Ruiz|Bogdan Ionescu|Nia Williams|Haruto Sato|Zeynep Yilmaz|Paulo Mendes|Freya Nielsen
Chidi Eze|Anjali Desai|Marek Dvořák|Isabel Navarro|Ahmed Mansour|Talia Cohen|Viktor Hansen|Rosa Delgado|Sanna Virtanen|Kofi Asante|Dalia Nassar|Henrik Berg
Lucía Campos|Wei Zhang|Ebele Obi|Marta Zielińska|Javier Molina|Ayesha Rahman|Emil Sørensen|Carmen Vidal|Bilal Chaudhry|Olga Smirnova|Thandiwe Nkosi|Pedro Almeida|Sunita Rao""".replace(
    "\n", "|"
).split("|")
_LARGE = 50_000
"""Segments."""


def made_names(corpus: Corpus, count: int, seed: int) -> list[str]:
    """Made-up names of many cultures, none of whose words stands in the corpus; the same for the same corpus and seed."""
    taken = words_in(corpus)
    order = list(_NAMES)
    random.Random(f"{seed}:{corpus.digest}").shuffle(order)  # noqa: S311 - not a secret
    free = [name for name in order if is_free(name, taken)]
    # A corpus that holds all of them is a telephone book: then numbers.
    return [free[i] if i < len(free) else f"Persona {i + 1}" for i in range(count)]


def names_like(seed: str, taken: frozenset[str]) -> str:
    """One made-up name that holds none of the words taken; the same for the same seed."""
    free = [name for name in _NAMES if is_free(name, taken)]
    return random.Random(seed).choice(free) if free else "Persona"  # noqa: S311 - not a secret


def is_free(name: str, taken: frozenset[str]) -> bool:
    """Whether a name holds none of the words taken, which are folded."""
    return not {part.casefold() for part in words(name)} & taken


def words_in(corpus: Corpus) -> frozenset[str]:
    """The words of a corpus that could be names, folded: said, or in what it calls people and sources."""
    # In a large corpus only words with a capital: people write names so, and the others are too many.
    word = re.compile(r"[^\W\d_][\w-]+" if len(corpus) < _LARGE else r"\b[A-Z][\w-]+")
    taken = set(corpus.withheld)
    for text in corpus.columns.texts:
        taken.update(word.findall(text))
    called = [person.label for person in corpus.people]
    called += [value for person in corpus.people for value in (person.code, *person.demographics.values())]
    called += [speaker.label for source in corpus.sources for speaker in source.speakers]
    called += [source.name for source in corpus.sources]
    taken.update(each for value in called for each in words(value))
    return frozenset(each.casefold() for each in taken)
