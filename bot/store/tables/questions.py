"""Rows: questions that a person answers, who is asked, and who is away."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from bot.store.tables.base import Moment, Row


class QuestionRow(Row, table=True):
    """A question on its way. `text`, `note` and `answer` are NULL once forgotten.

    `version` is the condition of every write; `due` is when time does something to it.
    """

    __tablename__ = "question"
    __table_args__ = (
        Index(
            "ix_question_due",
            "due",
            sqlite_where=text("due IS NOT NULL"),
            postgresql_where=text("due IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    asker: int = Field(foreign_key="person.id", index=True)
    asked: int | None = Field(default=None, foreign_key="asked_question.id", index=True)
    text: str | None
    note: str | None
    source: str
    language: str
    topic: str
    level: str
    role: str
    wanted: int | None = Field(default=None, foreign_key="person.id")
    urgent: bool
    state: str = Field(index=True)
    version: int
    ring: int
    round: int
    holder: int | None = Field(default=None, foreign_key="person.id", index=True)
    due: datetime | None = Field(default=None, sa_type=Moment)
    created: datetime = Field(sa_type=Moment, index=True)
    claimed: datetime | None = Field(default=None, sa_type=Moment)
    answered: datetime | None = Field(default=None, sa_type=Moment)
    closed: datetime | None = Field(default=None, sa_type=Moment)
    answer: str | None
    solved: bool | None = None
    felt: int | None = None
    proximity: float | None = None
    claim_minutes: float | None = None
    ending: str | None = None


class QuestionEventRow(Row, table=True):
    """What happened to a question; rows are only added. `text` is NULL once forgotten."""

    __tablename__ = "question_event"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int = Field(default=None, primary_key=True)
    question: int = Field(foreign_key="question.id", index=True)
    act: str
    at: datetime = Field(sa_type=Moment, index=True)
    who: int | None = Field(default=None, foreign_key="person.id")
    other: int | None = Field(default=None, foreign_key="person.id")
    text: str | None
    ending: str | None = None
    felt: int | None = None
    # Of whose help, and of which team the asker was: as it was then, also when either moves.
    coach: int | None = None
    team: int | None = None


class OfferRow(Row, table=True):
    """A coach was asked, once a round."""

    __tablename__ = "offer"
    question: int = Field(primary_key=True, foreign_key="question.id")
    coach: int = Field(primary_key=True, foreign_key="person.id", index=True)
    round: int = Field(primary_key=True)
    ring: int
    at: datetime = Field(sa_type=Moment, index=True)
    near: float


class AwayRow(Row, table=True):
    """Somebody cannot be asked from `start` until `until`; NULL: until further notice."""

    __tablename__ = "away"
    id: int = Field(default=None, primary_key=True)
    person: int = Field(foreign_key="person.id", index=True)
    start: datetime = Field(sa_type=Moment)
    until: datetime | None = Field(default=None, sa_type=Moment)
    for_today: bool
