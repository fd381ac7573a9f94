"""What `faq check` finds."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.core.ids import EntryId
from bot.knowledge.check import (
    KNOWN_FIELDS,
    LEAST_VARIANTS,
    LONGEST_ANSWER,
    LONGEST_TITLE,
    broken,
    check,
    check_against,
)
from bot.knowledge.model import English, Entry, Faq, Topic
from bot.knowledge.proposals import new_entry
from tests import factories
from tests.said import in_english

SUBJECTS = [
    "printer",
    "scherm",
    "bord",
    "laptop",
    "muis",
    "kabel",
    "geluid",
    "camera",
    "rooster",
    "opname",
    "toets",
    "map",
]


def entry(name: str = "wifi", **changes: Any) -> Entry:
    """Return an entry in which nothing is wrong; each name has wordings of its own."""
    own = name * 3
    base = factories.entry(
        name,
        title=f"Vraag over {own}?",
        variants=tuple(f"{own} met {subject}" for subject in SUBJECTS),
    )
    return replace(base, **changes)


def problems(*entries: Entry, topics: tuple[Topic, ...] = ()) -> tuple[str, ...]:
    return tuple(in_english(check(Faq(entries, topics), {}).problems))


def notes(*entries: Entry, **fields: str) -> tuple[str, ...]:
    return tuple(in_english(check(Faq(entries), fields).notes))


def test_nothing_is_wrong_with_good_entries() -> None:
    found = check(Faq((entry("wifi"), entry("klas"))), {})
    assert (found.problems, found.notes) == ((), ())


def test_an_id_stands_once() -> None:
    twice = replace(entry("klas"), id=EntryId("wifi"))
    assert problems(entry("wifi"), twice) == ("id 'wifi' stands more than once",)


def test_a_title_stands_once() -> None:
    found = problems(entry("wifi", title="Hoe?"), entry("klas", title="Hoe?"))
    assert "title 'Hoe?' stands more than once" in found


def test_two_entries_do_not_say_nearly_the_same() -> None:
    one = entry("wifi")
    other = entry("klas")
    copied = replace(other, variants=(*other.variants, "wifiwifiwifi met printers"))
    (found,) = problems(one, copied)
    assert found == (
        "'wifiwifiwifi met printer' of wifi is nearly 'wifiwifiwifi met printers' of klas"
    )


def test_one_entry_may_say_nearly_the_same_twice() -> None:
    one = entry("wifi")
    assert problems(replace(one, variants=(*one.variants, one.variants[0] + "s"))) == ()


def test_an_entry_needs_variants_that_differ_in_content() -> None:
    few = entry("wifi").variants[: LEAST_VARIANTS - 1]
    again = (*few, f"hoe is het met {few[0]}", "hoe dan")
    assert problems(entry("wifi", variants=again)) == (
        "wifi: 11 variants differ in their content words; it needs 12",
    )


def test_an_answer_is_not_empty() -> None:
    assert problems(entry(answer=" ")) == ("wifi: the answer is empty",)


def test_an_answer_is_not_too_long() -> None:
    assert problems(entry(answer="a" * LONGEST_ANSWER)) == ()
    assert problems(entry(answer="a" * (LONGEST_ANSWER + 1))) == (
        f"wifi: an answer has {LONGEST_ANSWER + 1} signs; at most {LONGEST_ANSWER}",
    )


def test_the_english_answer_is_checked_as_well() -> None:
    long = English("Wi-Fi?", "a" * (LONGEST_ANSWER + 1))
    assert "an answer has" in problems(entry(english=long))[0]
    assert "there is no field {nothing}" in problems(entry(english=English("a {nothing}", "b")))[0]


def test_a_title_is_not_too_long() -> None:
    title = "a" * (LONGEST_TITLE + 1)
    assert problems(entry(title=title)) == (
        f"wifi: the title has {LONGEST_TITLE + 1} signs; at most {LONGEST_TITLE}",
    )


def test_an_entry_has_tags() -> None:
    assert problems(entry(tags=())) == ("wifi: it has no tags",)


@pytest.mark.parametrize("name", ["reviewed_on", "review_after"])
def test_an_entry_says_when_it_is_reviewed(name: str) -> None:
    changes: dict[str, Any] = {name: None}
    assert problems(entry(**changes)) == (
        "wifi: it says not when it was reviewed, or when that is due again",
    )


@pytest.mark.parametrize("due", [date(2026, 1, 5), date(2025, 12, 31)])
def test_a_review_is_due_after_the_last_one(due: date) -> None:
    found = problems(entry(reviewed_on=date(2026, 1, 5), review_after=due))
    assert found == ("wifi: review_after lies before reviewed_on",)


def test_a_field_must_exist() -> None:
    assert problems(entry(answer="Kom. Bel {telefoon}.")) == ("wifi: there is no field {telefoon}",)


def test_an_answer_must_not_be_all_fields() -> None:
    assert problems(entry(answer="Bel {servicedesk_phone}.")) == (
        "wifi: nothing of the answer is left when no field is filled in",
    )
    assert problems(entry(answer="Vraag je {coach_title}.")) == ()


@pytest.mark.parametrize("answer", ["Typ {=A1}.", "Bel {servicedesk-phone}.", "Een } te veel."])
def test_a_brace_belongs_to_a_field(answer: str) -> None:
    assert problems(entry(answer=answer)) == (
        "wifi: an answer has a brace that is not part of a field",
    )


def test_a_topic_says_where_to_go_without_any_field() -> None:
    topic = Topic("verlof", "verlof", "Kijk in {hr_portal}.", ("verlof aanvragen",))
    assert problems(topics=(topic,)) == (
        "verlof: nothing of its 'where' is left when no field is filled in",
    )
    assert problems(topics=(replace(topic, where="Vraag HR. Of {nergens}."),)) == (
        "verlof: there is no field {nergens}",
    )


def test_a_field_that_is_not_filled_in_is_noted() -> None:
    one = entry("wifi", answer="Kies {wifi_name}. Klaar.")
    other = entry("klas", answer="Log in op {wifi_name}. Klaar.")
    assert notes(one, other) == (
        "field wifi_name is not filled in: a sentence is left out of wifi, klas",
    )
    assert notes(one, other, wifi_name="") == notes(one, other)
    assert notes(one, other, wifi_name="eduroam") == ()


def test_known_fields_are_names() -> None:
    assert all(name.isidentifier() and name == name.lower() for name in KNOWN_FIELDS)


def test_a_copy_of_a_measuring_message_is_found() -> None:
    faq = Faq((entry("wifi", variants=("Hoe kom ik op de wifi?", "iets heel anders dus")),))
    assert in_english(check_against(faq, ["vraag", "hoe kom ik op de wify"])) == [
        "wifi: 'Hoe kom ik op de wifi?' copies the message 'hoe kom ik op de wify'"
    ]
    assert check_against(faq, ["waar is de gymzaal"]) == []
    assert check_against(faq, []) == []


def test_two_words_are_no_copy() -> None:
    short = Faq((entry("wifi", variants=("wifi stuk",)),))
    assert check_against(short, ["wifi stuk"]) == []
    three = Faq((entry("wifi", variants=("wifi is stuk",)),))
    assert len(check_against(three, ["stuk is wifi"])) == 1


def test_an_entry_that_was_approved_in_chat_is_not_broken() -> None:
    said = factories.proposal(title="Wat is {x}? " + "o" * 180, answer="Typ {x}. " * 400)
    made = new_entry(said, [], date(2026, 3, 2))
    assert broken(Faq((made, replace(made, id=EntryId("twin"))))) == []
    assert check(Faq((made,)), {}).problems != ()


def test_what_cannot_be_an_answer_is_broken() -> None:
    assert in_english(broken(Faq((entry(answer=" "),)))) == ["wifi: the answer is empty"]
    assert broken(Faq((entry(answer="Bel {phone}."),))) != []
