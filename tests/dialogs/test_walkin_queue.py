"""Walking in: who is there now, a number, being called; and what the coach makes of a visit."""

from datetime import datetime, timedelta

import pytest

from bot.core import walkin_buttons as buttons
from bot.core.ids import BookingId, TicketId
from bot.core.reply import Channel, Event, Field, Incoming, Place, Reply, Sender
from bot.dialogs.walkin_tickets import TICKET
from bot.routing.model import Source, State
from bot.walkin.seats import State as Booked
from bot.walkin.seats import Turn
from tests.chat import ANN, COORDINATOR, keys, press_of
from tests.office import AD, BEA, BOB, CAS, DEE, labels, local
from tests.walkin import FORM, WEDNESDAY, WalkInOffice, labels_of, make_walkin_office, on, rows

MINUTES = timedelta(minutes=1)
AHEAD = "Er is nog 1 persoon voor jou. Dat duurt ongeveer 30 minuten."


@pytest.fixture
async def early() -> WalkInOffice:
    """An office half an hour before the hours of Ad and Dee on Wednesday, and more before Bea's."""
    office = await make_walkin_office()
    await office.hour(AD, seats="1")
    await office.hour(BEA, start="13:00", end="14:00")
    await office.hour(DEE)
    await office.move_to(local("wo", 11, 30))
    await office.all_read()
    return office


@pytest.fixture
async def office(early: WalkInOffice) -> WalkInOffice:
    """The same office when the hours of Ad and Dee begin."""
    await early.move_to(local("wo", 12))
    await early.all_read()
    return early


async def take(office: WalkInOffice, who: Sender = ANN) -> Reply:
    hour = next(one for one in office.hours.values())
    return await office.press(buttons.TakeNumber(hour=hour.id, day=WEDNESDAY), who)


async def test_who_is_there_now_is_shown_nearest_first(office: WalkInOffice) -> None:
    await office.move_to(local("wo", 12, 10))
    (now,) = await office.say("loop nu binnen")
    assert (await office.show(now))[:6] == [
        "Nu inloopuur",
        "Ad is er nu, tot 13:00: B2.04, Kerngebouw. Dat is bij jouw team.",
        "Er wacht niemand: je kunt meteen binnenlopen.",
        "Bellen: 088 555 01 01",
        "Dee is er nu, tot 13:00: B2.04, Havenkade. Dat is op een andere locatie.",
        "Er wacht niemand: je kunt meteen binnenlopen.",
    ]
    assert labels_of(office, now) == [
        "Pak een nummer bij Ad",
        "Pak een nummer bij Dee",
        "vandaag om 13:00 · Bea · B2.04, Kerngebouw · nog 1 plek",
    ]
    await office.move_to(local("wo", 13, 10))
    (now,) = await office.say("loop nu binnen")
    assert any("Dat is op jouw locatie." in one for one in await office.show(now))
    await office.move_to(local("wo", 15))
    (nobody,) = await office.say("loop nu binnen")
    assert (keys(nobody), labels(nobody)) == (
        ["walkin.now.nobody"],
        ["walkin.waiting.other", "coach.ask"],
    )


async def test_an_hour_that_begins_soon_is_not_there_yet_but_can_be_booked(
    early: WalkInOffice,
) -> None:
    ad = next(iter(early.hours.values()))
    (soon,) = await early.say("loop nu binnen")
    assert (await early.show(soon))[:2] == [
        "Er is nu geen inloopuur. Straks wel:",
        "Tik op een moment: dan staat het meteen voor je vast.",
    ]
    assert labels_of(early, soon) == [
        "vandaag om 12:00 · Ad · B2.04, Kerngebouw · nog 1 plek",
        "vandaag om 12:00 · Dee · B2.04, Havenkade · nog 1 plek",
        "Bekijk inloopuren",
        "Vraag een mediacoach",
    ]
    assert keys(await take(early)) == ["walkin.refused.not_yet"]
    assert await early.told(AD) == []
    assert (await early.press(soon.buttons[0])).view == "walkin.booked"
    (mine,) = await early.say("loop nu binnen")
    assert labels_of(early, mine)[:2] == [
        "vandaag om 12:00 bij Ad",
        "vandaag om 12:00 · Dee · B2.04, Havenkade · nog 1 plek",
    ]
    assert (await early.press(mine.buttons[0])).view == "walkin.booked"
    for slot in (0, 1):
        await early.book(ad, BOB, slot)
    (full,) = await early.say("loop nu binnen", CAS)
    assert labels_of(early, full)[1].endswith("· Ad · B2.04, Kerngebouw · vol")


