"""How a question that nobody picked up reaches more people, in working time. Pure.

Ring 1 is the nearest coach who can be asked, ring 2 two more, ring 3 all who can and the coaches'
channel, ring 4 the coordinators; from there on who became free is asked, on a timer. The shape is
that of call centres, where an agent of an inner ring who becomes free still comes first.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.core.ids import PersonId
from bot.proximity.model import Ranked, Ranking
from bot.routing.model import Offer, Question, RingTimes, Step
from bot.worktime.worktime import WorkTime

LAST = 4
CHANNEL = 3
_MOST = {1: 1, 2: 2}
"""How many are asked in a ring; in the others it is everybody."""
SOON = timedelta(hours=1)
"""Of coaches who are all off, those who are back within this of the first count as equal."""
OLD = timedelta(weeks=1)
"""For how long who became free is looked for all day; after that it is each morning: a question
that nobody takes for a year would be looked at two thousand times."""


def step(  # noqa: PLR0913, PLR0917 (what a ring depends on)
    question: Question,
    ranking: Ranking,
    asked: Collection[PersonId],
    college: WorkTime,
    now: datetime,
    times: RingTimes,
    *,
    channel: bool,
) -> Step:
    """Return what becomes of an unclaimed question at `now`.

    A ring in which nobody is left to ask is passed over. `channel`: there is a coaches' channel.
    """
    question = _waiting_class(question, ranking)
    ring = min(question.ring + 1, LAST)
    if question.draft.urgent and ring == 1:
        ring = 2
    # Whose hours nobody knows is asked when the college is open: not at night.
    opens = college.next_open(now) or now
    while True:
        offers = tuple(
            _offer(question, ring, one, _starts(one, now) or opens)
            for one in _chosen(question, ring, ranking, asked, now)
        )
        to_channel = ring == CHANNEL and channel
        if offers or to_channel or ring == LAST:
            break
        ring += 1
    return Step(
        ring=ring,
        offers=offers,
        due=_due(question, ring, offers, college, now, times),
        to_channel=to_channel,
        to_coordinators=ring == LAST and question.ring < LAST,
    )


def _waiting_class(question: Question, ranking: Ranking) -> Question:
    """Return a question that cannot wait as any other when nobody works who could hurry."""
    if any(one.coach.available.until for one in ranking.ranked):
        return question
    return replace(question, draft=replace(question.draft, urgent=False))


def _chosen(
    question: Question, ring: int, ranking: Ranking, asked: Collection[PersonId], now: datetime
) -> Sequence[Ranked]:
    ordered = _in_order(ranking, question.draft.wanted)
    left = [one for one in ordered if one.coach.person not in asked]
    wanted = [one for one in left if one.coach.person == question.draft.wanted]
    if question.draft.urgent:
        left = [one for one in left if one.coach.available.until]
    elif ring in _MOST and not (wanted and ring == 1):
        left = _soonest(left, now)
    most = _MOST.get(ring, len(left))
    if question.draft.urgent and ring in _MOST:
        most = sum(_MOST.values())
    return left[:most]


def first(ranking: Ranking, wanted: PersonId | None, now: datetime) -> Ranked | None:
    """Return who is asked first: whoever is asked by name, else the nearest who works first."""
    left = _in_order(ranking, wanted)
    if left and left[0].coach.person == wanted:
        return left[0]
    return next(iter(_soonest(left, now)), None)


def _in_order(ranking: Ranking, wanted: PersonId | None) -> list[Ranked]:
    """Return the coaches, the one who was asked for by name first."""
    return sorted(ranking.ranked, key=lambda one: one.coach.person != wanted)


def _soonest(left: list[Ranked], now: datetime) -> list[Ranked]:
    """Return those who work now; if none does, those who do first. Nearest first, as they were."""
    starts = [start for one in left if (start := _starts(one, now))]
    if not starts:
        return []
    until = max(min(starts), now) + (SOON if min(starts) > now else timedelta())
    return [one for one in left if (start := _starts(one, now)) and start <= until]


def _starts(one: Ranked, now: datetime) -> datetime | None:
    """Return from when on a coach can see something; None when that is not in sight."""
    available = one.coach.available
    return now if available.until else available.back


def _offer(question: Question, ring: int, one: Ranked, start: datetime) -> Offer:
    who, near = one.coach.person, one.proximity
    return Offer(question.id, who, question.round, ring, start.astimezone(UTC), near)


def _due(  # noqa: PLR0913, PLR0917 (what a ring depends on)
    question: Question,
    ring: int,
    offers: Iterable[Offer],
    college: WorkTime,
    now: datetime,
    times: RingTimes,
) -> datetime | None:
    # Only the first who is asked is waited for until they are back. Who is off holds up no wider
    # ring: the coaches' channel and the coordinators would hear days later of what nobody took.
    start = min((offer.at for offer in offers), default=now) if ring == 1 else now
    if question.draft.urgent and ring < LAST:
        return start + timedelta(minutes=times.urgent)
    if ring < LAST:
        return college.after(start, times.minutes[ring - 1])
    if question.ring == LAST and now - question.created >= OLD:
        return _next_morning(college, now)
    return college.after(start, times.retry)


def _next_morning(college: WorkTime, now: datetime) -> datetime | None:
    tomorrow = now.astimezone(college.zone).date() + timedelta(days=1)
    return college.next_open(datetime.combine(tomorrow, time(), college.zone))
