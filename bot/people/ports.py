"""What this feature needs of a store."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.core.ids import LocationId, PersonId, TeamId
from bot.core.reply import Channel, Language, Place, Sender
from bot.people.model import (
    Coach,
    ImportPlan,
    ListedUnits,
    Met,
    NamedChannel,
    Person,
    Reach,
    Role,
    StoredPerson,
    Units,
    Unreached,
    Whereabouts,
)


class People(Protocol):
    """The people of the college, and where each can be reached."""

    async def by_address(self, channel: Channel, address: str) -> Person | None: ...

    async def by_identity(self, entra_id: str, email: str) -> Person | None:
        """Find an imported person by either; empty strings match nobody."""
        ...

    async def by_id(self, person: PersonId) -> Person | None: ...

    async def by_ids(self, people: Collection[PersonId]) -> list[Person]:
        """Return those of these people who are known, in order of name."""
        ...

    async def languages(self, people: Collection[PersonId]) -> Mapping[PersonId, Language]:
        """Return what each of these people reads, of those who are active, in order of id."""
        ...

    async def register(self, sender: Sender, language: Language) -> Person:
        """Store someone who is in no list, and their address."""
        ...

    async def link(self, person: PersonId, sender: Sender) -> None:
        """Remember that the person can be reached at the sender's address.

        Who only registered themselves there was this person all along: what they asked, booked and
        wait for is this person's, and they are active no longer.
        """
        ...

    async def settle(
        self, person: PersonId, location: LocationId | None, team: TeamId | None
    ) -> None: ...

    async def speak(self, person: PersonId, language: Language) -> None: ...

    async def units(self) -> Units: ...

    async def whereabouts(self, person: PersonId) -> Whereabouts:
        """Return where someone works; empty for who is unknown."""
        ...

    async def coaches(self) -> list[Coach]: ...

    async def coach(self, person: PersonId) -> Coach | None:
        """Return one of the coaches; None for who is none, or none any more."""
        ...

    async def find(self, name: str, limit: int) -> list[Person]:
        """List active people whose name, e-mail address or role holds `name`, in order of name."""
        ...

    async def with_role(self, *roles: Role) -> list[Person]:
        """Return the active people who have one of these roles, in order of name."""
        ...

    async def stored_people(self) -> Sequence[StoredPerson]: ...

    async def stored_units(self) -> ListedUnits: ...

    async def apply(self, plan: ImportPlan) -> None: ...


class Addresses(Protocol):
    """Where each person can be reached."""

    async def met(self, channel: Channel, address: str) -> Met | None:
        """Return who an address belongs to, and what is known of it."""
        ...

    async def reach(self, channel: Channel, address: str, place: Place) -> None:
        """Remember where someone can be told something; they are lost no longer."""
        ...

    async def lose(self, channel: Channel, address: str, why: str) -> None:
        """Remember that nothing can be said there; `why` is a key such as `removed`."""
        ...

    async def reached(self, channel: Channel) -> Reach: ...

    async def unreached(self, channel: Channel) -> Sequence[Unreached]:
        """List who cannot be told anything there, in order of name."""
        ...

    async def can_be_told(self, people: Collection[PersonId]) -> Collection[PersonId]:
        """Return those of these people who can be told something, wherever it is.

        Not those of whom a try showed that no chat can be opened with them.
        """
        ...

    async def name_channel(self, named: NamedChannel) -> None:
        """Store where a channel is, in the place of where it was."""
        ...

    async def named_channels(self) -> Sequence[NamedChannel]: ...


class PeopleWork(Protocol):
    """A unit of work that reaches people."""

    @property
    def addresses(self) -> Addresses: ...

    @property
    def people(self) -> People: ...
