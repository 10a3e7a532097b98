"""Names as people are told apart and found by them: pure rules.

A name is taken apart into words, each in its own letters: Thai as it is written, everything else folded
to Latin small letters without accents. Words are compared as they are written, slips forgiven, and as they
sound (`regulars.people.sounds`), which is how a name in Thai letters and one in Latin letters meet.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from math import prod
from typing import Literal

from anyascii import anyascii
from rapidfuzz.distance import DamerauLevenshtein

from regulars.people import nicknames, sounds, thai

How = Literal["same", "called", "given", "part", "short", "beginning", "sound", "script", "typo"]
# What says most of how two names fit comes last.
WEIGHT: tuple[How, ...] = (
    *("same", "called", "part", "given", "short", "beginning", "sound", "script", "typo"),
)
HEARD_AGAIN = 0.995  # what each further word is worth that only sounds the same
HEARD: frozenset[How] = frozenset(("sound", "script"))
# By custom one is short for the other: surer than a like sound, and never sure.
IN_SHORT = 0.895
# What somebody is called besides, as Thai people are by a play name: "สมชาย ใจดี (แบงค์)", "José “Pepe” Núñez".
CALLED = re.compile("""[(（"“„«]([^()（）"“”„«»]+)[)）"”“»]""")
OPENING = frozenset('(（"“„«')
AROUND = ' ,.;:()（）"“”„«»'
LONGEST_WORD = 60
MOST_WORDS, MOST_IN_PAIRS = 12, 6  # of a name, that it is found by
WORDS_REMEMBERED, COMPARED_REMEMBERED = 16_384, 65_536
SHORTEST_PART = 2  # letters of a name that is written in one with another
WRITTEN_OTHERWISE = 0.99  # what a name is worth that is two words in one place and one in another
SHORT_WORD, MIDDLE_WORD = 4, 8  # letters up to which no slip, and one slip, is forgiven
BESIDE_THE_NAME = frozenset(
    (
        *("mr", "mrs", "ms", "miss", "sir", "dr", "prof", "jr", "herr", "frau", "khun", "sae"),
        *("senor", "senora", "sr", "sra", "srta", "don", "dona", "and", "und"),
        *("von", "van", "vom", "zu", "zum", "zur", "der", "den", "el", "la", "las", "los"),
        *("de", "del", "dela", "da", "das", "do", "dos", "di", "แซ", "คุณ", "นาย", "นาง", "นางสาว"),
    )
)
# With a comma before them, no given name: what somebody is, and which of those who are called so.
BEHIND_THE_NAME = frozenset(
    (
        *(
            "ii",
            "iii",
            "iv",
            "junior",
            "senior",
            "esq",
            "phd",
            "md",
            "mba",
            "msc",
            "bsc",
            "ma",
            "ba",
        ),
        *("dds", "dipl", "ing", "mag", "med", "hijo", "hija", "padre", "madre"),
    )
)
AND = frozenset(("y", "e", "i"))  # between two names; anywhere else it is somebody's initial
SOUND_MARK = "~"  # before what a word is found by as it sounds; no name has it
# A family name that begins with Sae, the Chinese clan, is one word with it or two.
CLAN = re.compile("sae(?=[^aeiouyz]+[aeiouy])|แซ(?=[ก-ฮเแโใไ].)")
TELLS_NOTHING = 0.2  # of how like two names are, for words that nobody asked for
LESS_KNOWN = 0.5  # the same, for words that were asked for and are not known
OTHERWISE = 0.5  # what is left where each of two names has a word that the other has not
FEWEST_BESIDES = 2  # words in common, where both have another besides
ONE_WORD = "{} "  # how somebody is found of whose name one word is all that is known


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a name fits what was asked for.

    Attributes:
        likeness: From 0 to 1.
        how: In which way: ``same`` in every word, as they are ``called`` besides, ``given`` name alone,
            ``part`` of the words, ``short`` for each other by custom, ``beginning`` alike, the same
            ``sound``, the same sound in another ``script``, or with a ``typo``.
    """

    likeness: float
    how: How


UNLIKE = Fit(0.0, "typo")


def visible(value: str) -> str:
    """A value without what nobody sees: a number copied from a page often brings such marks along."""
    if value.isascii() and value.isprintable():
        return value.strip()
    text = unicodedata.normalize("NFKC", value)
    return "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs"}).strip()


def folded_name(name: str) -> str:
    """A name in Latin small letters without accents, one space between its parts; Thai as it is said."""
    said = (thai.readings(word)[:1] if is_thai(word) else (word,) for word in _words(name))
    return " ".join(word for words in said for word in words)


def name_key(name: str) -> str:
    """A name as people are told apart by it: equal for two names that are the same.

    Accents, capitals and signs between the parts tell nobody apart in Latin script. Another script
    loses whole letters on its way into Latin ones, so such a name counts as it is written too. The family name
    may come first, with a comma behind it.
    """
    return spelling_key(_given_name_first(name))


def spelling_key(name: str) -> str:
    """The same of what is nobody's name, as a place's: what stands behind a comma stays there."""
    written = " ".join(visible(visible(name).casefold()).split())
    folded = folded_name(name)
    if folded and all(_is_latin(letter) for letter in written if letter.isalpha()):
        return folded
    return f"{folded}|{written}"


def _given_name_first(name: str) -> str:
    """A name in the order in which it is said: "Müller, Clara" is Clara Müller, and "John Smith, Jr." himself."""
    family, comma, given = visible(name).partition(",")
    if not comma or "," in given or not family.strip() or not OPENING.isdisjoint(family):
        return name
    behind = tuple(_words(given))
    beside = BESIDE_THE_NAME | BEHIND_THE_NAME
    if "".join(behind) in beside or beside.issuperset(behind):
        return name
    return f"{given.strip()} {family.strip()}"


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same, and not merely alike as Daniel is to Daniela."""
    return name_key(one) == name_key(other)


