"""Thai names in Latin letters, as the Royal Thai General System of Transcription (RTGS) says them.

Thai writes some vowels before their consonant and leaves others out, so a word can often be read in
more than one way; what is likeliest comes first. Tones and lengths of vowels are not told.
"""

import re
from functools import lru_cache

READINGS = 6  # of a word that are kept
WORDS_REMEMBERED = 16_384
THAI = re.compile(r"[\u0e01-\u0e4e]+")

INITIAL = {
    **dict.fromkeys("ขฃคฅฆ", "kh"),
    **dict.fromkeys("จฉชฌ", "ch"),
    **dict.fromkeys("ฐฑฒถทธ", "th"),
    **dict.fromkeys("ฎด", "d"),
    **dict.fromkeys("ฏต", "t"),
    **dict.fromkeys("ณน", "n"),
    **dict.fromkeys("ผพภ", "ph"),
    **dict.fromkeys("ฝฟ", "f"),
    **dict.fromkeys("ซศษส", "s"),
    **dict.fromkeys("ญย", "y"),
    **dict.fromkeys("ลฬ", "l"),
    **dict.fromkeys("หฮ", "h"),
    "ก": "k",
    "ง": "ng",
    "บ": "b",
    "ป": "p",
    "ม": "m",
    "ร": "r",
    "ว": "w",
    "อ": "",
}
FINAL = {
    **dict.fromkeys("กขฃคฅฆ", "k"),
    **dict.fromkeys("จชซฎฏฐฑฒดตถทธศษส", "t"),
    **dict.fromkeys("ญณนรลฬ", "n"),
    **dict.fromkeys("บปพฟภ", "p"),
    "ง": "ng",
    "ม": "m",
    "ย": "i",
    "ว": "o",
}
# Two consonants that are said as one beginning, and how; where people write both, both.
CLUSTERS = {
    **{
        one + other: (INITIAL[one] + INITIAL[other],)
        for one, others in {
            **dict.fromkeys("กขคพ", "รลว"),
            "ต": "ร",
            "ป": "รล",
            "ผ": "ล",
        }.items()
        for other in others
    },
    **{"ห" + other: (INITIAL[other],) for other in "งญนมยรลว"},
    "ทร": ("s", "thr"),
    "ศร": ("s", "sr"),
    "สร": ("s", "sr"),
    "จร": ("ch",),
    "ซร": ("s",),
}
# Parts of names that are not said as they are written: within a word, and at its end where that differs.
AS_SAID = {
    "เกียรติ": ("kiat", "kiatti"),
    "เพชร": ("phet", "phetchara"),
    "จักร": ("chak", "chakkra", "chakka"),
    "วร": ("wora",),
    "บุตร": ("but", "buttra"),
    "มิตร": ("mit", "mittra"),
    "จิตร": ("chit", "chittra"),
    "จิตต": ("chit", "chitta"),
    "พรหม": ("phrom", "phromma"),
    "ธรรม": ("tham", "thamma"),
    "พัฒน": ("phat", "phatthana"),
    "วัฒน": ("watthana", "wat"),
    "รัตน": ("rattana", "rat"),
    "พัชร": ("phatchara", "phat"),
    "วัชร": ("watchara", "wat"),
    "ศิลป": ("sin", "sinlapa"),
    "กุล": ("kun", "kunla"),
    "ชล": ("chon", "chonla"),
    "วิมล": ("wimon",),
    "เจริญ": ("charoen",),
    "เฉลิม": ("chaloem",),
    "เกษม": ("kasem",),
    "เสมอ": ("samoe",),
    "เสริฐ": ("soet",),
    "เสริม": ("soem",),
    "สมุทร": ("samut",),
    "สมบูรณ": ("sombun",),
    "สวัสด": ("sawat",),
    "พฤกษ": ("phruek",),
    "อยุธยา": ("ayutthaya",),
    "สนธยา": ("sonthaya",),
    "วิทยา": ("witthaya",),
    "วัลย": ("wan",),
    "ไทย": ("thai",),
    "ไชย": ("chai", "chaiya"),
    "ไมย": ("mai",),
    "ชัย": ("chai", "chaiya"),
    "ทวี": ("thawi",),
    "ถวิล": ("thawin",),
    "สว่าง": ("sawang",),
    "สวาง": ("sawang",),
    "กวี": ("kawi",),
    "กวิน": ("kawin",),
    "ปวีณ": ("pawin",),
    "ผกา": ("phaka",),
    "สุข": ("suk", "sukkha"),
    "มุข": ("muk",),
    "ณัฐ": ("nat", "nattha"),
    "กิตติ": ("kitti",),
    "สันติ": ("santi",),
    "ศุภ": ("supha",),
    "สุภ": ("supha",),
    "อินทร": ("in", "intha", "inthara"),
    "จันทร": ("chan", "chanthara", "chanthra"),
    "ภัทร": ("phatthara", "phat"),
    "บริ": ("bori",),
    "ธีร": ("thira",),
    "วีร": ("wira",),
    "พีร": ("phira",),
    "จีร": ("chira",),
    "กฤษ": ("krit", "kritsa"),
    "อุดม": ("udom",),
    "กนก": ("kanok",),
    "กมล": ("kamon",),
    "ธน": ("thana",),
    "นพ": ("nop", "noppha"),
    "พงศ": ("phong", "phongsa"),
    "วงศ": ("wong", "wongsa"),
    "อิสร": ("itsara",),
    "ทรง": ("song",),
    "ทราย": ("sai",),
    "ทรัพย": ("sap",),
    "อัจฉรา": ("atchara",),
    "บัญชา": ("bancha",),
}
TITLES = ("นางสาว", "นาย", "นาง", "คุณ")

