"""A coordinator points out the channels of coaches and coordinators, in those channels."""

import pytest

from bot.core.reply import Channel, Place
from bot.people.model import ChannelName, NamedChannel
from tests.chat import ANN, COORDINATOR, Chat, keys

THREAD = Place(Channel.TEAMS, "19:c;messageid=1", "29:cor", personal=False, tenant="t1")
ROOM = Place(Channel.TEAMS, "19:c", personal=False, tenant="t1")
THERE = {"place": THREAD, "room": ROOM}


async def named(chat: Chat) -> list[NamedChannel]:
    async with chat.store.reading() as work:
        return await work.addresses.named_channels()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("dit is het kanaal van de coaches", ChannelName.COACHES),
        ("Dit is het kanaal van de mediacoaches.", ChannelName.COACHES),
        ("kanaal mediacoaches", ChannelName.COACHES),
        ("This is the coaches' channel", ChannelName.COACHES),
        ("dit is het kanaal van de coördinatoren!", ChannelName.COORDINATORS),
        ("dit is het kanaal van de coordinatoren", ChannelName.COORDINATORS),
        ("this is the channel of the coordinators", ChannelName.COORDINATORS),
    ],
)
async def test_a_coordinator_points_out_a_channel_there(
    chat: Chat, said: str, name: ChannelName
) -> None:
    (reply,) = await chat.say(said, COORDINATOR, **THERE)
    assert keys(reply) == [f"channel.{name}"]
    (known,) = await named(chat)
    assert (known.name, known.place) == (name, ROOM)


async def test_the_last_word_about_a_channel_counts(chat: Chat) -> None:
    await chat.say("kanaal coaches", COORDINATOR, **THERE)
    other = Place(Channel.TEAMS, "19:other", personal=False)
    await chat.say("kanaal coaches", COORDINATOR, place=other, room=other)
    (known,) = await named(chat)
    assert known.place == other


async def test_nobody_else_points_out_a_channel(chat: Chat) -> None:
    (reply,) = await chat.say("dit is het kanaal van de coaches", ANN, **THERE)
    assert keys(reply) == ["channel.only_coordinator"]
    assert await named(chat) == []


async def test_in_the_own_chat_a_coordinator_reads_where_to_say_it(chat: Chat) -> None:
    (reply,) = await chat.say("dit is het kanaal van de coaches", COORDINATOR)
    assert keys(reply) == ["channel.say_it_there"]
    assert await named(chat) == []
