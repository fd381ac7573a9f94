"""However many come to a walk-in hour, its coach reads who, and can do what there is to do."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.cards import adaptive
from bot.core import walkin_buttons as buttons
from bot.core.buttons import decode
from bot.core.ids import BookingId, HourId, PersonId, TicketId
from bot.core.reply import Reply
from bot.dialogs.walkin_agenda import Agenda, View
from bot.dialogs.walkin_guest_cards import LISTED, PAGE, Visitors, guest_list, session
from bot.walkin.model import Session, Terms
from bot.walkin.reminders import Reminder
from bot.walkin.rules import LONGEST_TOPIC
from bot.walkin.seats import Booking, State, Ticket
from bot.walkin.slots import session_of, slots
from tests import factories
from tests.office import AD, labels, local
from tests.walkin import WEDNESDAY, WalkInOffice, labels_of, make_walkin_office

SEATS = 24
MINUTE = timedelta(minutes=1)
NAMES = {PersonId(one): f"{one:03} {'Docent met een lange naam ' * 3}" for one in range(200)}
ACTIONS = ["walkin.queue.call", "walkin.session.off", "walkin.session.move"]


@pytest.fixture
async def office() -> WalkInOffice:
    return await make_walkin_office()


@pytest.fixture
async def view(office: WalkInOffice) -> View:
    await office.hour(seats=str(SEATS))
    agenda = Agenda(office.chat.root.following.asking.desk.nearby, Terms())
    async with office.chat.store.reading() as work:
        return await agenda.view(work, await office.person(AD), office.now)


@pytest.fixture
def there(office: WalkInOffice, view: View) -> Session:
    found = session_of(office.hours[HourId(1)], [], view.frame.grounds, WEDNESDAY)
    assert found
    return found


@pytest.fixture
def come(there: Session) -> list[Booking]:
    """Return a booking for each seat of both slots."""
    return [
        replace(
            factories.booking(PersonId(SEATS * slot.key.number + seat), slot.key),
            id=BookingId(SEATS * slot.key.number + seat),
            starts=slot.starts,
            ends=slot.ends,
            topic="😀" * LONGEST_TOPIC,
        )
        for slot in slots(there)
        for seat in range(1, SEATS + 1)
    ]


def numbers(there: Session, many: int) -> list[Ticket]:
    return [
        Ticket(TicketId(one), there.hour.id, there.day, one, PersonId(100 + one), there.starts)
        for one in range(1, many + 1)
    ]


def size(office: WalkInOffice, card: Reply) -> int:
    shown = adaptive.render(office.chat.texts, card)
    return len(json.dumps(shown, ensure_ascii=False).encode())


def who(office: WalkInOffice, card: Reply) -> list[str]:
    return [label.split(" · ")[1][:3] for label in labels_of(office, card) if " · " in label]


def lead(card: Reply) -> list[int]:
    """Return to which pages the lines of a card lead."""
    there = (decode(one.payload) for one in card.buttons if one.line)
    return [one.page for one in there if isinstance(one, buttons.ShowSession)]


async def test_every_visitor_stands_on_one_page_and_every_page_is_small(
    office: WalkInOffice, view: View, there: Session, come: Sequence[Booking]
) -> None:
    visitors = Visitors(come, numbers(there, 5), NAMES)
    pages = [session(view, there, visitors, page) for page in range(6)]
    assert max(size(office, one) for one in pages) < 25_000
    seen = [name for page in pages for name in who(office, page)]
    assert seen == [f"{one:03}" for one in (*range(1, 49), *range(101, 106))]
    assert {len(who(office, page)) for page in pages[:-1]} == {PAGE}
    assert [lead(page) for page in pages] == [[1], [0, 2], [1, 3], [2, 4], [3, 5], [4]]
    for page in pages:
        assert labels(page)[-5:-2] == ACTIONS
    assert labels_of(office, pages[1])[0] == "Terug: 10 daarvoor"
    assert "Verder: nog 33" in labels_of(office, pages[1])
    # A page that was there before people cancelled is the last one there is.
    assert session(view, there, visitors, 99) == pages[-1]


async def test_a_card_opens_at_who_comes_next_and_later_at_who_is_not_marked(
    view: View, there: Session, come: Sequence[Booking]
) -> None:
    def opens(minutes: int, marked: int = 0) -> int:
        then = replace(view, frame=replace(view.frame, now=there.starts + minutes * MINUTE))
        done = [replace(one, state=State.HELPED) for one in come[:marked]]
        visitors = Visitors([*done, *come[marked:]], [], NAMES)
        card, pages = session(then, there, visitors), range(5)
        return next(one for one in pages if session(then, there, visitors, one) == card)

    assert [opens(-60), opens(29), opens(30), opens(59)] == [0, 0, 2, 2]
    assert [opens(60), opens(60, 12), opens(60, 47), opens(60, 48)] == [0, 1, 4, 0]


async def test_the_lines_lead_where_they_say(office: WalkInOffice, there: Session) -> None:
    await office.move_to(local("wo", 12))
    for one in range(12):
        guest = factories.sender(f"29:guest{one}", name=f"Gast {one}")
        await office.say("hoi", guest)
        await office.press(buttons.TakeNumber(hour=there.hour.id, day=there.day), guest)
    first = await office.press(buttons.ShowSession(hour=there.hour.id, day=there.day), AD)
    (later,) = [one for one in first.buttons if lead(Reply("", (), (one,)))]
    second = await office.press(later, AD)
    assert len([one for one in labels_of(office, second) if one.startswith("Nummer")]) == 2
    assert second.replaces


async def test_a_list_of_many_is_small_and_says_how_many_more_there_are(
    office: WalkInOffice, view: View, there: Session, come: Sequence[Booking]
) -> None:
    many = guest_list(view, [(there, come)], NAMES, Reminder.SOON)
    assert size(office, many) < 25_000
    shown = await office.show(many)
    assert len([line for line in shown if "Docent" in line]) == LISTED
    assert "En nog 8 mensen. Je ziet ze bij het inloopuur." in shown
    few = guest_list(view, [(there, come[:PAGE])], NAMES, Reminder.SOON)
    assert size(office, few) < 25_000
    assert come[0].topic in (await office.show(few))[1]
