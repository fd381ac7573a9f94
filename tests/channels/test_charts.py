"""A chart stands in a card as Teams' own, with a picture or lines for who cannot show it."""

from dataclasses import replace

from bot.channels.cards import adaptive, plain
from bot.core.reply import Amount, Bar, Chart, Reply, Say, Unit, Words, reply_json
from bot.i18n.text import Texts
from tests.channels.test_adaptive import parts

TEXTS = Texts("mediacoach")
FELT = Chart(
    Words("Gevoel"),
    (
        Bar(Words("Zuid"), Amount(4.25, "points")),
        Bar(Words("Noord en Oost"), None, Say("summary.too_few")),
        Bar(Words("West"), Amount(0, "points")),
    ),
    "https://bot.example/x.png",
    most=5,
)
ALT = "Gevoel. Zuid: 4,2; Noord en Oost: niet getoond; West: 0,0."


def test_a_chart_is_drawn_by_the_client_or_else_a_picture_that_says_all_its_figures() -> None:
    card = adaptive.render(TEXTS, Reply("x", (FELT,)))
    (native,) = [part for part in parts(card) if part.get("type") == "Chart.HorizontalBar"]
    assert [(bar["x"], bar["y"]) for bar in native["data"]] == [
        ("Zuid: 4,2", 4.25),
        ("Noord en Oost: niet getoond", 0),
        ("West: 0,0", 0),
    ]
    picture = native["fallback"]
    assert (picture["type"], picture["url"]) == ("Image", "https://bot.example/x.png")
    assert (picture["altText"], native["title"]) == (ALT, ALT)


def test_without_an_address_lines_stand_in_the_place_of_the_picture() -> None:
    card = adaptive.render(TEXTS, Reply("x", (replace(FELT, picture=""),)))
    (native,) = [part for part in parts(card) if part.get("type") == "Chart.HorizontalBar"]
    (run,) = native["fallback"]["inlines"]
    assert run["text"].splitlines() == [
        "████████ 4,2 · Zuid",
        "niet getoond · Noord en Oost",
        "0,0 · West",
    ]


def test_in_a_terminal_a_chart_is_bars_of_text_below_each_other() -> None:
    shown = plain.render(TEXTS, Reply("x", (FELT,), language="en"))
    assert [line.text for line in shown.lines] == [
        "Gevoel",
        f"  Zuid           {'█' * 17} 4.2",
        "  Noord en Oost  not shown",
        "  West           0.0",
    ]


def test_what_is_more_than_nothing_is_seen() -> None:
    bars = tuple(Bar(Words(str(many)), Amount(many, "count")) for many in (1, 10_000))
    first, second = plain.bars(TEXTS, "nl", Chart(Words("x"), bars))
    assert first.text == "  1      █ 1"
    assert second.text.endswith("█ 10.000")


def test_a_chart_alone_says_on_a_phone_what_it_is_of() -> None:
    assert adaptive.summary(TEXTS, Reply("x", (FELT,))) == "Gevoel"


def test_a_chart_comes_back_as_it_was_stored() -> None:
    reply = Reply("x", (FELT, Say("summary.old", {"old": Amount(2, "count")})))
    assert reply_json.validate_json(reply_json.dump_json(reply)) == reply


def test_numbers_are_written_as_the_reader_does() -> None:
    def written(amount: float, unit: Unit) -> str:
        data = {"old": Amount(amount, unit)}
        return TEXTS.write("nl", "summary.old", data).rpartition(": ")[2]

    found = [written(0.726, "share"), written(1234.5, "minutes"), written(-0.5, "rank")]
    assert found == ["73 %", "1.234", "-0,50"]
    assert [written(-0.25, "change"), written(4, "count")] == ["25", "4"]
