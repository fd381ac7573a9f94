"""Every view of walk-in hours, as the conversations make them, for the gallery."""

from dataclasses import replace

from bot.core import walkin_buttons as buttons
from bot.core.ids import BookingId
from bot.core.reply import Language, Reply
from bot.dialogs.walkin_parts import TOLD
from tests.chat import ANN, press_of
from tests.office import AD, BEA, BOB, CAS, DEE, local
from tests.walkin import FORM, WEDNESDAY, WalkInOffice, make_walkin_office, on, rows

TOPIC = "Hoe overtuig ik een zeilboot? " * 20


async def walkin_views(language: Language) -> dict[str, Reply]:
    """Return all views in a language, of people who all speak it."""
    office = await make_walkin_office(language)
    shown: dict[str, Reply] = {}
    await _hours(office, shown)
    await _booked(office, shown)
    await _waited(office, shown)
    await _door(office, shown)
    await _later(await make_walkin_office(language), shown)
    await _changed(await make_walkin_office(language), shown)
    await _off(await make_walkin_office(language), shown)
    return {f"walk-in: {name}": replace(one, language=language) for name, one in shown.items()}


async def _hours(office: WalkInOffice, shown: dict[str, Reply]) -> None:
    shown["none"] = (await office.say("inloopuur"))[0]
    shown["no bookings"] = (await office.say("mijn afspraken"))[0]
    shown["no hours"] = (await office.say("mijn inloopuren", AD))[0]
    shown["form"] = (await office.say("nieuw inloopuur", AD))[0]
    shown["extra form"] = await office.press(buttons.HourForm(once=True), AD)
    wrong = {"start": "x", "seats": "0", "place": "", "link": "x" * 400, "first": "x"}
    shown["form, wrong"] = await office.press(buttons.MakeHour(**{**FORM, **wrong}), AD)
    shown["made"] = await office.press(buttons.MakeHour(**FORM), AD)
    shown["clash"] = await office.press(buttons.MakeHour(**FORM), AD)
    shown["extra made"] = await office.press(
        buttons.MakeHour(once=True, **{**FORM, "first": "5-3", "link": "https://meet.example/ad"}),
        AD,
    )
    for start in range(8, 16):
        times = {"start": f"{start:02}:00", "end": f"{start + 1:02}:00", "minutes": "5"}
        await office.hour(DEE, **times, weekday="do", seats="100", place="x" * 100)
    await office.hour(DEE, first="15-4-2026", weekday="di")
    shown["hours"] = (await office.say("mijn inloopuren", DEE))[0]


async def _later(office: WalkInOffice, shown: dict[str, Reply]) -> None:
    await office.hour(DEE, first="15-4-2026")
    shown["begins later"] = (await office.say("inloopuur"))[0]
    shown["hours, later"] = (await office.say("mijn inloopuren", DEE))[0]


async def _changed(office: WalkInOffice, shown: dict[str, Reply]) -> None:
    hour = await office.hour(BEA, place="x" * 100)
    shown["change"] = await office.press(buttons.ChangeForm(hour=hour.id), BEA)
    await office.book(hour, BOB)
    await office.book(hour, CAS, 1)
    later = {"hour": hour.id, **FORM, "start": "12:30", "end": "13:30", "first": "3-3"}
    asked = await office.press(buttons.ChangeHour(**later), BEA)
    shown["change, sure?"] = asked
    shown["changed"] = await office.press(press_of(asked, "walkin.change.sure"), BEA)
    shown["elsewhere"] = (await office.told(CAS))[-1]
    shown["ended, goes on"] = await office.press(buttons.EndHour(hour=hour.id, sure=True), BEA)


async def _booked(office: WalkInOffice, shown: dict[str, Reply]) -> None:
    hour = next(iter(office.hours.values()))
    shown["list"] = (await office.say("inloopuur"))[0]
    shown["find"] = await office.press(buttons.FindWalkIn())
    shown["booked"] = booked = await office.book(hour)
    shown["topic"] = await office.press(press_of(booked, "walkin.booked.save"), topic=TOPIC)
    shown["to move"] = await office.press(press_of(booked, "walkin.booked.move"))
    online = list(office.hours.values())[1]
    await office.book(online, day=online.first)
    for slot in range(4):
        day = office.hours[max(office.hours)]
        await office.book(day, slot=slot, day=WEDNESDAY.replace(day=5))
    shown["too many"] = await office.book(hour, slot=1)
    theirs = buttons.ShowBooking(**on(BookingId(_first(office))))
    shown["not yours"] = await office.press(theirs, BOB)
    shown["bookings"] = (await office.say("mijn afspraken"))[0]
    await _calendar(office, shown)


