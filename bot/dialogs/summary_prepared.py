"""What is about to be sent of a week, worked out for all who read it before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.dialogs.summary_cards import headlines
from bot.dialogs.summary_week import Loaded, Weeks
from bot.people.model import Person
from bot.summary.model import EVERYONE, Audience
from bot.summary.ports import PollRounds
from bot.summary.report import Figures, PollRound, Sent
from bot.summary.week import Span, Week

RECENT = 4
"""So many of the newest summaries tell whether a round of a poll was told before."""


@dataclass(frozen=True)
class Prepared:
    """What is about to be sent of a week, and of the week that was sent before it: as of now."""

    week: Week
    coaches: tuple[Person, ...]
    figures: Mapping[Audience, Figures]
    before: Week | None
    corrections: Mapping[Audience, Figures]


@dataclass(frozen=True)
class Gathered:
    """What `Prepared` follows from: the week, the one before it, and the one that was sent."""

    week: Loaded
    earlier: Loaded
    before: Week | None
    sent: Loaded
    coaches: tuple[Person, ...]

    def prepared(self) -> Prepared:
        audiences = (EVERYONE, *map(own, self.coaches))
        figures, earlier = self.week.figures_of(audiences), self.earlier.figures_of(audiences)
        sent = earlier if self.sent is self.earlier else self.sent.figures_of(audiences)
        shown = {one: beside(figures[one], earlier[one], one) for one in audiences}
        return Prepared(self.week.week, self.coaches, shown, self.before, sent)


async def gather(weeks: Weeks, week: Week, polls: PollRounds | None) -> Gathered:
    """Load all that the summary of a week follows from, each week once."""
    sent = await weeks.work.summaries.newest(EVERYONE.key, RECENT)
    rounds = await _untold(polls, weeks, week, sent) if polls else ()
    loaded, earlier = await weeks.load(week, rounds), await weeks.load_counts(week.back())
    before = sent[0].week if sent else None
    corrected = earlier if before in (None, week.back()) else await weeks.load_counts(before)
    coaches = tuple(one.person for one in weeks.coaches)
    return Gathered(loaded, earlier, before, corrected, coaches)


async def _untold(
    polls: PollRounds, weeks: Weeks, week: Week, sent: Sequence[Sent]
) -> Sequence[PollRound]:
    """Return the rounds that closed until the end of a week, and were told in none before.

    So it is with one that was only counted when its week was told, or that closed in a holiday.
    """
    zone = weeks.college.zone
    told = {poll.round for one in sent for poll in one.figures.polls}
    since = min([week, *(one.week for one in sent)]).span(zone).start
    return await polls.closed_in(Span(since, week.span(zone).end), told)


def own(coach: Person) -> Audience:
    """Return whose figures a coach reads: without a location, those of all."""
    return Audience(coach.location, coach.id)


def beside(figures: Figures, earlier: Figures, audience: Audience) -> Figures:
    """Return figures with the headlines of the week before, if the bot was used in it."""
    names = headlines(audience.key) if earlier.number("messages") else ()
    return replace(figures, before={name: earlier.values.get(name) for name in names})
