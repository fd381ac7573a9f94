"""Where someone speaks, or came in, is where they can be told something from then on."""

from dataclasses import replace
from datetime import timedelta

from bot.core.reply import Channel, Event, Incoming, Place
from bot.outbox.model import Line, Notice, State
from bot.people.model import Reach
from tests.chat import ANN, COORDINATOR, Chat
from tests.factories import reply

CHAT = Place(Channel.TEAMS, "a:cor", "29:cor", tenant="t1")
DAY = timedelta(days=1)


async def notify(chat: Chat, key: str, expires: timedelta | None = None) -> None:
    now = chat.clock.now()
    async with chat.store.begin() as work:
        known = await work.people.by_identity("", COORDINATOR.email)
        assert known
        until = now + expires if expires else None
        await work.outbox.add(Notice(key, reply(), now, person=known.id, expires=until), now)


async def lines(chat: Chat) -> dict[str, Line]:
    async with chat.store.reading() as work:
        return {one.key: one for one in await work.outbox.lines(50)}


async def reached(chat: Chat) -> Reach:
    async with chat.store.reading() as work:
        return await work.addresses.reached(Channel.TEAMS)


async def test_who_is_added_can_be_reached_and_is_told_nothing(chat: Chat) -> None:
    added = Incoming(COORDINATOR, "c1", place=CHAT, event=Event.ADDED)
    assert await chat.send(added) == ()
    assert await chat.send(added) == ()
    assert (await reached(chat)).reached == 1


async def test_who_is_added_in_a_channel_cannot_be_reached_by_that(chat: Chat) -> None:
    there = replace(CHAT, personal=False)
    await chat.send(Incoming(COORDINATOR, "c1", place=there, event=Event.ADDED))
    assert (await reached(chat)).reached == 0


async def test_what_could_not_be_told_is_told_once_someone_can_be_reached(chat: Chat) -> None:
    await notify(chat, "kept")
    await notify(chat, "over", DAY)
    assert {one.state for one in (await lines(chat)).values()} == {State.DEAD}
    chat.clock.move_to(chat.clock.now() + 4 * DAY)
    await chat.send(Incoming(COORDINATOR, "c1", place=CHAT, event=Event.ADDED))
    told = await lines(chat)
    kept, over = told["kept"], told["over"]
    assert (kept.state, kept.to, kept.reason) == (State.WAITING, "a:cor", "")
    assert (over.state, over.reason) == (State.DEAD, "no_address")


async def test_what_is_for_one_person_does_not_go_to_another(chat: Chat) -> None:
    await notify(chat, "kept")
    await chat.say("hoi", ANN)
    assert (await lines(chat))["kept"].state is State.DEAD


async def test_who_removes_the_app_and_comes_back_can_be_reached_again(chat: Chat) -> None:
    await chat.send(Incoming(COORDINATOR, "c1", place=CHAT, event=Event.INSTALLED))
    await chat.send(Incoming(COORDINATOR, "c2", place=CHAT, event=Event.REMOVED))
    figures = await reached(chat)
    assert (figures.reached, figures.lost) == (0, 1)
    await notify(chat, "kept")
    await chat.send(Incoming(COORDINATOR, "c3", place=CHAT, event=Event.ADDED))
    figures = await reached(chat)
    assert (figures.reached, figures.lost) == (1, 0)
    assert (await lines(chat))["kept"].state is State.WAITING


async def test_a_removal_that_is_told_twice_brings_nobody_back(chat: Chat) -> None:
    await chat.send(Incoming(COORDINATOR, "c1", place=CHAT, event=Event.INSTALLED))
    removed = Incoming(COORDINATOR, "c2", place=CHAT, event=Event.REMOVED)
    await chat.send(removed)
    await notify(chat, "kept")
    for late in (removed, Incoming(COORDINATOR, "c1", place=CHAT, event=Event.INSTALLED)):
        await chat.send(late)
    figures = await reached(chat)
    assert (figures.reached, figures.lost) == (0, 1)
    assert (await lines(chat))["kept"].state is State.DEAD
