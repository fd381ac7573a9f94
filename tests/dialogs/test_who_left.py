"""Who works here no more has no roles left: what was theirs to do and to read is not any longer."""

import pytest

from bot.core import buttons
from bot.core.reply import Channel, Place, Sender
from tests.chat import COORDINATOR, keys
from tests.office import AD, Office, make_office

ELSEWHERE = Place(Channel.TEAMS, "19:other", personal=False)


@pytest.fixture
async def office() -> Office:
    return await make_office()


async def test_a_coordinator_who_left_points_out_no_channel(office: Office) -> None:
    await office.change(COORDINATOR, active=False)
    (reply,) = await office.say("kanaal coaches", COORDINATOR, place=ELSEWHERE, room=ELSEWHERE)
    assert keys(reply) == ["channel.only_coordinator"]
    async with office.chat.store.reading() as work:
        assert ELSEWHERE not in [one.place for one in await work.addresses.named_channels()]


@pytest.mark.parametrize("who", [COORDINATOR, AD])
async def test_who_left_reads_no_figures(office: Office, who: Sender) -> None:
    assert keys(await office.press(buttons.ShowSummary(), who)) == ["summary.none_yet"]
    await office.change(who, active=False)
    assert keys(await office.press(buttons.ShowSummary(), who)) == ["summary.not_yours"]


async def test_who_left_reads_of_no_commands_but_everybodys(office: Office) -> None:
    (before,) = await office.say("help", AD)
    assert "help.coach" in keys(before)
    await office.change(AD, active=False)
    (after,) = await office.say("help", AD)
    assert [key for key in keys(before) if key not in keys(after)] == [
        "help.coach",
        "help.walkin_coach",
    ]
