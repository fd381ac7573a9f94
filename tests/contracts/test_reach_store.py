"""What every store promises about where people and channels can be told something."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.ids import PersonId
from bot.core.reply import Channel, Place
from bot.outbox.model import NO_LIMITS, Leased, Line, Notice, Reason, Result, State, Tally
from bot.people.model import ChannelName, NamedChannel, Reach, Role, Unreached
from bot.people.service import plan_import
from tests.factories import NOW, listed, listed_coach, organisation, reply, sender
from tests.fakes import AnyStore

SERVICE = "https://smba.example/emea/"
ANN = Place(Channel.TEAMS, "a:ann", "29:ann", service=SERVICE, tenant="t1", bot="28:bot")
BOB = replace(ANN, conversation="a:bob", person="29:bob")
OPENED = replace(ANN, conversation="", person="aa-11")
GONE = "gone 403 BotNotInConversationRoster"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def met(store: AnyStore, place: Place, **identity: str) -> PersonId:
    who = sender(place.person, channel=place.channel, **identity)
    async with store.begin() as work:
        person = await work.people.register(who, "nl")
        await work.addresses.reach(place.channel, place.person, place)
    return person.id


async def lose(store: AnyStore, place: Place, why: str) -> None:
    async with store.begin() as work:
        await work.addresses.lose(place.channel, place.person, why)


async def bring_in(store: AnyStore, entra_id: str = "aa-11") -> PersonId:
    """Store somebody of the college whom the bot did not meet."""
    async with store.begin() as work:
        new = organisation(listed("new@kern.example", entra_id=entra_id))
        await work.people.apply(await plan_import(work, new))
        found = await work.people.by_identity("", "new@kern.example")
    assert found
    return found.id


async def notify(store: AnyStore, person: PersonId, key: str = "n1", **changes: Any) -> Line:
    notice = replace(Notice(key, reply(), NOW, person=person), **changes)
    async with store.begin() as work:
        await work.outbox.add(notice, NOW)
    return await line(store, key)


async def line(store: AnyStore, key: str = "n1") -> Line:
    async with store.reading() as work:
        return next(one for one in await work.outbox.lines(50) if one.key == key)


async def only(store: AnyStore) -> Leased:
    async with store.begin() as work:
        (leased,) = await work.outbox.lease(
            "w1", {Channel.TEAMS: NO_LIMITS}, now=NOW, until=NOW + MINUTE, most=9
        )
    return leased


async def fail(store: AnyStore, reason: str = GONE) -> None:
    """Let the one message that is due not arrive, for good."""
    message = (await only(store)).message
    async with store.begin() as work:
        await work.outbox.settle([Result(message, State.DEAD, NOW, reason=reason, holder="w1")])


async def is_lost(store: AnyStore, place: Place = ANN) -> str:
    async with store.reading() as work:
        known = await work.addresses.met(place.channel, place.person)
    assert known
    return known.lost


async def revive(store: AnyStore, person: PersonId) -> int:
    async with store.begin() as work:
        return await work.outbox.revive(person, BOB, NOW)


async def test_who_was_met_in_teams_is_not_told_at_a_terminal(store: AnyStore) -> None:
    terminal = Place(Channel.CONSOLE, "ann", "ann")
    ann = await met(store, terminal, email="ann@kern.example")
    assert (await notify(store, ann, "first")).to == "ann"
    assert await met(store, ANN, email="ann@kern.example") == ann
    assert (await notify(store, ann, "second")).to == "a:ann"


async def test_who_was_never_met_is_told_in_a_chat_that_is_still_to_be_opened(
    store: AnyStore,
) -> None:
    new = await bring_in(store)
    assert (await notify(store, new, "before")).reason == "no_address"
    await met(store, ANN)
    assert (await notify(store, new)).state is State.WAITING
    assert (await only(store)).message.place == OPENED


async def test_who_was_never_met_and_has_no_entra_id_cannot_be_told(store: AnyStore) -> None:
    await met(store, ANN)
    assert (await notify(store, await bring_in(store, ""))).reason == "no_address"


@pytest.mark.parametrize(
    "place", [replace(ANN, service=""), replace(ANN, tenant=""), replace(ANN, bot="")]
)
async def test_a_chat_is_opened_only_where_all_is_known_of_someone_met(
    store: AnyStore, place: Place
) -> None:
    await met(store, place)
    assert (await notify(store, await bring_in(store))).reason == "no_address"


async def test_who_removed_the_app_is_not_asked_for_a_chat(store: AnyStore) -> None:
    await met(store, BOB)
    ann = await met(store, ANN, entra_id="aa-11")
    await lose(store, ANN, "removed")
    assert (await notify(store, ann)).reason == "no_address"


async def test_a_chat_is_opened_anew_with_whom_teams_lost(store: AnyStore) -> None:
    await met(store, BOB)
    ann = await met(store, ANN, entra_id="aa-11")
    await lose(store, ANN, "gone")
    assert (await notify(store, ann)).to == "aa-11"


async def test_where_nobody_is_any_more_nothing_is_sent_until_they_are_back(
    store: AnyStore,
) -> None:
    ann = await met(store, ANN)
    await notify(store, ann)
    await fail(store)
    assert await is_lost(store) == "gone"
    assert (await notify(store, ann, "n2")).reason == "no_address"
    async with store.begin() as work:
        await work.addresses.reach(Channel.TEAMS, "29:ann", ANN)
    assert await is_lost(store) == ""


async def test_only_who_is_gone_is_lost(store: AnyStore) -> None:
    ann = await met(store, ANN)
    await met(store, BOB)
    await notify(store, ann, "n1")
    await fail(store, "invalid 400 BadSyntax")
    assert await is_lost(store) == ""
    await notify(store, ann, "n2")
    await fail(store)
    assert [await is_lost(store, place) for place in (ANN, BOB)] == ["gone", ""]


async def test_who_has_another_chat_by_now_is_not_lost(store: AnyStore) -> None:
    ann = await met(store, ANN)
    await notify(store, ann)
    async with store.begin() as work:
        await work.addresses.reach(Channel.TEAMS, "29:ann", replace(ANN, conversation="a:new"))
    await fail(store)
    assert await is_lost(store) == ""


async def changed_card(store: AnyStore) -> PersonId:
    """Send a card to somebody, and let it say something else; returns to whom."""
    ann = await met(store, ANN)
    await notify(store, ann)
    message = (await only(store)).message
    async with store.begin() as work:
        await work.outbox.settle([Result(message, State.SENT, NOW, remote="r1", holder="w1")])
        await work.outbox.change("n1", reply("nieuw"), NOW)
    return ann


async def test_a_card_that_is_gone_loses_nobody(store: AnyStore) -> None:
    await changed_card(store)
    await fail(store, "gone 404 ActivityNotFoundInConversation")
    assert await is_lost(store) == ""


async def test_a_channel_that_is_gone_loses_nobody(store: AnyStore) -> None:
    ann = await met(store, ANN)
    await notify(store, ann, place=replace(ANN, personal=False))
    await fail(store)
    assert await is_lost(store) == ""


async def test_what_had_no_address_is_told_where_someone_is_now(store: AnyStore) -> None:
    new = await bring_in(store, "")
    await notify(store, new, "now")
    await notify(store, new, "later", not_before=NOW + DAY)
    await notify(store, new, "over", expires=NOW)
    assert await revive(store, new) == 2
    assert await revive(store, new) == 0
    leased = await only(store)
    assert (leased.message.place, leased.at) == (BOB, NOW)
    later = await line(store, "later")
    assert (later.state, later.to, later.at) == (State.WAITING, "a:bob", NOW + DAY)
    assert (await line(store, "over")).state is State.DEAD


async def test_what_no_chat_could_be_opened_for_is_told_where_someone_is_now(
    store: AnyStore,
) -> None:
    await met(store, ANN)
    new = await bring_in(store)
    await notify(store, new)
    await fail(store, "gone 403 ForbiddenOperationException")
    assert await revive(store, new) == 1
    assert (await only(store)).message.place == BOB


async def test_what_failed_for_another_reason_or_another_person_stays_dead(
    store: AnyStore,
) -> None:
    ann, new = await met(store, ANN), await bring_in(store, "")
    await notify(store, ann, "n1")
    await fail(store, "invalid 400 BadSyntax")
    await notify(store, new, "n2")
    assert await revive(store, ann) == 0
    assert (await line(store, "n2")).reason == "no_address"


async def test_what_met_that_nobody_was_there_is_told_when_they_are_back(store: AnyStore) -> None:
    ann = await met(store, ANN)
    await notify(store, ann, "answer")
    await fail(store)
    await notify(store, ann, "later")
    await notify(store, ann, "over", expires=NOW)
    assert await revive(store, ann) == 2
    assert (await line(store, "answer")).to == "a:bob"
    assert (await only(store)).message.id == (await line(store, "answer")).id


async def test_a_card_that_could_not_change_and_an_old_answer_stay_dead(store: AnyStore) -> None:
    ann = await changed_card(store)
    await fail(store)
    async with store.begin() as work:
        await work.outbox.answer(ann, ANN, "m1", [reply()], card="", at=NOW, takeover=NOW)
    await fail(store)
    assert await revive(store, ann) == 0


async def test_a_card_for_who_is_gone_follows_until_they_are_back(store: AnyStore) -> None:
    ann = await met(store, ANN)
    about = replace(reply(), subject="question:1")
    await notify(store, ann, reply=about)
    await fail(store)
    async with store.begin() as work:
        (copy,) = await work.outbox.copies("question:1")
        assert copy.untold
        await work.outbox.rewrite(copy.id, about, NOW)
    assert await revive(store, ann) == 0


async def test_how_many_can_be_reached_is_known_and_who_cannot(store: AnyStore) -> None:
    async with store.begin() as work:
        college = organisation(
            listed("never@kern.example", name="Never", roles=(Role.COORDINATOR,)),
            listed_coach("lost@kern.example", name="Lost"),
            listed("gone@kern.example", name="Inactive"),
        )
        await work.people.apply(await plan_import(work, college))
        stays = organisation(*college.people[:2])
        await work.people.apply(await plan_import(work, stays))
        lost = await work.people.by_identity("", "lost@kern.example")
        assert lost
        for address in ("29:lost", "29:old"):
            await work.people.link(lost.id, sender(address))
        place = replace(ANN, person="29:lost", conversation="a:lost")
        await work.addresses.reach(Channel.TEAMS, "29:lost", place)
        await work.addresses.lose(Channel.TEAMS, "29:lost", "removed")
    await met(store, ANN)
    async with store.reading() as work:
        assert await work.addresses.reached(Channel.TEAMS) == Reach(people=3, reached=1, lost=1)
        missed = await work.addresses.unreached(Channel.TEAMS)
        assert [(one.name, one.lost) for one in missed] == [("Lost", "removed"), ("Never", "")]
        assert missed[1] == Unreached(missed[1].id, "Never", frozenset({Role.COORDINATOR}))
        assert (await work.addresses.reached(Channel.SLACK)).reached == 0


async def test_who_can_be_told_something_is_who_a_notice_reaches(store: AnyStore) -> None:
    new = await bring_in(store)
    async with store.reading() as work:
        assert not await work.addresses.can_be_told([new])
        assert not await work.addresses.can_be_told([])
    ann, bob = await met(store, ANN), await met(store, BOB)
    async with store.reading() as work:
        # A chat can be opened with who has an Entra id, where we met somebody else.
        assert set(await work.addresses.can_be_told([ann, new])) == {ann, new}
    await lose(store, ANN, "removed")
    async with store.reading() as work:
        assert set(await work.addresses.can_be_told([ann, bob, new])) == {bob, new}


async def test_with_whom_no_chat_could_be_opened_is_not_counted_on_until_one_can(
    store: AnyStore,
) -> None:
    async def counted_on() -> bool:
        async with store.reading() as work:
            return new in await work.addresses.can_be_told([new])

    await met(store, ANN)
    new = await bring_in(store)
    assert await counted_on()
    for number in (1, 2):
        await notify(store, new, f"n{number}")
        await fail(store, "gone 403 ForbiddenOperationException")
        assert not await counted_on()
    async with store.reading() as work:
        assert (await work.addresses.reached(Channel.TEAMS)).lost == 0
    # It is tried all the same when there is something to tell: perhaps the app came meanwhile.
    await notify(store, new, "n3")
    message = (await only(store)).message
    assert message.place == OPENED
    async with store.begin() as work:
        await work.outbox.settle([Result(message, State.SENT, NOW, remote="r1", holder="w1")])
    assert await counted_on()


async def test_with_whom_no_chat_could_be_opened_is_counted_on_once_they_are_met(
    store: AnyStore,
) -> None:
    await met(store, ANN)
    new = await bring_in(store)
    await notify(store, new)
    await fail(store, "gone 403 ForbiddenOperationException")
    assert await met(store, BOB, entra_id="aa-11") == new
    async with store.reading() as work:
        assert new in await work.addresses.can_be_told([new])


async def test_a_terminal_is_no_way_to_tell_somebody_where_people_are_met_in_teams(
    store: AnyStore,
) -> None:
    terminal = Place(Channel.CONSOLE, "bob", "bob")
    bob = await met(store, terminal, email="bob@kern.example")
    async with store.reading() as work:
        assert bob in await work.addresses.can_be_told([bob])
    await met(store, ANN)
    async with store.reading() as work:
        assert not await work.addresses.can_be_told([bob])
    assert (await notify(store, bob)).reason == "no_address"


async def test_a_named_channel_is_known_until_it_is_named_elsewhere(store: AnyStore) -> None:
    ann = await met(store, ANN)
    room = Place(Channel.TEAMS, "19:c", personal=False, service=SERVICE, tenant="t1", bot="28:bot")
    first = NamedChannel(ChannelName.COORDINATORS, room, ann, NOW)
    second = NamedChannel(ChannelName.COACHES, room, ann, NOW)
    moved = replace(first, place=replace(room, conversation="19:d"), at=NOW + DAY)
    async with store.begin() as work:
        for named in (first, second, moved):
            await work.addresses.name_channel(named)
    async with store.reading() as work:
        assert await work.addresses.named_channels() == [second, moved]


async def test_the_outbox_tells_how_it_stands(store: AnyStore) -> None:
    async def tally() -> Tally:
        async with store.reading() as work:
            return await work.outbox.tally(NOW + MINUTE)

    assert await tally() == Tally(0, None, {}, {}, 0)
    ann, new = await met(store, ANN), await bring_in(store, "")
    await notify(store, ann, "later", not_before=NOW + DAY)
    await notify(store, new, "dead")
    assert await tally() == Tally(1, None, {}, {Reason.NO_ADDRESS: 1}, 0)
    await notify(store, ann, "due")
    message = (await only(store)).message
    doubtful = Result(
        message, State.WAITING, NOW, not_before=NOW + DAY, reason="unknown 502", doubtful=True
    )
    async with store.begin() as work:
        await work.outbox.settle([doubtful])
    assert await tally() == Tally(2, NOW, {Reason.UNKNOWN: 1}, {Reason.NO_ADDRESS: 1}, 1)
