"""What names sound like: one key for the ways in which people write the same sound in Latin letters.

A Thai name has no one spelling in Latin letters (Wichai and Vichai, Jaidee and Chaidi, Suphaporn and
Supaporn), and neither have Meier, Mayer and Maier. What is folded here follows how Thai consonants begin
and end a syllable in the Royal Thai General System, and what German, Spanish and English readers write
for the same sounds.
"""

import re
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import DamerauLevenshtein

WORDS_REMEMBERED = 16_384
LONGEST_WORD = 40
# Letters that are said in more than one way: "ph" as in Phon and as in Sophie, "v" as in Vichai and as in Volker.
AMBIGUOUS = re.compile("(ph|ae|oe|v)")
WAYS = {"ph": ("p", "f"), "ae": ("a", "e"), "oe": ("o", "X"), "v": ("w", "f")}
# In this order. Capitals stand for one sound that takes two letters: C as in Chai, N as in Pong, X as in
# Charoen; a vowel is what stands between.
_V = "aeiouX"
FOLDED = tuple(
    (re.compile(written), said)
    for written, said in (
        ("chr", "kr"),
        ("sch|tz|ts", "s"),
        ("tch|ch|j", "C"),
        ("kh|gh|ck", "k"),
        ("th|dh", "t"),
        ("bh", "p"),
        ("rh", "r"),
        ("wh", "w"),
        ("qu?", "kw"),
        ("x", "ks"),
        ("ng", "N"),
        ("c(?=[eiy])", "s"),
        ("[cg]", "k"),
        ("z", "s"),
        ("(?<=.)h", ""),
        (r"([^aeiou])\1+", r"\1"),
        ("ee", "i"),
        ("oo", "u"),
        (f"er(?![{_V}y])", "X"),
        (f"(?<=[{_V}])r(?![{_V}y])", ""),
        ("ie", "i"),
        ("ou|ue|eu", "u"),
        ("[ae][iy](?![aeiou])", "ai"),
        (f"(?<=[{_V}])y(?![{_V}])", "i"),
        (f"(?<=[^{_V}])y|(?<=i)y", "i"),
        (f"(?<=[{_V}])w(?![{_V}])", "o"),
        (f"[dC](?![{_V}lrwy])", "t"),
        (f"b(?![{_V}lrwy])", "p"),
        (f"(?<=.)l(?![{_V}l])", "n"),
        ("(.)\\1+", r"\1"),
    )
)
VOWELS = re.compile(f"(?<=.)[{_V}]+|(?<=.)y")
STOPS = str.maketrans("dbf", "tpp")
SHORTEST_FRAME = 2
NEARLY_FROM = 5  # letters of a sound from which one may be another


@lru_cache(maxsize=WORDS_REMEMBERED)
def sounds(word: str) -> frozenset[str]:
    """How a word in Latin small letters may sound; two that have one in common sound the same."""
    parts = AMBIGUOUS.split(word[:LONGEST_WORD])
    ways = product(*(WAYS.get(part, (part,)) for part in parts))
    return frozenset(_folded("".join(way)) for way in ways)


def _folded(word: str) -> str:
    for written, said in FOLDED:
        word = written.sub(said, word)
    return word


@lru_cache(maxsize=WORDS_REMEMBERED)
def frame(sound: str) -> str:
    """The consonants of a sound, which stay where vowels are written in many ways or not at all."""
    begun = "a" + sound[1:] if sound[:1] in set(_V) else sound
    bare = re.sub(r"(.)\1+", r"\1", VOWELS.sub("", begun).translate(STOPS))
    return bare if len(bare) >= SHORTEST_FRAME else sound


def steps_apart(some: frozenset[str], others: frozenset[str]) -> int | None:
    """How many letters lie between two words as they sound: none, one or two; None for more."""
    if some & others:
        return 0
    framed = [(frame(other), other) for other in others]
    least = min(
        (
            (DamerauLevenshtein.distance(one, other, score_cutoff=2), one, other)
            for one, bare in ((one, frame(one)) for one in some)
            for theirs, other in framed
            if bare == theirs
        ),
        default=None,
    )
    if least is None:
        return None
    steps, one, other = least
    shorter = min(len(one), len(other))
    return steps if shorter >= NEARLY_FROM * steps else None


def begun(typed: str) -> frozenset[str]:
    """How a word in Latin letters may begin to sound that somebody has not typed to its end."""
    if not typed.isascii() or len(typed) < SHORTEST_FRAME:
        return frozenset()
    # What comes next is not known yet, so the last consonant does not end its syllable.
    rest = "ha" if typed.endswith("c") else "a"
    return sounds(typed) | {sound[:-1] for sound in sounds(typed + rest)}


def begins(whole: frozenset[str], typed: str) -> bool:
    """Whether a sound begins as what somebody has typed so far."""
    return any(sound.startswith(part) for sound in whole for part in begun(typed))


def forget_remembered() -> None:
    """Forgets the words that were remembered to be quick."""
    sounds.cache_clear()
    frame.cache_clear()