def is_short_for(short: str, name: str) -> bool:
    """Whether a name has every word of another, and more besides, as "Anna M." has "Anna"."""
    return {name_key(word) for word in short.split()} < {name_key(word) for word in name.split()}


def _is_latin(letter: str) -> bool:
    # An apostrophe may be a "modifier letter", which every script uses.
    return letter.isascii() or unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER"))


def is_thai(word: str) -> bool:
    """Whether a word is in Thai letters."""
    return "\u0e01" <= word[:1] <= "\u0e4e"


def _words(name: str) -> Iterator[str]:
    """The words of a name, each in its own letters."""
    text = visible(visible(name).casefold()).replace("\u0e4d\u0e32", "\u0e33")
    for part in re.split(f"({thai.THAI.pattern})", text):
        if is_thai(part):
            yield part
        else:
            yield from re.findall("[a-z0-9]+", anyascii(part).casefold())


def name_words(name: str) -> tuple[str, ...]:
    """The words that a name is found by, in their order: without titles and particles, if others are left."""
    every = _every_word(name)
    return _main(every) or every


def _main(words: tuple[str, ...]) -> tuple[str, ...]:
    last = len(words) - 1
    return tuple(
        word
        for place, word in enumerate(words)
        if word not in BESIDE_THE_NAME and not (word in AND and 0 < place < last)
    )


def _every_word(name: str) -> tuple[str, ...]:
    found = (word for part in name.split(" ") for word in _words_of_part(part))
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


@lru_cache(maxsize=WORDS_REMEMBERED)
def _words_of_part(part: str) -> tuple[str, ...]:
    """The words of what stands between two blanks, titles and clans taken off; many share their names."""
    found: list[str] = []
    for word in _words(part):
        bare = thai.as_written(thai.without_title(word)) if is_thai(word) else word
        clan = CLAN.match(bare)
        found += [bare[: clan.end()], bare[clan.end() :]] if clan else [bare]
    return tuple(word[:LONGEST_WORD] for word in found if word)


def found_by(name: str) -> frozenset[str]:
    """Under which words, and pairs of words, a customer of that name is found."""
    every = _every_word(name)
    return frozenset((*every, *together(_main(every) or every)))


