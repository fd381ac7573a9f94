"""From a message to words, stems and character pieces. Pure, and the same for texts and queries."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

import snowballstemmer

MAX_LENGTH = 2_000
"""Signs of a message that are looked at; the rest adds no meaning, only time."""

_KEPT = b"abcdefghijklmnopqrstuvwxyz0123456789"
_BLANKED = bytes(byte if byte in _KEPT else ord(" ") for byte in range(256))
_BLANKED_BUT_ENDS = bytes(byte if byte == ord("\n") else _BLANKED[byte] for byte in range(256))
_APOSTROPHE = re.compile(r"(?<=\w)['‘’ʼ`](?=\w)")
_HYPHEN_PREFIX = re.compile(r"\b([iem])[-‐](?=[a-z])")
_REPEATED = re.compile(r"([a-z])\1\1+")
_ACUTE = str.maketrans("´", "'")  # typed for an apostrophe; decomposed it would become a blank
_PIECE = 4
"""Signs of a piece of a word. With 3, with 5 and with several sizes matching is no better."""
_stemmer = snowballstemmer.stemmer("dutch")


@lru_cache(maxsize=64)  # one message is normalised for each of those who look at it
def normalise(text: str) -> str:
    """Return lower-case words without accents and punctuation. Doing it twice changes nothing."""
    plain = text[:MAX_LENGTH]
    plain = plain.lower() if plain.isascii() else _without_accents(plain)
    # Looking first is much faster than replacing nothing, and an index has many texts.
    if "'" in plain or "`" in plain or "-" in plain or not plain.isascii():
        plain = _HYPHEN_PREFIX.sub(r"\1", _APOSTROPHE.sub("", plain))
    if _REPEATED.search(plain):
        plain = _REPEATED.sub(r"\1\1", plain)
    said = plain.encode("ascii", "replace").translate(_BLANKED).split()
    return b" ".join(said).decode()[:MAX_LENGTH].rstrip()


def normalised(texts: Sequence[str]) -> list[str]:
    """Return each of the texts normalised: in one go, where they are plain, as most are."""
    joined = "\n".join(texts)
    if not joined.isascii() or joined.count("\n") != len(texts) - 1 or len(joined) > MAX_LENGTH:
        return list(map(normalise, texts))
    # A line's end is no sign of a word, and so a wall to all that is replaced.
    plain = joined.lower()
    if "'" in plain or "`" in plain or "-" in plain:
        plain = _HYPHEN_PREFIX.sub(r"\1", _APOSTROPHE.sub("", plain))
    if _REPEATED.search(plain):
        plain = _REPEATED.sub(r"\1\1", plain)
    said = plain.encode().translate(_BLANKED_BUT_ENDS).decode()
    while "  " in said:
        said = said.replace("  ", " ")
    return said.replace(" \n", "\n").replace("\n ", "\n").strip(" ").split("\n")


def _without_accents(text: str) -> str:
    # Decomposed first: some letters, such as bold ones, only then have a lower case.
    signs = unicodedata.normalize("NFKD", text.translate(_ACUTE)).casefold()
    return "".join(sign for sign in signs if unicodedata.category(sign) not in {"Mn", "Cf"})


def words(text: str) -> list[str]:
    """Return the words of a message."""
    return normalise(text).split()


@cache
def stop_words() -> frozenset[str]:
    """Return words that say nothing about the subject: function words and chat fillers."""
    listed = files("bot.knowledge").joinpath("stop_words.txt").read_text("utf-8")
    return frozenset(word for line in listed.splitlines() for word in words(line.split("#")[0]))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the Dutch stem of one word."""
    return str(_stemmer.stemWord(word))


def stems(text: str) -> list[str]:
    """Return the stems of all words but the stop words, in their order."""
    return [stem(word) for word in words(text) if word not in stop_words()]


def content(text: str) -> frozenset[str]:
    """Return the set of content stems: what makes two variants differ."""
    return frozenset(stems(text))


@lru_cache(maxsize=50_000)
def pieces_of(word: str) -> tuple[str, ...]:
    """Return the pieces of 4 signs of a word, its edges marked by blanks; one sign has none."""
    padded = f" {word} "
    return tuple(padded[start : start + _PIECE] for start in range(len(padded) - _PIECE + 1))
