"""Somebody's own calendar shows what they booked and hold, to whoever has the secret address."""

from dataclasses import dataclass, replace
from datetime import UTC, timedelta

import pytest

from bot.core import buttons as questions
from bot.core import walkin_buttons as buttons
from bot.core.ids import BookingId
from bot.core.reply import Incoming, Reply, Sender, Words
from bot.dialogs.turn import Turn
from bot.dialogs.walkin_agenda import Agenda
from bot.dialogs.walkin_calendar import CalendarDesk
from bot.dialogs.walkin_feed import Publisher, Shown
from bot.walkin import ics
from bot.walkin.links import BOOKING, ENDING, FEED, Links
from bot.walkin.model import Terms
from tests.calendars import Read, read
from tests.chat import ANN, LINKS, SETUP, keys, make_root, press_of
from tests.office import AD, BOB, CAS, labels, local
from tests.walkin import WEDNESDAY, WalkInOffice, key_of, labels_of, make_walkin_office, on

NOON = local("wo", 12).astimezone(UTC)
HALF = timedelta(minutes=30)


@dataclass
class Calendars:
    """Reads calendars as their owners' programs do."""

    office: WalkInOffice
    links: Links = LINKS

    @property
    def publisher(self) -> Publisher:
        chat = self.office.chat
        agenda = Agenda(chat.desk.nearby, Terms(), self.links)
        return Publisher(chat.store.reading, agenda, self.links, chat.clock)

    async def at(self, url: str) -> bytes | None:
        """Return what an address shows."""
        for path, find in ((FEED, self.publisher.feed), (BOOKING, self.publisher.booking)):
            _, found, token = url.partition(path)
            if found:
                return self._write(await find(token.removesuffix(ENDING)))
        raise AssertionError(url)

    def _write(self, shown: Shown | None) -> bytes | None:
        texts = self.office.chat.texts
        if shown is None:
            return None
        return ics.write(
            shown.calendar, lambda said: texts.write(shown.language, said.key, said.data)
        )

    async def events(self, url: str) -> list[Read]:
        body = await self.at(url)
        assert body is not None
        return read(body)


@pytest.fixture
async def office() -> WalkInOffice:
    return await make_walkin_office()


@pytest.fixture
def calendars(office: WalkInOffice) -> Calendars:
    return Calendars(office)


def address(reply: Reply) -> str:
    (found,) = (one.text for one in reply.blocks if isinstance(one, Words))
    return found


def added(reply: Reply) -> str:
    """Return the address that a card offers to put a booking in a calendar."""
    (found,) = (one.url for one in reply.links if BOOKING in one.url)
    return found


async def make(office: WalkInOffice, who: Sender = ANN) -> str:
    return address(await office.press(buttons.NewCalendar(), who))


async def test_an_address_is_made_shown_again_renewed_and_taken_back(
    office: WalkInOffice, calendars: Calendars
) -> None:
    (nothing,) = await office.say("agenda")
    assert keys(nothing) == ["calendar.title", "calendar.none"]
    assert labels(nothing) == ["calendar.make"]
    made = await office.press(press_of(nothing, "calendar.make"))
    first = address(made)
    assert "calendar.renewed" not in keys(made)
    assert address((await office.say("mijn agenda"))[0]) == first
    assert await calendars.events(first) == []
    renewed = await office.press(press_of(made, "calendar.renew"))
    assert "calendar.renewed" in keys(renewed)
    second = address(renewed)
    assert second != first
    assert await calendars.at(first) is None
    assert await calendars.events(second) == []
    stopped = await office.press(press_of(renewed, "calendar.stop"))
    assert keys(stopped) == ["calendar.title", "calendar.stopped", "calendar.none"]
    assert await calendars.at(second) is None
    again = await office.press(press_of(renewed, "calendar.stop"))
    assert keys(again) == ["calendar.title", "calendar.none"]
    assert await make(office) not in (first, second)