def together(words: Sequence[str]) -> tuple[str, ...]:
    """Each two words of a name, in the order of the alphabet; of a single word, that there is no other."""
    if len(words) == 1:
        return (ONE_WORD.format(words[0]),)
    pairs = combinations(words[:MOST_IN_PAIRS], 2)
    return tuple(pair(one, other) for one, other in pairs)


def pair(one: str, other: str) -> str:
    """Two words as one, whichever comes first."""
    return f"{one} {other}" if one < other else f"{other} {one}"


def parted(word: str) -> tuple[tuple[str, str], ...]:
    """In which two words a word may be that is written as one: "Jeanluc" is Jean-Luc."""
    if is_thai(word):
        return ()
    places = range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
    return tuple((word[:place], word[place:]) for place in places)


@lru_cache(maxsize=WORDS_REMEMBERED)
def word_keys(word: str) -> frozenset[str]:
    """What a word can be looked up by: itself, itself less one letter, and how it sounds.

    Two words that differ by one slip (a letter too many, too few, another, or two changed over) have
    a key in common (Garbe's symmetric delete), and so have two that sound alike.
    """
    heard = {SOUND_MARK + sounds.frame(sound) for sound in sounds_of(word)}
    if len(word) < SHORT_WORD:
        return frozenset((word, *heard))
    less = (word[:place] + word[place + 1 :] for place in range(len(word)))
    return frozenset((word, *less, *heard))


def begun_keys(word: str) -> frozenset[str]:
    """What words begin with that sound as a word that is not typed to its end, where that tells much."""
    heard = {(sound, sounds.frame(sound)) for sound in sounds.begun(word)}
    return frozenset(SOUND_MARK + frame for sound, frame in heard if sound != frame)


def name_keys(name: str) -> frozenset[str]:
    """What the words of a name can be looked up by."""
    return frozenset(key for word in name_words(name) for key in word_keys(word))


@lru_cache(maxsize=WORDS_REMEMBERED)
def sounds_of(word: str) -> frozenset[str]:
    """How a word may sound, in whichever letters it is."""
    if not is_thai(word):
        return sounds.sounds(word)
    return frozenset(sound for said in thai.readings(word) for sound in sounds.sounds(said))


def slips_forgiven(word: str) -> int:
    """How many slips of the pen a word may have."""
    return 0 if len(word) < SHORT_WORD else 1 if len(word) < MIDDLE_WORD else 2


def likeness(asked: str, known: str) -> float:
    """How well a name fits what was asked for, from 0 to 1."""
    return fit(asked, known).likeness


def fit(asked: str, known: str) -> Fit:
    """How well a name fits what was asked for, and how.

    Every word that was asked for must be there, in any order: as it is, as a beginning, with few slips or
    as it sounds. A name that was asked for with more words than are known fits too, if all that are known
    are among them.

    Args:
        asked: What somebody typed.
        known: A customer's name.
    """
    whole = _fit_of_names(asked, known)
    for called in called_besides(known):
        alone = _fit_of_names(asked, called)
        if alone.likeness > whole.likeness:
            whole = Fit(alone.likeness, "called" if alone.how == "same" else alone.how)
    return whole


def called_besides(name: str) -> tuple[str, ...]:
    """What somebody is called besides their name, which stands in brackets or quotes beside it."""
    return tuple(CALLED.findall(name))


def in_short(asked: str, known: str) -> tuple[str, str] | None:
    """What is customarily short for a name, and that name, each as it is written in one of two; or None."""
    for word in name_words(asked):
        for other in name_words(known):
            if full := nicknames.full_of_two(word, other):
                typed, theirs = _written(word, asked), _written(other, known)
                return (typed, theirs) if full == other else (theirs, typed)
    return None


def _written(word: str, name: str) -> str:
    """A word of a name as it is written there."""
    parts = (part.strip(AROUND) for part in name.split())
    return next((part for part in parts if word in name_words(part)), word)


