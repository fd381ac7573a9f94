"""Counting how often matching is right, and how often it is silent."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import FaqFileError
from bot.core.ids import EntryId
from bot.knowledge.calibration import Thresholds
from bot.knowledge.evaluate import (
    Labelled,
    Seen,
    figures,
    half_of,
    intervals,
    observe,
    read_queries,
    reliability,
    report,
)
from bot.knowledge.lexicon import Synonyms
from bot.knowledge.match import Matcher
from bot.knowledge.model import (
    Answer,
    Choices,
    Faq,
    Hit,
    NoAnswer,
    NotOurs,
    Outcome,
    SmallTalk,
    Topic,
)
from tests.factories import entry

# What `faq evaluate --json` prints.
KEYS = [
    "in_scope",
    "out_of_scope",
    "top1",
    "top3",
    "answer_right",
    "answer_wrong",
    "choices_right",
    "refused",
    "false_answer",
    "false_choices",
    "ms_per_query",
]
A, B, C, D = (Hit(entry(name), 1.0) for name in "abcd")
NOT_OURS = NotOurs(Topic("verlof", "Verlof", "HR.", ()), 0.5)


def seen(
    outcome: Outcome,
    *labels: str,
    hits: tuple[Hit, ...] = (A, B, C),
    kind: str = "question",
    ms: float = 1.0,
    chance: float = 0.5,
) -> Seen:
    ids = tuple(EntryId(label) for label in labels)
    return Seen(Labelled(query="?", labels=ids, kind=kind), hits, outcome, ms, chance)


def test_top_1_and_top_3_count_what_was_ranked_whatever_was_shown() -> None:
    found = figures(
        [
            seen(NoAnswer(0.1), "a"),
            seen(NoAnswer(0.1), "c", "z"),
            seen(NoAnswer(0.1), "d", hits=(A, B, C, D)),
            seen(NoAnswer(0.1), "a", hits=()),
        ]
    )
    assert (found.in_scope, found.top1, found.top3) == (4, 0.25, 0.5)


def test_an_answer_is_right_when_its_entry_is_one_that_would_help() -> None:
    found = figures(
        [seen(Answer(A, 0.9), "a", "b"), seen(Answer(A, 0.9), "b"), seen(Answer(B, 0.8), "b")]
    )
    assert (found.answer_right, found.answer_wrong) == (0.6667, 0.3333)
    assert (found.choices_right, found.refused) == (0.0, 0.0)


def test_choices_are_right_when_one_of_them_would_help() -> None:
    found = figures([seen(Choices((A, B), 0.5), "b"), seen(Choices((A, B), 0.5), "c")])
    assert (found.choices_right, found.refused, found.top3) == (0.5, 0.0, 1.0)
    assert (found.answer_right, found.answer_wrong) == (0.0, 0.0)


@pytest.mark.parametrize("outcome", [NoAnswer(0.1), NOT_OURS, SmallTalk("greeting")])
def test_not_ours_and_small_talk_count_as_refused(outcome: Outcome) -> None:
    found = figures([seen(outcome, "a"), seen(outcome)])
    assert (found.in_scope, found.out_of_scope, found.refused) == (1, 1, 1.0)
    assert (found.false_answer, found.false_choices) == (0.0, 0.0)


def test_anything_shown_out_of_scope_is_false() -> None:
    found = figures(
        [seen(Answer(A, 0.9)), seen(Choices((A, B), 0.5)), seen(NoAnswer(0.1)), seen(NOT_OURS)]
    )
    assert (found.in_scope, found.out_of_scope) == (0, 4)
    assert (found.false_answer, found.false_choices) == (0.25, 0.25)


def test_shares_of_nothing_are_none() -> None:
    inside, outside = figures([seen(NoAnswer(0.1), "a")]), figures([seen(NoAnswer(0.1))])
    assert (inside.false_answer, inside.false_choices) == (None, None)
    assert (outside.top1, outside.answer_right, outside.refused) == (None, None, None)
    assert figures([]).in_scope == 0
    assert figures([]).ms_per_query == {"median": 0.0, "p99": 0.0}


def test_times_are_the_median_and_the_99th_percentile() -> None:
    times = figures([seen(NoAnswer(0.1), ms=float(ms)) for ms in range(101)]).ms_per_query
    assert times == {"median": 50.0, "p99": 99.0}


def test_the_report_has_the_keys_that_were_agreed() -> None:
    found = report([seen(NoAnswer(0.1), "a", kind="typo"), seen(NoAnswer(0.1), kind="near")])
    assert list(found) == ["overall", "kinds", "intervals", "reliability"]
    kinds = found["kinds"]
    assert isinstance(kinds, dict)
    assert list(kinds) == ["near", "typo"]
    for one in (found["overall"], *kinds.values()):
        assert list(one) == KEYS
        assert list(one["ms_per_query"]) == ["median", "p99"]


def test_kinds_are_counted_apart() -> None:
    kinds = report([seen(Answer(A, 0.9), "a", kind="typo"), seen(NoAnswer(0.1), "a")])["kinds"]
    assert isinstance(kinds, dict)
    assert (kinds["typo"]["refused"], kinds["question"]["refused"]) == (0.0, 1.0)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_the_half_is_the_parity_of_the_sha256(query: str) -> None:
    last = hashlib.sha256(query.encode()).digest()[-1]
    assert half_of(query) == ("odd" if last % 2 else "even")


def test_messages_are_observed_each_once() -> None:
    faq = Faq((entry("a", variants=("wachtwoord vergeten",)),), (), {"greeting": ("hoi",)})
    matcher = Matcher.build(faq, Synonyms({}))
    messages = [Labelled(query=text, labels=(), kind="far") for text in ("wachtwoord", "hoi", "zz")]
    found = observe(matcher, messages, Thresholds(answer=0.0))
    assert [type(one.outcome) for one in found] == [Answer, SmallTalk, NoAnswer]
    assert [one.labelled for one in found] == messages
    assert [len(one.hits) for one in found] == [1, 0, 0]
    assert all(one.ms > 0 for one in found)


def test_messages_are_read_from_jsonl(tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_text('{"query": "hé\u2028?", "labels": ["a"], "kind": "typo"}\n\n', "utf-8")
    assert read_queries(path) == [Labelled(query="hé\u2028?", labels=(EntryId("a"),), kind="typo")]


@pytest.mark.parametrize("text", ["{", '{"query": "a", "labels": []}', "[]"])
def test_a_wrong_line_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_text(f"\n{text}\n", "utf-8")
    with pytest.raises(FaqFileError, match=r"messages.jsonl:2"):
        read_queries(path)


def test_a_file_that_is_not_there_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(FaqFileError):
        read_queries(tmp_path / "none.jsonl")


def test_reliability_sets_the_chance_beside_what_came_of_it() -> None:
    lines = reliability(
        [
            seen(NoAnswer(0.1), "a", chance=0.1),
            seen(NoAnswer(0.1), chance=0.05),
            seen(Answer(A, 0.9), "a", chance=0.9),
            seen(Answer(A, 1.0), "b", chance=1.0),
        ]
    )
    assert [line.messages for line in lines] == [2, 0, 0, 0, 2]
    assert (lines[0].chance, lines[0].right) == (0.075, 0.5)
    assert (lines[1].chance, lines[1].right) == (None, None)
    assert (lines[4].chance, lines[4].right) == (0.95, 0.5)
    assert [(line.above, line.below) for line in lines][0::4] == [(0.0, 0.2), (0.8, 1.0)]


def test_an_interval_is_narrow_where_all_is_alike_and_holds_the_share_where_it_is_not() -> None:
    same = intervals([seen(Answer(A, 0.9), "a")] * 5)
    assert same["answer_right"] == (1.0, 1.0)
    assert "false_answer" not in same
    mixed = [seen(Answer(A, 0.9), "a"), seen(NoAnswer(0.1), "b")] * 50
    low, high = intervals(mixed)["answer_right"]
    assert 0.3 < low < 0.5 < high < 0.7
    few = intervals(mixed[:10])["answer_right"]
    assert few[1] - few[0] > high - low