async def test_who_has_a_seat_in_the_hour_that_goes_on_is_led_to_it(early: WalkInOffice) -> None:
    await early.book(next(iter(early.hours.values())))
    await early.move_to(local("wo", 12, 10))
    (now,) = await early.say("loop nu binnen")
    assert "Je hebt hier een afspraak om 12:00." in await early.show(now)
    assert labels_of(early, now)[:2] == ["vandaag om 12:00 bij Ad", "Pak een nummer bij Dee"]
    # Who takes a number all the same does not wait for their own seat; who comes new does.
    assert any("Je bent de volgende." in one for one in await early.show(await take(early)))
    (new,) = await early.say("loop nu binnen", BOB)
    wait = "Er wacht 1 persoon. Je bent over ongeveer 60 minuten aan de beurt."
    assert wait in await early.show(new)


async def test_who_has_a_number_reads_how_far_it_is_and_not_of_themselves(
    office: WalkInOffice,
) -> None:
    await take(office)
    (first,) = await office.say("loop nu binnen")
    assert (await office.show(first))[2:4] == [
        "Je hebt hier nummer 1.",
        "Je bent de volgende. Ik laat het weten als je aan de beurt bent.",
    ]
    assert labels_of(office, first)[:2] == ["Bekijk je nummer bij Ad", "Pak een nummer bij Dee"]
    look = await office.press(first.buttons[0])
    assert (await office.show(look))[0] == "Je hebt nummer 1 bij Ad"
    await take(office, BOB)
    (second,) = await office.say("loop nu binnen", BOB)
    assert (await office.show(second))[2:4] == [
        "Je hebt hier nummer 2.",
        f"{AHEAD} Ik laat het weten als je aan de beurt bent.",
    ]
    await office.press(buttons.CallNext(hour=office.tickets[0].hour, day=WEDNESDAY), AD)
    (called,) = await office.say("loop nu binnen")
    assert "Je bent aan de beurt bij Ad!" in await office.show(called)
    assert labels_of(office, called)[0] == "Bekijk je nummer bij Ad"


async def test_numbers_are_called_in_order_and_who_is_called_hears_it(
    office: WalkInOffice,
) -> None:
    first = await take(office)
    assert (await office.show(first))[0] == "Je hebt nummer 1 bij Ad"
    assert await take(office) == first
    second = await take(office, BOB)
    ahead = f"{AHEAD} Ik laat het weten als je aan de beurt bent."
    assert ahead in await office.show(second)
    told = await office.told(AD)
    assert [(await office.show(one))[0] for one in told] == [
        "Ann loopt binnen en heeft nummer 1.",
        "Bob loopt binnen en heeft nummer 2.",
    ]
    (now,) = await office.say("loop nu binnen", CAS)
    wait = "Er wachten 2 mensen. Je bent over ongeveer 60 minuten aan de beurt."
    assert wait in await office.show(now)
    session = await office.press(told[0].buttons[0], AD)
    assert labels_of(office, session)[:2] == ["Nummer 1 · Ann · wacht", "Nummer 2 · Bob · wacht"]
    visit = await office.press(press_of(session, "walkin.queue.call"), AD)
    assert (await office.show(visit))[:2] == ["Ann bij je inloopuur", "Is aan de beurt."]
    (turn,) = await office.told(ANN)
    assert (await office.show(turn))[:2] == [
        "Je bent aan de beurt bij Ad!",
        "Waar: B2.04, Kerngebouw",
    ]
    helped = await office.press(press_of(visit, "walkin.visit.came"), AD)
    assert keys(helped)[1] == "walkin.visit.helped"
    assert "walkin.visit.came" not in labels(helped)
    again = await office.press(press_of(visit, "walkin.visit.came"), AD)
    assert keys(again) == ["walkin.refused.gone"]
    session = await office.press(told[0].buttons[0], AD)
    visit = await office.press(press_of(session, "walkin.queue.call"), AD)
    missed = await office.press(press_of(visit, "walkin.visit.missed"), AD)
    assert keys(missed)[1] == "walkin.visit.no_show"
    assert [one.state for one in office.tickets] == [Turn.HELPED, Turn.NO_SHOW]
    none = await office.press(buttons.CallNext(hour=office.tickets[0].hour, day=WEDNESDAY), AD)
    assert none.view == "walkin.session"


