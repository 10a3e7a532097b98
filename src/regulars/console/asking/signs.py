"""The signs that people write for currencies, as Unicode's CLDR has them where each is paid.

A sign alone is read by the currency of the business: ¥ are yen in Kyoto and yuan in Wuhan.
"""

from functools import cache

SIGNS = {
    "€": "EUR",
    "$": "ARS AUD BBD BMD BND BSD BZD CAD CLP COP CUP CVE DOP FJD GYD HKD JMD KYD LRD MXN NAD NIO NZD SBD SGD SRD TOP "
    "TTD TWD USD UYU WST XCD",
    "US$": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD NIO",
    "CA$": "CAD",
    "HK$": "HKD",
    "MX$": "MXN",
    "NT$": "TWD",
    "NZ$": "NZD",
    "R$": "BRL",
    "S$": "SGD",
    "£": "EGP FKP GBP GIP LBP SDG SHP SSP SYP",
    "¥": "CNY JPY",
    "￥": "CNY JPY",
    "円": "JPY",
    "元": "CNY TWD",
    "฿": "THB",
    "₩": "KPW KRW",
    "₫": "VND",
    "₱": "PHP",
    "₹": "INR",
    "₨": "INR LKR MUR NPR PKR SCR",
    "Rs": "INR LKR MUR NPR PKR SCR",
    "Rs.": "INR LKR MUR NPR PKR SCR",
    "৳": "BDT",
    "₭": "LAK",
    "៛": "KHR",
    "₮": "MNT",
    "₸": "KZT",
    "₾": "GEL",
    "₼": "AZN",
    "֏": "AMD",
    "₺": "TRY",
    "₪": "ILS",
    "₽": "RUB",
    "₴": "UAH",
    "₦": "NGN",
    "₵": "GHS",
    "₡": "CRC",
    "₲": "PYG",
    "kr": "DKK ISK NOK SEK",
    "kr.": "DKK ISK NOK SEK",
    "Fr": "CHF",
    "Fr.": "CHF",
    "SFr.": "CHF",
    "Kč": "CZK",
    "zł": "PLN",
    "Ft": "HUF",
    "lei": "MDL RON",
    "лв": "BGN",
    "лв.": "BGN",
    "Rp": "IDR",
    "RM": "MYR",
    "R": "ZAR",
    "S/": "PEN",
    "S/.": "PEN",
    "Bs": "BOB VES",
    "Bs.": "BOB VES",
    "RD$": "DOP",
    "Q": "GTQ",
}


@cache
def signs_of(currency: str) -> frozenset[str]:
    """The signs that are written for a currency, in small letters.

    Args:
        currency: ISO 4217.
    """
    return frozenset(sign.casefold() for sign, codes in SIGNS.items() if currency in codes.split())


@cache
def is_sign(text: str) -> bool:
    """Whether a text is the sign of some currency, in letters of any size."""
    return text.casefold() in {sign.casefold() for sign in SIGNS}
