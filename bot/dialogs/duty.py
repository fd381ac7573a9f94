"""A coach's day: what they are asked and hold, away and back. And a coordinator's overview."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.core import buttons
from bot.core.buttons import NO_END
from bot.core.reply import Block, Button, Choose, Day, Option, Reply, Say, Words
from bot.core.when import on_day
from bot.dialogs import card_parts
from bot.dialogs.case import load_case
from bot.dialogs.desk import Desk
from bot.dialogs.helping import is_coach
from bot.dialogs.passing import Passing
from bot.dialogs.question import presser, refused, rows
from bot.dialogs.turn import Turn
from bot.routing.model import Away, Question, Refusal, Refused, State
from bot.worktime.worktime import WorkTime

DAYS = 31
"""How far ahead a list of days goes."""
MOST = 10
COUNTED = 1_000
"""Open questions that are counted: more than any college has."""
OPEN = (State.OPEN, State.OFFERED, State.CLAIMED)


@dataclass(frozen=True)
class Duty:
    """The conversations about work, not about one question."""

    desk: Desk
    passing: Passing

    @property
    def college(self) -> WorkTime:
        return self.desk.nearby.college

    async def mine(self, turn: Turn) -> Reply:
        """Show a coach what they hold and what they are asked, the oldest first."""
        if not is_coach(turn):
            return refused(Refused(Refusal.NO_COACH))
        held = await self._held(turn)
        asked = await turn.work.questions.offered_to(turn.me)
        away = await self._away(turn) or await turn.work.questions.planned(turn.me, turn.now)
        blocks: list[Block] = [Say("duty.title", style="title")]
        blocks.append(Say("duty.counts", {"held": len(held), "asked": len(asked)}))
        if away:
            blocks.append(_away_says(away, self.college))
        pressed = list(rows([*held, *asked][:MOST], self.college.zone))
        back = Button(Say("duty.back"), buttons.BackAgain().encode())
        form = Button(Say("duty.away_button"), buttons.AwayForm().encode())
        today = Button(Say("question.work.not_today"), buttons.NotToday().encode())
        pressed += [back] if away else [today, form]
        return Reply("duty", tuple(blocks), tuple(pressed), personal=True)

    async def not_today(self, turn: Turn) -> Reply:
        """Ask a coach nothing for the rest of the day; what they were asked goes on at once."""
        if not is_coach(turn):
            return refused(Refused(Refusal.NO_COACH))
        today = Away(turn.me, turn.now, self._midnight(turn.now), for_today=True)
        await turn.work.questions.leave(today)
        await self._pass_on(turn, today)
        back = Button(Say("duty.back"), buttons.BackAgain().encode())
        return Reply(
            "duty.not_today", (Say("duty.not_today"),), (back,), personal=True, replaces=True
        )

    async def away_form(self, turn: Turn, asked: buttons.AwayForm) -> Reply:
        """Show the days from and until which somebody can be away, filled in as was said."""
        if not is_coach(turn):
            return refused(Refused(Refusal.NO_COACH))
        today = turn.now.astimezone(self.college.zone).date()
        days = [today + timedelta(days=ahead) for ahead in range(DAYS)]
        first = tuple(
            Option(Say("duty.day", {"day": Day(one, named=True)}), one.isoformat()) for one in days
        )
        last = (*first, Option(Say("duty.no_end"), NO_END))
        blocks: tuple[Block, ...] = (
            Say("duty.away_title", style="title"),
            Choose(Say("duty.first"), "first", first, _among(first, asked.first)),
            Choose(Say("duty.last"), "last", last, _among(last, asked.last)),
        )
        send = Button(Say("duty.away_send"), buttons.GoAway().encode(), form=True)
        return Reply("duty.away_form", blocks, (send,), personal=True)

    async def go_away(self, turn: Turn, pressed: buttons.GoAway) -> Reply:
        """Be away for some days; who holds questions is asked what becomes of them."""
        if not is_coach(turn):
            return refused(Refused(Refusal.NO_COACH))
        span = self._span(pressed, turn.now)
        if span is None:
            form = await self.away_form(turn, buttons.AwayForm())
            return replace(form, blocks=(Say("duty.wrong_days"), *form.blocks), replaces=True)
        start, until = span
        away = Away(turn.me, start, until)
        await turn.work.questions.leave(away)
        await self._pass_on(turn, away)
        said: list[Block] = [_away_says(away, self.college)]
        held = await self._held(turn)
        back = Button(Say("duty.back"), buttons.BackAgain().encode())
        if not held:
            return Reply("duty.away", tuple(said), (back,), personal=True, replaces=True)
        said.append(Say("duty.hand_back_question", {"count": len(held)}))
        said += [Words(card_parts.line(one), "subtle") for one in held[:MOST]]
        give = Button(Say("duty.hand_back"), buttons.HandBack().encode())
        keep = Button(Say("duty.keep"), buttons.MyWork().encode())
        return Reply("duty.away", tuple(said), (give, keep, back), personal=True, replaces=True)

    async def hand_back(self, turn: Turn) -> Reply:
        """Give all back that a coach holds: each goes to who is nearest now."""
        if not is_coach(turn):
            return refused(Refused(Refusal.NO_COACH))
        held = await self._held(turn)
        given = 0
        for one in held:
            given += not isinstance(await self.passing.released(turn, one.id), Reply)
        said = Say("duty.handed_back", {"count": given})
        return Reply("duty.handed_back", (said,), personal=True, replaces=True)

    async def back(self, turn: Turn) -> Reply:
        """Be there again, before the time."""
        if not is_coach(turn):
            return refused(Refused(Refusal.NO_COACH))
        was = await turn.work.questions.come_back(turn.me, turn.now)
        said = Say("duty.is_back" if was else "duty.was_there")
        return Reply("duty.is_back", (said,), personal=True)

    async def overview(self, turn: Turn) -> Reply:
        """Show a coordinator what is open, who has it, and who is away."""
        if not presser(turn).coordinator:
            return refused(Refused(Refusal.NOT_COORDINATOR))
        found = await turn.work.questions.in_states(OPEN, COUNTED)
        coaches = {one.person.id: one.person for one in await turn.work.people.coaches()}
        waiting = [one for one in found if one.unclaimed]
        blocks: list[Block] = [Say("overview.title", style="title")]
        counts = {"waiting": len(waiting), "held": len(found) - len(waiting)}
        blocks.append(Say("overview.counts" if found else "overview.nothing", counts))
        for one in found[:MOST]:
            held = coaches[one.holder].name if one.holder in coaches else ""
            since = on_day((held and one.claimed) or one.created, self.college.zone)
            key = "overview.held" if held else f"overview.ring.{one.ring}"
            blocks.append(
                Say(
                    key,
                    {"code": one.code, "since": since, "name": held},
                    "subtle",
                )
            )
        if len(found) > MOST:
            blocks.append(Say("overview.more", style="subtle"))
        names = [
            coaches[one.person].name
            for one in await turn.work.questions.away(turn.now)
            if one.person in coaches
        ]
        if names:
            blocks.append(Say("overview.away", {"names": ", ".join(dict.fromkeys(names))}))
        return Reply(
            "overview",
            tuple(blocks),
            rows(found[:MOST], self.college.zone),
            personal=True,
        )

    async def _held(self, turn: Turn) -> list[Question]:
        """Return what a coach picked up and has not answered yet."""
        held = await turn.work.questions.of_holder(turn.me)
        return [one for one in held if one.state is State.CLAIMED]

    async def _pass_on(self, turn: Turn, away: Away) -> None:
        """Let what a coach was asked alone, and would see while away, go on to the next ring."""
        for one in await turn.work.questions.offered_to(turn.me):
            if await self._alone(turn, one, away):
                await self.desk.offer(turn.work, one, turn.now)

    async def _alone(self, turn: Turn, question: Question, away: Away) -> bool:
        case = await load_case(turn.work, question, turn.now)
        return all(
            offer.coach == turn.me and away.covers(max(offer.at, turn.now)) for offer in case.offers
        )

    async def _away(self, turn: Turn) -> Away | None:
        away = [one for one in await turn.work.questions.away(turn.now) if one.person == turn.me]
        return away[-1] if away else None

    def _midnight(self, now: datetime) -> datetime:
        tomorrow = now.astimezone(self.college.zone).date() + timedelta(days=1)
        return self._start_of(tomorrow)

    def _start_of(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.college.zone).astimezone(UTC)

    def _span(
        self, pressed: buttons.GoAway, now: datetime
    ) -> tuple[datetime, datetime | None] | None:
        """Return from and until when; None when the days are in the wrong order, or no days."""
        try:
            first = date.fromisoformat(pressed.first)
            last = None if pressed.last == NO_END else date.fromisoformat(pressed.last)
        except ValueError:
            return None
        if first < now.astimezone(self.college.zone).date() or (last and last < first):
            return None
        start = max(self._start_of(first), now)
        return start, self._start_of(last + timedelta(days=1)) if last else None


def _among(options: Sequence[Option], value: str) -> str:
    """Return the option that was asked for; of another there is none to choose, so the first."""
    return value if value in {one.value for one in options} else options[0].value


def _away_says(away: Away, college: WorkTime) -> Say:
    first = Day(away.start.astimezone(college.zone).date())
    if away.until is None:
        return Say("duty.away_open", {"first": first})
    last = (away.until - timedelta(microseconds=1)).astimezone(college.zone).date()
    if away.for_today:
        return Say("duty.not_today")
    if Day(last) == first:
        return Say("duty.away_one", {"first": first})
    return Say("duty.away", {"first": first, "last": Day(last)})
