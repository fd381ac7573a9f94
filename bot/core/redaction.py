"""Takes out of a text what must not be stored: citizen service numbers, IBANs, student numbers.

Out of what everybody may read, e-mail addresses and telephone numbers go as well.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

# What people put between the groups of a number; a chat client may send other blanks than a space.
_GAP = r"[\s()/.-]{0,3}"
# A Dutch one is known by its form; any other must not be mixed up with words such as "om 10 uur".
_IBAN = re.compile(
    rf"NL{_GAP}\d\d(?:{_GAP}[A-Z]){{4}}(?:{_GAP}\d){{10}}(?!\d)"
    rf"|[A-Z]{{2}}\d\d(?:{_GAP}[A-Z0-9]){{11,29}}",
    re.IGNORECASE,
)
_DATE = r"(?:(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d|[0-3]\d(?:0[1-9]|1[0-2])(?:19|20)\d\d)(?!\d)"
_BSN = re.compile(
    rf"""(?<!\d) (?<!€) (?<!€\s) (?!{_DATE})
    (?: \d{{8,9}}
      | (?<!\d[.,-])
        (?: \d{{2}}{_GAP}\d{{3}}{_GAP}\d{{3,4}}
          | \d{{3}}{_GAP}\d{{2,3}}{_GAP}\d{{3,4}}
          | \d{{4}}{_GAP}\d{{2}}{_GAP}\d{{3}} )
        (?![.,-]\d) )
    (?!\d)""",
    re.VERBOSE,
)
# Ten digits from the 0 on, or nine after the country. Other digits close by make it no telephone
# number: they may belong to a citizen service number, of which nothing may stay.
_PHONE = (
    rf"(?<!\w)(?<!\d[\s.-])(?:(?:\+\d\d|0031)(?:{_GAP}0)?{_GAP}[1-9](?:{_GAP}\d){{7}}"
    rf"|06(?:{_GAP}\d){{7}}|0[1-9]\d(?:{_GAP}\d){{6}})\d(?![\s.-]{{0,3}}\d)"
)
# Bounded (RFC 5321: 64 signs, then 255), so that a long text without one costs no more than others.
_EMAIL = re.compile(
    r"""[^\s<>()\[\]{},;:"'@]{1,64}@[^\s<>()\[\]{},;:"'@]{0,254}[^\W_]""",
)
# Wider than `_PHONE`: here a number too many may go, but none may stay.
_ANY_PHONE = re.compile(
    rf"(?<![\w+])(?:\(?(?:\+|00)\d\d\)?(?:{_GAP}0)?(?:{_GAP}\d){{8,11}}"
    rf"|\(?0[1-9](?:{_GAP}\d){{8}}|6(?:{_GAP}\d){{8}})(?!\d)"
)
_DIGIT = re.compile(r"\d")
_BSN_DIGITS = 9
_OLD_BSN_DIGITS = 8
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}


class Secret(StrEnum):
    """What was taken out."""

    BSN = "bsn"
    IBAN = "iban"
    STUDENT = "student"


_WORDS = {Secret.BSN: "[bsn]", Secret.IBAN: "[iban]", Secret.STUDENT: "[studentnummer]"}
_EMAIL_WORD, _PHONE_WORD = "[e-mail]", "[telefoon]"
_ANY_WORD = re.compile(
    "|".join(re.escape(word) for word in (*_WORDS.values(), _EMAIL_WORD, _PHONE_WORD))
)
_KEPT = re.compile(f"({_PHONE}|{'|'.join(map(re.escape, _WORDS.values()))})")


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
    """Tell whether a text without blanks passes the mod 97 test (ISO 13616).

    Its length must be the country's (source: SWIFT, IBAN Registry).
    """
    if len(text) != _IBAN_LENGTHS.get(text[:2].upper()):
        return False
    if not (text.isascii() and text.isalnum() and text[2:4].isdigit()):
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def redact(text: str, student_number: re.Pattern[str]) -> Redacted:
    """Replace each secret by a word for its kind, such as `[bsn]`. Done twice it changes nothing.

    Telephone numbers, amounts in euros and dates stay. `student_number` is the college's own
    pattern; it is tried last, so that a number that is also a citizen service number is named so.
    """
    clean = text
    # What was taken out may have hidden a neighbour, as in a row of numbers with dots between.
    while (again := _once(clean, student_number)) != clean:
        clean = again
    if clean == text:
        return Redacted(text, frozenset())
    found = (kind for kind, word in _WORDS.items() if clean.count(word) > text.count(word))
    return Redacted(clean, frozenset(found))


def without_contacts(text: str) -> str:
    """Replace each e-mail address and telephone number by a word for its kind.

    To be used on what `redact` returned: it knows a telephone number from a citizen service number.
    """
    return _ANY_PHONE.sub(_PHONE_WORD, _EMAIL.sub(_EMAIL_WORD, text))


def without_words(text: str) -> str:
    """Leave out the words for what was taken out: they say nothing of what the text is about."""
    return " ".join(_ANY_WORD.sub(" ", text).split())


def _once(text: str, student_number: re.Pattern[str]) -> str:
    if _DIGIT.search(text):
        text = _replace(text, _IBAN, _end_of_iban, _WORDS[Secret.IBAN])
        text = _around_kept(
            text, lambda part: _replace(part, _BSN, _end_of_bsn, _WORDS[Secret.BSN])
        )
    elif "[" not in text:  # nothing is kept either
        return _without_students(text, student_number)
    return _around_kept(text, lambda part: _without_students(part, student_number))


def _without_students(text: str, number: re.Pattern[str]) -> str:
    # A college without such numbers may have an empty pattern: it matches, but takes nothing.
    return number.sub(lambda m: m[0] and _WORDS[Secret.STUDENT], text)


def _around_kept(text: str, change: Callable[[str], str]) -> str:
    parts = _KEPT.split(text)
    parts[::2] = map(change, parts[::2])
    return "".join(parts)


def _replace(
    text: str, pattern: re.Pattern[str], end_of: Callable[[re.Match[str]], int | None], word: str
) -> str:
    done, start, kept = 0, 0, []
    while match := pattern.search(text, start):
        if end := end_of(match):
            kept += [text[done : match.start()], word]
            done = start = end
        else:
            # The secret may begin inside what only looked like one.
            start = match.start() + 1
    return "".join([*kept, text[done:]])


def _end_of_bsn(match: re.Match[str]) -> int | None:
    return match.end() if is_bsn(re.sub(r"\D", "", match[0])) else None


def _end_of_iban(match: re.Match[str]) -> int | None:
    # The pattern runs on into the words behind the number: try it up to each of them.
    ends = [group.end() for group in re.finditer(r"[^\W_]+", match[0])]
    for end in reversed(ends):
        if is_iban(re.sub(r"[\W_]", "", match[0][:end])):
            return match.start() + end
    return None
