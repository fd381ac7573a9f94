"""Acute danger comes before everything else."""

import pytest

from bot.knowledge.load import load_faq, shipped_folder
from bot.knowledge.small_talk import UrgentIndex
from tests import factories
from tests.chat import Chat, keys

URGENT = UrgentIndex.build(load_faq(shipped_folder()).urgent)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("er is brand", "danger"),
        ("HELP er is brand in lokaal 2!!", "danger"),
        ("er is een student flauwgevallen", "danger"),
        ("There is a fire in my room", "danger"),
        ("ik denk aan zelfmoord", "life"),
        ("student wil dood", "life"),
        ("een student heeft een naaktfoto doorgestuurd gekregen", "abuse"),
        ("les over sextortion en naaktfotos geven", ""),
        ("hoe deel ik mijn scherm", ""),
        ("hoe brand ik een dvd", ""),
        ("", ""),
    ],
)
def test_danger_is_heard_and_nothing_else_is_taken_for_it(text: str, kind: str) -> None:
    assert URGENT.kind(text) == kind


async def test_who_is_in_danger_reads_whom_to_call_even_before_we_know_them(chat: Chat) -> None:
    for who in (factories.sender("29:new"), factories.sender(email="docent1@kerncollege.example")):
        (reply,) = await chat.say("help er is brand", who)
        assert keys(reply) == ["urgent.danger"]
        assert "112" in chat.texts.write("nl", "urgent.danger", {})
