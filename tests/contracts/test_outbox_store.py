"""What every store promises about messages on their way out."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.core.delivery import Message
from bot.core.ids import MessageId, PersonId
from bot.core.reply import Channel, Option, Place, Reply, Say, Select, Words
from bot.outbox.model import NO_LIMITS, Copy, Leased, Limits, Line, Notice, Result, State
from tests.factories import NOW, reply, sender
from tests.fakes import AnyStore

PLACE = Place(Channel.TEAMS, "a:ann", "29:ann", tenant="t1", service="https://smba.example/emea/")
UNLIMITED = {Channel.TEAMS: NO_LIMITS}
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


def place(conversation: str = "a:ann", tenant: str = "t1") -> Place:
    return replace(PLACE, conversation=conversation, tenant=tenant)


def notice(key: str = "n1", text: str = "", **changes: Any) -> Notice:
    base = Notice(key, reply(text or key), NOW, place=PLACE)
    return replace(base, **changes)


async def a_person(store: AnyStore, address: str = "29:ann") -> PersonId:
    async with store.begin() as work:
        return (await work.people.register(sender(address), "nl")).id


async def answered(
    store: AnyStore,
    *replies: Reply,
    to: str = "m1",
    where: Place = PLACE,
    card: str = "",
    at: datetime = NOW,
) -> tuple[tuple[Message, ...], tuple[MessageId, ...]]:
    async with store.begin() as work:
        ann = await work.people.register(sender(f"29:{to}"), "nl")
        return await work.outbox.answer(
            ann.id, where, to, replies, card=card, at=at, takeover=at + 5 * SECOND
        )


async def add(store: AnyStore, *notices: Notice, at: datetime = NOW) -> list[bool]:
    async with store.begin() as work:
        return [await work.outbox.add(one, at) for one in notices]


async def change(store: AnyStore, key: str, text: str, at: datetime = NOW) -> bool:
    async with store.begin() as work:
        return await work.outbox.change(key, reply(text), at)


async def lease(
    store: AnyStore,
    now: datetime = NOW,
    holder: str = "w1",
    limits: Mapping[Channel, Limits] = UNLIMITED,
    most: int = 50,
) -> Sequence[Leased]:
    async with store.begin() as work:
        until = now + MINUTE
        return await work.outbox.lease(holder, limits, now=now, until=until, most=most)


async def settle(store: AnyStore, *results: Result) -> None:
    async with store.begin() as work:
        await work.outbox.settle(results)


def sent(message: Message, at: datetime = NOW, remote: str = "r1", holder: str = "w1") -> Result:
    return Result(message, State.SENT, at, remote=remote, holder=holder)


def failed(message: Message, again: datetime, **changes: Any) -> Result:
    base = Result(message, State.WAITING, NOW, not_before=again, reason="refused", holder="w1")
    return replace(base, **changes)


def dead(message: Message) -> Result:
    return Result(
        message, State.DEAD, NOW, reason="gone 403 BotNotInConversationRoster", holder="w1"
    )


async def lines(store: AnyStore, limit: int = 50) -> Sequence[Line]:
    async with store.reading() as work:
        return await work.outbox.lines(limit)


async def only(store: AnyStore, now: datetime = NOW) -> Message:
    (leased,) = await lease(store, now)
    return leased.message


def texts(leased: Sequence[Leased]) -> list[str]:
    return [said(one.message) for one in leased]


def said(message: Message) -> str:
    return next(one.text for one in message.reply.blocks if isinstance(one, Words))


async def test_the_answers_to_a_message_are_given_back(store: AnyStore) -> None:
    select = Select(
        Say("profile.location"),
        (Option(Words("Kerngebouw"), "1"), Option(Say("profile.elsewhere"), "0")),
        {"kind": "location", "v": 1},
        "location",
    )
    replies = (reply("één\ntwee"), Reply("profile", (select,), replaces=True, language="en"))
    messages, ahead = await answered(store, *replies, card="card-7")
    assert not ahead
    assert [one.reply for one in messages] == [*replies]
    assert [one.place for one in messages] == [PLACE, PLACE]
    assert [(one.changes, one.attempts, one.version) for one in messages] == [
        ("", 0, 1),
        ("card-7", 0, 1),
    ]
    assert 0 < messages[0].id < messages[1].id
    async with store.reading() as work:
        assert await work.outbox.answers(Channel.TEAMS, "m1") == messages
        assert await work.outbox.answers(Channel.TEAMS, "m2") == ()
        assert await work.outbox.answers(Channel.SLACK, "m1") == ()


async def test_a_message_may_be_answered_with_nothing(store: AnyStore) -> None:
    assert await answered(store) == ((), ())


async def test_an_answer_knows_what_waits_before_it(store: AnyStore) -> None:
    first, ahead = await answered(store, reply("een"), reply("twee"), to="m1")
    assert ahead == ()
    _, elsewhere = await answered(store, reply(), to="m2", where=place("a:bob"))
    assert elsewhere == ()
    second, ahead = await answered(store, reply("drie"), reply("vier"), to="m3")
    assert ahead == tuple(one.id for one in first)
    await settle(store, sent(first[0]))
    _, ahead = await answered(store, reply("vijf"), to="m4")
    assert ahead == tuple(one.id for one in (first[1], *second))
    await settle(store, sent(first[1]), *map(sent, second))
    await settle(store, *(sent(one.message) for one in await lease(store, NOW + MINUTE)))
    _, ahead = await answered(store, reply("zes"), to="m5")
    assert ahead == ()


async def test_a_reminder_for_tomorrow_holds_up_nobody_today(store: AnyStore) -> None:
    await add(store, notice("reminder", not_before=NOW + DAY), notice("now"))
    (now,) = await lease(store)
    assert said(now.message) == "now"
    _, ahead = await answered(store, reply(), where=place())
    assert ahead == (now.message.id,)
    await add(store, notice("later", not_before=NOW + DAY, place=place("a:bob")))
    _, ahead = await answered(store, reply(), to="m2", where=place("a:bob"))
    assert ahead == ()


async def test_of_two_notices_with_a_key_the_second_is_nothing(store: AnyStore) -> None:
    assert await add(store, notice(text="eerst"), notice(text="weer")) == [True, False]
    assert await add(store, notice(text="nog eens")) == [False]
    assert texts(await lease(store)) == ["eerst"]


async def test_of_two_that_add_a_key_at_once_one_does(store: AnyStore) -> None:
    added = await asyncio.gather(*(add(store, notice(text=text)) for text in "abcde"))
    assert sorted(added) == [[False]] * 4 + [[True]]
    assert len(await lines(store)) == 1


async def test_a_notice_to_a_person_goes_where_they_can_be_reached(store: AnyStore) -> None:
    ann = await a_person(store)
    async with store.begin() as work:
        await work.addresses.reach(Channel.TEAMS, "29:ann", PLACE)
        assert await work.outbox.add(notice(place=None, person=ann), NOW)
    assert (await only(store)).place == PLACE
    (line,) = await lines(store)
    assert line.person == ann


async def test_a_notice_to_who_cannot_be_reached_is_dead_at_once(store: AnyStore) -> None:
    ann, bob = await a_person(store), await a_person(store, "29:bob")
    async with store.begin() as work:
        await work.addresses.reach(Channel.TEAMS, "29:bob", PLACE)
        await work.addresses.lose(Channel.TEAMS, "29:bob", "removed")
        for person in (ann, bob):
            assert await work.outbox.add(notice(f"n{person}", place=None, person=person), NOW)
    assert [(one.state, one.reason) for one in await lines(store)] == [
        (State.DEAD, "no_address")
    ] * 2
    async with store.begin() as work:
        assert await work.outbox.retry(None, NOW) == 0
        assert await work.outbox.change(f"n{ann}", reply("iets anders"), NOW)
    assert await lease(store, NOW + DAY) == []


async def test_nothing_is_leased_that_is_for_later(store: AnyStore) -> None:
    await add(store, notice(not_before=NOW + SECOND))
    assert await lease(store) == []
    assert len(await lease(store, NOW + SECOND)) == 1


async def test_the_relay_takes_an_answer_over_after_a_while(store: AnyStore) -> None:
    await answered(store, reply("een"), reply("twee"))
    assert await lease(store, NOW + 5 * SECOND - timedelta(microseconds=1)) == []
    assert texts(await lease(store, NOW + 5 * SECOND)) == ["een"]


async def test_a_notice_does_not_overtake_an_answer(store: AnyStore) -> None:
    (answer,), _ = await answered(store, reply("antwoord"))
    await add(store, notice("n1"))
    assert await lease(store) == []
    await settle(store, sent(answer))
    assert texts(await lease(store)) == ["n1"]


async def test_a_lease_carries_what_sending_needs(store: AnyStore) -> None:
    await add(store, notice(expires=NOW + DAY))
    (leased,) = await lease(store)
    assert leased.message.place == PLACE
    assert leased.message.reply == reply("n1")
    assert (leased.at, leased.start, leased.sent, leased.expires) == (NOW, NOW, (), NOW + DAY)


async def test_the_second_of_a_conversation_waits_for_the_first(store: AnyStore) -> None:
    await add(store, notice("n1"), notice("n2"), notice("other", place=place("a:bob")))
    leased = await lease(store)
    assert sorted(texts(leased)) == ["n1", "other"]
    assert await lease(store) == []
    await settle(store, *(sent(one.message) for one in leased))
    assert texts(await lease(store)) == ["n2"]


async def test_who_has_no_chat_yet_is_a_conversation_too(store: AnyStore) -> None:
    ann, bob = (replace(PLACE, conversation="", person=one) for one in ("29:ann", "29:bob"))
    await add(store, notice("n1", place=ann), notice("n2", place=ann), notice("n3", place=bob))
    assert sorted(texts(await lease(store))) == ["n1", "n3"]


async def test_two_channels_may_use_the_same_conversation_id(store: AnyStore) -> None:
    slack = replace(PLACE, channel=Channel.SLACK)
    await add(store, notice("n1"), notice("n2", place=slack))
    assert texts(await lease(store)) == ["n1"]
    assert texts(await lease(store, limits={Channel.SLACK: NO_LIMITS})) == ["n2"]


async def test_a_failed_one_keeps_its_place(store: AnyStore) -> None:
    await add(store, notice("n1"), notice("n2"))
    await settle(store, failed(await only(store), NOW + MINUTE))
    assert await lease(store) == []
    again = await only(store, NOW + MINUTE)
    assert (said(again), again.attempts, again.version) == ("n1", 1, 1)


async def test_a_dead_one_lets_the_next_one_through(store: AnyStore) -> None:
    await add(store, notice("n1"), notice("n2"))
    await settle(store, dead(await only(store)))
    second = await only(store)
    assert said(second) == "n2"
    await settle(store, sent(second))
    assert await lease(store, NOW + DAY) == []


async def test_a_lease_keeps_others_out_until_it_ends(store: AnyStore) -> None:
    await add(store, notice("n1"), notice("n2"))
    assert len(await lease(store, holder="w1")) == 1
    assert await lease(store, NOW + MINUTE - timedelta(microseconds=1), holder="w2") == []
    assert texts(await lease(store, NOW + MINUTE, holder="w2")) == ["n1"]
    assert await lease(store, NOW + MINUTE, holder="w1") == []


async def test_what_is_given_back_may_be_taken_at_once(store: AnyStore) -> None:
    await add(store, notice("n1"), notice("n2", place=place("a:bob")))
    await lease(store, holder="w1", most=1)
    await lease(store, holder="w2", most=1)
    async with store.begin() as work:
        await work.outbox.release("w1")
    assert texts(await lease(store, holder="w3")) == ["n1"]


async def test_one_conversation_is_given_back_by_who_holds_it(store: AnyStore) -> None:
    await add(store, notice("n1"), notice("n2", place=place("a:bob")))
    await lease(store, holder="w1")
    async with store.begin() as work:
        await work.outbox.give_back("w2", place())
        await work.outbox.give_back("w1", place("a:bob"))
    assert texts(await lease(store, holder="w3")) == ["n2"]


async def test_the_oldest_come_first(store: AnyStore) -> None:
    await add(
        store,
        *(
            notice(f"n{age}", not_before=NOW - age * SECOND, place=place(f"a:{age}"))
            for age in (1, 3, 2)
        ),
    )
    assert texts(await lease(store, most=2)) == ["n3", "n2"]
    assert texts(await lease(store)) == ["n1"]


async def test_only_the_channels_asked_for_are_looked_at(store: AnyStore) -> None:
    await add(store, notice())
    assert await lease(store, limits={Channel.SLACK: NO_LIMITS}) == []
    assert await lease(store, limits={}) == []


async def test_a_change_before_it_is_sent_makes_one_message(store: AnyStore) -> None:
    await add(store, notice(not_before=NOW + MINUTE))
    assert await change(store, "n1", "nieuwer")
    assert await change(store, "n1", "nieuwst", NOW + SECOND)
    assert await lease(store, NOW + SECOND) == []
    message = await only(store, NOW + MINUTE)
    assert (said(message), message.changes, message.version) == ("nieuwst", "", 3)
    await settle(store, sent(message))
    assert await lease(store, NOW + DAY) == []


async def test_a_change_after_it_was_sent_takes_its_place(store: AnyStore) -> None:
    await add(store, notice())
    await settle(store, failed(await only(store), NOW))
    await settle(store, sent(await only(store), remote="r7"))
    assert await change(store, "n1", "nieuw", NOW + MINUTE)
    assert await lease(store, NOW + MINUTE - SECOND) == []
    message = await only(store, NOW + MINUTE)
    assert (said(message), message.changes, message.attempts) == ("nieuw", "r7", 0)
    await settle(store, sent(message, remote=""))
    await change(store, "n1", "nog nieuwer", NOW + MINUTE)
    assert (await only(store, NOW + MINUTE)).changes == "r7"


async def test_what_is_not_known_cannot_change(store: AnyStore) -> None:
    assert not await change(store, "never", "said")


async def test_a_change_during_a_try_is_sent_after_it(store: AnyStore) -> None:
    await add(store, notice())
    old = await only(store)
    await change(store, "n1", "nieuw")
    await settle(store, sent(old, remote="r7"))
    new = await only(store)
    assert (said(new), new.changes, new.version) == ("nieuw", "r7", 2)


async def test_a_change_during_a_try_that_fails_is_sent_at_once(store: AnyStore) -> None:
    await add(store, notice("n1"), notice("n2", place=place("a:bob")))
    first, second = [one.message for one in await lease(store)]
    for key in ("n1", "n2"):
        await change(store, key, "nieuw")
    await settle(store, failed(first, NOW + DAY), dead(second))
    leased = await lease(store)
    assert texts(leased) == ["nieuw", "nieuw"]
    assert [(one.message.changes, one.message.attempts) for one in leased] == [("", 0)] * 2


async def test_an_answer_to_a_button_still_replaces_its_card_later(store: AnyStore) -> None:
    (message,), _ = await answered(store, replace(reply(), replaces=True), card="card-1")
    await settle(store, failed(message, NOW))
    assert (await only(store)).changes == "card-1"


async def test_what_was_sent_at_once_is_not_sent_again(store: AnyStore) -> None:
    messages, _ = await answered(store, reply("een"), reply("twee"))
    await settle(store, *map(sent, messages))
    assert await lease(store, NOW + DAY) == []
    assert await lines(store) == []


async def test_a_failure_noted_late_undoes_no_arrival(store: AnyStore) -> None:
    await add(store, notice())
    message = await only(store)
    await settle(store, sent(message))
    await settle(store, failed(message, NOW))
    await settle(store, dead(message))
    assert await lease(store, NOW + DAY) == []
    assert await lines(store) == []


async def test_an_arrival_noted_late_counts(store: AnyStore) -> None:
    await add(store, notice())
    message = await only(store)
    await settle(store, dead(message), sent(message))
    assert await lines(store) == []


async def test_nothing_is_settled_without_results_or_of_what_is_gone(store: AnyStore) -> None:
    await settle(store)
    gone = Message(MessageId(12345), PLACE, reply())
    await settle(store, sent(gone), failed(gone, NOW), dead(gone))
    assert await lines(store) == []


async def test_dead_ones_are_leased_when_they_are_tried_again(store: AnyStore) -> None:
    await add(store, notice("n1"), notice("n2", place=place("a:bob")))
    await settle(store, *(dead(one.message) for one in await lease(store)))
    assert await lease(store, NOW + DAY) == []
    later = NOW + 9 * DAY
    async with store.begin() as work:
        assert await work.outbox.retry(None, later) == 2
    leased = await lease(store, later)
    assert sorted(texts(leased)) == ["n1", "n2"]
    assert [(one.message.attempts, one.at) for one in leased] == [(0, later)] * 2


async def test_only_what_is_asked_for_is_tried_again(store: AnyStore) -> None:
    await add(store, notice("n1"), notice("n2", place=place("a:bob")))
    await settle(store, *(dead(one.message) for one in await lease(store)))
    first = (await lines(store))[0]
    async with store.begin() as work:
        assert await work.outbox.retry([], NOW) == 0
        assert await work.outbox.retry([first.id, MessageId(12345)], NOW) == 1
    assert texts(await lease(store)) == ["n1"]


async def test_what_waits_after_a_failure_is_tried_now_and_what_is_for_later_is_not(
    store: AnyStore,
) -> None:
    await add(store, notice("failed"), notice("later", not_before=NOW + DAY))
    await settle(store, failed(await only(store), NOW + DAY))
    async with store.begin() as work:
        assert await work.outbox.retry(None, NOW) == 1
    assert texts(await lease(store)) == ["failed"]


async def test_how_long_it_is_tried_counts_from_when_it_was_to_be_said(store: AnyStore) -> None:
    await add(store, notice(not_before=NOW + 9 * DAY))
    (leased,) = await lease(store, NOW + 10 * DAY)
    assert leased.at == NOW + 9 * DAY
    await settle(store, sent(leased.message))
    await change(store, "n1", "nieuw", NOW + 20 * DAY)
    (leased,) = await lease(store, NOW + 20 * DAY)
    assert leased.at == NOW + 20 * DAY
    await settle(store, sent(leased.message))
    await answered(store, reply())
    (leased,) = await lease(store, NOW + MINUTE)
    assert leased.at == NOW


async def test_turns_in_a_tenants_pace_are_shared_by_all_workers(store: AnyStore) -> None:
    paced = {Channel.TEAMS: Limits(rate=4)}
    await add(store, *(notice(f"n{number}", place=place(f"a:{number}")) for number in range(12)))
    first = await lease(store, limits=paced, most=3)
    second = await lease(store, limits=paced, holder="w2", most=3)
    later = NOW + 10 * SECOND
    third = await lease(store, later, limits=paced)
    starts = sorted(one.start for one in (*first, *second, *third))
    assert all(two - one >= SECOND / 4 for one, two in pairwise(starts))
    assert starts[0] == NOW
    assert all(start <= NOW + SECOND for start in starts if start < later)
    assert all(start <= later + SECOND for start in starts)
    taken = [one.message.id for one in (*first, *second, *third)]
    assert len(taken) == len(set(taken)) > 5


async def test_each_tenant_has_a_pace_of_its_own(store: AnyStore) -> None:
    paced = {Channel.TEAMS: Limits(rate=1)}
    await add(store, notice("n1"), notice("n2", place=place("a:bob", "t2")))
    assert [one.start for one in await lease(store, limits=paced)] == [NOW, NOW]


async def test_a_conversation_takes_so_many_in_a_window(store: AnyStore) -> None:
    windows = {Channel.TEAMS: Limits({10: 2})}
    await add(store, *(notice(f"n{number}") for number in range(3)))
    for number in range(2):
        at = NOW + number * SECOND
        (leased,) = await lease(store, at, limits=windows)
        assert leased.sent == (NOW, NOW + SECOND)[:number]
        await settle(store, sent(leased.message, at))
    for early in (SECOND, 5 * SECOND, 10 * SECOND - timedelta(microseconds=1)):
        assert await lease(store, NOW + early, limits=windows) == []
    assert texts(await lease(store, NOW + 10 * SECOND, limits=windows)) == ["n2"]


async def test_what_is_held_up_by_a_window_holds_up_no_other_conversation(store: AnyStore) -> None:
    windows = {Channel.TEAMS: Limits({10: 1})}
    await add(store, notice("n1"), notice("n2"))
    await settle(store, sent(await only(store)))
    await add(store, notice("n3", place=place("a:bob")))
    assert texts(await lease(store, limits=windows)) == ["n3"]


async def test_a_turn_that_a_full_window_cannot_use_is_for_the_next_one(store: AnyStore) -> None:
    limits = {Channel.TEAMS: Limits({10: 1}, rate=1)}
    await add(store, notice("n1"), notice("n2"))
    await settle(store, sent(await only(store)))
    await add(store, *(notice(key, place=place(f"a:{key}")) for key in ("n3", "n4")))
    leased = await lease(store, limits=limits)
    assert [(said(one.message), one.start) for one in leased] == [
        ("n3", NOW),
        ("n4", NOW + SECOND),
    ]
    await add(store, notice("n5", place=place("a:n5")))
    assert [one.start for one in await lease(store, NOW + SECOND, limits=limits)] == [
        NOW + 2 * SECOND
    ]


async def test_moments_of_more_than_an_hour_ago_are_forgotten(store: AnyStore) -> None:
    await add(store, notice("n1"), notice("n2"), notice("n3"))
    for at in (NOW, NOW + timedelta(hours=2)):
        await settle(store, sent(await only(store, at), at))
    (leased,) = await lease(store, NOW + timedelta(hours=2))
    assert leased.sent == (NOW + timedelta(hours=2),)


async def test_a_pause_holds_up_every_conversation_of_that_tenant_and_no_other(
    store: AnyStore,
) -> None:
    slack = replace(place("a:slack"), channel=Channel.SLACK)
    both = {Channel.TEAMS: NO_LIMITS, Channel.SLACK: NO_LIMITS}
    await add(store, notice("n1"))
    await settle(store, failed(await only(store), NOW + SECOND, paused=NOW + MINUTE))
    await add(
        store,
        notice("same", place=place("a:bob")),
        notice("other", place=place("a:eve", "t2")),
        notice("slack", place=slack),
    )
    assert sorted(texts(await lease(store, NOW + 2 * SECOND, limits=both))) == ["other", "slack"]
    assert sorted(texts(await lease(store, NOW + MINUTE))) == ["n1", "same"]


async def test_a_shorter_pause_does_not_end_a_longer_one(store: AnyStore) -> None:
    await add(store, notice("n1"), notice("n2", place=place("a:bob")))
    pauses = (NOW + MINUTE, NOW + SECOND)
    await settle(
        store,
        *(
            failed(one.message, NOW, paused=until)
            for one, until in zip(await lease(store), pauses, strict=True)
        ),
    )
    assert await lease(store, NOW + 2 * SECOND) == []
    assert len(await lease(store, NOW + MINUTE)) == 2


async def test_lines_show_what_waits_or_cannot_arrive(store: AnyStore) -> None:
    await add(store, notice("n1"), at=NOW - SECOND)
    await add(store, notice("n2"), notice("n3"))
    await settle(store, sent(await only(store)))
    again = NOW + SECOND
    await settle(store, failed(await only(store), again, doubtful=True, reason="unknown 502"))
    await settle(store, dead(await only(store, again)))
    second, third = await lines(store)
    assert second == Line(
        id=second.id,
        key="n2",
        channel="teams",
        person=None,
        view="answer",
        state=State.DEAD,
        at=NOW,
        not_before=again,
        attempts=2,
        doubtful=1,
        reason="gone 403 BotNotInConversationRoster",
        to="a:ann",
    )
    assert (third.key, third.state, third.attempts) == ("n3", State.WAITING, 0)
    assert [one.key for one in await lines(store, 1)] == ["n2"]


async def test_what_is_due_next_is_known(store: AnyStore) -> None:
    async def due(*channels: Channel, after: datetime = NOW) -> datetime | None:
        async with store.begin() as work:
            return await work.outbox.next_due(channels, after)

    assert await due(Channel.TEAMS) is None
    slack = replace(PLACE, channel=Channel.SLACK)
    await add(
        store,
        notice("n1"),
        notice("n2", not_before=NOW + DAY),
        notice("n3", not_before=NOW + MINUTE, place=slack),
    )
    assert await due(Channel.TEAMS) == NOW + DAY
    assert await due(Channel.TEAMS, Channel.SLACK) == NOW + MINUTE
    assert await due(Channel.TEAMS, after=NOW - SECOND) == NOW
    assert await due(Channel.TEAMS, after=NOW + DAY) is None
    assert await due() is None
    await settle(store, sent(await only(store)))
    assert await due(Channel.TEAMS, after=NOW - SECOND) == NOW + DAY


async def test_old_answers_are_forgotten_when_they_are_done(store: AnyStore) -> None:
    old = NOW - timedelta(microseconds=1)
    results = []
    for name, at in (("sent", old), ("dead", old), ("waits", old), ("young", NOW)):
        (message,), _ = await answered(store, reply(), to=name, where=place(f"a:{name}"), at=at)
        results.append(dead(message) if name == "dead" else sent(message))
    await settle(store, results[0], results[1], results[3])
    await add(store, notice())
    await settle(store, sent(await only(store, NOW + SECOND)))
    async with store.begin() as work:
        assert await work.outbox.forget_texts(NOW) == 2
        assert await work.outbox.forget_texts(NOW) == 0
        kept = [await work.outbox.answers(Channel.TEAMS, name) for name in ("waits", "young")]
        assert await work.outbox.change("n1", reply(), NOW)
    assert [len(one) for one in kept] == [1, 1]


async def test_of_several_that_lease_at_once_each_conversation_goes_to_one(
    store: AnyStore,
) -> None:
    await add(
        store, *(notice(f"n{number}", place=place(f"a:{number % 20}")) for number in range(40))
    )
    for _ in range(2):
        holders = [f"w{number}" for number in range(4)]
        got = await asyncio.gather(*(lease(store, holder=one, most=8) for one in holders))
        got += [await lease(store, holder="last")]
        taken = [
            (one.message, holder)
            for leased, holder in zip(got, [*holders, "last"], strict=True)
            for one in leased
        ]
        assert len({one.place.conversation for one, _ in taken}) == len(taken) == 20
        await settle(store, *(sent(one, holder=holder) for one, holder in taken))
    assert await lines(store) == []


@pytest.mark.parametrize("holder", ["w1", ""])
async def test_who_holds_a_conversation_no_more_gives_it_back_for_nobody(
    store: AnyStore, holder: str
) -> None:
    """A worker that was away too long, or a process that sent at once, and is late to say so."""
    await add(store, notice("n1"), notice("n2"), notice("n3"))
    first = await only(store)
    (again,) = await lease(store, NOW + MINUTE, holder="w2")
    assert again.message.id == first.id
    await settle(store, sent(first, holder=holder))
    assert await lease(store, NOW + MINUTE, holder="w3") == []
    await settle(store, sent(again.message, holder="w2"))
    assert texts(await lease(store, NOW + MINUTE, holder="w3")) == ["n2"]


async def test_a_message_that_is_changed_is_judged_anew(store: AnyStore) -> None:
    await add(store, notice("n1"))
    await settle(store, failed(await only(store), NOW))
    assert [one.reason for one in await lines(store)] == ["refused"]
    async with store.begin() as work:
        assert await work.outbox.change("n1", reply("anders"), NOW)
    assert [one.reason for one in await lines(store)] == [""]


# Copies of a card


def about(text: str = "vraag", subject: str = "question:12") -> Reply:
    return replace(reply(text), subject=subject)


async def copies(store: AnyStore, subject: str = "question:12") -> Sequence[Copy]:
    async with store.reading() as work:
        return await work.outbox.copies(subject)


async def rewrite(store: AnyStore, text: str, at: datetime = NOW, *, needed: bool = False) -> None:
    """Let each copy of the card say something else, as whoever changes its subject does."""
    async with store.begin() as work:
        for one in await work.outbox.copies("question:12"):
            await work.outbox.rewrite(one.id, about(text), at, needed=needed)


async def states(store: AnyStore) -> list[tuple[str, str]]:
    async with store.reading() as work:
        return [(said_in(one.reply), one.shown) for one in await work.outbox.copies("question:12")]


def said_in(shown: Reply) -> str:
    return next(one.text for one in shown.blocks if isinstance(one, Words))


async def test_copies_of_a_card_are_found_by_what_they_are_about(store: AnyStore) -> None:
    ann = await a_person(store)
    room = replace(place("19:coaches"), personal=False)
    await add(
        store,
        notice("n1", person=ann, reply=about("een")),
        notice("n2", reply=about("anders", "question:120")),
        notice("n3", reply=about("twee"), place=room),
        notice("n4"),
    )
    (answer,), _ = await answered(store, about("drie"), where=place("a:bob"))
    first, second, third = await copies(store)
    assert (first.person, first.reply, first.shown) == (ann, about("een"), "")
    assert (second.person, second.reply, second.shown) == (None, about("twee"), "")
    assert (third.id, third.reply) == (answer.id, about("drie"))
    assert third.person is not None
    assert first.id < second.id < third.id


async def test_who_was_told_in_vain_is_known_by_what_it_was_about(store: AnyStore) -> None:
    names = ("a", "b", "c", "d", "e", "f")
    ann, bob, cas, dee, eve, fay = [await a_person(store, f"29:{name}") for name in names]
    await add(
        store,
        notice("n1", person=ann, reply=about("een"), place=None),  # never met: dead at once
        notice("n2", person=bob, reply=about("een"), place=place("a:bob")),
        notice("n3", person=cas, reply=about("een"), place=None),
        notice("n4", person=cas, reply=about("nog een"), place=place("a:cas")),
        notice("n5", person=dee, reply=about("anders", "question:120"), place=None),
        notice("n6", reply=about("een"), place=place("a:all")),
        notice("n7", person=eve, reply=about("een"), place=place("a:eve")),
        notice("n8", person=fay, reply=about("een"), place=place("a:fay")),
    )
    by_place = {one.message.place.conversation: one.message for one in await lease(store)}
    await settle(
        store,
        sent(by_place["a:bob"], remote=""),
        sent(by_place["a:cas"]),
        failed(by_place["a:eve"], NOW + MINUTE, doubtful=True),
        failed(by_place["a:fay"], NOW + MINUTE),
    )
    async with store.begin() as work:
        # What still waits has told nobody anything yet.
        assert set(await work.outbox.missed("question:12")) == {ann, fay}
        assert set(await work.outbox.missed("")) == set()
    await settle(store, sent(by_place["a:fay"]))
    await change(store, "n8", "anders")
    async with store.begin() as work:
        assert set(await work.outbox.missed("question:12")) == {ann}


async def test_what_is_about_nothing_has_no_copies(store: AnyStore) -> None:
    await add(store, notice("n1"))
    assert await copies(store, "") == []
    assert await copies(store, "question:12") == []


async def test_what_is_stored_about_a_subject_is_reworded_and_nothing_is_sent_for_it(
    store: AnyStore,
) -> None:
    ann = await a_person(store)
    (answer,), _ = await answered(store, about("bel 1"))
    await settle(store, sent(answer, remote="r1", holder=""))
    await add(
        store,
        notice("n1", person=ann, reply=about("bel 2"), not_before=NOW + DAY),
        notice("n2", reply=about("bel 3", "draft:7"), place=place("a:two")),
        notice("n3", reply=about("bel 4", "question:120"), place=place("a:three")),
        notice("n4", place=place("a:four")),
    )
    before = await lines(store)

    def quiet(one: Reply) -> Reply:
        return replace(one, blocks=(Words("stil"),))

    async with store.begin() as work:
        await work.outbox.reword(("question:12", "draft:7", ""), quiet)
    assert await lines(store) == before
    assert [one.reply.blocks for one in await copies(store)] == [(Words("stil"),)] * 2
    told = texts(await lease(store, NOW + DAY, most=9))
    assert sorted(told) == ["bel 4", "n4", "stil", "stil"]
    async with store.reading() as work:
        (again,) = await work.outbox.answers(answer.place.channel, "m1")
    assert again.reply == quiet(answer.reply)


async def test_a_copy_that_was_sent_becomes_an_edit(store: AnyStore) -> None:
    await add(store, notice(reply=about("open")))
    await settle(store, sent(await only(store), remote="r7"))
    assert await states(store) == [("open", "r7")]
    await rewrite(store, "bezet", NOW + MINUTE)
    assert await lease(store, NOW + MINUTE - SECOND) == []
    message = await only(store, NOW + MINUTE)
    assert (said(message), message.changes, message.version) == ("bezet", "r7", 2)
    await settle(store, sent(message, remote=""))
    assert await states(store) == [("bezet", "r7")]


async def test_several_edits_of_a_copy_before_they_are_sent_are_one(store: AnyStore) -> None:
    await add(store, notice(reply=about("open")))
    await settle(store, sent(await only(store), remote="r7"))
    await rewrite(store, "bezet")
    await rewrite(store, "beantwoord")
    message = await only(store)
    assert (said(message), message.changes) == ("beantwoord", "r7")
    await settle(store, sent(message, remote=""))
    assert await lease(store, NOW + DAY) == []


async def test_a_copy_that_was_not_sent_yet_is_not_sent_at_all(store: AnyStore) -> None:
    await add(store, notice("n1", reply=about("open"), not_before=NOW + DAY), notice("n2"))
    await rewrite(store, "bezet", NOW + MINUTE)
    assert await copies(store) == []
    assert texts(await lease(store, NOW + 2 * DAY)) == ["n2"]


async def test_a_copy_that_still_matters_is_sent_as_it_is_now(store: AnyStore) -> None:
    await add(store, notice(reply=about("open"), not_before=NOW + DAY))
    await rewrite(store, "met een regel erbij", NOW + MINUTE, needed=True)
    assert await states(store) == [("met een regel erbij", "")]
    assert await lease(store, NOW + DAY - SECOND) == []
    message = await only(store, NOW + DAY)
    assert (said(message), message.changes) == ("met een regel erbij", "")


async def test_a_change_of_a_card_that_is_there_is_in_nobodys_way(store: AnyStore) -> None:
    await add(store, notice(reply=about("open")))
    await settle(store, sent(await only(store), remote="r7"))
    await rewrite(store, "bezet")
    _, ahead = await answered(store, reply("antwoord"))
    assert ahead == ()
    message = await only(store)
    assert message.changes == "r7"
    await settle(store, failed(message, NOW + DAY))
    assert texts(await lease(store, NOW + 5 * SECOND)) == ["antwoord"]


async def test_a_copy_that_became_needless_is_no_failure(store: AnyStore) -> None:
    ann = await a_person(store)
    await add(store, notice(reply=about("open"), person=ann))
    await rewrite(store, "bezet")
    assert await lines(store) == []
    async with store.begin() as work:
        stands = await work.outbox.tally(NOW)
        assert (stands.waiting, stands.oldest, dict(stands.dead)) == (0, None, {})
        assert await work.outbox.retry(None, NOW) == 0
        assert await work.outbox.revive(ann, PLACE, NOW) == 0
    await rewrite(store, "beantwoord")
    assert await lease(store, NOW + DAY) == []


async def test_a_copy_that_became_needless_is_not_tried_again_by_its_id(store: AnyStore) -> None:
    await add(store, notice(reply=about("open")))
    (copy,) = await copies(store)
    await rewrite(store, "bezet")
    async with store.begin() as work:
        assert await work.outbox.retry([copy.id], NOW) == 0
        await work.outbox.rewrite(copy.id, about("beantwoord"), NOW)
    assert await lease(store, NOW + DAY) == []


async def test_a_copy_that_failed_before_and_waits_is_needless_too(store: AnyStore) -> None:
    await add(store, notice(reply=about("open")))
    await settle(store, failed(await only(store), NOW + MINUTE))
    await rewrite(store, "bezet", NOW + SECOND)
    assert await lease(store, NOW + DAY) == []
    assert await lines(store) == []


async def test_a_copy_that_perhaps_arrived_is_changed(store: AnyStore) -> None:
    await add(store, notice(reply=about("open")))
    await settle(store, failed(await only(store), NOW + MINUTE, doubtful=True))
    await rewrite(store, "bezet", NOW + SECOND)
    assert texts(await lease(store, NOW + MINUTE)) == ["bezet"]


async def test_a_copy_that_perhaps_arrived_as_it_was_before_is_changed(store: AnyStore) -> None:
    await add(store, notice(reply=about("open")))
    old = await only(store)
    await rewrite(store, "verbeterd", NOW + SECOND)
    await settle(store, failed(old, NOW + MINUTE, doubtful=True))
    await rewrite(store, "bezet", NOW + 2 * SECOND)
    assert [one.doubtful for one in await lines(store)] == [1]
    assert texts(await lease(store, NOW + MINUTE)) == ["bezet"]


async def test_a_needless_copy_that_perhaps_arrived_is_changed_then(store: AnyStore) -> None:
    await add(store, notice(reply=about("open")))
    old = await only(store)
    await rewrite(store, "bezet", NOW + MINUTE)
    await settle(store, failed(old, NOW + 2 * MINUTE, doubtful=True))
    assert texts(await lease(store, NOW + MINUTE)) == ["bezet"]


async def test_a_copy_that_a_worker_holds_is_rewritten(store: AnyStore) -> None:
    await add(store, notice(reply=about("open")))
    old = await only(store)
    await rewrite(store, "bezet", NOW + SECOND)
    assert await states(store) == [("bezet", "")]
    await settle(store, sent(old, remote="r7"))
    new = await only(store, NOW + SECOND)
    assert (said(new), new.changes) == ("bezet", "r7")


async def test_a_copy_whose_lease_ended_is_needless(store: AnyStore) -> None:
    await add(store, notice(reply=about("open")))
    await lease(store)
    await rewrite(store, "bezet", NOW + MINUTE)
    assert await copies(store) == []


async def test_a_needless_copy_that_arrived_all_the_same_is_changed_then(
    store: AnyStore,
) -> None:
    """The worker slept through its lease, the copy was taken back, and then it did arrive."""
    await add(store, notice(reply=about("open")))
    old = await only(store)
    await rewrite(store, "bezet", NOW + MINUTE)
    await settle(store, sent(old, NOW + MINUTE, remote="r7"))
    assert await states(store) == [("bezet", "r7")]
    message = await only(store, NOW + MINUTE)
    assert (said(message), message.changes) == ("bezet", "r7")
    await settle(store, sent(message, NOW + MINUTE, remote=""))
    assert await lines(store) == []


async def test_a_needless_copy_whose_late_try_failed_stays_so(store: AnyStore) -> None:
    await add(store, notice(reply=about("open")))
    old = await only(store)
    await rewrite(store, "bezet", NOW + MINUTE)
    await settle(store, failed(old, NOW + MINUTE), dead(old))
    assert await lines(store) == []
    assert await lease(store, NOW + DAY) == []


async def test_a_copy_that_died_before_it_arrived_is_none(store: AnyStore) -> None:
    await add(store, notice("n1", reply=about("open")))
    await settle(store, dead(await only(store)))
    assert await copies(store) == []


async def test_a_copy_for_who_cannot_be_reached_yet_is_right_once_they_can(
    store: AnyStore,
) -> None:
    ann = await a_person(store)
    for key, needed in (("n1", True), ("n2", False)):
        async with store.begin() as work:
            await work.outbox.add(notice(key, place=None, person=ann, reply=about("open")), NOW)
            (copy,) = await work.outbox.copies("question:12")
            assert copy.untold
            await work.outbox.rewrite(copy.id, about("bezet"), NOW, needed=needed)
            await work.outbox.revive(ann, place("a:ann"), NOW + MINUTE)
        if needed:
            message = await only(store, NOW + MINUTE)
            assert (said(message), message.changes) == ("bezet", "")
            await settle(store, replace(dead(message), reason="invalid 400 BadSyntax"))
        assert await copies(store) == []
    assert await lease(store, NOW + DAY) == []


async def test_a_copy_whose_edit_died_is_still_there_and_is_edited_again(store: AnyStore) -> None:
    await add(store, notice(reply=about("open")))
    await settle(store, sent(await only(store), remote="r7"))
    await rewrite(store, "bezet")
    await settle(store, dead(await only(store)))
    assert await states(store) == [("bezet", "r7")]
    await rewrite(store, "beantwoord")
    message = await only(store)
    assert (said(message), message.changes, message.attempts) == ("beantwoord", "r7", 0)


async def test_a_copy_in_the_place_of_a_card_is_there_before_it_is_sent(store: AnyStore) -> None:
    await answered(store, replace(about("open"), replaces=True), card="card-7")
    assert await states(store) == [("open", "card-7")]
    await rewrite(store, "bezet", NOW + SECOND)
    message = await only(store, NOW + 5 * SECOND)
    assert (said(message), message.changes) == ("bezet", "card-7")


async def test_an_answer_to_a_message_is_never_needless(store: AnyStore) -> None:
    await answered(store, about("je vraag is verstuurd"))
    await rewrite(store, "Bob heeft je vraag")
    assert texts(await lease(store, NOW + 5 * SECOND)) == ["Bob heeft je vraag"]


async def test_cards_about_a_subject_are_forgotten_with_the_notices(store: AnyStore) -> None:
    old = NOW - MINUTE
    for name, said_back in (("m1", about("open")), ("m2", reply())):
        where = place(f"a:{name}")
        (message,), _ = await answered(store, said_back, to=name, where=where, at=old)
        await settle(store, sent(message, remote="r7"))
    async with store.begin() as work:
        assert await work.outbox.forget_texts(NOW) == 1
        assert await work.outbox.answers(Channel.TEAMS, "m2") == ()
    await rewrite(store, "bezet", old)
    await settle(store, sent(await only(store), remote=""))
    assert await states(store) == [("bezet", "r7")]
    async with store.begin() as work:
        assert await work.outbox.forget_notices(NOW) == 1
    assert await copies(store) == []


async def test_needless_copies_are_forgotten_with_the_notices(store: AnyStore) -> None:
    await add(store, notice(reply=about("open"), not_before=NOW - DAY), at=NOW - DAY)
    await rewrite(store, "bezet", NOW - DAY)
    async with store.begin() as work:
        assert await work.outbox.forget_texts(NOW) == 0
        assert await work.outbox.forget_notices(NOW) == 1


async def test_a_change_that_is_about_something_stays_a_copy(store: AnyStore) -> None:
    await add(store, notice(reply=about("open")))
    async with store.begin() as work:
        assert await work.outbox.change("n1", about("bezet"), NOW)
    assert await states(store) == [("bezet", "")]