async def changed(office: WalkInOffice, who: Sender) -> list[str]:
    """Return what the cards of somebody's number were changed to since the last time."""
    await office.wait(seconds=10)
    theirs = [
        one
        for one in office.delivered
        if one.changes and one.place.conversation == who.address and one.reply.view == TICKET
    ]
    office.delivered[:] = [one for one in office.delivered if one not in theirs]
    return [line for one in theirs for line in await office.show(one.reply)]


async def test_no_card_of_a_number_stays_standing_when_it_is_not_true_any_more(
    office: WalkInOffice,
) -> None:
    first, second = [await take(office, who) for who in (ANN, BOB)]
    assert any("Je bent de volgende." in line for line in await office.show(first))
    call = buttons.CallNext(hour=office.tickets[0].hour, day=WEDNESDAY)
    visit = await office.press(call, AD)
    anns = await changed(office, ANN)
    assert anns[0] == "Je bent aan de beurt bij Ad!"
    assert not any("de volgende" in line for line in anns)
    # Ahead of Bob there is still one: nothing changed for him.
    assert await changed(office, BOB) == []
    await office.press(press_of(visit, "walkin.visit.came"), AD)
    # What was taken and what was told are two cards.
    async with office.chat.store.reading() as work:
        copies = await work.outbox.copies(f"ticket:{office.tickets[0].id}")
    assert {keys(one.reply)[0] for one in copies} == {"walkin.ticket.helped"}
    bobs = await changed(office, BOB)
    assert "Je bent de volgende. Ik laat het weten als je aan de beurt bent." in bobs
    async with office.chat.store.reading() as work:
        (copy,) = await work.outbox.copies(f"ticket:{office.tickets[1].id}")
    # The card that is pressed is replaced by the reply, and not changed twice.
    await office.press(press_of(second, "walkin.ticket.leave"), BOB, card=copy.shown)
    assert await changed(office, BOB) == []


async def test_who_waits_sees_that_the_one_before_left(office: WalkInOffice) -> None:
    for who in (ANN, BOB):
        await take(office, who)
    await office.press(buttons.LeaveQueue(ticket=office.tickets[0].id))
    assert any("Je bent de volgende." in line for line in await changed(office, BOB))
    await office.change(BOB, active=False)
    await office.press(buttons.CallNext(hour=office.tickets[0].hour, day=WEDNESDAY), AD)
    assert await changed(office, BOB) == []


async def test_a_number_that_was_not_called_says_so_on_its_card(office: WalkInOffice) -> None:
    await take(office)
    await office.move_to(local("wo", 14))
    assert await changed(office, ANN) == [
        "Het inloopuur van Ad is voorbij. Je nummer vervalt.",
    ]


async def test_who_leaves_the_queue_is_not_called(office: WalkInOffice) -> None:
    await take(office)
    second = await take(office, BOB)
    leave = buttons.LeaveQueue(ticket=office.tickets[0].id)
    assert keys(await office.press(leave, BOB)) == ["walkin.refused.not_yours"]
    left = await office.press(leave)
    assert keys(left) == ["walkin.ticket.left"]
    assert keys(await office.press(leave)) == ["walkin.ticket.left"]
    look = await office.press(press_of(second, "walkin.ticket.look"), BOB)
    following = "Je bent de volgende. Ik laat het weten als je aan de beurt bent."
    assert following in await office.show(look)
    theirs = buttons.ShowTicket(ticket=office.tickets[1].id)
    assert keys(await office.press(theirs)) == ["walkin.refused.not_yours"]
    gone = buttons.ShowTicket(ticket=TicketId(99))
    assert keys(await office.press(gone)) == ["walkin.refused.gone"]
    assert keys(await office.press(buttons.LeaveQueue(ticket=TicketId(99)))) == [
        "walkin.refused.gone"
    ]
    again = await take(office)
    assert (await office.show(again))[0] == "Je hebt nummer 3 bij Ad"


