"""What stands where a name belongs and is none: pure rules.

A name has a letter, be it a single one, or a picture as some sign themselves with; and it is none of the words by
which people say that they do not know, in four languages. Addresses and numbers are no names.
"""

import re
import unicodedata
from typing import Literal

from regulars.people.names import visible

# Of whole names alone, and only what nobody is called: there are people called Anon (อานนท์), Nan, Nil, Na or No, and
# families called Guest, Noone or Keiner. What programs write of nobody stays, as "null".
WORDS_FOR_NOBODY = frozenset(
    (
        *("unknown", "not known", "nobody", "no one", "none", "no name", "noname", "n/a", "n.a"),
        *("anonymous", "somebody", "someone", "don't know", "dont know", "do not know", "dunno"),
        *("i don't know", "i dont know", "no idea", "not sure", "null", "undefined", "walk-in", "walk in"),
        *("unbekannt", "unbekannte", "unbekannter", "niemand", "keine", "jemand", "irgendwer"),
        *("anonym", "weiß nicht", "weiss nicht", "weiß ich nicht", "weiss ich nicht", "keine ahnung"),
        *("keine angabe", "k.a", "k. a", "nicht bekannt", "ohne name", "ohne namen", "laufkundschaft"),
        *("desconocido", "desconocida", "nadie", "ninguno", "ninguna", "alguien", "anónimo", "anonimo"),
        *("anónima", "anonima", "no sé", "no se", "no lo sé", "no lo se", "no sabe", "ns/nc", "sin nombre"),
        *("no consta", "ni idea", "ไม่รู้จัก", "ไม่รู้", "ไม่ทราบ", "ไม่ทราบชื่อ", "ไม่รู้ชื่อ", "ไม่มี", "ไม่มีชื่อ"),
        *("ไม่มีใคร", "ไม่ระบุ", "ไม่ระบุชื่อ", "ไม่แน่ใจ", "จำไม่ได้", "ใครก็ไม่รู้", "ใครไม่รู้", "นิรนาม"),
    )
)  # fmt: skip
PICTURE = "So"  # of Unicode: emoji, and other signs that are no letters
AROUND = " .,;:!?¿¡…-–—_*~#()[]{}<>\"'’‘“”„«»"
EMAIL_LIKE = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
FEWEST_OF_A_PHONE = 5  # digits; what has fewer is no number that anybody is called at

Instead = Literal["phone", "email"]


def is_name(text: str) -> bool:
    """Whether somebody may be called so."""
    seen = visible(text)
    if instead_of_a_name(seen) or not any(map(_tells, seen)):
        return False
    return " ".join(seen.casefold().split()).strip(AROUND) not in WORDS_FOR_NOBODY


def instead_of_a_name(text: str) -> Instead | None:
    """What stands in the place of a name: an e-mail address or a phone number; None for anything else."""
    seen = visible(text)
    if EMAIL_LIKE.fullmatch(seen):
        return "email"
    has_letters = any(map(_tells, seen))
    return "phone" if not has_letters and sum(map(str.isdigit, seen)) >= FEWEST_OF_A_PHONE else None


def _tells(sign: str) -> bool:
    return sign.isalpha() or unicodedata.category(sign) == PICTURE
