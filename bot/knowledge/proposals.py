"""Decisions about what a coach proposes: is it complete, may all read it, what entry it makes."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.core.ids import EntryId
from bot.core.redaction import Secret, redact, without_contacts, without_words
from bot.knowledge.model import Entry, Level, Owner, Proposal
from bot.knowledge.normalise import normalise, words
from bot.knowledge.rules import as_written, without_fields

LONGEST_TITLE = 200
LONGEST_ANSWER = 4_000
LONGEST_WORDING = 2_000
LONGEST_REASON = 1_000
REVIEW = timedelta(days=180)
LONGEST_ID = 60
NAMELESS = "entry"
"""The id of an entry in whose title there is nothing to make one of."""
_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


class Problem(StrEnum):
    """What is wrong with a form: the last word of a key in the catalogues."""

    NO_TITLE = "no_title"
    LONG_TITLE = "long_title"
    NO_ANSWER = "no_answer"
    LONG_ANSWER = "long_answer"
    LONG_WORDING = "long_wording"
    NO_DOMAIN = "no_domain"
    NO_LEVEL = "no_level"
    ENTRY_GONE = "entry_gone"
    NO_REASON = "no_reason"
    LONG_REASON = "long_reason"


@dataclass(frozen=True)
class Form:
    """What stands in the form, typed or filled in. `near` empty is a new entry."""

    title: str
    answer: str
    wording: str = ""
    domain: str = ""
    level: str = ""
    near: str = ""
    replaces: bool = False

    @classmethod
    def of(cls, proposal: Proposal) -> "Form":
        """Return the form that says what a proposal says."""
        return cls(
            proposal.title,
            proposal.answer,
            proposal.wording,
            proposal.domain,
            proposal.level,
            proposal.entry or "",
        )

    @property
    def entry(self) -> EntryId | None:
        return EntryId(self.near) if self.near else None


def tidy(text: str) -> str:
    """Return what people typed as it can be stored: no NUL, no half an emoji, plain line ends."""
    clean = text.replace("\0", "").encode("utf-8", "replace").decode()
    return _ENDS.sub("\n", clean).strip()


def tidied(form: Form) -> Form:
    """Return a form whose texts can be stored; a title and a wording are one line."""
    return replace(
        form,
        title=" ".join(tidy(form.title).split()),
        answer=tidy(form.answer),
        wording=" ".join(tidy(form.wording).split()),
    )


def problem(form: Form, domains: Collection[str]) -> Problem | None:
    """Return the first thing that is wrong with a tidied form; None when it is complete."""
    found = {
        Problem.NO_TITLE: not normalise(form.title),
        Problem.LONG_TITLE: len(form.title) > LONGEST_TITLE,
        Problem.NO_ANSWER: not form.answer,
        Problem.LONG_ANSWER: len(form.answer) > LONGEST_ANSWER,
        Problem.LONG_WORDING: len(form.wording) > LONGEST_WORDING,
        Problem.NO_DOMAIN: form.domain not in domains,
        Problem.NO_LEVEL: form.level not in set(Level),
    }
    return next((what for what, wrong in found.items() if wrong), None)


def reason_problem(reason: str) -> Problem | None:
    """Return what is wrong with why a proposal is refused."""
    if not reason:
        return Problem.NO_REASON
    return Problem.LONG_REASON if len(reason) > LONGEST_REASON else None


def published(form: Form, student_number: re.Pattern[str]) -> tuple[Form, frozenset[Secret]]:
    """Return what everybody may read, and which secrets were taken out.

    The title and the wording are, or were, the asker's own words: they lose e-mail addresses and
    telephone numbers as well. In an answer they may be just what is asked for.
    """
    title, answer, wording = (
        redact(text, student_number) for text in (form.title, form.answer, form.wording)
    )
    clean = replace(
        form,
        title=without_contacts(title.text),
        answer=answer.text,
        wording=without_contacts(wording.text),
    )
    return clean, title.found | answer.found | wording.found


def new_entry(proposal: Proposal, taken: Collection[EntryId], today: date) -> Entry:
    """Return the entry that a proposal becomes; `taken` are all ids, of retired entries as well."""
    entry = Entry(
        id=_id_for(proposal.title, taken),
        domain=proposal.domain,
        title=as_written(proposal.title),
        answer=as_written(proposal.answer),
        level=proposal.level,
        role=proposal.role,
        owner=Owner.COACHES,
        reviewed_on=today,
        review_after=today + REVIEW,
    )
    return replace(entry, variants=_with(_with((), proposal.wording), proposal.title))


def changed_entry(entry: Entry, proposal: Proposal, today: date, *, replaces: bool) -> Entry:
    """Return an entry with one wording more, and with `replaces` with the proposal's answer.

    A new answer was looked at today, and has no English yet: the old one would contradict it.
    """
    title = normalise(without_fields(entry.title))
    known = title == normalise(proposal.wording)
    variants = entry.variants if known else _with(entry.variants, proposal.wording)
    if not replaces:
        return replace(entry, variants=variants)
    return replace(
        entry,
        variants=variants,
        answer=as_written(proposal.answer),
        english=None,
        reviewed_on=today,
        review_after=today + REVIEW,
    )


def _with(variants: tuple[str, ...], wording: str) -> tuple[str, ...]:
    """Return the wordings with one more, unless it is among them or says nothing."""
    said = without_words(wording)
    known = {normalise(one) for one in variants}
    return variants if normalise(said) in {"", *known} else (*variants, said)


def _id_for(title: str, taken: Collection[EntryId]) -> EntryId:
    name = ""
    for word in words(title):
        if len(name) + len(word) < LONGEST_ID:
            name = f"{name}-{word}" if name else word
    name = name or NAMELESS
    number, found = 1, EntryId(name)
    while found in taken:
        number += 1
        found = EntryId(f"{name}-{number}")
    return found