async def test_who_was_not_called_hears_it_once_when_the_hour_ends(office: WalkInOffice) -> None:
    numbers = [await take(office, who) for who in (ANN, BOB)]
    hour = next(iter(office.hours.values()))
    await office.press(buttons.CallNext(hour=hour.id, day=WEDNESDAY), AD)
    await office.all_read()
    await office.move_to(local("wo", 12, 59))
    assert await office.told(BOB) == []
    await office.move_to(local("wo", 14))
    assert await office.told(ANN) == []
    (told,) = await office.told(BOB)
    assert (await office.show(told))[:2] == [
        "Het inloopuur van Ad is voorbij. Je nummer vervalt.",
        "Kom een andere keer, of stel je vraag hier.",
    ]
    assert [one.state for one in office.tickets] == [Turn.CALLED, Turn.CLOSED]
    look = await office.press(press_of(numbers[1], "walkin.ticket.look"), BOB)
    assert keys(look) == ["walkin.ticket.closed"]


async def test_a_number_is_for_who_may_come_and_in_time(office: WalkInOffice) -> None:
    ad, bea, _ = office.hours.values()
    for hour, who, why in (
        (bea, ANN, "not_yet"),
        (ad, AD, "own"),
    ):
        reply = await office.press(buttons.TakeNumber(hour=hour.id, day=WEDNESDAY), who)
        assert keys(reply) == [f"walkin.refused.{why}"]
    team = await office.hour(CAS, **{**FORM, "open_to": "team"})
    reply = await office.press(buttons.TakeNumber(hour=team.id, day=WEDNESDAY))
    assert keys(reply) == ["walkin.refused.not_for_you"]
    await office.move_to(local("wo", 13))
    assert keys(await take(office)) == ["walkin.refused.gone"]


async def test_the_coach_says_who_came_and_the_last_word_counts(early: WalkInOffice) -> None:
    office = early
    hour = next(iter(office.hours.values()))
    await office.book(hour)
    show = buttons.ShowVisit(**on((await office.booking()).id))
    before = await office.press(show, AD)
    assert labels(before)[0] == "walkin.visit.question"
    early_mark = buttons.MarkVisit(**on((await office.booking()).id), came=True)
    refused = await office.press(early_mark, AD)
    assert keys(refused) == ["walkin.refused.not_yet"]
    assert labels(refused) == ["walkin.hours.title"]
    await office.move_to(local("wo", 12))
    card = await office.press(show, AD)
    assert labels(card)[:2] == ["walkin.visit.came", "walkin.visit.missed"]
    missed = await office.press(press_of(card, "walkin.visit.missed"), AD)
    assert keys(missed)[1] == "walkin.visit.no_show"
    await office.press(press_of(card, "walkin.visit.came"), AD)
    assert (await office.booking()).state is Booked.HELPED
    mine = await office.press(buttons.ShowBooking(**on((await office.booking()).id)))
    assert keys(mine) == ["walkin.over.helped"]
    session = await office.press(press_of(missed, "question.back"), AD)
    assert labels_of(office, session)[0] == "12:00 · Ann · geholpen"
    assert "walkin.session.off" not in labels(session)
    assert keys(await office.press(show, BEA)) == ["walkin.refused.not_yours"]
    gone = buttons.ShowVisit(**on(BookingId(99)))
    assert keys(await office.press(gone, AD)) == ["walkin.refused.gone"]
    assert keys(await office.press(buttons.MarkVisit(**on(BookingId(99))), AD)) == [
        "walkin.refused.gone"
    ]


async def test_a_visit_becomes_a_question_with_one_tap(early: WalkInOffice) -> None:
    office = early
    hour = next(iter(office.hours.values()))
    booked = await office.book(hour)
    await office.press(press_of(booked, "walkin.booked.save"), topic="Zeilboot van 123456782")
    show = buttons.ShowVisit(**on((await office.booking()).id))
    card = await office.press(show, AD)
    about = next(one for one in card.blocks if isinstance(one, Field)).value
    ask = press_of(card, "walkin.visit.question")
    work = await office.press(ask, AD, about=about)
    assert "question.work.send" in labels(work)
    question = await office.newest()
    assert (question.draft.source, question.state) == (Source.WALK_IN, State.CLAIMED)
    assert question.asker == (await office.person(ANN)).id
    assert "123456782" not in await office.stored()
    again = await office.press(ask, AD, about=about)
    assert "question.work.send" in labels(again)
    assert len(await office.questions()) == 1
    (mine,) = await office.say("mijn vragen")
    assert len(rows(mine)) == 1


