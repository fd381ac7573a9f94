"""What a message meets, with small FAQs made by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import EntryId
from bot.knowledge.calibration import Calibration, Thresholds
from bot.knowledge.lexicon import Synonyms
from bot.knowledge.match import ELSEWHERE, PARTS, RANKED, Asker, Matcher, applies, fits
from bot.knowledge.model import (
    Answer,
    AppliesTo,
    Choices,
    Entry,
    Faq,
    NoAnswer,
    NotOurs,
    SmallTalk,
    Topic,
)
from bot.knowledge.subjects import MEANING

NOBODY = Asker()
NONE = Synonyms({})
SURE = Thresholds(answer=0.0)
UNSURE = Thresholds(answer=1.1, choices=0.0)
SILENT = Thresholds(answer=1.1, choices=1.1)


def entry(
    name: str,
    *variants: str,
    title: str = "",
    answer: str = "",
    applies_to: AppliesTo | None = None,
) -> Entry:
    return Entry(
        id=EntryId(name),
        domain="demo",
        title=title or variants[0],
        answer=answer,
        variants=variants,
        applies_to=applies_to or AppliesTo(),
    )


PASSWORD = entry(
    "wachtwoord", "wachtwoord vergeten", "nieuw wachtwoord instellen voor mijn account"
)
PRINTER = entry("printer", "printer doet het niet", "papier vast in de printer op de gang")
SCREEN = entry("scherm", "scherm delen in de les", "beeld van mijn laptop op het bord tonen")
LEAVE = Topic(
    "verlof",
    "verlof en vrije dagen",
    "Vraag het bij HR.",
    ("hoe vraag ik verlof aan", "een vrije dag opnemen voor een bruiloft"),
)
SMALL_TALK = {"greeting": ("hoi", "hallo"), "thanks": ("bedankt",)}
ENTRIES = (PASSWORD, PRINTER, SCREEN)


def matcher(
    entries: Sequence[Entry] = ENTRIES,
    topics: Sequence[Topic] = (LEAVE,),
    small_talk: Mapping[str, tuple[str, ...]] = SMALL_TALK,
) -> Matcher:
    return Matcher.build(Faq(tuple(entries), tuple(topics), small_talk), NONE)


def ids(of: Matcher, text: str, asker: Asker = NOBODY) -> list[str]:
    return [hit.entry.id for hit in of.rank(text, asker).hits]


def test_a_sure_match_is_answered() -> None:
    outcome = matcher().match("wachtwoord vergeten", NOBODY, Thresholds())
    assert isinstance(outcome, Answer)
    assert outcome.hit.entry == PASSWORD
    assert outcome.probability >= Thresholds().answer


def test_a_typing_error_does_not_keep_the_answer_away() -> None:
    assert ids(matcher(), "mijn wachtword vergetten")[0] == "wachtwoord"


def test_between_the_thresholds_there_are_choices_in_order() -> None:
    outcome = matcher().match("printer of scherm", NOBODY, UNSURE)
    assert isinstance(outcome, Choices)
    scores = [hit.score for hit in outcome.hits]
    assert scores == sorted(scores, reverse=True)
    assert {hit.entry.id for hit in outcome.hits[:2]} == {"printer", "scherm"}


def test_below_both_thresholds_there_is_no_answer() -> None:
    outcome = matcher().match("printer of scherm", NOBODY, SILENT)
    assert isinstance(outcome, NoAnswer)
    assert 0 < outcome.probability < 1


def test_what_is_nearer_to_a_topic_is_not_ours() -> None:
    outcome = matcher().match("hoe vraag ik een vrije dag aan", NOBODY, Thresholds())
    assert isinstance(outcome, NotOurs)
    assert outcome.topic == LEAVE
    assert outcome.score > 0


def test_a_topic_that_is_far_as_well_is_not_named() -> None:
    outcome = matcher().match("verfkwast", NOBODY, Thresholds(choices=0.5))
    assert isinstance(outcome, NoAnswer)


def test_small_talk_is_recognised_before_entries() -> None:
    assert matcher().match("hoi", NOBODY, SURE) == SmallTalk("greeting")
    assert isinstance(matcher().match("hoi printer stuk", NOBODY, SURE), Answer)


@pytest.mark.parametrize("text", ["", "  ", "😀", "?!", "hoe wat waar", "the of"])
def test_a_message_that_says_nothing_gets_no_answer(text: str) -> None:
    assert matcher().match(text, NOBODY, SURE) == NoAnswer(0.0)
    assert matcher().rank(text, NOBODY).hits == ()


def test_stop_words_that_make_up_a_word_of_the_faq_say_nothing_either() -> None:
    water = matcher([entry("water", "water op het toetsenbord")])
    assert "wat" + "er" in water.lexicon.known
    assert water.match("wat er", NOBODY, SURE) == NoAnswer(0.0)


def test_a_message_of_unknown_words_only_gets_no_answer() -> None:
    assert matcher().match("qqq xxx", NOBODY, SURE) == NoAnswer(0.0)


def test_without_entries_and_topics_there_is_no_answer() -> None:
    assert matcher((), ()).match("wachtwoord vergeten", NOBODY, SURE) == NoAnswer(0.0)


def test_without_entries_a_topic_is_still_recognised() -> None:
    outcome = matcher(()).match("hoe vraag ik verlof aan", NOBODY, SURE)
    assert isinstance(outcome, NotOurs)
    assert matcher(()).match("qqq", NOBODY, SURE) == NoAnswer(0.0)


def test_without_topics_entries_are_answered() -> None:
    found = matcher(topics=()).rank("printer stuk", NOBODY)
    assert (found.topic, found.topic_score) == (None, 0.0)
    assert found.hits[0].entry == PRINTER


def test_one_entry_is_enough() -> None:
    alone = matcher([PASSWORD], ())
    outcome = alone.match("wachtwoord vergeten", NOBODY, Thresholds())
    assert isinstance(outcome, Answer)
    assert alone.match("xylofoon", NOBODY, Thresholds()) == NoAnswer(0.0)


def test_an_entry_of_which_nothing_can_be_read_is_never_found() -> None:
    assert ids(matcher([entry("leeg", "😀"), PRINTER]), "printer") == ["printer"]
    assert ids(matcher([entry("leeg", "😀")], ()), "printer") == []


def test_a_whole_question_said_word_for_word_finds_its_own_entry_first() -> None:
    long = entry("lang", *[f"printer papier gang nummer {number}" for number in range(9)])
    short = entry("kort", "printer papier gang", title="scherm en bord en laptop en beeld")
    found = matcher([long, short], ()).rank("Printer, papier: gang!", NOBODY)
    assert found.hits[0].entry == short
    assert found.hits[0].score == pytest.approx(
        sum(Calibration.shipped(meaning=False).parts.values())
    )


def test_a_question_that_two_entries_share_leaves_both_possible() -> None:
    one = entry("a", "papier in de printer", "nietjes en gaatjes")
    two = entry("b", "papier in de printer", "inkt en toner")
    hits = matcher([two, one], ()).rank("papier in de printer", NOBODY).hits
    assert [hit.entry.id for hit in hits] == ["a", "b"]
    assert hits[0].score == hits[1].score


def test_equals_stand_in_order_of_id() -> None:
    same = [entry(name, "printer stuk") for name in ("c", "a", "d", "b")]
    for order in permutations(same):
        assert ids(matcher(order, ()), "printer") == ["a", "b", "c"]


def test_the_order_of_entries_and_topics_never_changes_the_outcome() -> None:
    topics = (LEAVE, replace(LEAVE, id="adv"), replace(LEAVE, id="zorg", examples=("zorgverlof",)))
    texts = ["printer", "verlof", "scherm van mijn printer", "wachtword", "bord of papier"]
    expected = [matcher(ENTRIES, topics).match(text, NOBODY, Thresholds()) for text in texts]
    for entries in permutations(ENTRIES):
        for order in permutations(topics):
            shuffled = matcher(entries, order)
            assert [shuffled.match(text, NOBODY, Thresholds()) for text in texts] == expected


@given(
    st.lists(
        st.sampled_from(
            ["printer", "papier", "scherm", "bord", "wachtwoord", "hoe", "prnter", "zz"]
        )
    )
)
def test_a_ranking_has_no_entry_twice_and_shares_between_0_and_1(said: list[str]) -> None:
    found = MADE.rank(" ".join(said), NOBODY)
    names = [hit.entry.id for hit in found.hits]
    assert len(names) == len(set(names)) <= RANKED
    for hit in found.hits:
        assert hit.score > 0
    assert bool(found.hits) == bool(found.features)
    if found.hits:
        assert 0 < MADE.calibration.probability(found.features) < 1
        assert 0 <= found.features["margin"] <= 1
        assert 0 <= found.features["explained"] <= 1
        assert 0 <= found.features["agreement"] <= 1


MADE = matcher()


def test_a_score_adds_what_the_parts_weigh() -> None:
    parts = MADE.parts({"papier": 1.0, "gang": 1.0})
    assert parts.shape == (MEANING, len(ENTRIES) + 1)
    assert 0 <= parts.min() <= parts.max() <= 1
    weights = MADE.calibration.part_weights(PARTS[:MEANING])
    for hit in MADE.rank("papier gang", NOBODY).hits:
        assert hit.score == pytest.approx(weights @ parts[:, MADE.entries.index(hit.entry)])


@given(st.text(max_size=60))
def test_any_text_meets_something(text: str) -> None:
    outcome = MADE.match(text, NOBODY, Thresholds())
    assert isinstance(outcome, Answer | Choices | NotOurs | NoAnswer | SmallTalk)


CANVAS = entry("canvas", "cijfers invoeren in canvas", applies_to=AppliesTo(sectors=("Zorg",)))
ITS = entry("its", "cijfers invoeren in itslearning", applies_to=AppliesTo(sectors=("Techniek",)))
GRADES = matcher([CANVAS, ITS, PRINTER], ())


def test_the_askers_own_come_first() -> None:
    assert ids(GRADES, "cijfers invoeren", Asker(frozenset({"Zorg"})))[:2] == ["canvas", "its"]
    assert ids(GRADES, "cijfers invoeren", Asker(frozenset({"Techniek"})))[:2] == ["its", "canvas"]


def test_an_entry_for_others_is_still_reached_by_its_name() -> None:
    care = Asker(frozenset({"Zorg"}))
    assert "its" in ids(GRADES, "itslearning", care)
    assert ids(GRADES, "itslearning", care)[0] == "its"


def test_an_entry_for_others_keeps_a_part_of_its_score() -> None:
    here = GRADES.rank("itslearning", Asker(frozenset({"Techniek"}))).hits[0]
    there = GRADES.rank("itslearning", Asker(frozenset({"Zorg"}))).hits[0]
    assert there.score == pytest.approx(here.score * ELSEWHERE)


def test_an_entry_is_for_whom_it_names() -> None:
    both = AppliesTo(("Zorg",), ("Noord",))
    assert fits(AppliesTo(), Asker(frozenset({"Zorg"}), "Zuid"))
    assert fits(both, NOBODY)
    assert fits(both, Asker(frozenset({"Zorg", "Handel"}), "Noord"))
    assert not fits(both, Asker(frozenset({"Zorg"}), "Zuid"))
    assert not fits(both, Asker(frozenset({"Handel"}), "Noord"))
    assert fits(both, Asker(location="Noord"))
    assert not applies(CANVAS, Asker(frozenset({"Techniek"})))


def test_in_a_large_faq_the_nearest_are_still_found() -> None:
    many = [entry(f"e{place:03}", f"onderwerp {place} van de lijst") for place in range(200)]
    assert ids(matcher([*many, PRINTER], ()), "papier in de printer")[0] == "printer"
    assert ids(matcher([*reversed(many), PRINTER], ()), "onderwerp 77 van de lijst")[0] == "e077"


def test_fields_of_the_college_are_no_words() -> None:
    coach = entry(
        "coach", "wie helpt mij", title="Wie is de {coach_title}?", answer="Zie {lms_url}."
    )
    known = matcher([coach], ()).lexicon.known
    assert not known & {"coach", "title", "lms", "url"}


def test_what_an_answer_says_counts_as_well() -> None:
    other = entry("vpn", "thuis bij mijn bestanden", answer="Installeer GlobalProtect.")
    assert ids(matcher([other, PRINTER], ()), "globalprotect") == ["vpn"]
