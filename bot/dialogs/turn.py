"""What every conversation has at hand during one turn."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.ids import PersonId
from bot.core.reply import Incoming
from bot.dialogs.ports import TurnWork
from bot.knowledge.match import Asker
from bot.people.model import Person, Whereabouts


@dataclass(frozen=True)
class Turn:
    """One message of one person, inside one unit of work. `works` saves a look, where known."""

    work: TurnWork
    incoming: Incoming
    person: Person
    now: datetime
    works: Whereabouts | None = None

    @property
    def me(self) -> PersonId:
        return self.person.id

    async def asker(self) -> Asker:
        """Return where the person works, by name."""
        works = self.works or await self.work.people.whereabouts(self.me)
        return Asker(works.sectors, works.location)
