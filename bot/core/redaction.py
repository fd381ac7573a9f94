"""Takes out of a text what must not be stored: citizen service numbers, IBANs, student numbers."""

import re
from dataclasses import dataclass
from enum import StrEnum

_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{2,4}){3,8}\b", re.IGNORECASE)
_BSN = re.compile(r"(?<![\d.,-])\d{3}[ .]?\d{2,3}[ .]?\d{3,4}(?![\d-]|[.,]\d)")
_BSN_DIGITS = 9
_OLD_BSN_DIGITS = 8
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_IBAN_LENGTHS = range(15, 35)


class Secret(StrEnum):
    """What was taken out."""

    BSN = "bsn"
    IBAN = "iban"
    STUDENT = "student"


@dataclass(frozen=True)
class Redacted:
    """A text without its secrets, and which kinds stood in it."""

    text: str
    found: frozenset[Secret]


def is_bsn(digits: str) -> bool:
    """Tell whether 8 or 9 digits pass the eleven test of the citizen service number.

    The ninth weight is -1 (source: Logisch Ontwerp BSN, RvIG). All zeros pass the sum but are none.
    """
    padded = digits.zfill(_BSN_DIGITS)
    if len(digits) not in (_OLD_BSN_DIGITS, _BSN_DIGITS) or not int(padded):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_BSN_WEIGHTS, padded, strict=True))
    return total % 11 == 0


def is_iban(text: str) -> bool:
    """Tell whether a text without blanks passes the mod 97 test (ISO 13616)."""
    if len(text) not in _IBAN_LENGTHS or not text[:2].isalpha() or not text[2:4].isdigit():
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def redact(text: str, student_number: re.Pattern[str]) -> Redacted:
    """Replace each secret by a word for its kind, such as `[bsn]`. Done twice it changes nothing.

    `student_number` is the college's own pattern; it is tried last, so that a number that is also
    a citizen service number is named as such.
    """
    found: set[Secret] = set()

    def iban(match: re.Match[str]) -> str:
        # The pattern is greedy over blanks: a word after the number may have been caught as well.
        parts = match.group().split(" ")
        for end in range(len(parts), 0, -1):
            if is_iban("".join(parts[:end])):
                found.add(Secret.IBAN)
                return " ".join(["[iban]", *parts[end:]])
        return match.group()

    def bsn(match: re.Match[str]) -> str:
        if not is_bsn(re.sub(r"\D", "", match.group())):
            return match.group()
        found.add(Secret.BSN)
        return "[bsn]"

    def student(match: re.Match[str]) -> str:
        if match.group().startswith("["):
            return match.group()
        found.add(Secret.STUDENT)
        return "[studentnummer]"

    clean = student_number.sub(student, _BSN.sub(bsn, _IBAN.sub(iban, text)))
    return Redacted(clean, frozenset(found))
