"""Valid values, so that a test names only what matters to it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.core.ids import (
    BookingId,
    EntryId,
    HourId,
    PersonId,
    PollId,
    ProposalId,
    RoundId,
    WaitingId,
)
from bot.core.reply import Button, Channel, Reply, Say, Sender, Words
from bot.knowledge.model import CoachRole, Entry, Level, Proposal, SeedPlan, Shipped
from bot.people.model import CoachProfile, Listed, ListedUnits, Organisation, Role
from bot.polls.model import Asks, Audience, Form, Kind, Poll, Round, Schedule
from bot.routing.model import Draft
from bot.routing.model import Source as Whence
from bot.walkin.model import Hour, SlotKey
from bot.walkin.seats import Booking, Waiting
from bot.walkin.seats import State as BookingState

NOW = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)

UNITS = ListedUnits(
    locations=("Kerngebouw", "Havenkade"),
    sectors=("Handel", "Techniek"),
    teams={
        "Handel 1": ("Handel", "Kerngebouw"),
        "Handel 2": ("Handel", "Kerngebouw"),
        "Techniek 1": ("Techniek", "Havenkade"),
    },
)


def entry(name: str = "wachtwoord-vergeten", **changes: Any) -> Entry:
    base = Entry(
        id=EntryId(name),
        domain="account",
        title="Hoe stel ik een nieuw wachtwoord in?",
        answer="Ga naar de wachtwoordpagina.",
        variants=("wachtwoord vergeten",),
        tags=("wachtwoord",),
        reviewed_on=date(2026, 1, 5),
        review_after=date(2027, 1, 5),
    )
    return replace(base, **changes)


def shipped(name: str = "wachtwoord-vergeten", digest: str = "d1", **changes: Any) -> Shipped:
    return Shipped(entry(name, **changes), digest)


def seed_plan(**changes: Any) -> SeedPlan:
    return replace(SeedPlan(new=(), changed=(), proposed=(), retired=()), **changes)


def proposal(**changes: Any) -> Proposal:
    base = Proposal(
        id=ProposalId(0),
        proposer=PersonId(1),
        title="Hoe zet ik de rookmachine aan?",
        answer="Druk op de groene knop.",
        wording="rook in het theater",
        domain="lokaal",
        level=Level.TACTICAL,
        role=CoachRole.TRAINER,
        at=NOW,
    )
    return replace(base, **changes)


def profile(**changes: Any) -> CoachProfile:
    base = CoachProfile(
        fte=0.5,
        room="B2.04",
        phone="088 555 01 01",
        topics=("account", "teams"),
        strengths={"trainer": 5},
        pattern={"wo": "09:00-16:00", "ma": "09:00-12:30"},
    )
    return replace(base, **changes)


def listed(email: str = "docent1@kerncollege.example", **changes: Any) -> Listed:
    base = Listed(
        email=email,
        name="Docent Een",
        roles=(Role.TEACHER,),
        location="Kerngebouw",
        teams=("Handel 1",),
    )
    return replace(base, **changes)


def listed_coach(email: str = "coach1@kerncollege.example", **changes: Any) -> Listed:
    roles = (Role.COACH, Role.TEACHER)
    return replace(listed(email, name="Coach Een", roles=roles, coach=profile()), **changes)


def organisation(*people: Listed, units: ListedUnits = UNITS) -> Organisation:
    return Organisation(units, people)


def sender(address: str = "29:ann", **changes: Any) -> Sender:
    return replace(Sender(Channel.TEAMS, address, name="Ann"), **changes)


def reply(text: str = "Ga naar de wachtwoordpagina.") -> Reply:
    button = Button(Say("button.helped"), {"kind": "help", "v": 1})
    return Reply("answer", (Say("answer.title", {"count": 1}), Words(text)), (button,))


ANN = PersonId(1)


def draft(asker: PersonId = ANN, key: str = "k1", **changes: Any) -> Draft:
    base = Draft(
        key=key,
        asker=asker,
        text="Hoe zet ik een toets klaar?",
        source=Whence.DIRECT,
        language="nl",
    )
    return replace(base, **changes)


def hour(**changes: Any) -> Hour:
    """Return a weekly hour on Monday from twelve to one, in slots of a quarter for two."""
    base = Hour(
        id=HourId(0),
        coach=PersonId(1),
        weekday=0,
        start=time(12),
        end=time(13),
        minutes=15,
        seats=2,
        first=date(2026, 1, 5),
        place="B2.04",
    )
    return replace(base, **changes)


def slot_key(hour: int = 1, day: date = date(2026, 3, 9), number: int = 0) -> SlotKey:
    return SlotKey(HourId(hour), day, number)


def booking(person: PersonId, key: SlotKey, **changes: Any) -> Booking:
    starts = datetime(2026, 3, 9, 11, tzinfo=UTC) + key.number * timedelta(minutes=15)
    base = Booking(
        id=BookingId(0),
        key=key,
        person=person,
        seat=1,
        state=BookingState.BOOKED,
        starts=starts,
        ends=starts + timedelta(minutes=15),
        made=NOW,
    )
    return replace(base, **changes)


def waiting(person: PersonId, key: SlotKey, number: int = 1, **changes: Any) -> Waiting:
    starts = datetime(2026, 3, 9, 11, tzinfo=UTC) + key.number * timedelta(minutes=15)
    return replace(Waiting(WaitingId(0), key, person, number, starts, NOW), **changes)


def asks(kind: Kind = Kind.SCALE, **changes: Any) -> Asks:
    base = Asks(
        kind, "Hoe dichtbij voelde hulp deze week?", low="heel ver weg", high="heel dichtbij"
    )
    return replace(base, **changes)


def poll_form(**changes: Any) -> Form:
    return replace(Form("Weekpeiling", (asks(),), anonymous=False), **changes)


def poll(**changes: Any) -> Poll:
    """A weekly poll of all teachers, for the first time on the Monday of `NOW`, at ten."""
    schedule = Schedule(date(2026, 3, 2), time(10), every=1)
    return replace(Poll(PollId(0), PersonId(1), poll_form(), Audience(), schedule), **changes)


def poll_round(of: PollId, **changes: Any) -> Round:
    base = Round(
        RoundId(0),
        of,
        datetime(2026, 3, 2, 10),  # noqa: DTZ001 (local: it names the round)
        poll_form(),
        opened=NOW,
        closes=NOW + timedelta(days=4),
        reminds=NOW + timedelta(days=2),
    )
    return replace(base, **changes)
