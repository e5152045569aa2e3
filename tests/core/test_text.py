"""Finding a quote in a text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from persona_core.models import Tier
from persona_core.text import Match, fold, locate, sentence_spans, word_spans, words

LETTERS = "abcdefgzABZ0189éßÅñжЖøﬁ" + "我喜欢한글ไทย"
SPACES = " \n\t\u00a0"
PUNCTUATION = ".,!?'\"’“”-–—…*_#"
texts = st.text(st.sampled_from(LETTERS * 4 + SPACES * 6 + PUNCTUATION), min_size=1, max_size=120)
any_text = st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=60)
plain_word = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=8)
sentences = st.lists(plain_word, min_size=10, max_size=40).map(" ".join)

SAID = (
    "Honestly, I don’t trust the numbers — not since the last audit. We re-enter everything by hand, "
    "because the “smart” import drops rows. It takes me 3 hours a week… and nobody notices."
)


def found(match: Match, text: str) -> str:
    """The words found, parts joined by one space."""
    return " ".join(text[start:end] for start, end in match.spans)


@st.composite
def text_and_words(draw: st.DrawFn, source: st.SearchStrategy[str] = texts) -> tuple[str, str]:
    """A text and whole words of it."""
    text = draw(source)
    spans = word_spans(text)
    assume(spans)
    first = draw(st.integers(0, len(spans) - 1))
    last = draw(st.integers(first, len(spans) - 1))
    return text, text[spans[first][0] : spans[last][1]]


@given(text_and_words())
def test_whole_words_are_located_exactly(case: tuple[str, str]) -> None:
    """Every stretch of whole words is found word for word, and its span reads it back."""
    text, quote = case
    match = locate(quote, text)
    assert match is not None
    assert match.tier is Tier.exact
    assert found(match, text) == quote


@given(any_text)
def test_a_fold_keeps_its_offsets(text: str) -> None:
    """Every character of a normal form says from which characters of the text it comes, in order."""
    folded = fold(text)
    assert len(folded.text) == len(folded.offsets) == len(folded.ends)
    assert list(folded.offsets) == sorted(folded.offsets)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.offsets, folded.ends, strict=True))


@given(any_text)
def test_unicode_forms_fold_alike(text: str) -> None:
    """A text and its composed form have the same normal form."""
    text = unicodedata.normalize("NFD", text)
    assert fold(text).text == fold(unicodedata.normalize("NFC", text)).text


def _spread(text: str) -> str:
    return text.replace(" ", " \n ")


def _straight(text: str) -> str:
    return text.translate(str.maketrans("’“”–—", '\'""--')).replace("…", "...")


def _marked(text: str) -> str:
    return f"**{text}**"


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    "change", [str.upper, str.lower, str.title, _spread, _straight, _marked, _decomposed]
)
@given(case=text_and_words(st.one_of(sentences, st.just(SAID), st.just("Já não há café — “só chá”."))))
def test_typography_is_normalised(change: object, case: tuple[str, str]) -> None:
    """What differs in case, white space, quotation marks, dashes, Unicode form or markdown only is found as the true words."""
    text, quote = case
    assert callable(change)
    match = locate(change(quote), text)
    assert match is not None
    assert match.tier in {Tier.exact, Tier.normalised}
    assert fold(found(match, text)).text == fold(quote).text


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("I don't trust the numbers", "I don’t trust the numbers."),
        ("I don’t trust the numbers", "I don't trust the numbers."),
        ("the 'smart' import", "the ‘smart’ import drops rows"),
        ("slow -- very slow", "It is slow—very slow."),
        ("It is **really** slow", "It is really slow."),
        ("Well… I guess so", "Well... I guess so, yes."),
        ("“It is slow.”", "it is slow, I said"),
        ("STRASSE NACH HAUSE", "die Straße nach Hause"),
        ("ça va très bien", unicodedata.normalize("NFD", "Ça va très bien, merci")),
    ],
)
def test_common_variants_are_normalised(quote: str, text: str) -> None:
    """Curly and straight quotation marks, dashes and markdown do not part a quote from its source."""
    match = locate(quote, text)
    assert match is not None
    assert match.tier is Tier.normalised


@pytest.mark.parametrize("joint", ["…", " ... ", " [...] ", " […] ", " (...) "])
def test_an_ellipsis_joins_two_parts(joint: str) -> None:
    """Parts on both sides of an ellipsis are found in order, each with its own span."""
    match = locate(f"We re-enter everything{joint}drops rows.", SAID)
    assert match is not None
    assert match.tier is Tier.normalised
    assert [SAID[start:end] for start, end in match.spans] == ["We re-enter everything", "drops rows"]


def test_an_ellipsis_keeps_the_order() -> None:
    """Parts in another order than in the source are not found."""
    assert locate("drops rows … we re-enter everything", SAID) is None


def test_an_ellipsis_does_not_swallow_a_negation() -> None:
    """Leaving out “not” is no quote."""
    assert locate("I would … recommend it to friends", "I would not recommend it to friends") is None


def test_single_words_are_not_joined_by_an_ellipsis() -> None:
    """One word on a side of an ellipsis could come from any text."""
    assert locate("numbers … hand", SAID) is None


# Letters of which no negation and none of the known opposites can be spelt: those are no near quotes.
harmless_word = st.text("abcdefghikopuyz", min_size=2, max_size=8)


@given(st.lists(harmless_word, min_size=10, max_size=14), st.integers(0, 9), st.sampled_from("aeiou"))
def test_a_changed_word_is_near(said: list[str], at: int, letter: str) -> None:
    """One letter changed in ten words is near, and the words found are the source's own."""
    text = " ".join(said)
    assume(len(text) > 45)
    changed = said[:10]
    changed[at] = changed[at][:-1] + letter
    assume(changed[at] != said[at])
    assume(locate(" ".join(changed), text, near=False) is None)
    match = locate(" ".join(changed), text)
    assert match is not None
    assert match.tier is Tier.near
    assert 0.9 <= match.similarity < 1
    again = locate(found(match, text), text)
    assert again is not None
    assert again.tier is Tier.exact


