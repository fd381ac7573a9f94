"""Rows: where people work, who they are, and where they are reached."""

from datetime import datetime

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from bot.store.tables.base import Moment, Row, Sortable


class LocationRow(Row, table=True):
    """A place where people work."""

    __tablename__ = "location"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class SectorRow(Row, table=True):
    """A part of the college."""

    __tablename__ = "sector"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class TeamRow(Row, table=True):
    """A group of teachers."""

    __tablename__ = "team"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    sector: int = Field(foreign_key="sector.id")
    location: int = Field(foreign_key="location.id")


class PersonRow(Row, table=True):
    """A person. Who has no e-mail address or Entra id has NULL there, so that many can have none.

    `findable` holds name, address and roles, case-folded: SQLite folds ASCII letters only.
    """

    __tablename__ = "person"
    id: int = Field(default=None, primary_key=True)
    name: str
    email: str | None = Field(default=None, unique=True, sa_type=Sortable)
    entra_id: str | None = Field(default=None, unique=True)
    slack_user_id: str | None = Field(default=None, unique=True)
    roles: list[str] = Field(sa_type=JSON)
    language: str
    source: str
    active: bool = True
    settled: bool = False
    location: int | None = Field(default=None, foreign_key="location.id")
    findable: str = Field(sa_type=Sortable)


class MembershipRow(Row, table=True):
    """A person in a team. Place 0 is the primary one; no two have the same place."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person", "place"),)
    person: int = Field(primary_key=True, foreign_key="person.id")
    team: int = Field(primary_key=True, foreign_key="team.id", index=True)
    place: int


class CoachProfileRow(Row, table=True):
    """What a coach can do and when."""

    __tablename__ = "coach_profile"
    person: int = Field(primary_key=True, foreign_key="person.id")
    fte: float
    scope: str
    room: str
    phone: str
    topics: list[str] = Field(sa_type=JSON)
    strengths: dict[str, int] = Field(sa_type=JSON)
    pattern: dict[str, str] = Field(sa_type=JSON)
    max_open: int


class ChannelAddressRow(Row, table=True):
    """Where a person can be reached; an address belongs to one person.

    `place` is JSON, or empty when nothing was said there yet; `lost` says why it is no use now.
    With whom no chat could be opened has `to:` and an Entra id for an address, until one can be.
    """

    __tablename__ = "channel_address"
    channel: str = Field(primary_key=True)
    address: str = Field(primary_key=True)
    person: int = Field(foreign_key="person.id", index=True)
    place: str = ""
    lost: str = ""


class NamedChannelRow(Row, table=True):
    """A channel that a coordinator pointed out; `place` is JSON, without a thread."""

    __tablename__ = "named_channel"
    name: str = Field(primary_key=True)
    place: str
    who: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=Moment)
