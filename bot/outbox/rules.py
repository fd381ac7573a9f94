"""What a try comes to, and how fast may be spoken."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from bot.core.delivery import DeliveryError, Message, Outcome
from bot.core.reply import Place
from bot.outbox.model import Leased, Limits, Reason, Result, State

GIVE_UP = timedelta(days=3)
"""How long is tried, from when it was to be said: who could not be reached for a weekend is."""
SLOWEST = 300.0
"""Seconds between two tries, at most, where the service does not say how long."""
UNAUTHORISED_WAIT = 60.0
"""Seconds that a tenant is left alone, at least, when it does not know us."""
CROWD = 3
"""So many conversations throttled within `CROWDED` mean that the whole tenant is."""
CROWDED = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)
REMEMBERED = timedelta(hours=1)
"""How long is known what was sent to a conversation: no window of `Limits` may be longer."""
_REASON = 120


def lane(place: Place) -> str:
    """Return what is kept in order: the conversation, or who it is still to be opened with."""
    return place.conversation or f"to:{place.person}"


def unopened(met: Place, person: str) -> Place:
    """Return the 1:1 chat with somebody whom we never met, where we met somebody else."""
    return replace(met, conversation="", person=person)


def reason_of(text: str) -> Reason:
    """Return the kind of what is stored as a reason; what we do not know is UNKNOWN."""
    word = text.partition(" ")[0]
    return Reason(word) if word in set(Reason) else Reason.UNKNOWN


def nobody_there(result: Result) -> bool:
    """Tell whether a try showed that the other is not in their own chat with us any more.

    A card that cannot be changed says nothing: perhaps only the card is gone.
    """
    message = result.message
    fresh = message.place.personal and bool(message.place.conversation) and not message.changes
    return fresh and result.state is State.DEAD and reason_of(result.reason) is Reason.GONE


def not_opened(result: Result) -> bool:
    """Tell whether a try showed that no chat can be opened with somebody: they have no app."""
    place = result.message.place
    unopened = place.personal and not place.conversation
    return unopened and result.state is State.DEAD and reason_of(result.reason) is Reason.GONE


def opened(result: Result) -> bool:
    """Tell whether a try showed that a chat with somebody whom we never met can be opened."""
    place = result.message.place
    return place.personal and not place.conversation and result.state is State.SENT


def arrived(message: Message, remote: str, now: datetime) -> Result:
    """Return what a try comes to whose message shows there now, with the channel's id `remote`."""
    return Result(message, State.SENT, now, remote=remote)


def bare(result: Result) -> Result:
    """Return a result without what a service said of it, which a store may not be able to take.

    A message that is there can then not be changed any more, but it is not sent again.
    """
    return replace(result, remote="", reason="" if result.state is State.SENT else Reason.UNKNOWN)


def expired(leased: Leased, now: datetime) -> Result | None:
    """Return what becomes of a message that helps nobody any more; None while it does.

    A card that is there is still changed: what it says would be wrong for ever.
    """
    if leased.expires is None or now < leased.expires or leased.message.changes:
        return None
    return Result(leased.message, State.DEAD, now, reason="late")


def after(error: DeliveryError, leased: Leased, now: datetime, jitter: float) -> Result:
    """Return what a failed try comes to. `jitter`, 0 to 1, keeps many from trying at once."""
    message, why = leased.message, str(error)[:_REASON]
    if error.outcome in {Outcome.GONE, Outcome.INVALID}:
        return Result(message, State.DEAD, now, reason=why)
    again = now + timedelta(seconds=_wait(error, message.attempts, jitter))
    unknown = error.outcome is Outcome.UNKNOWN
    tried = Result(
        message,
        State.WAITING,
        now,
        not_before=again,
        reason=why,
        doubtful=unknown,
        paused=again if error.outcome is Outcome.UNAUTHORISED else None,
    )
    if leased.expires is not None and leased.expires <= again and not message.changes:
        return replace(tried, state=State.DEAD, not_before=None, reason="late")
    if leased.at + GIVE_UP <= again:
        return replace(tried, state=State.DEAD, not_before=None, reason=f"gave_up {why}")
    return tried


def _wait(error: DeliveryError, attempts: int, jitter: float) -> float:
    if error.outcome is Outcome.THROTTLED and error.retry_after is not None:
        # Never sooner than we were told, and never so far that it is no date.
        told = min(GIVE_UP.total_seconds(), max(1.0, error.retry_after))
        return told + jitter * max(told / 5, 1.0)
    wait = min(2.0 ** min(attempts, 16), SLOWEST) * (0.5 + jitter)
    return max(wait, UNAUTHORISED_WAIT) if error.outcome is Outcome.UNAUTHORISED else wait


def of_late(throttled: Sequence[Result], now: datetime) -> list[Result]:
    """Return those that still count for a `CROWD`."""
    return [one for one in throttled if one.at > now - CROWDED]


def pause(throttled: Sequence[Result]) -> datetime | None:
    """Return until when a tenant is left alone whose conversations were throttled of late."""
    if len({lane(one.message.place) for one in throttled}) < CROWD:
        return None
    latest = max(one.not_before or one.at for one in throttled)
    return min(latest, max(one.at for one in throttled) + LONGEST_PAUSE)


def with_pause(result: Result, throttled: Sequence[Result]) -> Result:
    """Return a throttled result, saying so where the whole tenant is throttled.

    `throttled` are those of late, this one as well.
    """
    place = result.message.place
    tenant = place.channel, place.tenant
    here = [
        one
        for one in of_late(throttled, result.at)
        if (one.message.place.channel, one.message.place.tenant) == tenant
    ]
    return replace(result, paused=pause(here) or result.paused)


def free_at(limits: Limits, sent: Sequence[datetime], now: datetime) -> datetime:
    """Return the first moment from `now` on that one more message keeps within every window.

    A window is open at its start: of one message in 10 s the second may follow after exactly 10.
    """
    log = sorted(sent)
    full = [
        log[-most] + timedelta(seconds=seconds)
        for seconds, most in limits.windows.items()
        if len(log) >= most
    ]
    return max([now, *full])


def kept(sent: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """Return the moments that a window may still hold, in order."""
    return tuple(sorted(at for at in sent if at > now - REMEMBERED))


def step(rate: float) -> timedelta:
    """Return the time between two turns, for so many a second; rounded up, never one more."""
    return timedelta(microseconds=ceil(1_000_000 / rate))


def turns(
    free: datetime | None, rate: float | None, count: int, now: datetime, horizon: timedelta
) -> list[datetime]:
    """Return the moments at which up to `count` messages may be sent in a tenant's pace.

    None is later than `horizon` from now. The next turn after them is free `step(rate)` later.
    """
    if rate is None:
        return [now] * count
    first, between = max(now, free or now), step(rate)
    starts = [first + number * between for number in range(count)]
    return [start for start in starts if start <= now + horizon]
