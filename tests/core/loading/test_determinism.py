"""The same bytes give the same corpus, whatever the order in which they are named."""

from __future__ import annotations

import itertools

from persona_core.loading import load

FILES = {
    "a.txt": "Interviewer: How?\nMaya Okafor: I walk.\nBo Day: I ride.\nInterviewer: Far?\nMaya Okafor: No, near.\nBo Day: Far, yes.\n",
    "b.txt": "I: How?\nSpeaker 2: I walk in b.\nI: Far?\nSpeaker 2: No, near b.\n",
    "c.csv": "answer\nIt is near my house and quick.\nThe price was what settled it.\nMy sister told me to try it.\n",
    "d.csv": "participant,answer\nP02,It is near my flat and quick.\nAda Moss,The prices were what settled it.\n",
}


def test_order_of_sources(study):
    """Digest, codes and segment ids do not hang on the order of the sources."""
    paths = [study.write(name, text) for name, text in FILES.items()]
    seen = set()
    for order in itertools.permutations(paths):
        corpus = load(order)
        said = sorted(
            (segment.id, segment.participant, segment.role.value, segment.text) for segment in corpus
        )
        seen.add((corpus.digest, tuple(said)))
    assert len(seen) == 1
    assert len({code for _, said in seen for _, code, _, _ in said if code}) == 8


def test_same_bytes_same_corpus(study, tmp_path):
    """A copy elsewhere is the same corpus; one changed byte is another."""
    for name, text in FILES.items():
        study.write(name, text)
        study.write(f"../copy/{name}", text)
    first, second = load(study.folder), load(study.folder.parent / "copy")
    assert first.digest == second.digest
    assert list(first) == list(second)
    study.write("../copy/a.txt", FILES["a.txt"] + "Bo Day: Bye.\n")
    assert load(study.folder.parent / "copy").digest != first.digest


def test_codes_follow_no_order(study):
    """Made-up codes say nothing of names or places."""
    names = [
        f"{first} {last}" for first in ("Ada", "Bea", "Cat", "Dee", "Eve") for last in ("Fox", "Kim", "Orr")
    ]
    text = "participant,answer\n" + "".join(
        f"{name},The number {i} was all that I wanted.\n" for i, name in enumerate(names)
    )
    corpus = study.of("a.csv", text)
    numbers = [int(corpus.participant(i)[1:]) for i in range(len(names))]
    assert sorted(numbers) == list(range(1, 16))
    inversions = sum(a > b for a, b in itertools.combinations(numbers, 2))
    assert 25 < inversions < 80
