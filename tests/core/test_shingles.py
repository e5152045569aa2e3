"""The index over runs of words."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import assume, given
from hypothesis import strategies as st

from persona_core.shingles import Shingles, tokens_of
from persona_core.text import locate, word_spans

word = st.sampled_from(
    "we they use don't can’t data Café ﬁle straße résumé e-mail “well” **bold** snake_case ok. no, — … 42 我 喜欢 ไทย 한글".split()
)
texts = st.lists(st.lists(word, max_size=25).map(" ".join), min_size=1, max_size=12)


@given(texts, st.data(), st.sampled_from([str, str.upper, str.lower]))
def test_a_planted_quote_is_a_candidate(corpus: list[str], data: st.DataObject, change: type[str]) -> None:
    """Whole words of a text, three or more, lead to that text, with all their shingles."""
    position = data.draw(st.integers(0, len(corpus) - 1))
    text = corpus[position]
    spans = word_spans(text)
    assume(len(spans) >= 3)
    first = data.draw(st.integers(0, len(spans) - 3))
    last = data.draw(st.integers(first + 2, len(spans) - 1))
    index = Shingles(corpus)
    quote = change(text[spans[first][0] : spans[last][1]])
    positions, counts, total = index.shared(quote)
    assert total > 0
    assert counts[positions.tolist().index(position)] == total
    assert position in index.candidates(quote, len(corpus))


@given(texts)
def test_what_is_located_is_a_candidate(corpus: list[str]) -> None:
    """No text that holds a quote of three words or more is left out by the index."""
    index = Shingles(corpus)
    for quote in corpus:
        if len(word_spans(quote)) >= 3:
            holding = {i for i, text in enumerate(corpus) if locate(quote, text, near=False)}
            assert holding <= set(index.candidates(quote, len(corpus)))


def test_no_shingle_spans_two_texts() -> None:
    """Words at the end of a text and at the beginning of the next are no run."""
    index = Shingles(["one two three four", "five six seven", "eight"])
    assert index.candidates("three four five") == []
    assert index.candidates("seven eight nine") == []
    assert index.candidates("two three four") == [0]


def test_blocks_do_not_part_texts() -> None:
    """Texts beyond the first block are found at their own positions."""
    texts = [f"filler number {i} stands here and there and everywhere" for i in range(30_000)]
    texts[29_990] = "a needle in a very large haystack"
    index = Shingles(texts)
    assert index.candidates("needle in a very large") == [29_990]
    assert index.candidates("filler number 12345 stands", 1) == [12_345]


def test_single_words_have_an_index_of_their_own() -> None:
    """With a width of one, a quote of one or two words has candidates."""
    index = Shingles(["we know it", "now we go", "nothing"], width=1)
    assert index.candidates("NOW") == [1]
    assert index.candidates("we now") == [1, 0]


def test_best_candidates_come_first() -> None:
    """Texts are ranked by how many shingles they share."""
    index = Shingles(["a b c x", "a b c d e", "z a b c d"])
    assert index.candidates("a b c d e") == [1, 2, 0]
    assert index.candidates("a b c d e", 1) == [1]
    assert index.candidates("nothing of all that") == []
    assert Shingles([]).candidates("nothing of all that") == []


def test_windows_are_found_with_their_place() -> None:
    """Words in a row say where they stand in the text asked about, and which texts hold them."""
    index = Shingles(
        ["Well, I don’t trust the numbers any more.", "I don't trust the numbers", "unrelated words here"]
    )
    text = "She said: I DON'T trust — the **numbers**, and left."
    tokens = tokens_of(text)
    ((first, positions),) = index.windows(tokens, 6).items()
    assert text[tokens.starts[first] : tokens.ends[first + 5]] == "I DON'T trust — the **numbers"
    assert positions.tolist() == [0, 1]
    assert all(index.holds(i, tokens, first, 6) for i in (0, 1))
    assert index.windows(tokens, 7) == {}


def test_a_window_stands_in_one_place() -> None:
    """Pieces of a text that only follow one another in the question are not held in a row."""
    index = Shingles(["a b c d. And then: c d e f"])
    tokens = tokens_of("a b c d e f")
    assert index.holds(0, tokens, 0, 4)
    assert not index.holds(0, tokens, 0, 5)


@given(texts, st.data())
def test_every_planted_window_is_found(corpus: list[str], data: st.DataObject) -> None:
    """Four words in a row of any text are found in that text."""
    position = data.draw(st.integers(0, len(corpus) - 1))
    spans = word_spans(corpus[position])
    assume(len(spans) >= 4)
    first = data.draw(st.integers(0, len(spans) - 4))
    quote = corpus[position][spans[first][0] : spans[first + 3][1]]
    tokens = tokens_of(f"Foreword: {quote} (afterword)")
    index, start = Shingles(corpus), len("Foreword: ")
    found = index.windows(tokens, 4)
    begun = tokens.starts.tolist().index(start)
    assert position in found[begun]
    assert index.holds(position, tokens, begun, 4)


def test_importing_loads_no_numpy() -> None:
    """The index imports numpy when it is first asked."""
    code = (
        "import sys; import persona_core.shingles as s; s.Shingles(['a b c']); print('numpy' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
