"""The first conversation with someone unknown."""

from datetime import timedelta

from bot.core import buttons
from bot.core.ids import LocationId, PersonId, TeamId
from bot.core.reply import Reply, Select, Words
from bot.people import service as people
from bot.people.model import ListedUnits, Source
from tests import factories
from tests.chat import Chat, keys, make_root
from tests.fakes import MemoryStore

NEW = factories.sender("29:new", name="Sanne")


def select(reply: Reply) -> Select:
    return next(block for block in reply.blocks if isinstance(block, Select))


def options(reply: Reply) -> dict[str, str]:
    return {
        option.label.text if isinstance(option.label, Words) else option.label.key: option.value
        for option in select(reply).options
    }


async def choose(chat: Chat, reply: Reply, name: str) -> tuple[Reply, ...]:
    picked = buttons.decode(select(reply).pressed(options(reply)[name]))
    return await chat.press(picked, NEW)


async def test_two_choices_and_then_the_answer_to_what_was_asked(chat: Chat) -> None:
    (first,) = await chat.say("wachtwoord vergeten", NEW)
    assert first.view == "profile.location"
    assert "profile.hello" in keys(first)
    (second,) = await choose(chat, first, "Kerngebouw")
    assert list(options(second)) == ["Handel 1", "Handel 2", "profile.not_listed"]
    done, answer = await choose(chat, second, "Handel 2")
    assert (done.view, answer.view) == ("profile.done", "answer")
    (again,) = await chat.say("wachtwoord vergeten", NEW)
    assert again.view == "answer"


async def test_who_is_in_no_list_still_gets_the_answer(chat: Chat) -> None:
    (first,) = await chat.say("wachtwoord vergeten", NEW)
    done, answer = await choose(chat, first, "profile.not_listed")
    assert (done.view, answer.view) == ("profile.done", "answer")


async def test_another_question_instead_of_a_choice_is_kept(chat: Chat) -> None:
    await chat.say("hallo", NEW)
    (asked,) = await chat.say("wachtwoord vergeten", NEW)
    assert "profile.choose" in keys(asked)
    _, answer = await choose(chat, asked, "profile.not_listed")
    assert answer.view == "answer"


async def test_a_typed_name_of_a_location_or_team_is_a_choice(chat: Chat) -> None:
    await chat.say("wachtwoord vergeten", NEW)
    (second,) = await chat.say("kerngebouw", NEW)
    assert second.view == "profile.team"
    done, answer = await chat.say("handel 2", NEW)
    assert (done.view, answer.view) == ("profile.done", "answer")


async def test_a_secret_in_the_first_question_is_not_kept_either(chat: Chat) -> None:
    (first,) = await chat.say("wachtwoord vergeten van 123456782", NEW)
    assert "note.bsn" in keys(first)
    async with chat.store.reading() as work:
        person = await work.people.by_address(NEW.channel, NEW.address)
        assert person
        kept = await work.pending.find(person.id, NEW.channel, "first_question")
    assert kept is not None
    assert kept.object == "wachtwoord vergeten van [bsn]"


async def test_a_place_that_does_not_exist_is_asked_again(chat: Chat) -> None:
    await chat.say("hallo", NEW)
    for payload in (
        buttons.PickLocation(location=LocationId(99)),
        buttons.PickTeam(location=LocationId(1), team=TeamId(99)),
    ):
        (again,) = await chat.press(payload, NEW)
        assert "profile.gone" in keys(again)


async def test_a_question_kept_for_over_a_week_is_not_answered_any_more(chat: Chat) -> None:
    (first,) = await chat.say("wachtwoord vergeten", NEW)
    chat.clock.move_to(chat.clock.now() + timedelta(days=8))
    replies = await choose(chat, first, "profile.not_listed")
    assert [reply.view for reply in replies] == ["profile.done"]


async def test_the_other_language_is_one_tap_away(chat: Chat) -> None:
    (first,) = await chat.say("hallo", NEW)
    said, again = await chat.press(first.buttons[0], NEW)
    assert (said.language, again.language) == ("en", "en")
    assert again.view == "profile.location"


async def test_who_an_import_brought_is_not_asked(chat: Chat) -> None:
    known = factories.sender("29:known", email="docent2@kerncollege.example")
    (reply,) = await chat.say("wachtwoord vergeten", known)
    assert reply.view == "answer"


async def test_a_newcomer_is_stored_as_their_own_source(chat: Chat) -> None:
    await chat.say("hallo", NEW)
    async with chat.store.reading() as work:
        person = await work.people.by_address(NEW.channel, NEW.address)
    assert person is not None
    assert (person.name, person.source, person.settled) == ("Sanne", Source.SELF, False)
    assert person.id != PersonId(0)


async def test_where_there_is_one_location_it_is_not_asked(chat: Chat) -> None:
    one = ListedUnits(("Kerngebouw",), ("Handel",), {"Handel 1": ("Handel", "Kerngebouw")})
    store = MemoryStore()
    async with store.begin() as work:
        await work.people.apply(
            await people.plan_import(work, factories.organisation(factories.listed(), units=one))
        )
    chat.root = make_root(store, chat.clock)
    (first,) = await chat.say("hallo", NEW)
    assert list(options(first)) == ["Handel 1", "profile.not_listed"]
    done, answer = await choose(chat, first, "Handel 1")
    assert (done.view, answer.view) == ("profile.done", "small_talk")


async def test_small_talk_does_not_take_the_place_of_the_question(chat: Chat) -> None:
    await chat.say("wachtwoord vergeten", NEW)
    (again,) = await chat.say("hallo", NEW)
    _, answer = await choose(chat, again, "profile.not_listed")
    assert answer.view == "answer"


async def test_a_name_that_could_be_two_teams_is_asked_again(chat: Chat) -> None:
    await chat.say("wachtwoord vergeten", NEW)
    (again,) = await chat.say("handel", NEW)
    assert again.view == "profile.location"


async def test_a_number_that_no_list_bears_is_not_kept_as_the_question(chat: Chat) -> None:
    await chat.say("wachtwoord vergeten", NEW)
    (hint,) = await chat.say("11", NEW)
    assert hint.view == "error"
    (location,) = await chat.say("ik weet niet goed wat ik kiezen moet", NEW)
    assert location.view == "profile.location"
