"""Rows: polls, rounds, who is asked, and what is answered."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from bot.store.tables.base import Moment, Row


class PollRow(Row, table=True):
    """A poll with its rounds to come. `form`, `audience` and `schedule` are JSON."""

    __tablename__ = "poll"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int = Field(default=None, primary_key=True)
    owner: int = Field(foreign_key="person.id")
    form: str
    audience: str
    schedule: str
    state: str
    version: int


_OPEN = text("state = 'open'")


class PollRoundRow(Row, table=True):
    """One time that a poll is asked, `local` without a zone and to the minute; `form` is JSON.

    `asked`, `unreachable` and `answered` are what is kept of a closed round's messages.
    """

    __tablename__ = "poll_round"
    __table_args__ = (
        UniqueConstraint("poll", "local"),
        Index("ix_poll_round_open", "closes", sqlite_where=_OPEN, postgresql_where=_OPEN),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(default=None, primary_key=True)
    poll: int = Field(foreign_key="poll.id")
    local: str
    form: str
    opened: datetime = Field(sa_type=Moment)
    closes: datetime = Field(sa_type=Moment, index=True)
    reminds: datetime | None = Field(default=None, sa_type=Moment)
    state: str
    asked: int = 0
    unreachable: int = 0
    answered: int = 0
    lost: bool = False
    told: bool = False


class PollDeclinedRow(Row, table=True):
    """Somebody who does not want to be asked in polls."""

    __tablename__ = "poll_declined"
    person: int = Field(primary_key=True, foreign_key="person.id")


class PollInvitationRow(Row, table=True):
    """Somebody who was asked in a round, and whether they answered; never when."""

    __tablename__ = "poll_invitation"
    round: int = Field(primary_key=True, foreign_key="poll_round.id")
    person: int = Field(primary_key=True, foreign_key="person.id", index=True)
    grp: str
    answered: bool


class PollKeyRow(Row, table=True):
    """The half of an anonymous round's key that the database holds, until the round closes.

    The other half is the server's secret. No backup holds this table.
    """

    __tablename__ = "poll_key"
    round: int = Field(primary_key=True, foreign_key="poll_round.id")
    key: str


class PollBallotRow(Row, table=True):
    """What somebody answers in an anonymous round that is open, under the round's key.

    `voter` is a keyed hash of the person, `sealed` their answers, encrypted. At closing these rows
    go, and `poll_answer` rows in random order are what is left. No backup holds this table.
    """

    __tablename__ = "poll_ballot"
    round: int = Field(primary_key=True, foreign_key="poll_round.id")
    voter: str = Field(primary_key=True)
    sealed: str


class PollAnswerRow(Row, table=True):
    """One answer to one question: with a person in a named round, as soon as they give it.

    Of an anonymous round it is written at closing: `number` is its place in a random order, and
    nothing says which answers to different questions belong together.
    """

    __tablename__ = "poll_answer"
    __table_args__ = (UniqueConstraint("round", "person", "question"),)
    round: int = Field(primary_key=True, foreign_key="poll_round.id")
    question: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    grp: str
    value: str
    person: int | None = Field(default=None, foreign_key="person.id", index=True)
