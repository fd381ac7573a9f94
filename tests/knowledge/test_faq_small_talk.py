"""Greetings and thanks are no questions, and questions are no greetings."""

import pytest

from bot.knowledge.load import load_faq, shipped_folder
from bot.knowledge.small_talk import SmallTalkIndex

SMALL_TALK = SmallTalkIndex.build(load_faq(shipped_folder()).small_talk)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("hoi hoi", "greeting"),
        ("Goedemorgen!", "greeting"),
        ("hallo, hoi", "greeting"),
        ("top dankjewel!", "thanks"),
        ("Hoi, bedankt", "thanks"),
        ("bedankt doei", "thanks"),
        ("Heel erg bedankt 🙏", "thanks"),
        ("hartstikkke bedankt", "thanks"),
        ("tot ziens", "bye"),
        ("hallo, hoe gaat het?", "how_are_you"),
        ("hoi, ik heb een vraag", "help"),
        ("help", "help"),
        ("wie ben je", "who_are_you"),
        ("top", "compliment"),
        ("hallo top", "compliment"),
        ("nee bedankt", "no"),
        ("test", "test"),
    ],
)
def test_small_talk_has_its_kind(message: str, kind: str) -> None:
    assert SMALL_TALK.kind(message) == kind


@pytest.mark.parametrize(
    "message",
    [
        "hallo, hoe deel ik mijn scherm?",
        "hoi de printer doet het niet",
        "hallo teams",
        "bedankt, en hoe zet ik het geluid aan",
        "help mijn wachtwoord",
        "goedemorgen ik wil graag weten hoe ik een quiz maak alvast bedankt",
        "",
        "😀",
        "?!",
    ],
)
def test_a_question_is_no_small_talk(message: str) -> None:
    assert SMALL_TALK.kind(message) == ""


def test_all_shipped_small_talk_is_recognised_as_small_talk() -> None:
    shipped = load_faq(shipped_folder()).small_talk
    missed = [text for texts in shipped.values() for text in texts if not SMALL_TALK.kind(text)]
    assert missed == []


def test_without_small_talk_nothing_is() -> None:
    assert SmallTalkIndex.build({}).kind("hallo") == ""