TONES = re.compile(r"[\u0e47-\u0e4b\u0e4d\u0e4e\u0e46\u0e2f]")
SILENT = re.compile(r"(?<=[ก-ฮ])[ตทษ][รณ]์|[ก-ฮ][ิุ]?์")
_C = "[ก-ฃคฅฆ-รลว-ฮ]"
_VOWEL_SIGNS = "ะัาำิีึืุู"
_F = f"(?P<f>[กขคฆงจชซญฎฏฐฑฒณดตถทธนบปพฟภมยรลวศษสฬ](?![{_VOWEL_SIGNS}])|[ตฒมธด](?=[ิุ]$))"
_I = "(?P<i>§)"
# What a syllable looks like, which vowel that is, and how unlikely it is to be meant so; once
# beginning with two consonants and once with one.
SYLLABLES = tuple(
    (re.compile(written.replace("§", begun).replace(_F + "?", final)), vowel, cost + more)
    for begun, final, more in (
        *(("|".join(sorted(CLUSTERS)), _F, 0.1), (_C, _F, 0.0)),
        *(("|".join(sorted(CLUSTERS)), "", 0.25), (_C, "", 0.15)),
    )
    for written, vowel, cost in (
        (f"แ{_I}ะ?{_F}?", "ae", 0.0),
        (f"เ{_I}ีย{_F}?", "ia", 0.0),
        (f"เ{_I}ือ{_F}?", "uea", 0.0),
        (f"เ{_I}าะ", "o", 0.0),
        (f"เ{_I}า", "ao", 0.0),
        (f"เ{_I}[ิี]{_F}", "oe", 0.0),
        (f"เ{_I}อะ?{_F}?", "oe", 0.0),
        (f"เ{_I}ย(?![{_VOWEL_SIGNS}])", "oei", 0.0),
        (f"เ{_I}ะ?{_F}?", "e", 0.1),
        (f"โ{_I}ะ?{_F}?", "o", 0.0),
        (f"[ใไ]{_I}ย?(?![{_VOWEL_SIGNS}])", "ai", 0.0),
        (f"{_I}ัวะ?{_F}?", "ua", 0.0),
        (f"{_I}ัย", "ai", 0.0),
        (f"{_I}ั{_F}", "a", 0.0),
        (f"{_I}ะ", "a", 0.0),
        (f"{_I}า{_F}?", "a", 0.0),
        (f"{_I}ำ", "am", 0.0),
        (f"{_I}[ิี]{_F}?", "i", 0.0),
        (f"{_I}[ึื]อ?{_F}?", "ue", 0.0),
        (f"{_I}[ุู]{_F}?", "u", 0.0),
        (f"{_I}รร{_F}", "a", 0.0),
        (f"{_I}รร(?![{_VOWEL_SIGNS}])", "an", 0.3),
        (f"{_I}ว{_F}", "ua", 0.7),
        (f"{_I}อ(?![{_VOWEL_SIGNS}]){_F}?", "o", 0.1),
        (f"{_I}?ฤ{_F}", "ri", 0.2),
        (f"{_I}?ฤ{_F}?", "rue", 0.3),
        (f"{_I}{_F}", "o", 0.7),
    )
)
BARE = re.compile(f"{_C}(?![{_VOWEL_SIGNS}])")
BARE_COST, LINKED_COST, SILENT_COST, LETTER_COST = 1.0, 1.3, 1.5, 5.0
SAID_LATER = 1.0  # two consonants after the vowel of them both, as in แก้ว
UNLIKELY = 2.0  # above the likeliest reading


