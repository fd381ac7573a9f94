"""A coordinator makes polls in chat: from a template, with a look at who gets it, and a trial."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import takewhile

from bot.core import poll_buttons as buttons
from bot.core.ids import PollId, RoundId
from bot.core.reply import Button, Reply, Say
from bot.dialogs import poll_cards as asked_cards
from bot.dialogs import poll_form as forms
from bot.dialogs import poll_maker_cards as cards
from bot.dialogs.poll_answers import PollAnswers
from bot.dialogs.poll_audience import load_candidates
from bot.dialogs.poll_maker_cards import Choices, Shown
from bot.dialogs.poll_results import MOST_ROUNDS, nothing_yet, results
from bot.dialogs.question import presser
from bot.dialogs.turn import Turn
from bot.polls import rules
from bot.polls import service as polls
from bot.polls.model import (
    Audience,
    Candidate,
    Form,
    Planned,
    Poll,
    PollState,
    Round,
    RoundState,
    Schedule,
)
from bot.polls.rules import Problem
from bot.polls.templates import templates

DAYS = 28
"""How far ahead the first day of a poll can be chosen from a list."""
YEAR = timedelta(days=366)
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
        found = [await self._row(turn, one) for one in await turn.work.polls.polls()]
        return cards.listed(found, self.answers.zone)

    async def new(self, turn: Turn, pressed: buttons.NewPoll) -> Reply:
        """Show the templates; one that is picked becomes a draft with all that it needs."""
        if not presser(turn).coordinator:
            return _only_coordinators()
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
        said = forms.filled(known, self._following(turn, known), turn.person.language)
        return cards.form(known.id, said, await self._choices(turn))

    async def save(self, turn: Turn, pressed: buttons.SavePoll) -> Reply:
        """Store what was filled in: a draft is shown; one that runs has it from the next round."""
        if not presser(turn).coordinator:
            return _only_coordinators()
        known = await turn.work.polls.poll(pressed.poll)
        before = known or self._new(turn, Form("", ()), every=0)
        said = forms.typed(pressed)
        if not self._secret:
            said = replace(said, secrecy=forms.NAMED)
        changed = forms.read(said, before, self._today(turn), secret=self._secret)
        problems = self._problems(turn, changed, await self._asked(turn, changed))
        if problems:
            wrong = [Say(f"poll.problem.{one}") for one in problems]
            return cards.form(before.id, said, await self._choices(turn), wrong)
        if known is None:
            return await self._card(turn, await polls.keep_draft(turn.work, changed))
        new = await polls.change(turn.work, changed)
        later = [Say("poll.said.later")] if known.state is not PollState.DRAFT else []
        return await self._card(turn, new or known, later)

    async def start(self, turn: Turn, pressed: buttons.StartPoll) -> Reply:
        """Let a draft have its rounds, as it was seen."""
        known = await self._known(turn, pressed)
        if isinstance(known, Reply):
            return known
        shown = await self._shown(turn, known)
        if known.state is not PollState.DRAFT or known.version != pressed.seen or shown.problems:
            return await self._card(turn, known)
        new = await polls.change(turn.work, replace(known, state=PollState.ACTIVE))
        await turn.work.occasions.start(asked_cards.thing_of(known.id), turn.now)
        return await self._card(turn, new or known, [Say("poll.said.started")])

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
        one = next((one for one in closed if one.id == pressed.round), closed[-1])
        card = await results(turn.work, one, self.answers.zone, closed)
        return replace(card, replaces=True)

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
        return await self._card(turn, new or known, [Say(said)])

    async def _known(self, turn: Turn, pressed: buttons.OnPoll) -> Poll | Reply:
        """Return a poll to a coordinator; a reply says why not."""
        if not presser(turn).coordinator:
            return _only_coordinators()
        return await turn.work.polls.poll(pressed.poll) or asked_cards.told("poll.gone")

    async def _card(self, turn: Turn, poll: Poll, said: Sequence[Say] = ()) -> Reply:
        return cards.poll(await self._shown(turn, poll), self.answers.zone, said)

    async def _row(self, turn: Turn, poll: Poll) -> Shown:
        """Return what a list tells of a poll."""
        running = await self._open(turn, poll)
        answered = await self._answered(turn, running)
        return Shown(poll, following=self._following(turn, poll), open=running, answered=answered)

    async def _shown(self, turn: Turn, poll: Poll) -> Shown:
        """Return all that is told of a poll: whom it reaches, and when."""
        row, asked = await self._row(turn, poll), await self._asked(turn, poll)
        reached = await turn.work.addresses.can_be_told([one.person for one in asked])
        draft = poll.state is PollState.DRAFT
        return replace(
            row,
            asked=len(asked),
            reached=len(reached),
            groups=tuple(sorted({*rules.groups(asked, poll.form.breakdown).values()})),
            closes=self._closes(poll, row.following),
            moved=self._moved(turn, poll),
            problems=tuple(self._problems(turn, poll, asked)) if draft else (),
            units=await turn.work.people.units(),
        )

    async def _asked(self, turn: Turn, poll: Poll) -> list[Candidate]:
        found = await load_candidates(turn.work, poll.audience)
        return rules.in_audience(found, poll.audience, await turn.work.polls.declined())

    def _problems(self, turn: Turn, poll: Poll, asked: Sequence[Candidate]) -> list[Problem]:
        local = turn.now.astimezone(self.answers.zone).replace(tzinfo=None)
        return rules.problems(poll.form, poll.schedule, len(asked), local)

    def _closes(self, poll: Poll, plan: Planned | None) -> datetime | None:
        if plan is None:
            return None
        said = Round(RoundId(0), poll.id, plan.local, poll.form, plan.opens, plan.opens)
        return rules.opening(said, plan, poll.schedule, self.answers.college).closes

    def _following(self, turn: Turn, poll: Poll) -> Planned | None:
        if poll.state is PollState.STOPPED:
            return None
        return rules.next_round(poll.schedule, turn.now, self.answers.college)

    def _moved(self, turn: Turn, poll: Poll) -> Planned | None:
        """Return the next round within a year that a closed day moves."""
        rounds = rules.planned(poll.schedule, turn.now, self.answers.college)
        zone = self.answers.zone
        return next(
            (
                one
                for one in takewhile(lambda one: one.opens < turn.now + YEAR, rounds)
                if one.local.date() != one.opens.astimezone(zone).date()
            ),
            None,
        )

    async def _open(self, turn: Turn, poll: Poll) -> Round | None:
        rounds = await turn.work.polls.open_rounds()
        return next((one for one in rounds if one.poll == poll.id), None)

    async def _answered(self, turn: Turn, one: Round | None) -> int:
        if one is None or one.state is not RoundState.OPEN:
            return 0
        return sum(each.answered for each in await turn.work.polls.invitations(one.id))

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
    said = (Say("poll.only_coordinator"), Say(f"poll.asked.{key}"))
    return Reply(asked_cards.TOLD, said, (back,), personal=True)
