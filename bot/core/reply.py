"""What comes in and what goes out, in no channel's terms.

A channel turns an event into an `Incoming` and a `Reply` into a card, blocks or plain text. A reply
is a view: blocks in order, then buttons. Blocks hold text keys, never sentences, so that a channel
writes them in the reader's language; `Words` hold what people wrote, so that a channel escapes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal

from pydantic import TypeAdapter

Language = Literal["nl", "en"]
Style = Literal["body", "title", "subtle"]


class Channel(StrEnum):
    """Where a conversation takes place."""

    CONSOLE = "console"
    TEAMS = "teams"
    SLACK = "slack"


@dataclass(frozen=True)
class Day:
    """A date in a text. A type of its own, so that it is still a date after JSON.

    `named`: with the name of the day, and without the year, as `maandag 30 november`.
    """

    on: date
    named: bool = False


@dataclass(frozen=True)
class Weekdays:
    """Days of the week in a text, as `ma` to `zo`; shown by name in the reader's language."""

    days: tuple[str, ...]


@dataclass(frozen=True)
class Clauses:
    """Parts of one sentence in a text, written out as `a, b en c` in the reader's language."""

    said: "tuple[Say, ...]"


Unit = Literal["count", "share", "minutes", "points", "nearness", "rank", "ratio", "change"]


@dataclass(frozen=True)
class Amount:
    """A number in a text, written as the reader's language does. A share is between 0 and 1."""

    amount: float
    unit: Unit


Value = str | int | Day | Weekdays | Clauses | Amount


@dataclass(frozen=True)
class Sender:
    """Who speaks, as the channel knows them. `address` is the channel's own id of the person."""

    channel: Channel
    address: str
    name: str = ""
    email: str = ""
    entra_id: str = ""


@dataclass(frozen=True)
class Place:
    """Where something is said, in the channel's own terms: enough to say more there, weeks later.

    `personal` is false where others read along. Without a conversation it is the 1:1 chat with
    `person`, which is still to be opened. `service` is the address that the channel gave for it.
    """

    channel: Channel
    conversation: str
    person: str = ""
    personal: bool = True
    service: str = ""
    tenant: str = ""
    bot: str = ""


class Event(StrEnum):
    """What happened."""

    MESSAGE = "message"
    INSTALLED = "installed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Incoming:
    """One event from a person. `message_id` is the same again when the channel redelivers it.

    `place` is where it was said (None: in the 1:1 chat that bears the sender's address), `room`
    where those who read along are told something new (None: nobody does), `card` the id of the
    message whose button was pressed; `files` counts what came along.
    """

    sender: Sender
    message_id: str
    text: str = ""
    button: Mapping[str, Any] | None = None
    place: Place | None = None
    event: Event = Event.MESSAGE
    files: int = 0
    card: str = ""
    room: Place | None = None

    @property
    def where(self) -> Place:
        address = self.sender.address
        return self.place or Place(self.sender.channel, address, address)

    @property
    def personal(self) -> bool:
        return self.where.personal


@dataclass(frozen=True)
class Say:
    """A text of the catalogue, with its data; style says how loud."""

    key: str
    data: Mapping[str, Value] = field(default_factory=dict)
    style: Style = "body"
    what: Literal["say"] = "say"


@dataclass(frozen=True)
class Words:
    """What people wrote: an answer, a question, a name. Lines are kept; channels escape it."""

    text: str
    style: Style = "body"
    what: Literal["words"] = "words"


@dataclass(frozen=True)
class Option:
    """One line of a list to choose from; `value` goes into the payload's field."""

    label: Say | Words
    value: str


@dataclass(frozen=True)
class Select:
    """A list to choose one from: a drop-down in a card, numbered lines in the console."""

    label: Say
    options: tuple[Option, ...]
    payload: Mapping[str, Any]
    field: str
    what: Literal["select"] = "select"

    def pressed(self, value: str) -> dict[str, Any]:
        """Return the payload that choosing `value` sends."""
        return {**self.payload, self.field: value}


@dataclass(frozen=True)
class Field:
    """A place to type in, part of the card's form; `value` stands in it already.

    `lines`: it may hold several. `most` is how many signs it takes; who sends more is told.
    """

    label: Say
    name: str
    value: str = ""
    lines: bool = False
    needed: bool = False
    most: int = 1_000
    what: Literal["field"] = "field"


@dataclass(frozen=True)
class Choose:
    """A list to choose one from, part of the card's form; `value` is chosen already.

    `many`: any of them can be chosen, or none; their values come back with a comma between.
    """

    label: Say
    name: str
    options: tuple[Option, ...]
    value: str = ""
    many: bool = False
    what: Literal["choose"] = "choose"


@dataclass(frozen=True)
class Bar:
    """One bar of a chart; without an amount there is none, and `why` says why in a word."""

    label: Say | Words
    amount: Amount | None
    why: Say | None = None


@dataclass(frozen=True)
class Chart:
    """Numbers as bars below each other. `picture` is the address of a picture of it, if any.

    With `most` a whole bar is so much; else it is the longest.
    """

    title: Say | Words
    bars: tuple[Bar, ...]
    picture: str = ""
    most: float | None = None
    what: Literal["chart"] = "chart"


Block = Say | Words | Select | Field | Choose | Chart


@dataclass(frozen=True)
class Button:
    """A tap. A card shows four at most; Teams keeps more behind a button of its own.

    With `form` it takes along what stands in the fields of its card, each under its name. What
    people wrote is shown as a line to tap, as it may be long; `line` shows any label so.
    With `keeps` that is only so that it is not lost: where fields are asked, these are not.
    """

    label: Say | Words
    payload: Mapping[str, Any]
    form: bool = False
    line: bool = False
    keeps: bool = False


@dataclass(frozen=True)
class Link:
    """A tap that opens an address: a chat with a colleague, a page."""

    label: Say
    url: str


@dataclass(frozen=True)
class Reply:
    """A view: its name, its blocks, its buttons.

    `replaces` says that it takes the place of the card whose button was pressed, `personal` that
    nobody else may read it; `language` is the reader's, set before it is stored. `subject` names
    what it is about (`question:12`), so that every copy of it can be changed when that changes.
    """

    view: str
    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    replaces: bool = False
    personal: bool = False
    language: Language = "nl"
    links: tuple[Link, ...] = ()
    subject: str = ""


reply_json: TypeAdapter[Reply] = TypeAdapter(Reply)
place_json: TypeAdapter[Place] = TypeAdapter(Place)


@lru_cache(maxsize=10_000)  # who writes again does so in the same chat
def write_place(place: Place) -> str:
    """Return a place as JSON."""
    return place_json.dump_json(place).decode()


@lru_cache(maxsize=10_000)
def read_place(text: str) -> Place:
    """Return the place that stands in JSON; raises ValidationError."""
    return place_json.validate_json(text)
