"""One thing has a sentence of its own."""

from bot.core.plural import plural


def test_of_one_another_sentence_is_said_than_of_more() -> None:
    assert [plural("a.b", count) for count in (0, 1, 2)] == ["a.b", "a.b_one", "a.b"]
    assert [plural("a.b", count, none=True) for count in (0, 1, 2)] == [
        "a.b_none",
        "a.b_one",
        "a.b",
    ]