async def test_nobody_else_sees_an_address(office: WalkInOffice, calendars: Calendars) -> None:
    anns, bobs = await make(office), await make(office, BOB)
    await office.book(await office.hour())
    assert len(await calendars.events(anns)) == 1
    assert await calendars.events(bobs) == []
    (shown,) = await office.say("agenda")
    assert shown.personal


async def test_a_booking_can_be_put_in_a_calendar(
    office: WalkInOffice, calendars: Calendars
) -> None:
    booked = await office.book(await office.hour())
    (event,) = await calendars.events(added(booked))
    which = (await office.booking()).id
    assert event == Read(
        f"booking-{which}@vraagbaak",
        1,
        NOON,
        NOON + HALF,
        "CONFIRMED",
        "Inloopuur bij Ad",
        "B2.04, Kerngebouw",
        event.about,
        "",
        timedelta(minutes=-15),
    )


async def test_what_somebody_comes_for_and_who_else_does_stays_in_the_chat(
    office: WalkInOffice, calendars: Calendars
) -> None:
    hour = await office.hour(seats="3")
    booked = await office.book(hour)
    await office.press(press_of(booked, "walkin.booked.save"), topic="Geheime zeilboot")
    await office.book(hour, BOB)
    await office.book(hour, CAS)
    for url in (added(booked), await make(office), await make(office, AD)):
        body = (await calendars.at(url) or b"").decode()
        assert "BEGIN:VEVENT" in body
        for word in ("zeilboot", "Bob", "Cas", "docent", "ATTENDEE", "ORGANIZER"):
            assert word not in body


async def test_a_booking_that_changes_is_the_same_event(
    office: WalkInOffice, calendars: Calendars
) -> None:
    hour = await office.hour()
    url, feed = added(await office.book(hour)), await make(office)
    (first,) = await calendars.events(url)
    which = (await office.booking()).id
    await office.press(key_of(hour, 1, moving=which))
    (moved,) = await calendars.events(url)
    assert (moved.uid, moved.starts) == (first.uid, NOON + HALF)
    assert moved.sequence > first.sequence
    await office.press(buttons.CancelBooking(**on(which)))
    (off,) = await calendars.events(url)
    assert (off.uid, off.status, off.alarm) == (first.uid, "CANCELLED", None)
    assert off.title == "Gaat niet door: inloopuur bij Ad"
    assert off.sequence > moved.sequence
    assert await calendars.events(feed) == [off]
    over = await office.press(buttons.ShowBooking(**on(which)))
    assert over.links == ()


async def test_an_online_booking_opens_from_the_calendar(
    office: WalkInOffice, calendars: Calendars
) -> None:
    link = "https://meet.example/ad"
    booked = await office.book(await office.hour(place="", link=link))
    (event,) = await calendars.events(added(booked))
    assert (event.place, event.url) == ("online", link)
    (hour, *_) = await calendars.events(await make(office, AD))
    assert hour.url == link


async def test_a_seat_that_is_only_offered_is_tentative(
    office: WalkInOffice, calendars: Calendars
) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.book(hour, BOB)
    bobs = await make(office, BOB)
    assert await calendars.events(bobs) == []
    await office.press(buttons.CancelBooking(**on((await office.booking()).id)))
    (offered,) = await calendars.events(bobs)
    assert (offered.status, offered.title) == ("TENTATIVE", "Bevestig nog: inloopuur bij Ad")
    await office.press(buttons.ConfirmSeat(**on((await office.booking(BOB)).id)), BOB)
    (sure,) = await calendars.events(bobs)
    assert (sure.uid, sure.status) == (offered.uid, "CONFIRMED")
    assert sure.sequence > offered.sequence


