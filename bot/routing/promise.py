"""By when somebody hears of a question that nobody picked up yet. Pure.

It is worked out by the rule that says who is asked when (`rings`), and counts the time in which one
of those who are asked is at work: a college that is open while its coaches are off helps nobody.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.core.ids import PersonId
from bot.proximity.model import Ranking
from bot.routing import rings
from bot.routing.model import Away, Offer, Question, RingTimes
from bot.worktime.together import Hours, after_together
from bot.worktime.worktime import WorkTime

PROMISED = 2
"""The ring by whose end there is word: three people had time to pick the question up."""
NEVER = datetime.max.replace(tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Outlook:
    """What is known of the time to come: how the coaches rank then, and when each of them works."""

    rank: Callable[[datetime], Ranking]
    hours: Mapping[PersonId, WorkTime]
    leaves: Sequence[Away]
    college: WorkTime
    times: RingTimes

    def of(self, offer: Offer, start: datetime) -> Hours:
        """Return when a coach can pick up what they are asked, from `start` on."""
        leave = [(one.start, one.until) for one in self.leaves if one.person == offer.coach]
        return Hours(self.hours[offer.coach], max(offer.at, start), leave)


def by_when(
    question: Question, offers: Sequence[Offer], outlook: Outlook, now: datetime
) -> datetime | None:
    """Return by when there is word, up to a whole quarter of an hour; `offers` are all of it.

    None when nothing can be said: nobody is asked, the coordinators have it, somebody is asked for
    a class that waits, or the moment has passed.
    """
    if not question.unclaimed or question.ring >= rings.LAST:
        return None
    asked: list[Offer] = [one for one in offers if one.round == question.round and one.ring]
    if question.draft.urgent and any(one.at <= now for one in asked):
        return None
    barred = {one.coach for one in offers if one.round == question.round or not one.ring}
    asked += _to_come(question, barred, outlook, now)
    start, minutes = _time_for(max(question.ring, PROMISED), asked, outlook.times)
    people = [outlook.of(one, start) for one in asked if one.coach in outlook.hours]
    end = after_together(people, minutes)
    return _quarter(end) if end and _quarter(end) > now else None


def _to_come(
    question: Question, barred: set[PersonId], outlook: Outlook, now: datetime
) -> list[Offer]:
    """Return who will be asked until the end of the promised ring, if nobody picks it up."""
    at = now if question.ring == 0 else max(question.due or now, now)
    offers: list[Offer] = []
    while question.ring < PROMISED:
        step = rings.step(
            question, outlook.rank(at), barred, outlook.college, at, outlook.times, channel=True
        )
        offers += [one for one in step.offers if step.ring <= PROMISED]
        if step.due is None:
            break
        barred = {*barred, *(one.coach for one in step.offers)}
        question, at = replace(question, ring=step.ring), step.due
    return offers


def _time_for(ring: int, asked: Sequence[Offer], times: RingTimes) -> tuple[datetime, float]:
    """Return from when on those who are asked have how many minutes until a ring ends.

    That is the time of that ring; if nobody was left to ask in it, that of all rings until then.
    """
    starts = [one.at for one in asked if one.ring == ring]
    if starts:
        return min(starts), times.minutes[ring - 1]
    return min((one.at for one in asked), default=NEVER), sum(times.minutes[:ring])


def _quarter(end: datetime) -> datetime:
    past = timedelta(minutes=end.minute % 15, seconds=end.second, microseconds=end.microsecond)
    return end - past + QUARTER if past else end
