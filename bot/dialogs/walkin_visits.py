"""What becomes of a visit: somebody came or not, and it can become a question or an entry."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.core import walkin_buttons as buttons
from bot.core.buttons import Claim
from bot.core.ids import HourId
from bot.core.redaction import redact
from bot.core.reply import Block, Button, Field, Reply, Say
from bot.dialogs import walkin_parts as parts
from bot.dialogs.claim import Claiming
from bot.dialogs.compose import Compose
from bot.dialogs.curate import Curate
from bot.dialogs.proposal_forms import EntryDraft
from bot.dialogs.turn import Turn
from bot.dialogs.walkin_agenda import Agenda, names_of
from bot.dialogs.walkin_tickets import Tickets
from bot.knowledge.match import Asker
from bot.routing import service as routing
from bot.routing.model import Draft, Question, Source
from bot.routing.rules import LONGEST
from bot.walkin import bookings, queue
from bot.walkin.outcomes import Booked, Refusal, Refused
from bot.walkin.seats import Booking, State, Ticket
from bot.walkin.seats import Turn as Queue

VISIT = "walkin.visit"
_OPEN = (State.BOOKED, Queue.WAITING, Queue.CALLED)
Visit = Booking | Ticket


@dataclass(frozen=True)
class Visits:
    """The conversations of a coach about who came."""

    agenda: Agenda
    compose: Compose
    claiming: Claiming
    curate: Curate
    student_number: re.Pattern[str]

    @property
    def tickets(self) -> Tickets:
        return Tickets(self.agenda)

    async def show(self, turn: Turn, pressed: buttons.OnVisit) -> Reply:
        """Show a coach one visit: who, for what, and what can become of it."""
        visit = await self._own(turn, pressed)
        return visit if isinstance(visit, Reply) else await self._card(turn, visit)

    async def mark(self, turn: Turn, pressed: buttons.MarkVisit) -> Reply:
        """Say whether somebody came."""
        visit = await self._own(turn, pressed)
        if isinstance(visit, Reply):
            return visit
        view = await self.agenda.view(turn.work, turn.person, turn.now)
        marked: Booked | Refused | Ticket
        if isinstance(visit, Booking):
            marked = await bookings.mark(turn.work, visit.id, view.frame, came=pressed.came)
        else:
            to = Queue.HELPED if pressed.came else Queue.NO_SHOW
            marked = await queue.finish(turn.work, visit.id, turn.me, to, view.frame)
        if isinstance(marked, Refused):
            return parts.refused_holder(marked)
        if isinstance(marked, Ticket):
            await self.tickets.follow(turn.work, marked, view.frame)
        return await self._card(turn, marked.booking if isinstance(marked, Booked) else marked)

    async def question(self, turn: Turn, pressed: buttons.VisitQuestion) -> tuple[Reply, ...]:
        """Make a question of a visit, which its coach has at once; or also an entry of the FAQ."""
        visit = await self._own(turn, pressed)
        if isinstance(visit, Reply):
            return (visit,)
        text = redact(pressed.about, self.student_number).text.strip()
        if not text or len(text) > LONGEST:
            key = "refused.too_long" if text else "refused.empty"
            return (await self._card(turn, visit, text[:LONGEST], [Say(key)]),)
        question = await self._sent(turn, visit, text)
        if question is None:
            return (parts.refused_holder(Refused(Refusal.GONE)),)
        if question.unclaimed:
            shown = await self.claiming.claim(turn, Claim(question=question.id))
        else:
            shown = (await self.claiming.show(turn, question),)
        if not pressed.propose:
            return shown
        draft = question.draft
        entry = EntryDraft(question.id, draft.text, "", draft.topic, draft.level, draft.role)
        return (await self.curate.form(turn, entry, self.curate.similar(entry.wording)),)

    async def _sent(self, turn: Turn, visit: Visit, text: str) -> Question | None:
        """Store what somebody came with as a question of theirs; pressed twice it is one."""
        guest = await turn.work.people.by_id(visit.person)
        if guest is None:
            return None
        works = await turn.work.people.whereabouts(visit.person)
        guess = self.compose.guess(Asker(works.sectors, works.location), text)
        kind = "booking" if isinstance(visit, Booking) else "ticket"
        draft = Draft(
            key=f"visit|{kind}|{visit.id}",
            asker=visit.person,
            text=text,
            source=Source.WALK_IN,
            language=guest.language,
            topic=guess.topic,
            level=guess.level,
            role=guess.role,
            wanted=turn.me,
        )
        return (await routing.send(turn.work, draft, turn.now))[0]

    async def _own(self, turn: Turn, pressed: buttons.OnVisit) -> Visit | Reply:
        """Return a visit to the coach's own hour; a reply says why not."""
        found: Visit | None = (
            await turn.work.walkin.booking(pressed.booking)
            if pressed.booking
            else await turn.work.walkin.ticket(pressed.ticket)
        )
        hour = await turn.work.walkin.hour(_date_of(found)[0]) if found else None
        if found is None or hour is None:
            return parts.refused_holder(Refused(Refusal.GONE))
        return found if hour.coach == turn.me else parts.refused_holder(Refused(Refusal.NOT_YOURS))

    async def _card(
        self, turn: Turn, visit: Visit, about: str = "", wrong: Sequence[Say] = ()
    ) -> Reply:
        names = await names_of(turn.work, [visit.person])
        about = about or (visit.topic if isinstance(visit, Booking) else "")
        which = _which(visit)
        blocks: tuple[Block, ...] = (
            Say("walkin.visit.title", {"name": names.get(visit.person, "")}, "title"),
            Say(f"walkin.visit.{visit.state}", style="subtle"),
            *wrong,
            Field(Say("walkin.visit.about"), "about", about, lines=True, most=LONGEST),
        )
        ask = buttons.VisitQuestion(**which)
        propose = ask.model_copy(update={"propose": True})
        hour, day = _date_of(visit)
        back = buttons.ShowSession(hour=hour, day=day).encode()
        pressed = (
            *(_marks(which) if _can_be_marked(visit, turn.now) else ()),
            Button(Say("walkin.visit.question"), ask.encode(), form=True),
            Button(Say("question.work.propose"), propose.encode(), form=True),
            Button(Say("question.back"), back),
        )
        return Reply(VISIT, blocks, pressed, personal=True, replaces=True)


def _can_be_marked(visit: Visit, now: datetime) -> bool:
    """Tell whether it is still to be said if somebody came: not before they can have come."""
    begun = isinstance(visit, Ticket) or visit.starts <= now
    return begun and visit.state in _OPEN


def _marks(which: dict[str, Any]) -> tuple[Button, ...]:
    return tuple(
        Button(Say(f"walkin.visit.{key}"), buttons.MarkVisit(**which, came=came).encode())
        for key, came in (("came", True), ("missed", False))
    )


def _which(visit: Visit) -> dict[str, Any]:
    return {"booking": visit.id} if isinstance(visit, Booking) else {"ticket": visit.id}


def _date_of(visit: Visit) -> tuple[HourId, date]:
    return (
        (visit.key.hour, visit.key.day) if isinstance(visit, Booking) else (visit.hour, visit.day)
    )