def test_one_word_of_ten_changed_is_near() -> None:
    """A synonym in a long quote is near; the span gives the words that were said."""
    text = "To be fair, we re-enter everything by hand every single week because the import drops rows."
    match = locate("we re-enter everything by hand each single week because the import drops rows", text)
    assert match is not None
    assert match.tier is Tier.near
    assert (
        found(match, text) == "we re-enter everything by hand every single week because the import drops rows"
    )


def test_a_left_out_word_is_near_with_all_the_words_said() -> None:
    """A quote that lacks a word is repaired to the whole stretch."""
    text = "Then we really re-enter everything by hand because the import drops rows."
    match = locate("we re-enter everything by hand because the import drops rows", text)
    assert match is not None
    assert found(match, text) == "we really re-enter everything by hand because the import drops rows"


@pytest.mark.parametrize(
    "quote",
    [
        "It takes me 5 hours a week… and nobody notices",
        "Honestly, I do trust the numbers — not since the last audit",
        "I wish the onboarding were shorter and friendlier for new colleagues",
        "trust numbers",
        "",
        "  ",
        "…",
        "—",
    ],
)
def test_what_was_not_said_is_missing(quote: str) -> None:
    """An invention, another number, a lost negation and a quote without words are not found."""
    assert locate(quote, SAID) is None


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("now", "I know it"),
        ("rows", "arrows"),
        ("cafe", unicodedata.normalize("NFD", "the café")),
        ("NOW", "I know"),
    ],
)
def test_a_word_is_not_found_within_another(quote: str, text: str) -> None:
    """A hit begins and ends at word boundaries."""
    assert locate(quote, text) is None


def test_scripts_without_spaces_have_words_of_one_letter() -> None:
    """A Chinese quote is found within a longer run of letters."""
    match = locate("我喜欢这个", "但是我喜欢这个产品")
    assert match is not None
    assert match.spans == ((2, 7),)
    assert words("我喜欢 it") == ["我", "喜", "欢", "it"]


def test_sentences_end_where_people_end_them() -> None:
    """Abbreviations and initials end no sentence."""
    text = "Dr. Lee asked me, e.g. about cost. I said no! Then J. came."
    assert [text[a:b] for a, b in sentence_spans(text)] == [
        "Dr. Lee asked me, e.g. about cost.",
        "I said no!",
        "Then J. came.",
    ]


HAPPY = "I was happy with the search because it always finds my receipts before we go shopping on Saturday morning."


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("happy", "unhappy"),
        ("always", "rarely"),
        ("before", "after"),
        ("because", "unless"),
    ],
)
def test_a_near_quote_that_says_the_opposite_is_not_found(word, other):
    """One word for its opposite is not nearly the same, however long the rest; nor is the opposite of that."""
    assert locate(HAPPY.replace(word, other), HAPPY) is None
    assert locate(HAPPY, HAPPY.replace(word, other)) is None
    assert locate(HAPPY.replace("receipts", "reciepts"), HAPPY).tier is Tier.near


def test_an_ellipsis_may_not_stop_just_behind_a_negation():
    """What is left out of a long gap may not end in the negation of what goes on."""
    text = "I like the app with all of my notes on paper and in it, and I would never pay for it. I do not. Pay day is Friday."
    assert locate("I like the app … pay for it", text) is None
    assert locate("I like the app … Pay day is Friday", text).tier is Tier.normalised
