"""What identifies people in a corpus: the names and ids it knows them by, and addresses."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set

from persona_core.models.corpus import Corpus
from persona_core.text import STOP_WORDS

ADDRESSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("EMAIL", re.compile(r"(?:(?<![\w.+-])[\w.+-]++|[+.][\w.+-]{0,64}+)@[\w-]++(?:\.[\w-]++)+")),
    (
        "URL",
        re.compile(
            r"(?:https?://|www\.)[^\s<>\"')\]]+|(?<![\w-])(?<![\w-]\.)[\w-]++(?:\.[\w-]++)*\.(?:com|org|net|io|co|edu|gov|uk|de|fr|info)(?:/[^\s<>\"')\]]*)?\b"
        ),
    ),
    ("HANDLE", re.compile(r"(?<![\w.@])@[A-Za-z_][\w.]{2,30}\b")),
    ("PHONE", re.compile(r"(?<![\w.])(?=(?:\D?\d){7,15}(?!\d))\+?\(?\d[\d() ./-]{5,20}\d(?![\w])")),
)
"""Each begins where a run of its characters does and gives nothing back, so that the longest text is read once."""
_INTRODUCING = re.compile(
    r"\b(?:my name is|my name's|name is|this is|i'm|i am|i’m|call me|here with|joined by|(?:talking|speaking) (?:to|with)|welcome|hi|hello|hey|thanks|thank you"
    r"|(?:my|our) (?:friend|colleague|boss|manager|wife|husband|partner|son|daughter|brother|sister|mother|father|mum|mom|dad|neighbour|neighbor|assistant)),? $",
    re.IGNORECASE,
)
"""What stands before the name of somebody who is introduced or greeted."""
_INTRODUCTION = 40
"""Characters it may take."""
_NAME = re.compile(r"[A-Z](?<=[\w'’,] .)(?:(?<!I)|(?!['’]))(?=([\w'’-]+(?: [A-Z][\w'’-]+){0,2}))")
"""It begins with the capital, and looks back from there: several times as fast over a million texts."""
_NO_NAME = frozenset(
    """the and from here there everyone everybody folks guys all sir madam again very so just not really also currently mainly
    ai gpt chatgpt claude gemini google english german french spanish american british monday tuesday wednesday thursday friday saturday
    sunday january february march april may june july august september october november december participant interviewer user speaker
    assistant moderator researcher project manager marketing""".split()
)


_WORD = re.compile(r"[^\W\d_][\w'’-]+")
_DETERMINERS = frozenset("a an the this that these those every each some any no".split())
_OFTEN, _SEVERAL = 8, 4
"""Times that a participant's name stands in small letters, and people who say it, for it to be a word."""
_WORDS = frozenset(
    """amber an angel april art ash aspen august autumn baker ball banks baron bell berry best better bill bird bishop black
    blessing bridge bright brook brown buck bud bull bush candy carpenter carter chance charity cherry chip christian
    church clay cliff constance cook cooper cross crow crystal daisy dale dawn day destiny do dot drake drew duke dusty
    earl earnest east faith favor favour felicity field fields finch fisher fly ford forest fox frank gail gate gay
    genesis ginger glen gold good grace grant gray green grey guy hale hall happy hardy harmony hazel heath heather heaven
    hill hit holly honey hope hunt hunter ivy jade jay jewel joy june junior justice king knight lake lamb lane lark lily
    long love major man mark marsh mason may melody merry miles min moon moss nevada noble noel north olive page parish
    park patience peacock pearl penny pepper pierce pike pip pope poppy potter precious price prince prudence queen rain
    read reading reed rice rich rivers robin rocky rook root roots rose ruby rush rusty sage sandy sharp shepherd short
    silver skip sky small snow so son song south spring star steel stern stone storm street strong sue summer sun sunny
    swift tanner taylor temple thorn trinity trip trout turner victor violet walker wall ward weaver weeks wells west
    wheeler white will willow wing winter wise wolf wood woods woody wren young""".split()
)
"""Ordinary words that are names, too."""
_IS_NAMED = re.compile(
    r"\b(?i:my name is|my name's|my name’s|i am|i'm|i’m|this is) [A-Z][\w'’-]+ [A-Z][\w'’-]+"
)


