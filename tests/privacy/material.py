"""What the privacy benchmark measures with: corpora of any size, what is planted in texts, and clean sentences."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

from persona_core.loading import load
from persona_core.models import Corpus, Role
from persona_core.text import STOP_WORDS, content_stems, sentence_spans, words
from privacy import talk

HERE = Path(__file__).parent
STUDY = HERE.parents[1] / "docs" / "examples" / "study"
STOPS = '.,;:!?"'
EACH = 20
"""Turns of a made participant."""
SYNONYMS = dict(
    pair.split("/")
    for pair in """
    want/wish need/require check/verify look/glance buy/purchase get/obtain tell/inform know/understand morning/daybreak evening/night
    phone/mobile ticket/pass cheap/inexpensive cheaper/costlier lift/elevator times/departures leave/go late/delayed app/application
    money/cash walk/stroll wait/hang started/began nice/pleasant old/aged kids/children dad/father mum/mother husband/spouse wife/spouse
    screen/display wrong/incorrect believe/trust paper/printed last/final first/initial house/home trip/journey stop/halt
    """.split()
)
PERSONS = {
    "i": "she", "i'm": "she is", "i've": "she has", "i'd": "she would", "i'll": "she will", "my": "her", "me": "her",
    "we": "they", "we're": "they are", "our": "their", "us": "them", "don't": "does not", "can't": "cannot",
    "won't": "will not", "it's": "it is", "that's": "that is", "didn't": "did not",
}  # fmt: skip


def corpus_of(size: int, folder: Path, seed: int = 1) -> Corpus:
    """The example study and made talk, `size` segments in all."""
    study = load(STUDY)
    folder.mkdir(parents=True, exist_ok=True)
    left = size - len(study)
    with (folder / "made.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["participant_id", "What is it like?"])
        rows.writerows([f"made-{n // EACH:06}", said] for n, said in enumerate(talk.turns(left, seed)))
    sources = [path for path in sorted(STUDY.rglob("*")) if path.suffix in {".csv", ".md", ".txt", ".vtt"}]
    for path in sources:
        if path.name not in {"README.md", "participants.csv"}:
            place = folder / path.relative_to(STUDY)
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(path.read_bytes())
    return load(folder)


def sentences(corpus: Corpus) -> list[tuple[int, str]]:
    """Everything that participants said in at least six words, three of content: who, and what."""
    found = []
    for i, text in enumerate(corpus.columns.texts):
        if corpus.role(i) is Role.participant:
            said = (text[start:end] for start, end in sentence_spans(text))
            found += [(corpus.columns.who[i], each) for each in said if says_something(each)]
    return found


def says_something(sentence: str) -> bool:
    """Whether a sentence could be told from others."""
    return len(words(sentence)) >= 6 and len(set(content_stems(sentence))) >= 3


def retold() -> list[dict[str, str]]:
    """Sentences of the example study with a moderate and a heavy paraphrase, by hand."""
    with (HERE / "paraphrases.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def repunctuated(sentence: str, chance: random.Random) -> str:
    """Other punctuation, case, white space and markup; the same words."""
    said = re.sub(r"[,;:–—.!?]", lambda _: chance.choice(["", ",", ";", " –", "…"]), sentence)
    said = chance.choice([said, said.upper(), said.title(), said.lower()])
    said = said.replace("'", chance.choice(["'", "’"]))
    spaces = ["\u00a0", "  ", "\n", "\t", " \u200b", " "]
    said = re.sub(" ", lambda _: chance.choice(spaces) if chance.random() < 0.2 else " ", said)
    return chance.choice(["**{}**", "“{}”", "_{}_", "{}", "- {}"]).format(said)


def lightly(sentence: str, chance: random.Random) -> str:
    """Another person, contractions written out, one word in eight replaced, one put in, one that says little left out."""
    said = sentence.split()
    cores = [word.lower().replace("’", "'").strip(STOPS) for word in said]
    known = [i for i, core in enumerate(cores) if core in SYNONYMS]
    replaced = set(chance.sample(known, min(len(known), max(1, len(said) // 8))))
    for i, core in enumerate(cores):
        tail = said[i][len(said[i].rstrip(STOPS)) :]
        said[i] = (SYNONYMS[core] if i in replaced else PERSONS.get(core, core)) + tail
    if idle := [i for i, core in enumerate(cores) if core in STOP_WORDS and core not in PERSONS]:
        del said[chance.choice(idle)]
    said.insert(chance.randrange(1, len(said)), chance.choice("usually really often simply always".split()))
    return " ".join(said).capitalize()


def made_clean(size: int, seed: int) -> list[str]:
    """Sentences on the topic that nobody in any made corpus said."""
    found: list[str] = []
    for said in talk.turns(size * 2, seed):
        found += [said[a:b] for a, b in sentence_spans(said) if says_something(said[a:b])]
    return found[:size]
