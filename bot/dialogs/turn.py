"""What every conversation has at hand during one turn."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.core.ids import PersonId
from bot.core.reply import Incoming
from bot.core.turn import Heard, Kind
from bot.dialogs.ports import TurnWork
from bot.knowledge.match import Asker
from bot.people.model import Person, Whereabouts


@dataclass
class Met:
    """What was met in a turn so far: its figures are counted when it ends."""

    questions: int = 0
    small_talk: bool = False

    @property
    def heard(self) -> Heard:
        if self.questions:
            return Heard(Kind.QUESTION, self.questions)
        return Heard(Kind.SMALL_TALK if self.small_talk else Kind.COMMAND)


@dataclass(frozen=True)
class Turn:
    """One message of one person, inside one unit of work. `works` saves a look, where known."""

    work: TurnWork
    incoming: Incoming
    person: Person
    now: datetime
    works: Whereabouts | None = None
    met: Met = field(default_factory=Met)

    @property
    def me(self) -> PersonId:
        return self.person.id

    async def asker(self) -> Asker:
        """Return where the person works, by name."""
        works = self.works or await self.work.people.whereabouts(self.me)
        return Asker(works.sectors, works.location)