async def test_a_visit_becomes_an_entry_of_the_faq(office: WalkInOffice) -> None:
    await take(office)
    card = await office.press(buttons.ShowVisit(ticket=office.tickets[0].id), AD)
    empty = await office.press(press_of(card, "walkin.visit.question"), AD, about=" ")
    assert "refused.empty" in keys(empty)
    long = await office.press(press_of(card, "walkin.visit.question"), AD, about="x" * 4_000)
    assert "refused.too_long" in keys(long)
    propose = press_of(card, "question.work.propose")
    form = await office.press(propose, AD, about="Hoe overtuig ik een zeilboot?")
    assert form.view == "curate.form"
    sent = await office.press(
        press_of(form, "curate.form.send"),
        AD,
        title="Hoe overtuig ik een zeilboot?",
        answer="Met wind.",
        domain="lokaal",
        level="operationeel",
        near="-",
    )
    assert keys(sent) == ["curate.sent.sent"], await office.show(sent)
    assert len(await office.told(COORDINATOR)) == 1
    stranger = await office.press(propose, BEA, about="x")
    assert keys(stranger) == ["walkin.refused.not_yours"]
    assert office.now < local("wo", 12) + 30 * MINUTES


async def goes(office: WalkInOffice, *who: Sender) -> None:
    """Let people be out of reach: they took the app away."""
    for one in who:
        place = Place(Channel.TEAMS, one.address, one.address)
        await office.chat.send(Incoming(one, f"gone {one.name}", event=Event.REMOVED, place=place))


async def returns(office: WalkInOffice, who: Sender) -> set[str]:
    """Return what somebody reads once they have the app again, but for lists and reminders."""
    await office.told(who)
    place = Place(Channel.TEAMS, who.address, who.address)
    await office.chat.send(Incoming(who, f"back {who.name}", event=Event.ADDED, place=place))
    told = {keys(one)[0] for one in await office.told(who)}
    return {one for one in told if not one.startswith(("walkin.list_of", "walkin.remind"))}


@pytest.mark.parametrize(
    ("then", "reads"),
    [(local("wo", 12, 59), {"walkin.queue.came"}), (local("wo", 13), set[str]())],
)
async def test_a_coach_out_of_reach_reads_of_who_walked_in_until_the_hour_ends(
    office: WalkInOffice, then: datetime, reads: set[str]
) -> None:
    await goes(office, AD)
    for who in (ANN, CAS):
        await take(office, who)
    await office.move_to(then)
    assert await returns(office, AD) == reads


@pytest.mark.parametrize(
    ("then", "reads"),
    [
        (
            local("wo", 12, 59),
            ({"walkin.ticket.called"}, {"walkin.over.by_coach"}, {"walkin.over.no_seat"}),
        ),
        (
            local("wo", 20),
            (set(), {"walkin.over.by_coach", "walkin.ticket.closed"}, {"walkin.over.no_seat"}),
        ),
        (local("do", 9), (set(), {"walkin.over.by_coach"}, set())),
        (local("wo", 12) + timedelta(weeks=2), (set(), set(), set())),
    ],
)
async def test_who_was_out_of_reach_reads_no_news_of_what_is_over(
    office: WalkInOffice, then: datetime, reads: tuple[set[str], ...]
) -> None:
    hour = next(iter(office.hours.values()))
    later = WEDNESDAY + timedelta(weeks=1)
    await office.book(hour, CAS, day=later)
    for who in (BOB, DEE):
        await office.book(hour, who, 1)
    for who in (ANN, CAS):
        await take(office, who)
    await goes(office, ANN, CAS, DEE)
    await office.press(buttons.CallNext(hour=hour.id, day=WEDNESDAY), AD)
    await office.press(buttons.CancelDate(hour=hour.id, day=later, sure=True), AD)
    await office.move_to(then)
    assert tuple([await returns(office, who) for who in (ANN, CAS, DEE)]) == reads
