"""When someone is not there any more, and what kind a reason is."""

from dataclasses import replace

import pytest

from bot.core.delivery import Message, Outcome
from bot.core.ids import MessageId, PersonId
from bot.core.reply import Channel, Place
from bot.outbox import rules
from bot.outbox.model import Reason, Result, State
from bot.people.model import Met, Person, Role, Source
from tests.factories import NOW, reply

PLACE = Place(Channel.TEAMS, "a:ann", "29:ann")
GONE = Result(Message(MessageId(1), PLACE, reply()), State.DEAD, NOW, reason="gone 403 Forbidden")


@pytest.mark.parametrize("outcome", Outcome)
def test_each_way_to_fail_is_a_reason(outcome: Outcome) -> None:
    assert rules.reason_of(f"{outcome} 500 Code").value == outcome.value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("gave_up unknown 502", Reason.GAVE_UP),
        ("late", Reason.LATE),
        ("no_address", Reason.NO_ADDRESS),
        ("something new", Reason.UNKNOWN),
        ("", Reason.UNKNOWN),
    ],
)
def test_a_reason_is_its_first_word(text: str, reason: Reason) -> None:
    assert rules.reason_of(text) is reason


def test_a_message_that_nobody_is_there_for_says_so() -> None:
    assert rules.nobody_there(GONE)


@pytest.mark.parametrize("place", [replace(PLACE, conversation=""), replace(PLACE, personal=False)])
def test_only_in_ones_own_chat_somebody_can_be_gone(place: Place) -> None:
    assert not rules.nobody_there(replace(GONE, message=replace(GONE.message, place=place)))


def test_a_card_or_a_try_that_may_still_do_says_nothing() -> None:
    assert not rules.nobody_there(replace(GONE, message=replace(GONE.message, changes="r1")))
    assert not rules.nobody_there(replace(GONE, state=State.WAITING))
    assert not rules.nobody_there(replace(GONE, reason="invalid 400"))


def test_a_chat_with_a_stranger_is_opened_as_one_with_somebody_else() -> None:
    met = replace(PLACE, service="https://s", tenant="t", bot="28:bot")
    assert rules.unopened(met, "aa-11") == replace(met, conversation="", person="aa-11")


def test_someone_is_reached_elsewhere_when_they_speak_elsewhere_or_were_lost() -> None:
    ann = Person(PersonId(1), "Ann", "", "nl", frozenset({Role.TEACHER}), Source.SELF)
    met = Met(ann, place=PLACE)
    assert not met.moved(PLACE)
    assert met.moved(replace(PLACE, tenant="other"))
    assert replace(met, lost="gone").moved(PLACE)
    assert replace(met, place=None).moved(PLACE)
    assert not replace(met, place=None).moved(replace(PLACE, personal=False))


def test_a_chat_that_is_still_to_be_opened_says_whether_it_can_be() -> None:
    unopened = replace(GONE, message=replace(GONE.message, place=replace(PLACE, conversation="")))
    sent = replace(unopened, state=State.SENT, reason="")
    assert (rules.not_opened(unopened), rules.opened(unopened)) == (True, False)
    assert (rules.not_opened(sent), rules.opened(sent)) == (False, True)
    assert not rules.not_opened(replace(unopened, reason="gave_up unknown 502"))
    for place in (PLACE, replace(PLACE, conversation="", personal=False)):
        there = replace(GONE.message, place=place)
        assert not rules.not_opened(replace(GONE, message=there))
        assert not rules.opened(replace(sent, message=there))