def identifies(text: str) -> bool:
    """Whether a text says who somebody is: an address, a number to call, or a full name by which they introduce themselves."""
    return any(pattern.search(text) for _, pattern in ADDRESSES) or _IS_NAMED.search(text) is not None


def names_in(corpus: Corpus) -> Iterable[str]:
    """The words of every name by which the data calls somebody, and the parts of double names."""
    for word in _name_words(corpus):
        yield word
        if "-" in word:
            yield from (part for part in word.split("-") if len(part) > 2)


def names_of(labels: Iterable[str], texts: Iterable[str]) -> Iterator[str]:
    """The words of people's names: by what the data calls them, and as they are introduced or greeted in texts."""
    for label in labels:
        yield from _label_words(label)
    for text in texts:
        yield from _called(_introduced(text))


def _label_words(label: str) -> list[str]:
    # A participant's own label is a name whatever it looks like; a file's name or a row's number is none.
    return [] if re.search(r"[.\d]| in |, ", label) else re.findall(r"[^\W\d_][\w'’-]*", label)


def _name_words(corpus: Corpus) -> Iterable[str]:
    for person in corpus.people:
        yield from _label_words(person.label)
    yield from (word.capitalize() for word in corpus.withheld if len(word) > 1 and word not in STOP_WORDS)
    called = [speaker.label for source in corpus.sources for speaker in source.speakers]
    called += [name for text in corpus.columns.texts for name in _introduced(text)]
    yield from _called(called)


def _called(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        for word in re.findall(r"[^\W\d_][\w'’-]+", name):
            plain = word.casefold().removesuffix("'s").removesuffix("’s")
            if word[0].isupper() and len(plain) > 1 and plain not in _NO_NAME and plain not in STOP_WORDS:
                yield word.removesuffix("'s").removesuffix("’s")


def _introduced(text: str) -> Iterator[str]:
    """The names of those whom a text introduces or greets."""
    # The names are looked for first: there are few of them, and the words before them stand everywhere.
    for match in _NAME.finditer(text):
        start = match.start()
        if _INTRODUCING.search(text, max(0, start - _INTRODUCTION), start):
            yield match[0] + match[1]


def ordinary(corpus: Corpus, words: Iterable[str]) -> frozenset[str]:
    """Names that are ordinary words here, too (`Will`, `Hit`): they stand in small letters more often than not.

    What participants are called must moreover be known for a word, or be used as one: people type names in small letters.
    """
    wanted = {name.casefold() for name in words}
    used = _Used(wanted)
    for who, text in zip(corpus.columns.who, corpus.columns.texts, strict=True) if wanted else ():
        used.read(who, text)
    called = {word.casefold() for person in corpus.people for word in _label_words(person.label)}
    strict = (called | corpus.withheld) - _WORDS
    return frozenset(
        word
        for word, balance in used.balance.items()
        if balance > 0 and (word not in strict or used.as_a_word(word))
    )


class _Used:
    """How words that are names, too, are used."""

    def __init__(self, wanted: Set[str]) -> None:
        self._wanted = wanted
        self.balance: Counter[str] = Counter()
        """How much more often each stands in small letters than with a capital."""
        self._small: Counter[str] = Counter()
        self._by: dict[str, set[int]] = defaultdict(set)
        self._determined: set[str] = set()

    def read(self, who: int, text: str) -> None:
        before = ""
        for word in _WORD.findall(text):
            plain = word.casefold()
            if plain in self._wanted:
                self.balance[plain] += 1 if word[0].islower() else -1
                if word[0].islower():
                    self._small[plain] += 1
                    self._by[plain].add(who)
                    if before in _DETERMINERS:
                        self._determined.add(plain)
            before = plain

    def as_a_word(self, word: str) -> bool:
        """Whether one stands after an article in small letters, or so many say it that it can hardly be a name."""
        return word in self._determined or (self._small[word] >= _OFTEN and len(self._by[word]) >= _SEVERAL)
