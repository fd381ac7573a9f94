"""Decisions about texts and entries: filling in a college's fields, and what an upgrade changes."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.knowledge.model import Entry, SeedPlan, Shipped, StoredEntry

_FIELD = re.compile(r"\{\{|\}\}|\{(\w+)\}")
"""A field, or a doubled brace, which is one brace that begins no field."""
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-ZÀ-Þ'\"‘“(0-9{])")
_BLANKS = re.compile(r"\n{3,}")
_MARK = re.compile(r"\s*(?:(\d+)\.|[-*•])\s+")


def fields_of(text: str) -> set[str]:
    """Return the names in braces of a text. Other braces are signs like any other."""
    return {field[1] for field in _FIELD.finditer(text) if field[1]}


def without_fields(text: str) -> str:
    """Return the text with a blank in the place of each field."""
    return _FIELD.sub(" ", text)


def as_written(text: str) -> str:
    """Return the text that `fill` makes this one of: what people put in braces is no field."""
    return text.replace("{", "{{").replace("}", "}}")


def fill(text: str, fields: Mapping[str, str]) -> str:
    """Fill in the college's fields; a sentence with a field that is missing is left out whole.

    Steps (`1. …`) are numbered anew, so that no number is missing either.
    """
    return _filled(text, tuple([(name, fields.get(name, "")) for name in _named(text)]))


@lru_cache(maxsize=2_000)
def _named(text: str) -> tuple[str, ...]:
    return tuple(sorted(fields_of(text)))


@lru_cache(maxsize=2_000)  # an answer is read by many, of few places
def _filled(text: str, values: tuple[tuple[str, str], ...]) -> str:
    fields = dict(values)
    lines: list[str] = []
    step = 0
    for line in text.strip().splitlines():
        mark = _MARK.match(line)
        kept = _fill_line(line[mark.end() :] if mark else line, fields)
        if mark and mark[1] == "1":
            step = 0
        if mark and kept:
            step += 1
            kept = f"{step}. {kept}" if mark[1] else mark[0] + kept
        if kept or not line.strip():
            lines.append(kept)
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip()


def _fill_line(line: str, fields: Mapping[str, str]) -> str:
    if "{" not in line:
        return _SENTENCE.sub(" ", line.strip())
    whole = [
        _FIELD.sub(lambda field: fields[field[1]] if field[1] else field[0][0], sentence)
        for sentence in _SENTENCE.split(line.strip())
        if all(fields.get(name) for name in fields_of(sentence))
    ]
    return " ".join(whole)


def digest(body: str) -> str:
    """Return what tells one version of a shipped entry from another."""
    return hashlib.sha256(body.encode()).hexdigest()


def plan_seed(shipped: Sequence[Shipped], stored: Sequence[StoredEntry]) -> SeedPlan:
    """Compare the shipped FAQ with the stored one.

    An entry that the college edited is never overwritten: a newer shipped version comes as a
    proposal, once. An entry of the college's own, or one it edited, is never retired either. An
    entry that was retired because it was no longer shipped comes back when it is shipped again.
    """
    known = {one.entry.id: one for one in stored}
    ids = {one.entry.id for one in shipped}
    both = [(one, known[one.entry.id]) for one in shipped if one.entry.id in known]
    return SeedPlan(
        new=tuple(one for one in shipped if one.entry.id not in known),
        changed=tuple(
            one for one, old in both if not old.edited and (old.retired or old.origin != one.digest)
        ),
        proposed=tuple(
            one for one, old in both if old.edited and one.digest not in {old.origin, old.proposed}
        ),
        retired=tuple(
            old.entry.id
            for old in stored
            if old.origin and not old.edited and not old.retired and old.entry.id not in ids
        ),
    )


def title_of(entry: Entry, language: str) -> str:
    """Return the title in a language; Dutch where there is no English one."""
    return entry.english.title if language == "en" and entry.english else entry.title
