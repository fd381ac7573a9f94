"""What the doctor makes of what it found: each check with how it is, and what to do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.reply import Say, Value
from bot.knowledge.model import Entry
from bot.outbox.model import Reason, Tally
from bot.people.model import ChannelName, NamedChannel, Reach, Role, Unreached
from bot.polls.model import Round

STUCK = timedelta(minutes=15)
"""What waits longer than this is looked at: a relay that runs takes seconds."""
ERASED = timedelta(hours=1)
"""An anonymous round is erased within a minute of its closing, unless something is in the way."""
LISTED = 10


class Health(StrEnum):
    """How something is. Only what is broken makes the command fail."""

    OK = "ok"
    ATTENTION = "attention"
    BROKEN = "broken"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    health: Health
    said: Say
    todo: Say | None = None


def ok(name: str, said: Say) -> Check:
    """Return a check that found nothing."""
    return Check(name, Health.OK, said)


def attention(name: str, said: Say, todo: Say) -> Check:
    """Return a check that found something to look at."""
    return Check(name, Health.ATTENTION, said, todo)


def broken(name: str, said: Say, todo: Say) -> Check:
    """Return a check that found why the bot cannot work."""
    return Check(name, Health.BROKEN, said, todo)


def of_faq(entries: Sequence[Entry], today: date) -> Check:
    """Look at the stored answers: are there any, and are they reviewed in time."""
    if not entries:
        return broken("faq", Say("doctor.faq.none"), Say("doctor.faq.none_todo"))
    over = sorted(one.id for one in entries if one.review_after and one.review_after < today)
    if not over:
        return ok("faq", Say("doctor.faq.fine", {"entries": len(entries)}))
    named = ", ".join(over[:LISTED]) + (", …" if len(over) > LISTED else "")
    data: dict[str, Value] = {"entries": len(entries), "over": len(over), "names": named}
    return attention("faq", Say("doctor.faq.over", data), Say("doctor.faq.over_todo"))


def of_outbox(tally: Tally, now: datetime, zone: ZoneInfo) -> list[Check]:
    """Look at what waits, what fails and will be tried again, what is dead, and what doubtful."""
    checks = [_waiting(tally, now, zone)]
    for reason, count in sorted(tally.failed.items()):
        health = Health.BROKEN if reason is Reason.UNAUTHORISED else Health.ATTENTION
        said = Say("doctor.outbox.failed", {"count": count, "reason": reason})
        checks.append(Check("outbox", health, said, Say(f"outbox.todo.{reason}")))
    for reason, count in sorted(tally.dead.items()):
        said = Say("doctor.outbox.dead", {"count": count, "reason": reason})
        checks.append(attention("outbox", said, Say(f"outbox.todo.{reason}")))
    if tally.doubtful:
        said = Say("doctor.outbox.doubtful", {"count": tally.doubtful})
        checks.append(attention("outbox", said, Say("doctor.outbox.doubtful_todo")))
    return checks


def _waiting(tally: Tally, now: datetime, zone: ZoneInfo) -> Check:
    if tally.oldest is None or now - tally.oldest < STUCK:
        return ok("outbox", Say("doctor.outbox.fine", {"waiting": tally.waiting}))
    since = f"{tally.oldest.astimezone(zone):%Y-%m-%d %H:%M}"
    said = Say("doctor.outbox.stuck", {"waiting": tally.waiting, "since": since})
    return attention("outbox", said, Say("doctor.outbox.stuck_todo"))


def of_reach(reach: Reach, unreached: Sequence[Unreached]) -> list[Check]:
    """Look at how many can be told something, and name the coaches and coordinators who cannot."""
    if not reach.people:
        return [attention("reach", Say("doctor.reach.nobody"), Say("doctor.reach.nobody_todo"))]
    never = reach.people - reach.reached - reach.lost
    data = {"reached": reach.reached, "people": reach.people, "never": never, "lost": reach.lost}
    all_are = reach.reached == reach.people
    checks = [
        ok("reach", Say("doctor.reach.all", data))
        if all_are
        else attention("reach", Say("doctor.reach.some", data), Say("doctor.reach.todo"))
    ]
    for role in (Role.COACH, Role.COORDINATOR):
        if names := [one.name for one in unreached if role in one.roles]:
            said = Say(f"doctor.reach.{role}", {"names": ", ".join(names), "count": len(names)})
            checks.append(attention("reach", said, Say("doctor.reach.role_todo")))
    return checks


def of_polls(unreadable: int, *, secret: bool) -> Check:
    """Look at the secret of anonymous polls: is there one, and can it open what is stored."""
    if unreadable:
        said = Say("doctor.polls.wrong", {"count": unreadable})
        return broken("polls", said, Say("doctor.polls.wrong_todo"))
    if not secret:
        return attention("polls", Say("doctor.polls.none"), Say("doctor.polls.none_todo"))
    return ok("polls", Say("doctor.polls.fine"))


def of_erasing(counted: Sequence[Round], now: datetime) -> list[Check]:
    """Look for anonymous rounds whose traces should be gone by now, and are not."""
    late = [one for one in counted if now - one.closes > ERASED]
    if not late:
        return []
    said = Say("doctor.polls.traces", {"count": len(late)})
    return [attention("polls", said, Say("doctor.polls.traces_todo"))]


def of_channels(named: Sequence[NamedChannel]) -> list[Check]:
    """Look at which channels a coordinator pointed out."""
    known = {one.name for one in named}
    said: Mapping[ChannelName, tuple[Say, Say]] = {
        ChannelName.COACHES: (
            Say("doctor.channels.coaches"),
            Say("doctor.channels.coaches_todo"),
        ),
        ChannelName.COORDINATORS: (
            Say("doctor.channels.coordinators"),
            Say("doctor.channels.coordinators_todo"),
        ),
    }
    unknown = [attention("channels", *said[name]) for name in ChannelName if name not in known]
    return unknown or [ok("channels", Say("doctor.channels.fine"))]


def of_walkin(hours: int, lacking: Sequence[str]) -> list[Check]:
    """Look at whether people can have their walk-in hours in their own calendar.

    `lacking` names the settings that it needs and that are empty.
    """
    if not hours:
        return []
    data: dict[str, Value] = {"hours": hours, "names": ", ".join(lacking)}
    if lacking:
        todo = Say("doctor.walkin.todo", data)
        return [attention("walkin", Say("doctor.walkin.no_calendar", data), todo)]
    return [ok("walkin", Say("doctor.walkin.fine", data))]
