"""Names for the town's people: a first name and an initial, in the languages of its guests."""

import numpy as np

from regulars.insight.arrays import IntArray

_LATIN_NAMES = """
Ada Alba Alma Ana Anna Anton Arthit Ben Bea Carla Carmen Chai Clara Daeng Daniel Diego
Elena Elif Ella Emil Emma Erik Eva Fern Finn Frida Greta Hanna Hugo Ida Ines Irma Ivy Jack
Jakob Javier Jonas Jule Kai Kanya Karl Klara Lara Leo Lina Lola Lotte Lucas Luis Luz Mai
Malee Mara Marco Marta Mateo Max Mia Mila Nico Nina Noah Noi Nong Nora Olga Oskar Otto
Pablo Paul Ploy Rosa Ruby Sara Sofia Somchai Suda Sunee Theo Tilda Tom Vera Wanda Yara Zoe
"""
_THAI_NAMES = """
กานต์ ชัย ดาว นภา นิด น้ำ ปลา พลอย ฟ้า มะลิ เมย์ แก้ว ใบเตย ไหม ต้น บัว ฝน ส้ม หนึ่ง อ้อม
"""
_LATIN = _LATIN_NAMES.split()
_THAI = _THAI_NAMES.split()
_INITIALS = "ABCDEFGHIJKLMNOPRSTUVWZ"
_THAI_INITIALS = "กขคจชดตทนบปพมยรลวสอ"


def names_for(rng: np.random.Generator, people: int) -> list[str]:
    """Names such as "Ana M." or "มะลิ ส.", drawn evenly; many people share one.

    Args:
        rng: The source of chance.
        people: How many names to draw.
    """
    first: IntArray = rng.integers(0, len(_LATIN) + len(_THAI), people)
    initial = rng.integers(0, 10**6, people)
    return [
        f"{_LATIN[f]} {_INITIALS[i % len(_INITIALS)]}."
        if f < len(_LATIN)
        else f"{_THAI[f - len(_LATIN)]} {_THAI_INITIALS[i % len(_THAI_INITIALS)]}."
        for f, i in zip(first.tolist(), initial.tolist(), strict=True)
    ]
