"""Decisions about texts and entries: filling in a college's fields, and what an upgrade changes."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from string import Formatter

from bot.knowledge.model import Entry, SeedPlan, Shipped, StoredEntry

_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z'\"‘“0-9])")
_STEP = re.compile(r"^\d+\.\s+")


def fields_of(text: str) -> set[str]:
    """Return the names in braces of a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def fill(text: str, fields: Mapping[str, str]) -> str:
    """Fill in the college's fields; a sentence with a field that is missing is left out whole.

    Steps (`1. …`) are numbered anew, so that no number is missing either.
    """
    lines: list[str] = []
    step = 0
    for line in text.strip().splitlines():
        numbered = _STEP.match(line)
        kept = _fill_line(line[numbered.end() :] if numbered else line, fields)
        if numbered and kept:
            step += 1
            kept = f"{step}. {kept}"
        if kept or not line.strip():
            lines.append(kept)
    return "\n".join(lines).strip()


def _fill_line(line: str, fields: Mapping[str, str]) -> str:
    whole = [
        sentence.format_map(fields)
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
    proposal, once. An entry of the college's own, or one it edited, is never retired either.
    """
    known = {one.entry.id: one for one in stored}
    ids = {one.entry.id for one in shipped}
    differing = [
        (one, old)
        for one in shipped
        if (old := known.get(one.entry.id)) and (old.origin != one.digest)
    ]
    return SeedPlan(
        new=tuple(one for one in shipped if one.entry.id not in known),
        changed=tuple(one for one, old in differing if not old.edited),
        proposed=tuple(one for one, old in differing if old.edited and old.proposed != one.digest),
        retired=tuple(
            old.entry.id
            for old in stored
            if old.origin and not old.edited and not old.retired and old.entry.id not in ids
        ),
    )


def title_of(entry: Entry, language: str) -> str:
    """Return the title in a language; Dutch where there is no English one."""
    return entry.english.title if language == "en" and entry.english else entry.title