async def _calendar(office: WalkInOffice, shown: dict[str, Reply]) -> None:
    shown["no calendar"] = nothing = (await office.say("agenda"))[0]
    shown["calendar"] = made = await office.press(press_of(nothing, "calendar.make"))
    shown["calendar renewed"] = await office.press(press_of(made, "calendar.renew"))
    shown["calendar stopped"] = await office.press(press_of(made, "calendar.stop"))


async def _waited(office: WalkInOffice, shown: dict[str, Reply]) -> None:
    hour = next(iter(office.hours.values()))
    shown["waiting"] = waits = await office.book(hour, BOB)
    await office.book(hour, CAS)
    shown["left the line"] = await office.press(press_of(waits, "walkin.waiting.leave"), BOB)
    await office.book(hour, BOB)
    await office.all_read()
    first = buttons.CancelBooking(**on(BookingId(_first(office))))
    shown["cancelled"] = await office.press(first)
    (shown["offered"],) = await office.told(CAS)
    which = buttons.ShowSession(hour=hour.id, day=WEDNESDAY)
    shown["session"] = await office.press(which, AD)
    shown["declined"] = await office.press(press_of(shown["offered"], "walkin.offered.no"), CAS)
    (offer,) = await office.told(BOB)
    await office.press(press_of(offer, "walkin.offered.yes"), BOB)
    await office.all_read()
    await office.move_to(local("di", 15))
    (shown["reminder"],) = await office.told(BOB)
    (shown["list of a day"],) = await office.told(AD)
    await office.move_to(local("wo", 11, 45))
    (shown["soon"],) = await office.told(BOB)
    (shown["list of an hour"],) = await office.told(AD)
    shown["begins soon"] = (await office.say("loop nu binnen", DEE))[0]
    await office.book(hour, DEE)
    await office.all_read()
    await office.move_to(local("wo", 12))
    (shown["no seat"],) = await office.told(DEE)


def _first(office: WalkInOffice) -> int:
    return min(office.chat.store._shelves.walkin.bookings)


async def _door(office: WalkInOffice, shown: dict[str, Reply]) -> None:
    hour = next(iter(office.hours.values()))
    shown["now"] = (await office.say("loop nu binnen", CAS))[0]
    take = buttons.TakeNumber(hour=hour.id, day=WEDNESDAY)
    shown["number"] = number = await office.press(take, CAS)
    (shown["came"],) = await office.told(AD)
    call = buttons.CallNext(hour=hour.id, day=WEDNESDAY)
    shown["visit"] = visit = await office.press(call, AD)
    (shown["called"],) = await office.told(CAS)
    empty = press_of(visit, "walkin.visit.question")
    shown["visit without a question"] = await office.press(empty, AD, about="")
    shown["visit ended"] = await office.press(press_of(visit, "walkin.visit.came"), AD)
    shown["number left"] = await office.press(press_of(number, "walkin.ticket.leave"), CAS)
    await office.press(take, DEE)
    shown["busy"] = (await office.say("loop nu binnen", CAS))[0]
    await office.all_read()
    await office.move_to(local("wo", 20))
    shown["not called"] = next(one for one in await office.told(DEE) if one.view == TOLD)
    shown["nobody now"] = (await office.say("loop nu binnen"))[0]


async def _off(office: WalkInOffice, shown: dict[str, Reply]) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.book(hour, CAS)
    await office.all_read()
    which = {"hour": hour.id, "day": WEDNESDAY}
    shown["move"] = form = await office.press(buttons.MoveDateForm(**which), AD)
    send = press_of(form, "walkin.move.send")
    await office.fill(send, AD, to="2026-03-05", start="9:00", place="x" * 100)
    (shown["moved"],) = await office.told(ANN)
    (shown["line moved"],) = await office.told(CAS)
    shown["sure"] = await office.press(buttons.CancelDate(**which), AD)
    shown["off"] = await office.press(buttons.CancelDate(**which, sure=True), AD)
    (shown["told off"],) = await office.told(ANN)
    await office.press(rows(shown["told off"])[0])
    shown["end"] = await office.press(buttons.EndHour(hour=hour.id), AD)
    shown["ended"] = await office.press(buttons.EndHour(hour=hour.id, sure=True), AD)
    shown["refused"] = await office.book(hour)
