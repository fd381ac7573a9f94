"""A coordinator makes polls in chat: from a template, with a look at who gets it."""

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from bot.core import poll_buttons as buttons
from bot.core.ids import PollId
from bot.core.reply import Button, Reply, Say
from bot.core.when import on_day
from bot.dialogs import poll_cards as asked_cards
from bot.dialogs import poll_form as forms
from bot.dialogs import poll_form_cards as form_cards
from bot.dialogs import poll_maker_cards as cards
from bot.dialogs.poll_desk import PollDesk, only_coordinators
from bot.dialogs.poll_form_cards import Choices
from bot.dialogs.poll_shown import (
    first_day,
    following,
    load_asked,
    load_open,
    load_row,
    wrong_with,
)
from bot.dialogs.question import presser
from bot.dialogs.turn import Turn
from bot.polls import service as polls
from bot.polls.model import (
    Audience,
    Form,
    Poll,
    PollState,
    Schedule,
)
from bot.polls.templates import templates

DAYS = 28
"""How far ahead the first day of a poll can be chosen from a list."""
AT = time(10)


@dataclass(frozen=True)
class PollMaker:
    """The conversations of who makes polls; any coordinator may change any poll."""

    desk: PollDesk

    async def listed(self, turn: Turn) -> Reply:
        """Show a coordinator the polls; and who is none, whether they are asked."""
        if not presser(turn).coordinator:
            declined = turn.me in await turn.work.polls.declined()
            return _for_teachers(declined=declined)
        college, now = self.desk.college, turn.now
        known = [
            *await turn.work.polls.polls(),
            *await turn.work.polls.stopped(cards.MOST_POLLS),
        ]
        found = [await load_row(turn.work, one, college, now) for one in known]
        return cards.listed(found, self.desk.zone)

    async def new(self, turn: Turn, pressed: buttons.NewPoll) -> Reply:
        """Show the templates; one that is picked becomes a draft with all that it needs."""
        if not presser(turn).coordinator:
            return await self.listed(turn)
        found = templates(turn.person.language)
        picked = next((one for one in found if one.name == pressed.template), None)
        if picked is None:
            return cards.templates(found)
        new = self._new(turn, replace(picked.form, anonymous=self.desk.secret), picked.every)
        return await self.desk.card(turn, await polls.keep_draft(turn.work, new))

    async def show(self, turn: Turn, pressed: buttons.ShowPoll) -> Reply:
        """Show a poll."""
        known = await self.desk.known(turn, pressed)
        return known if isinstance(known, Reply) else await self.desk.card(turn, known)

    async def adjust(self, turn: Turn, pressed: buttons.AdjustPoll) -> Reply:
        """Show the form of a poll; of a new one when there is no such poll."""
        if not presser(turn).coordinator:
            return only_coordinators()
        known = await turn.work.polls.poll(pressed.poll)
        if known is None:
            known = self._new(turn, Form("", (), anonymous=self.desk.secret), every=0)
        if known.state is PollState.STOPPED:
            return await self.desk.card(turn, known)
        running = await load_open(turn.work, known)
        first = first_day(known, running, self.desk.college, turn.now)
        said = forms.filled(known, first, turn.person.language)
        return form_cards.form(known, said, await self._choices(turn))

    async def save(self, turn: Turn, pressed: buttons.SavePoll) -> Reply:
        """Store what was filled in: a draft is shown; one that runs has it from the next round."""
        if not presser(turn).coordinator:
            return only_coordinators()
        new = self._new(turn, Form("", ()), every=0)
        known = await self.desk.known(turn, pressed) if pressed.poll else new
        if isinstance(known, Reply):
            return known
        if known.state is PollState.STOPPED:
            return await self.desk.stored(turn, None, known)
        said = forms.typed(pressed)
        if not self.desk.secret:
            said = replace(said, secrecy=forms.NAMED)
        seen = replace(known, version=pressed.seen) if pressed.poll else new
        changed = forms.read(said, seen, self.desk.today(turn), secret=self.desk.secret)
        if wrong := await self._wrong(turn, changed):
            return form_cards.form(changed, said, await self._choices(turn), wrong)
        if known is new:
            return await self.desk.card(turn, await polls.keep_draft(turn.work, changed))
        later = [Say("poll.said.later")] if known.state is not PollState.DRAFT else []
        return await self.desk.stored(turn, await polls.change(turn.work, changed), known, later)

    async def _wrong(self, turn: Turn, changed: Poll) -> list[Say]:
        """Return why a poll cannot be stored; also that two of its rounds would be open at once."""
        college, now = self.desk.college, turn.now
        asked = await load_asked(turn.work, changed)
        if problems := wrong_with(changed, asked, college, now):
            return [Say(f"poll.problem.{one}") for one in problems]
        running, plan = await load_open(turn.work, changed), following(changed, college, now)
        if running and plan and plan.opens < running.closes:
            until = on_day(running.closes, self.desk.zone)
            return [Say("poll.problem.still_open", {"until": until})]
        return []

    def _new(self, turn: Turn, form: Form, every: int) -> Poll:
        """Return a poll of all teachers, for the first time on the next open day."""
        later = (one for one in self._days(turn) if one > self.desk.today(turn))
        schedule = Schedule(next(later, self.desk.today(turn)), AT, every)
        draft = PollState.DRAFT
        return Poll(PollId(0), turn.me, form, Audience(), schedule, draft)

    async def _choices(self, turn: Turn) -> Choices:
        return Choices(await turn.work.people.units(), tuple(self._days(turn)), self.desk.secret)

    def _days(self, turn: Turn) -> list[date]:
        """Return the open days from today on."""
        today = self.desk.today(turn)
        ahead = (today + timedelta(days=number) for number in range(DAYS + 1))
        return [one for one in ahead if self.desk.college.open_on(one)]


def _for_teachers(*, declined: bool) -> Reply:
    key, other = ("left_out", "again") if declined else ("taking_part", "stop")
    pressed = buttons.AskedInPolls(asked=declined).encode()
    back = Button(Say(f"poll.asked.{other}"), pressed)
    said = (
        Say("poll.only_coordinator"),
        Say("poll.in_lesson"),
        Say(f"poll.asked.{key}", style="subtle"),
    )
    return Reply(asked_cards.TOLD, said, (back,), personal=True)
