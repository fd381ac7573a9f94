"""Filling in a college's fields, and what an upgrade of the shipped FAQ changes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import EntryId
from bot.knowledge.model import English, SeedPlan, Shipped, StoredEntry
from bot.knowledge.rules import (
    as_written,
    digest,
    fields_of,
    fill,
    plan_seed,
    title_of,
    without_fields,
)
from tests.factories import entry, shipped

DESK = {"phone": "088 123", "url": "https://desk.school.example/a.b?c=d", "coach_title": "i-coach"}
words = st.lists(st.sampled_from(["Bel", "de", "balie", "v1.2", "nu", "Teams"]), min_size=1)
sentences = words.map(lambda said: " ".join(said) + ".")
lines = st.one_of(
    st.just(""),
    st.lists(sentences, min_size=1, max_size=3).map(" ".join),
    st.tuples(st.sampled_from(["- ", "* "]), sentences).map("".join),
)


def stored(name: str = "wifi", digest: str = "d1", **changes: Any) -> StoredEntry:
    base = StoredEntry(entry(name), digest, edited=False, retired=False)
    return replace(base, **changes)


def after(plan: SeedPlan, known: Sequence[StoredEntry]) -> list[StoredEntry]:
    """Do what a store does with a plan."""
    shelf = {one.entry.id: one for one in known}
    for one in plan.new:
        shelf[one.entry.id] = StoredEntry(one.entry, one.digest, edited=False, retired=False)
    for one in plan.changed:
        shelf[one.entry.id] = replace(
            shelf[one.entry.id], entry=one.entry, origin=one.digest, retired=False
        )
    for one in plan.proposed:
        shelf[one.entry.id] = replace(shelf[one.entry.id], proposed=one.digest)
    for name in plan.retired:
        shelf[name] = replace(shelf[name], retired=True)
    return list(shelf.values())


def test_fields_are_names_in_braces() -> None:
    assert fields_of("Bel {phone} of kijk op {url}; {phone}.") == {"phone", "url"}
    assert fields_of("Geen veld: { a }, {}, {a.b}, }{") == set()
    assert without_fields("Wie is de {coach_title}?") == "Wie is de  ?"


@pytest.mark.parametrize(
    "text", ["Typ {phone} in het vak.", "{a} }{ {{b}} {{{c}}}", "{}", "f(x) = {x}, {{}}"]
)
def test_braces_that_people_type_are_shown_as_they_were_typed(text: str) -> None:
    assert fill(as_written(text), DESK) == fill(as_written(text), {}) == text
    assert fields_of(as_written(text)) == set()
    assert "phone" not in fields_of(as_written(text))


def test_a_doubled_brace_beside_a_field_is_one_brace() -> None:
    assert fill("Typ {{naam}} of bel {phone}.", DESK) == "Typ {naam} of bel 088 123."
    assert without_fields("{{naam}} {phone}").split() == ["naam"]


def test_a_field_is_filled_in() -> None:
    assert fill("Bel {phone}. Of kijk op {url}.", DESK) == (
        "Bel 088 123. Of kijk op https://desk.school.example/a.b?c=d."
    )


def test_a_sentence_with_a_missing_field_vanishes_whole() -> None:
    assert fill("Bel de balie. Mail {mail} of bel {phone}! Succes.", DESK) == (
        "Bel de balie. Succes."
    )


def test_an_empty_value_is_a_missing_field() -> None:
    assert fill("Bel {phone}. Kom langs.", {"phone": ""}) == "Kom langs."


def test_a_url_with_dots_does_not_end_a_sentence() -> None:
    assert fill("Kijk op www.school.example/v1.2 of {mail}. Kom langs.", {}) == "Kom langs."


def test_a_sentence_may_start_with_a_field() -> None:
    assert fill("Mail {mail}. {coach_title} Kim helpt je.", DESK) == "i-coach Kim helpt je."


def test_a_sentence_may_start_with_an_accent() -> None:
    assert fill("Mail {mail}. Één keer is genoeg.", {}) == "Één keer is genoeg."


def test_a_value_with_braces_is_taken_as_it_is() -> None:
    assert fill("Druk op {phone}.", {"phone": "{url} {}"}) == "Druk op {url} {}."


def test_other_braces_stay() -> None:
    assert fill("Typ ={1;2} of {x.y} of {", {}) == "Typ ={1;2} of {x.y} of {"


def test_steps_are_numbered_anew() -> None:
    assert fill("Zo:\n1. Open.\n2. Bel {mail}.\n3. Sluit.", {}) == "Zo:\n1. Open.\n2. Sluit."


def test_a_second_list_starts_again() -> None:
    text = "A:\n1. Een.\n2. Twee.\n\nB:\n1. Drie.\n2. Vier."
    assert fill(text, {}) == text


def test_a_second_list_starts_again_when_its_first_step_is_gone() -> None:
    assert fill("1. Een.\n1. Bel {mail}.\n2. Drie.", {}) == "1. Een.\n1. Drie."


def test_a_step_keeps_its_number_when_its_first_sentence_is_gone() -> None:
    assert fill("1. Bel {mail}. Wacht.", {}) == "1. Wacht."


def test_a_bullet_stays_with_what_is_left_of_its_line() -> None:
    assert fill("- Bel {mail}. Wacht.\n- Mail {mail}.\n- Kom.", {}) == "- Wacht.\n- Kom."


def test_a_paragraph_that_is_gone_leaves_one_blank_line() -> None:
    assert fill("Een.\n\nBel {mail}.\n\nTwee.", {}) == "Een.\n\nTwee."


def test_nothing_may_be_left() -> None:
    assert fill("Bel {mail}.", {}) == ""
    assert fill("  \n ", {}) == ""


@given(st.lists(lines).map("\n".join))
def test_filling_in_twice_changes_nothing(text: str) -> None:
    once = fill(text, DESK)
    assert fill(once, DESK) == once


@given(st.lists(lines).map("\n".join))
def test_without_missing_fields_every_word_stays(text: str) -> None:
    assert fill(text, DESK).split() == text.split()


@given(st.text())
def test_any_text_can_be_filled_in(text: str) -> None:
    assert len(fill(text, {})) <= len(text)


def test_the_digest_tells_versions_apart() -> None:
    assert digest("a") == digest("a")
    assert digest("a") != digest("b")


def test_everything_is_new_in_an_empty_store() -> None:
    both = (shipped("wifi"), shipped("print"))
    assert plan_seed(both, []) == SeedPlan(both, (), (), ())


def test_the_same_again_changes_nothing() -> None:
    assert plan_seed([shipped("wifi")], [stored("wifi")]).empty
    assert plan_seed([], []).empty


def test_a_newer_version_takes_the_place_of_the_older() -> None:
    plan = plan_seed([shipped("wifi", "d2")], [stored("wifi")])
    assert plan == SeedPlan((), (shipped("wifi", "d2"),), (), ())


def test_a_newer_version_of_what_the_college_edited_is_proposed_once() -> None:
    mine = [stored("wifi", edited=True)]
    plan = plan_seed([shipped("wifi", "d2")], mine)
    assert plan == SeedPlan((), (), (shipped("wifi", "d2"),), ())
    assert plan_seed([shipped("wifi", "d2")], after(plan, mine)).empty
    third = plan_seed([shipped("wifi", "d3")], after(plan, mine))
    assert [one.digest for one in third.proposed] == ["d3"]


def test_the_version_that_the_college_edited_is_not_proposed_to_it() -> None:
    assert plan_seed([shipped("wifi")], [stored("wifi", edited=True)]).empty
    proposed = stored("wifi", edited=True, proposed="d2")
    assert plan_seed([shipped("wifi", "d1")], [proposed]).empty


def test_what_is_no_longer_shipped_is_retired_once() -> None:
    known = [stored("wifi")]
    plan = plan_seed([], known)
    assert plan == SeedPlan((), (), (), (EntryId("wifi"),))
    assert plan_seed([], after(plan, known)).empty


def test_what_the_college_wrote_or_edited_is_never_retired() -> None:
    own = stored("eigen", "", edited=True)
    assert plan_seed([], [own, stored("wifi", edited=True)]).empty


def test_an_own_entry_with_the_id_of_a_shipped_one_only_gets_a_proposal() -> None:
    plan = plan_seed([shipped("wifi")], [stored("wifi", "", edited=True)])
    assert plan == SeedPlan((), (), (shipped("wifi"),), ())


def test_what_ships_again_comes_back_even_in_the_same_version() -> None:
    gone = after(plan_seed([], [stored("wifi")]), [stored("wifi")])
    assert gone[0].retired
    again = plan_seed([shipped("wifi")], gone)
    assert again.changed == (shipped("wifi"),)
    back = after(again, gone)
    assert not back[0].retired
    assert plan_seed([shipped("wifi")], back).empty


@given(
    st.lists(st.sampled_from(["a", "b", "c"]), unique=True),
    st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True),
    st.sampled_from(["d1", "d2"]),
    st.sampled_from([{}, {"edited": True}, {"retired": True}]),
)
def test_seeding_twice_changes_nothing(
    ships: list[str], known: list[str], version: str, state: dict[str, Any]
) -> None:
    new: list[Shipped] = [shipped(name, version) for name in ships]
    old = [stored(name, **state) for name in known]
    assert plan_seed(new, after(plan_seed(new, old), old)).empty


def test_the_title_is_dutch_where_there_is_no_english_one() -> None:
    both = entry(title="Wifi?", english=English("Wi-Fi?", "Log in."))
    assert title_of(both, "en") == "Wi-Fi?"
    assert title_of(both, "nl") == "Wifi?"
    assert title_of(entry(title="Wifi?"), "en") == "Wifi?"