async def test_a_coach_sees_the_hours_with_how_many_come(
    office: WalkInOffice, calendars: Calendars
) -> None:
    hour, url = await office.hour(seats="2"), await make(office, AD)
    (first, *later) = await calendars.events(url)
    assert (first.title, first.starts) == ("Jouw inloopuur (0 van 4 plekken bezet)", NOON)
    assert first.ends == NOON + 2 * HALF
    assert len(later) == 11
    await office.book(hour)
    await office.book(hour, BOB, 1)
    await office.press(buttons.CancelBooking(**on((await office.booking(BOB)).id)), BOB)
    (one, *_) = await calendars.events(url)
    assert (one.uid, one.title) == (first.uid, "Jouw inloopuur (1 van 4 plekken bezet)")


async def test_a_coach_who_books_elsewhere_sees_both(
    office: WalkInOffice, calendars: Calendars
) -> None:
    await office.book(await office.hour(CAS, weekday="do"), AD, day=WEDNESDAY.replace(day=5))
    await office.hour()
    titles = [one.title for one in await calendars.events(await make(office, AD))]
    assert titles[0] == "Inloopuur bij Cas"
    assert titles.count("Jouw inloopuur (0 van 2 plekken bezet)") == len(titles) - 1 > 0


async def test_a_date_that_is_off_or_moves_is_the_same_event(
    office: WalkInOffice, calendars: Calendars
) -> None:
    hour, url = await office.hour(), await make(office, AD)
    anns = added(await office.book(hour))
    before = {one.starts: one for one in await calendars.events(url)}
    which = {"hour": hour.id, "day": WEDNESDAY}
    send = press_of(await office.press(buttons.MoveDateForm(**which), AD), "walkin.move.send")
    await office.fill(send, AD, to="2026-03-05", start="9:00", place="C1.01")
    (moved,) = [one for one in await calendars.events(url) if one.uid == before[NOON].uid]
    assert (moved.starts.day, moved.place, moved.sequence) == (5, "C1.01, Kerngebouw", 1)
    (event,) = await calendars.events(anns)
    assert (event.starts.day, event.place) == (5, "C1.01, Kerngebouw")
    await office.press(buttons.CancelDate(**which, sure=True), AD)
    (off,) = [one for one in await calendars.events(url) if one.uid == before[NOON].uid]
    assert (off.status, off.title) == ("CANCELLED", "Gaat niet door: jouw inloopuur")
    (event,) = await calendars.events(anns)
    assert event.status == "CANCELLED"


async def test_a_date_that_lapses_by_leave_is_cancelled_for_coach_and_teacher(
    office: WalkInOffice, calendars: Calendars
) -> None:
    hour, url = await office.hour(), await make(office, AD)
    await office.book(hour)
    anns = await make(office)
    (before, *later) = await calendars.events(url)
    await office.press(questions.GoAway(first="2026-03-04", last="2026-03-11"), AD)
    # Also before time passed over it, and after.
    for _ in range(2):
        events = {one.uid: one for one in await calendars.events(url)}
        off = events[before.uid]
        assert (off.status, off.starts) == ("CANCELLED", NOON)
        assert off.title == "Gaat niet door: jouw inloopuur"
        next_week = events[later[0].uid]
        assert (next_week.status, next_week.sequence) == ("CANCELLED", later[0].sequence)
        assert events[later[1].uid] == later[1]
        (theirs,) = await calendars.events(anns)
        assert (theirs.status, theirs.starts) == ("CANCELLED", NOON)
        await office.move_to(local("ma", 11))
    await office.press(questions.BackAgain(), AD)
    # Who comes back sooner holds the hour, and a calendar takes the same version for newer.
    again = {one.uid: one for one in await calendars.events(url)}[later[0].uid]
    assert (again.status, again.sequence) == ("CONFIRMED", later[0].sequence)


