"""Rows: the FAQ, what is proposed for it, and what was asked of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from bot.store.tables.base import Moment, Row, Sortable


class EntryRow(Row, table=True):
    """An entry as it is now; `body` is what stands in a FAQ file."""

    __tablename__ = "faq_entry"
    id: str = Field(primary_key=True, sa_type=Sortable)
    domain: str
    body: dict[str, Any] = Field(sa_type=JSON)
    origin: str = ""
    edited: bool = False
    retired: bool = False
    proposed: str = ""


class RevisionRow(Row, table=True):
    """An entry as it became at some moment. Ids only grow: they are the version of the FAQ."""

    __tablename__ = "faq_revision"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int = Field(default=None, primary_key=True)
    entry: str = Field(foreign_key="faq_entry.id", index=True, sa_type=Sortable)
    body: dict[str, Any] = Field(sa_type=JSON)
    who: int | None = Field(default=None, foreign_key="person.id")
    why: str
    at: datetime = Field(sa_type=Moment)


class ProposalRow(Row, table=True):
    """What a newer shipped FAQ would make of an entry that the college edited."""

    __tablename__ = "faq_proposal"
    id: int = Field(default=None, primary_key=True)
    entry: str = Field(foreign_key="faq_entry.id", index=True, sa_type=Sortable)
    body: dict[str, Any] = Field(sa_type=JSON)
    digest: str
    at: datetime = Field(sa_type=Moment)
    state: str = "open"


class SuggestionRow(Row, table=True):
    """What a coach would add to the FAQ. Texts are NULL once forgotten.

    Of its own, beside `faq_proposal`: that holds a version of an entry that the program ships, this
    what people wrote, who decides on it, and why. `entry` NULL is a new entry.
    """

    __tablename__ = "faq_suggestion"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    proposer: int = Field(foreign_key="person.id", index=True)
    question: int | None = Field(default=None, foreign_key="question.id", index=True)
    entry: str | None = Field(
        default=None, foreign_key="faq_entry.id", index=True, sa_type=Sortable
    )
    title: str | None
    answer: str | None
    wording: str | None
    domain: str
    level: str
    role: str
    state: str
    reason: str | None
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    at: datetime = Field(sa_type=Moment, index=True)
    decided: datetime | None = Field(default=None, sa_type=Moment)


class AskedRow(Row, table=True):
    """A question. `text` is NULL once forgotten; `choice` is '' for none of the choices.

    `conversation` is where it was asked, so that the next one there can go on about it.
    """

    __tablename__ = "asked_question"
    id: int = Field(default=None, primary_key=True)
    person: int = Field(foreign_key="person.id", index=True)
    text: str | None
    outcome: str
    entry: str | None = Field(
        default=None, foreign_key="faq_entry.id", index=True, sa_type=Sortable
    )
    choice: str | None = None
    score: float
    at: datetime = Field(sa_type=Moment, index=True)
    conversation: str | None = None


class RatingRow(Row, table=True):
    """Whether an entry helped a person; their last word counts."""

    __tablename__ = "rating"
    person: int = Field(primary_key=True, foreign_key="person.id")
    entry: str = Field(primary_key=True, foreign_key="faq_entry.id", index=True, sa_type=Sortable)
    asked: int | None = Field(default=None, foreign_key="asked_question.id", index=True)
    helped: bool
    at: datetime = Field(sa_type=Moment, index=True)
