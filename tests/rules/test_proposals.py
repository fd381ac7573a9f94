"""What a form lacks, what all may read, and the entry that a proposal makes."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import EntryId
from bot.core.redaction import Secret
from bot.knowledge.load import EntryFile, dump_entries
from bot.knowledge.model import English, Owner
from bot.knowledge.proposals import (
    Form,
    Problem,
    changed_entry,
    new_entry,
    problem,
    published,
    reason_problem,
    tidied,
    tidy,
)
from bot.knowledge.rules import fill
from tests.factories import entry, proposal

DOMAINS = ("account", "video")
STUDENT = re.compile(r"\bs\d{7}\b")
TODAY = date(2026, 3, 2)


def form(**changes: Any) -> Form:
    base = Form("Hoe gaat de rook aan?", "Druk op aan.", "rook?", "video", "operationeel")
    return replace(base, **changes)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, None),
        ({"title": ""}, Problem.NO_TITLE),
        ({"title": "😀 ?"}, Problem.NO_TITLE),
        ({"title": "a" * 200}, None),
        ({"title": "a" * 201}, Problem.LONG_TITLE),
        ({"answer": ""}, Problem.NO_ANSWER),
        ({"answer": "a" * 4_000}, None),
        ({"answer": "a" * 4_001}, Problem.LONG_ANSWER),
        ({"wording": "a" * 2_001}, Problem.LONG_WORDING),
        ({"wording": ""}, None),
        ({"domain": "auto's"}, Problem.NO_DOMAIN),
        ({"level": ""}, Problem.NO_LEVEL),
    ],
)
def test_a_form_is_complete_or_names_what_is_wrong(
    changes: dict[str, str], found: Problem | None
) -> None:
    assert problem(form(**changes), DOMAINS) == found


@pytest.mark.parametrize(
    ("reason", "found"),
    [("te lang", None), ("", Problem.NO_REASON), ("a" * 1_001, Problem.LONG_REASON)],
)
def test_a_refusal_needs_a_reason_of_some_length(reason: str, found: Problem | None) -> None:
    assert reason_problem(reason) == found


def test_what_is_typed_becomes_what_can_be_stored() -> None:
    assert tidy(" a\0b\r\nc\u2028d \ud83d ") == "ab\nc\nd ?"
    typed = form(title=" Hoe\n dan? ", answer="1. a\r\n2. b\n", wording="wat\n nu")
    clean = tidied(typed)
    assert (clean.title, clean.answer, clean.wording) == ("Hoe dan?", "1. a\n2. b", "wat nu")


def test_a_form_says_what_a_proposal_says() -> None:
    known = proposal(entry=EntryId("wifi"))
    said = Form.of(known)
    assert (said.title, said.answer, said.near) == (known.title, known.answer, "wifi")
    assert said.entry == "wifi"
    assert Form.of(proposal()).entry is None


def test_what_all_may_read_holds_nothing_personal() -> None:
    asked = "ik (123456782, jan@roc.example) bel 06 12345678"
    typed = form(title=asked, wording=asked, answer="Bel 088 555 01 02, niet s1234567.")
    clean, found = published(typed, STUDENT)
    assert clean.title == clean.wording == "ik ([bsn], [e-mail]) bel [telefoon]"
    assert clean.answer == "Bel 088 555 01 02, niet [studentnummer]."
    assert found == {Secret.BSN, Secret.STUDENT}


def test_a_proposal_becomes_an_entry_of_the_coaches_that_is_due_in_half_a_year() -> None:
    made = new_entry(proposal(), [], TODAY)
    assert made.id == "hoe-zet-ik-de-rookmachine-aan"
    assert made.variants == ("rook in het theater", "Hoe zet ik de rookmachine aan?")
    assert (made.domain, made.level, made.role) == (
        proposal().domain,
        proposal().level,
        proposal().role,
    )
    assert made.owner is Owner.COACHES
    assert (made.reviewed_on, made.review_after) == (TODAY, date(2026, 8, 29))


def test_a_wording_that_says_what_the_title_says_is_kept_once() -> None:
    said = proposal(wording="hoe zet ik de ROOKMACHINE aan")
    assert new_entry(said, [], TODAY).variants == (said.wording,)
    assert new_entry(proposal(wording=""), [], TODAY).variants == (proposal().title,)
    only_a_secret = proposal(wording="[bsn] [telefoon]")
    assert new_entry(only_a_secret, [], TODAY).variants == (proposal().title,)


def test_ids_are_never_given_twice() -> None:
    taken: list[EntryId] = []
    for _ in range(3):
        taken.append(new_entry(proposal(title="Één, twéé!"), taken, TODAY).id)
    assert taken == ["een-twee", "een-twee-2", "een-twee-3"]


def test_an_id_is_short_and_there_always_is_one() -> None:
    long = new_entry(proposal(title="woord " * 33), [], TODAY).id
    assert len(long) < 60
    assert new_entry(proposal(title="lang" * 20), [], TODAY).id == "entry"


@given(st.text(min_size=1, max_size=200), st.text(min_size=1), st.text())
def test_any_proposal_makes_an_entry_that_can_be_kept_and_exported(
    title: str, answer: str, wording: str
) -> None:
    typed = tidied(form(title=title, answer=answer, wording=wording))
    if problem(typed, DOMAINS) is None:
        said = proposal(title=typed.title, answer=typed.answer, wording=typed.wording)
        made = new_entry(said, [], TODAY)
        assert EntryFile.of(made).entry(made.domain) == made
        assert dump_entries([made])


def test_braces_in_what_people_write_take_no_sentence_away() -> None:
    said = proposal(title="Wat is {naam}?", answer="Typ {naam} in het vak. Klaar.")
    made = new_entry(said, [], TODAY)
    assert fill(made.title, {}) == said.title
    assert fill(made.answer, {}) == said.answer


def test_a_wording_is_added_to_an_entry_and_its_answer_stays() -> None:
    known = entry(english=English("New password?", "Go to the page."))
    after = changed_entry(known, proposal(), TODAY, replaces=False)
    assert after == replace(known, variants=(*known.variants, "rook in het theater"))
    assert changed_entry(after, proposal(), TODAY, replaces=False) == after


@pytest.mark.parametrize(
    "wording", ["", "WACHTWOORD vergeten!", "hoe stel ik een nieuw wachtwoord in"]
)
def test_a_wording_that_an_entry_has_is_not_added(wording: str) -> None:
    known = entry()
    assert changed_entry(known, proposal(wording=wording), TODAY, replaces=False) == known


def test_a_new_answer_takes_the_place_of_both_old_ones_and_is_reviewed_today() -> None:
    known = entry(english=English("New password?", "Go to the page."))
    after = changed_entry(known, proposal(answer="Typ {x}."), TODAY, replaces=True)
    assert (after.answer, after.english) == ("Typ {{x}}.", None)
    assert (after.reviewed_on, after.review_after) == (TODAY, date(2026, 8, 29))
    assert (after.id, after.title, after.domain) == (known.id, known.title, known.domain)
    assert after.variants == (*known.variants, "rook in het theater")