async def test_who_is_back_in_the_morning_holds_that_days_hour_in_every_calendar(
    office: WalkInOffice, calendars: Calendars
) -> None:
    await office.hour()
    url = await make(office, AD)
    await office.press(questions.GoAway(first="2026-03-03", last="2026-03-05"), AD)
    (off,) = [one for one in await calendars.events(url) if one.starts == NOON]
    assert off.status == "CANCELLED"
    await office.move_to(local("wo", 9))
    await office.press(questions.BackAgain(), AD)
    (found,) = await office.say("inloopuur")
    assert labels_of(office, found)[0].startswith("vandaag om 12:00 · Ad")
    (today,) = [one for one in await calendars.events(url) if one.starts == NOON]
    assert (today.status, today.uid, today.sequence) == ("CONFIRMED", off.uid, off.sequence)


async def test_an_address_of_a_booking_ends_with_the_booking(
    office: WalkInOffice, calendars: Calendars
) -> None:
    url, feed = added(await office.book(await office.hour())), await make(office)
    await office.move_to(NOON + HALF - timedelta(minutes=1))
    assert len(await calendars.events(url)) == 1
    await office.move_to(NOON + HALF)
    assert await calendars.at(url) is None
    assert len(await calendars.events(feed)) == 1
    await office.move_to(NOON + timedelta(days=31))
    assert await calendars.events(feed) == []


async def test_who_leaves_has_no_calendar(office: WalkInOffice, calendars: Calendars) -> None:
    hour = await office.hour()
    url, feed = added(await office.book(hour)), await make(office)
    coachs = await make(office, AD)
    await office.change(ANN, active=False)
    await office.change(AD, active=False)
    assert await calendars.at(feed) is None
    assert await calendars.at(coachs) is None
    (event,) = await calendars.events(url)
    assert (event.status, event.title) == ("CANCELLED", "Gaat niet door: inloopuur")


async def test_addresses_that_lead_nowhere_lead_nowhere(
    office: WalkInOffice, calendars: Calendars
) -> None:
    await office.book(await office.hour())
    other = Links(LINKS.base, "another secret than the college has")
    (known,) = [await office.booking()]
    for url in (
        LINKS.booking(BookingId(999)),
        LINKS.feed("a word that nobody has"),
        other.booking(known.id),
        other.feed("a word"),
        f"{LINKS.base}{FEED}{ENDING}",
    ):
        assert await calendars.at(url) is None


async def test_a_calendar_is_in_the_language_of_whose_it_is() -> None:
    office = await make_walkin_office("en")
    await office.book(await office.hour())
    (event,) = await Calendars(office).events(await make(office))
    assert event.title == "Walk-in hour with Ad"


async def test_lists_lead_to_the_calendar(office: WalkInOffice) -> None:
    await office.hour()
    for who in (ANN, AD):
        (mine,) = await office.say("mijn inloopuren", who)
        shown = await office.press(press_of(mine, "calendar.open"), who)
        assert keys(shown)[0] == "calendar.title"


@pytest.mark.parametrize("links", [LINKS, None])
async def test_help_names_the_calendar_only_where_there_is_one(
    office: WalkInOffice, links: Links | None
) -> None:
    store, clock = office.chat.store, office.chat.clock
    office.chat.root = make_root(store, clock, setup=replace(SETUP, links=links))
    for text in ("help", "wat kun je"):
        (helped,) = await office.say(text)
        assert ("help.calendar" in keys(helped)) is bool(links)
        assert "help.walkin" in keys(helped)


async def test_without_a_public_address_there_is_nothing_to_tap(office: WalkInOffice) -> None:
    desk = CalendarDesk(None)
    person = await office.person(ANN)
    async with office.chat.store.begin() as work:
        turn = Turn(work, Incoming(ANN, "m"), person, office.now, None)
        for said in (await desk.show(turn), await desk.renew(turn), await desk.stop(turn)):
            assert keys(said) == ["calendar.off"]
            assert said.buttons == ()
        assert await work.feeds.key_of(person.id) is None
        agenda = Agenda(office.chat.desk.nearby, Terms())
        view = await agenda.view(work, person, office.now)
    await office.book(await office.hour())
    async with office.chat.store.reading() as work:
        visit = await agenda.visit(work, view, await office.booking())
    assert visit == replace(visit, calendar="")