def as_written(word: str) -> str:
    """A Thai word as slips are counted in it: what changes nothing but the tone is left out."""
    # NFKC takes the vowel "am" apart.
    return TONES.sub("", word.replace("\u0e4d\u0e32", "\u0e33"))


def without_title(word: str) -> str:
    """A Thai word without the "Mr", "Mrs" or "Khun" that people write together with the name."""
    for title in TITLES:
        rest = word.removeprefix(title)
        if rest != word and re.match(f"[เแโใไ]?{_C}[^์]", rest):
            return rest
    return word


@lru_cache(maxsize=WORDS_REMEMBERED)
def readings(word: str) -> tuple[str, ...]:
    """How a Thai word may be said, in Latin small letters, the likeliest first."""
    said = SILENT.sub("", as_written(word))
    found: list[list[tuple[float, str]]] = [[] for _ in said] + [[(0.0, "")]]
    for start in range(len(said) - 1, -1, -1):
        best: dict[str, float] = {}
        for end, cost, text in _beginnings(said, start):
            for further, rest in found[end]:
                whole = text + rest
                if cost + further < best.get(whole, LETTER_COST * len(said) + 1):
                    best[whole] = cost + further
        found[start] = sorted((cost, text) for text, cost in best.items())[:READINGS]
    return tuple(text for cost, text in found[0] if text and cost < found[0][0][0] + UNLIKELY)


def _beginnings(said: str, start: int) -> list[tuple[int, float, str]]:
    """What may be said first from a place on: where it ends, how unlikely it is, and how it sounds."""
    ways: list[tuple[int, float, str]] = []
    for part, sounds in AS_SAID.items():
        if said.startswith(part, start):
            end = start + len(part)
            ways += [(end, 0.05 * place, sound) for place, sound in enumerate(sounds)]
    for pattern, vowel, cost in SYLLABLES:
        match = pattern.match(said, start)
        if match is None:
            continue
        begun = match["i"] or ""
        more = SAID_LATER if begun[1:] == "ว" and said[start] in "เแโ" else 0.0
        for sound in CLUSTERS.get(begun) or (INITIAL.get(begun, ""),):
            final = match.groupdict().get("f")
            ways += _closed(said, match.end(), final, sound + vowel, cost + more)
    if BARE.match(said, start):
        last = start + 1 == len(said)
        ways.append((start + 1, BARE_COST + SILENT_COST * last, INITIAL[said[start]] + "a"))
    if start and said[start:] in ("ร", "ิ", "ุ"):
        ways.append((len(said), 0.0 if said[start] != "ร" else SILENT_COST, ""))
    return [*ways, (start + 1, LETTER_COST, INITIAL.get(said[start], ""))]


def _closed(
    said: str, end: int, final: str | None, sound: str, cost: float
) -> list[tuple[int, float, str]]:
    """A syllable with its last consonant, which may be said once more before the next one."""
    if not final:
        return [(end, cost, sound)]
    whole = sound + FINAL[final]
    ways = [(end, cost, whole)]
    if end < len(said) and final not in "ยวง":
        ways.append((end, cost + LINKED_COST, whole + INITIAL[final] + "a"))
    return ways


def forget_remembered() -> None:
    """Forgets the words that were remembered to be quick."""
    readings.cache_clear()
