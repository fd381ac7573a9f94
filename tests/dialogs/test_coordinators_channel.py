"""What nobody picked up is posted for the coordinators; in person only what stays there."""

from datetime import timedelta

import pytest

from bot.core import buttons
from bot.core.reply import Channel, Choose, Place, Reply, Sender
from bot.routing.model import State
from tests.chat import ANN, COORDINATOR, keys, press_of
from tests.office import AD, BOB, CAS, MONDAY, Office, labels, make_office, words

STAFF = Place(Channel.TEAMS, "19:coordinators", personal=False)
RING_4, RETRY = timedelta(minutes=180), timedelta(minutes=60)
TEXT = "zeilboot overtuigen, bel 06 12345678"


@pytest.fixture
async def office() -> Office:
    office = await make_office()
    await office.say("kanaal coördinatoren", COORDINATOR, place=STAFF, room=STAFF)
    await office.told(STAFF)
    return office


async def posted(office: Office) -> Reply:
    """Return the post of a question that nobody picked up."""
    await office.send(text=TEXT, note="Geheim.")
    await office.move_to(MONDAY + RING_4)
    (post,) = await office.told(STAFF)
    return post


async def press_there(office: Office, key: str, who: Sender, post: Reply, **filled: str) -> Reply:
    (reply,) = await office.press_all(press_of(post, key), who, place=STAFF, **filled)
    return reply


async def test_it_is_posted_once_and_nobody_is_bothered_in_person(office: Office) -> None:
    post = await posted(office)
    assert (post.view, post.personal) == ("question.open.channel", False)
    assert labels(post) == ["question.open.give", "question.work.close"]
    # Many read along: no note, and no numbers.
    assert words(post) == ["zeilboot overtuigen, bel [telefoon]"]
    assert await office.told(COORDINATOR) == []
    assert [keys(one) for one in await office.told(ANN)][-1] == ["question.told.coordinator"]


async def test_still_there_at_the_next_try_each_coordinator_hears_it_once(office: Office) -> None:
    await posted(office)
    await office.move_to(MONDAY + RING_4 + RETRY)
    (card,) = await office.told(COORDINATOR)
    assert card.view == "question.open"
    await office.move_to(MONDAY + timedelta(days=9))
    assert await office.told(COORDINATOR) == []
    assert await office.told(STAFF) == []


async def test_picked_up_in_time_it_is_told_to_nobody_and_the_post_says_who(
    office: Office,
) -> None:
    await posted(office)
    which = (await office.newest()).id
    await office.press(buttons.Claim(question=which), AD)
    await office.move_to(MONDAY + timedelta(days=1))
    assert await office.told(COORDINATOR) == []
    (shown,) = [one for one in (await office.copies(which))[""] if "open" in one.view]
    assert (words(shown), shown.buttons) == ([], ())
    assert keys(shown) == ["question.work.title", "question.work.taken"]


async def test_a_coordinator_gives_it_away_from_there(office: Office) -> None:
    post = await posted(office)
    await office.all_read()
    cas = str((await office.person(CAS)).id)
    assert any(isinstance(block, Choose) for block in post.blocks)
    shown = await press_there(office, "question.open.give", COORDINATOR, post, coach=cas)
    assert (shown.view, shown.personal, shown.language) == ("question.open.channel", False, "nl")
    assert keys(shown)[-1] == "question.work.taken"
    assert await office.holder((await office.newest()).id) == "Cas"
    assert "question.work.send" in labels((await office.told(CAS))[-1])


async def test_how_it_ended_is_asked_in_the_coordinators_own_chat(office: Office) -> None:
    post = await posted(office)
    how = await press_there(office, "question.work.close", COORDINATOR, post)
    assert (how.view, how.personal) == ("question.close", True)
    await office.press(press_of(how, "question.close.elsewhere"), COORDINATOR)
    which = (await office.newest()).id
    assert (await office.question(which)).state is State.CLOSED
    shown = [one for one in (await office.copies(which))[""] if "open" in one.view][-1]
    # How it ended is for who asked and for who helps: not for all who read along.
    assert keys(shown) == ["question.work.title", "question.work.closed"]


@pytest.mark.parametrize("who", [AD, BOB, ANN])
async def test_who_is_no_coordinator_does_nothing_there(office: Office, who: Sender) -> None:
    post = await posted(office)
    before = await office.newest()
    cas = str((await office.person(CAS)).id)
    given = await press_there(office, "question.open.give", who, post, coach=cas)
    closed = await press_there(office, "question.work.close", who, post)
    assert keys(given) == ["refused.not_coordinator"]
    assert keys(closed)[0].startswith("refused.")
    assert (given.personal, closed.personal) == (True, True)
    assert await office.newest() == before