def _fit_of_names(asked: str, known: str) -> Fit:
    wanted, words = name_words(asked), name_words(known)
    if BESIDE_THE_NAME.issuperset(wanted):
        words = _every_word(known)
    if not wanted or not words:
        return UNLIKE
    in_one = _in_one(wanted, of=words), _in_one(words, of=wanted)
    if in_one != (wanted, words):
        fitting = _fit_of_words_of_names(*in_one)
        return Fit(fitting.likeness * WRITTEN_OTHERWISE, fitting.how)
    return _fit_of_words_of_names(wanted, words)


def _in_one(words: tuple[str, ...], *, of: tuple[str, ...]) -> tuple[str, ...]:
    """Words, those in one that are one in another name."""
    for place, parts in enumerate(pairwise(words)):
        if "".join(parts) in of:
            return (*words[:place], "".join(parts), *words[place + 2 :])
    return words


def _fit_of_words_of_names(wanted: tuple[str, ...], words: tuple[str, ...]) -> Fit:
    found = sorted(
        (
            (-compared.likeness, place, other, compared.how)
            for place, word in enumerate(wanted)
            for other, theirs in enumerate(words)
            if (compared := fit_of_words(word, theirs)).likeness > 0
        ),
    )
    matched: dict[int, tuple[float, int, How]] = {}
    taken: set[int] = set()
    for unlikeness, place, other, how in found:
        if place not in matched and other not in taken:
            matched[place] = (-unlikeness, other, how)
            taken.add(other)
    if not matched:
        return UNLIKE
    # Slips add up; that two words sound the same is hardly less likely than that one does.
    heard = sorted(score for score, _, how in matched.values() if how in HEARD)
    fits = prod(score for score, _, how in matched.values() if how not in HEARD)
    fits *= heard[0] * HEARD_AGAIN ** (len(heard) - 1) if heard else 1.0
    hows = {how for _, _, how in matched.values()}
    missing, unasked = len(wanted) - len(matched), len(words) - len(taken)
    if missing and unasked:
        # Two sisters share a given and a family name, and are two.
        if len(matched) < FEWEST_BESIDES or missing > 1:
            return UNLIKE
        return Fit(fits * OTHERWISE, _worst({*hows, "part"}))
    if missing:
        return Fit(fits * (1 - LESS_KNOWN * missing / len(wanted)), _worst({*hows, "part"}))
    if unasked:
        alone = {other for _, other, _ in matched.values()} == {0}
        hows.add("given" if alone else "part")
    return Fit(fits * (1 - TELLS_NOTHING * unasked / len(words)), _worst(hows))


def _worst(hows: set[How]) -> How:
    return max(hows, key=WEIGHT.index)


@lru_cache(maxsize=COMPARED_REMEMBERED)
def fit_of_words(asked: str, known: str) -> Fit:
    """How well one word of a name fits another, and how."""
    if asked == known:
        return Fit(1.0, "same")
    ways = [Fit(0.0, "typo")]
    across = is_thai(asked) != is_thai(known)
    if nicknames.full_of_two(asked, known):
        ways.append(Fit(IN_SHORT, "short"))
    if not across:
        if known.startswith(asked):
            ways.append(Fit(0.72 + 0.16 * len(asked) / len(known), "beginning"))
        elif len(known) == 1 and asked.startswith(known):
            ways.append(Fit(0.75, "beginning"))
        slips = DamerauLevenshtein.distance(asked, known)
        if slips <= slips_forgiven(max(asked, known, key=len)):
            ways.append(Fit(0.9 - 0.2 * slips, "typo"))
    apart = sounds.steps_apart(sounds_of(asked), sounds_of(known))
    if apart is not None:
        best, step = (0.95, 0.1) if across else (0.89, 0.19)
        ways.append(Fit(best - step * apart, "script" if across else "sound"))
    elif across and sounds.begins(sounds_of(known), asked):
        ways.append(Fit(0.75, "script"))
    return max(ways, key=lambda way: way.likeness)


def forget_remembered() -> None:
    """Forgets the words that were remembered to be quick: they are parts of what people are called."""
    for remembered in (_words_of_part, word_keys, sounds_of, fit_of_words):
        remembered.cache_clear()
    sounds.forget_remembered()
    thai.forget_remembered()
