"""A coordinator makes polls in chat: from a template, with a look at who gets it, and a trial."""

from collections.abc import Sequence
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
from bot.dialogs.poll_answers import PollAnswers
from bot.dialogs.poll_form_cards import Choices
from bot.dialogs.poll_results import MOST_ROUNDS, nothing_yet, remarks, results
from bot.dialogs.poll_shown import (
    Shown,
    first_day,
    following,
    load_asked,
    load_open,
    load_row,
    load_shown,
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
    RoundState,
    Schedule,
)
from bot.polls.templates import templates

DAYS = 28
"""How far ahead the first day of a poll can be chosen from a list."""
AT = time(10)


@dataclass(frozen=True)
class PollMaker:
    """The conversations of who makes polls; any coordinator may change any poll."""

    answers: PollAnswers

    async def listed(self, turn: Turn) -> Reply:
        """Show a coordinator the polls; and who is none, whether they are asked."""
        if not presser(turn).coordinator:
            declined = turn.me in await turn.work.polls.declined()
            return _for_teachers(declined=declined)
        college, now = self.answers.college, turn.now
        known = [
            *await turn.work.polls.polls(),
            *await turn.work.polls.stopped(cards.MOST_POLLS),
        ]
        found = [await load_row(turn.work, one, college, now) for one in known]
        return cards.listed(found, self.answers.zone)

    async def new(self, turn: Turn, pressed: buttons.NewPoll) -> Reply:
        """Show the templates; one that is picked becomes a draft with all that it needs."""
        if not presser(turn).coordinator:
            return await self.listed(turn)
        found = templates(turn.person.language)
        picked = next((one for one in found if one.name == pressed.template), None)
        if picked is None:
            return cards.templates(found)
        new = self._new(turn, replace(picked.form, anonymous=self._secret), picked.every)
        return await self._card(turn, await polls.keep_draft(turn.work, new))

    async def show(self, turn: Turn, pressed: buttons.ShowPoll) -> Reply:
        """Show a poll."""
        known = await self._known(turn, pressed)
        return known if isinstance(known, Reply) else await self._card(turn, known)

    async def adjust(self, turn: Turn, pressed: buttons.AdjustPoll) -> Reply:
        """Show the form of a poll; of a new one when there is no such poll."""
        if not presser(turn).coordinator:
            return _only_coordinators()
        known = await turn.work.polls.poll(pressed.poll)
        if known is None:
            known = self._new(turn, Form("", (), anonymous=self._secret), every=0)
        if known.state is PollState.STOPPED:
            return await self._card(turn, known)
        running = await load_open(turn.work, known)
        first = first_day(known, running, self.answers.college, turn.now)
        said = forms.filled(known, first, turn.person.language)
        return form_cards.form(known, said, await self._choices(turn))

    async def save(self, turn: Turn, pressed: buttons.SavePoll) -> Reply:
        """Store what was filled in: a draft is shown; one that runs has it from the next round."""
        if not presser(turn).coordinator:
            return _only_coordinators()
        new = self._new(turn, Form("", ()), every=0)
        known = await self._known(turn, pressed) if pressed.poll else new
        if isinstance(known, Reply):
            return known
        if known.state is PollState.STOPPED:
            return await self._stored(turn, None, known)
        said = forms.typed(pressed)
        if not self._secret:
            said = replace(said, secrecy=forms.NAMED)
        seen = replace(known, version=pressed.seen) if pressed.poll else new
        changed = forms.read(said, seen, self._today(turn), secret=self._secret)
        if wrong := await self._wrong(turn, changed):
            return form_cards.form(changed, said, await self._choices(turn), wrong)
        if known is new:
            return await self._card(turn, await polls.keep_draft(turn.work, changed))
        later = [Say("poll.said.later")] if known.state is not PollState.DRAFT else []
        return await self._stored(turn, await polls.change(turn.work, changed), known, later)

    async def start(self, turn: Turn, pressed: buttons.StartPoll) -> Reply:
        """Let a draft have its rounds, as it was seen."""
        known = await self._known(turn, pressed)
        if isinstance(known, Reply):
            return known
        shown = await self._shown(turn, known)
        if known.state is not PollState.DRAFT or shown.problems:
            return await self._card(turn, known)
        seen = replace(known, version=pressed.seen)
        new = await polls.change(turn.work, replace(seen, state=PollState.ACTIVE))
        if new:
            await turn.work.occasions.start(asked_cards.thing_of(known.id), turn.now)
        return await self._stored(turn, new, known, [Say("poll.said.started")])

    async def pause(self, turn: Turn, pressed: buttons.PausePoll) -> Reply:
        """Let a poll have no rounds for a while, or have them again."""
        state = PollState.PAUSED if pressed.paused else PollState.ACTIVE
        said = "poll.said.paused" if pressed.paused else "poll.said.resumed"
        before = PollState.ACTIVE if pressed.paused else PollState.PAUSED
        return await self._become(turn, pressed, state, [before], said)

    async def stop(self, turn: Turn, pressed: buttons.StopPoll) -> Reply:
        """Let a poll have no more rounds, once that is sure."""
        known = await self._known(turn, pressed)
        if isinstance(known, Reply):
            return known
        if not pressed.sure and known.state is not PollState.STOPPED:
            return cards.sure(known)
        going = [one for one in PollState if one is not PollState.STOPPED]
        draft = known.state is PollState.DRAFT
        said = "poll.said.dropped" if draft else "poll.said.stopped"
        return await self._become(turn, pressed, PollState.STOPPED, going, said)

    async def trial(self, turn: Turn, pressed: buttons.TryPoll) -> Reply:
        """Show who makes a poll its cards, one after the other."""
        known = await self._known(turn, pressed)
        if isinstance(known, Reply):
            return known
        there = pressed.question in range(len(known.form.questions))
        return cards.trial(known, pressed.question) if there else cards.tried(known)

    async def results(self, turn: Turn, pressed: buttons.ShowPollResults) -> Reply:
        """Show what came of a round of a poll: the newest that is closed, or the one named."""
        known = await self._known(turn, pressed)
        if isinstance(known, Reply):
            return known
        rounds = await turn.work.polls.rounds_of(known.id, MOST_ROUNDS)
        closed = [one for one in rounds if one.state is RoundState.CLOSED]
        if not closed:
            return nothing_yet(known)
        named = await turn.work.polls.round(pressed.round)
        theirs = named and named.poll == known.id and named.state is RoundState.CLOSED
        one = named if named and theirs else closed[-1]
        card = await results(turn.work, one, self.answers.zone, closed)
        return replace(card, replaces=True)

    async def remarks(self, turn: Turn, pressed: buttons.ShowRemarks) -> Reply:
        """Show more of what was answered in words."""
        known = await self._known(turn, pressed)
        if isinstance(known, Reply):
            return known
        one = await turn.work.polls.round(pressed.round)
        if one is None or one.poll != known.id or one.state is not RoundState.CLOSED:
            return nothing_yet(known)
        found = await remarks(turn.work, one, pressed.question, pressed.first)
        return found or await self._card(turn, known)

    async def _become(
        self,
        turn: Turn,
        pressed: buttons.OnPoll,
        state: PollState,
        before: Sequence[PollState],
        said: str,
    ) -> Reply:
        known = await self._known(turn, pressed)
        if isinstance(known, Reply):
            return known
        if known.state not in before:
            return await self._card(turn, known)
        new = await polls.change(turn.work, replace(known, state=state))
        return await self._stored(turn, new, known, [Say(said)])

    async def _stored(
        self, turn: Turn, new: Poll | None, before: Poll, said: Sequence[Say] = ()
    ) -> Reply:
        """Show a poll as it was stored; as somebody else made it when nothing was stored."""
        if new:
            return await self._card(turn, new, said)
        found = await turn.work.polls.poll(before.id) or before
        return await self._card(turn, found, [Say("poll.said.overtaken")])

    async def _wrong(self, turn: Turn, changed: Poll) -> list[Say]:
        """Return why a poll cannot be stored; also that two of its rounds would be open at once."""
        college, now = self.answers.college, turn.now
        asked = await load_asked(turn.work, changed)
        if problems := wrong_with(changed, asked, college, now):
            return [Say(f"poll.problem.{one}") for one in problems]
        running, plan = await load_open(turn.work, changed), following(changed, college, now)
        if running and plan and plan.opens < running.closes:
            until = on_day(running.closes, self.answers.zone)
            return [Say("poll.problem.still_open", {"until": until})]
        return []

    async def _known(self, turn: Turn, pressed: buttons.OnPoll) -> Poll | Reply:
        """Return a poll to a coordinator; a reply says why not."""
        if not presser(turn).coordinator:
            return _only_coordinators()
        return await turn.work.polls.poll(pressed.poll) or asked_cards.told("poll.gone")

    async def _card(self, turn: Turn, poll: Poll, said: Sequence[Say] = ()) -> Reply:
        return cards.poll(await self._shown(turn, poll), self.answers.zone, said)

    async def _shown(self, turn: Turn, poll: Poll) -> Shown:
        return await load_shown(turn.work, poll, self.answers.college, turn.now)

    def _new(self, turn: Turn, form: Form, every: int) -> Poll:
        """Return a poll of all teachers, for the first time on the next open day."""
        later = (one for one in self._days(turn) if one > self._today(turn))
        schedule = Schedule(next(later, self._today(turn)), AT, every)
        draft = PollState.DRAFT
        return Poll(PollId(0), turn.me, form, Audience(), schedule, draft)

    async def _choices(self, turn: Turn) -> Choices:
        return Choices(await turn.work.people.units(), tuple(self._days(turn)), self._secret)

    def _days(self, turn: Turn) -> list[date]:
        """Return the open days from today on."""
        today = self._today(turn)
        ahead = (today + timedelta(days=number) for number in range(DAYS + 1))
        return [one for one in ahead if self.answers.college.open_on(one)]

    def _today(self, turn: Turn) -> date:
        return turn.now.astimezone(self.answers.zone).date()

    @property
    def _secret(self) -> bool:
        return self.answers.secrecy is not None


def _only_coordinators() -> Reply:
    return asked_cards.told("poll.only_coordinator")


def _for_teachers(*, declined: bool) -> Reply:
    key, other = ("declined", "again") if declined else ("taking_part", "stop")
    pressed = buttons.AskedInPolls(asked=declined).encode()
    back = Button(Say(f"poll.asked.{other}"), pressed)
    said = (
        Say("poll.only_coordinator"),
        Say("poll.in_lesson"),
        Say(f"poll.asked.{key}", style="subtle"),
    )
    return Reply(asked_cards.TOLD, said, (back,), personal=True)
