"""A message of one telling word: what speaks of it is shown, and seldom answered."""

import pytest

from bot.knowledge.calibration import Thresholds
from bot.knowledge.keyword import concerns, is_about, keyword_of, speaking_of
from bot.knowledge.lexicon import Synonyms
from bot.knowledge.match import Asker, Matcher
from bot.knowledge.model import Answer, Choices, Faq, Hit, NoAnswer, NotOurs, Outcome, Topic
from bot.knowledge.normalise import stem
from tests.factories import entry

RESET = entry("reset", title="Hoe wijzig ik mijn wachtwoord?", tags=("account",))
WIFI = entry("wifi", title="Hoe kom ik op de wifi?", tags=("wachtwoord wifi", "eduroam"))
EXPORT = entry("export", title="Hoe haal ik cijfers op?", tags=("osiris cijfers",))
LEAVE = Topic("verlof", "verlof", "Vraag HR.", ("hoe vraag ik verlof aan", "vakantiedagen opnemen"))
SILENT = Topic("toner", "toner", "", ("toner bestellen",))
MATCHER = Matcher.build(Faq((RESET, WIFI, EXPORT), (LEAVE, SILENT), {}), Synonyms({}))


def met(text: str, thresholds: Thresholds = Thresholds()) -> Outcome:  # noqa: B008 (frozen)
    return MATCHER.match(text, Asker(), thresholds)


def shown(outcome: Outcome) -> list[str]:
    assert isinstance(outcome, Choices)
    return [hit.entry.id for hit in outcome.hits]


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("Wachtwoord?", "wachtwoord"),
        ("de beamer", "beamer"),
        ("de", ""),
        ("", ""),
        ("wachtwoord vergeten", ""),
        ("hoe werkt canvas", ""),
    ],
)
def test_a_keyword_is_the_only_word_that_tells_something(text: str, keyword: str) -> None:
    assert keyword_of(text) == keyword


def test_what_several_entries_speak_of_is_to_choose_from() -> None:
    assert set(shown(met("wachtwoord"))) == {"reset", "wifi"}


def test_a_typing_error_means_the_same() -> None:
    assert set(shown(met("wachtwoort"))) == {"reset", "wifi"}


def test_what_one_entry_is_about_is_answered_when_that_is_certain() -> None:
    sure, unsure = Thresholds(answer=0.01, choices=0.01), Thresholds(answer=1.0, choices=0.5)
    answered = met("eduroam", sure)
    assert isinstance(answered, Answer)
    assert answered.hit.entry == WIFI
    assert shown(met("eduroam", unsure)) == ["wifi"]


def test_a_word_of_a_tag_is_not_what_an_entry_is_about() -> None:
    assert shown(met("osiris", Thresholds(answer=0.01, choices=0.01))) == ["export"]


def test_what_is_not_ours_is_said() -> None:
    assert isinstance(met("verlof"), NotOurs)


@pytest.mark.parametrize("text", ["toner", "zeppelin"])
def test_what_nothing_speaks_of_has_no_answer(text: str) -> None:
    assert isinstance(met(text), NoAnswer)


def test_what_comes_near_without_having_the_word_is_at_most_to_choose_from() -> None:
    assert isinstance(met("cijferlijst", Thresholds(answer=0.0, choices=0.0)), Choices)


def test_an_entry_speaks_of_what_its_title_or_tags_have() -> None:
    hits = [Hit(one, 1.0) for one in (RESET, WIFI, EXPORT)]
    assert [hit.entry.id for hit in speaking_of({"osiris"}, hits)] == ["export"]
    assert (is_about({"osiris"}, EXPORT), is_about({"cijfer"}, EXPORT)) == (False, True)
    assert is_about({"eduroam"}, WIFI)


def test_a_topic_concerns_its_title_and_what_many_examples_have() -> None:
    assert concerns({"verlof"}, LEAVE)
    assert concerns({stem("vakantiedagen")}, LEAVE)
    assert not concerns({"wifi"}, LEAVE)
