"""Whatever polls closed in a week, their section fits a card, and leads on to what does not."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from bot.channels.cards import adaptive, plain
from bot.core.ids import PollId, RoundId
from bot.core.reply import Chart, Reply, Say, Words
from bot.dialogs.summary_asked import LONGEST_TITLE, MOST_BARS, MOST_POLLS
from bot.dialogs.summary_cards import Cards
from bot.dialogs.summary_charts import charts
from bot.i18n.text import Texts
from bot.polls.problems import LONGEST_OPTION, LONGEST_QUESTION, MOST_QUESTIONS, OPTIONS
from bot.polls.problems import LONGEST_TITLE as LONGEST
from bot.summary.links import Links
from bot.summary.report import Asked, Part, PollRound, Sent
from tests.summary_examples import SENT, ZONE, sent

TEXTS = Texts("i-coach")
LINKS = Links("https://vraagbaak.college.example", "a secret of thirty-two signs, or more")
TREND = tuple((date(2026, month, 20), 3.5) for month in range(4, 12))


def choice(sign: str) -> Asked:
    options = [(sign * LONGEST_OPTION, 950)] * OPTIONS[-1]
    return Asked(sign * LONGEST_QUESTION, tuple(options), target=0.8, reached=0.7)


def number(sign: str) -> Asked:
    counts = tuple((str(9_000 + one), 1 + one % 7) for one in range(300))
    return Asked(sign * LONGEST_QUESTION, counts, 9_149.5, TREND, least=9_000)


def hidden(sign: str) -> Asked:
    return Asked(sign * LONGEST_QUESTION)


KINDS = {"choice": choice, "number": number, "hidden": hidden}


def week_of(polls: Sequence[PollRound]) -> Sent:
    found = sent()
    return replace(found, figures=replace(found.figures, polls=tuple(polls)))


def poll(questions: Sequence[Asked], title: str = "Peiling", number: int = 1) -> PollRound:
    return PollRound(title, 950, 12, 900, tuple(questions), PollId(number), RoundId(number))


def section(polls: Sequence[PollRound]) -> Reply:
    return Cards(ZONE, LINKS).section(week_of(polls), Part.POLLS, "nl", SENT)


def told(card: Reply) -> list[str]:
    return [line.text for line in plain.render(TEXTS, card).lines]


@pytest.mark.parametrize("many", [1, MOST_POLLS, 40])
@pytest.mark.parametrize("sign", ["a", "é", "😀", '"'])
@pytest.mark.parametrize("kind", [*KINDS, "all"])
def test_the_largest_polls_fit_a_card(kind: str, sign: str, many: int) -> None:
    makers = list(KINDS.values()) if kind == "all" else [KINDS[kind]]
    questions = [makers[place % len(makers)](sign) for place in range(MOST_QUESTIONS)]
    card = section([poll(questions, sign * LONGEST, one + 1) for one in range(many)])
    size = len(json.dumps(adaptive.render(TEXTS, card), ensure_ascii=False).encode())
    assert size < 25_000
    assert len(card.buttons) == min(many, MOST_POLLS) + 1
    charts_there = [one for one in card.blocks if isinstance(one, Chart)]
    shown = [one for one in charts_there if isinstance(one.title, Words)]
    few = [line for line in told(card) if line.startswith("Te weinig antwoorden.")]
    assert shown or few or len(sign.encode()) > 2
    all_there = len(shown) + len(few) == MOST_QUESTIONS * min(many, MOST_POLLS)
    said = "Niet alles past hier. De rest staat bij 'Alle uitkomsten'." in told(card)
    assert said != all_there
    left = many - MOST_POLLS
    assert any(f"Peilingen die hier niet passen: {left}." in line for line in told(card)) == (
        left > 0
    )


def test_a_usual_poll_is_told_as_a_whole() -> None:
    scale = Asked("Hoe gaat het?", tuple((str(one), one) for one in range(1, 6)), 3.7, TREND)
    card = section([poll([scale] * 4)])
    assert len([one for one in card.blocks if isinstance(one, Chart)]) == 8
    assert not [line for line in told(card) if "past hier" in line or "vaakst" in line]


def test_of_many_numbers_those_are_shown_that_were_given_most() -> None:
    counts = tuple((str(one), 9 if one % 25 == 0 else 1) for one in range(300))
    found = week_of([poll([Asked("Hoeveel?", counts, 149.5)])])
    (chart,) = [one for name, one in charts(found.figures) if name.startswith("answers_")]
    shown = [bar.label.text for bar in chart.bars if isinstance(bar.label, Words)]
    assert shown == [str(25 * one) for one in range(MOST_BARS)]
    said = "Gemiddeld: 149,5. Je ziet alleen de antwoorden die het vaakst kwamen."
    assert said in told(section(found.figures.polls))


def test_a_long_title_is_short_on_its_button() -> None:
    (button, _) = section([poll([], "lang " * 16)]).buttons
    assert isinstance(button.label, Say)
    title = str(button.label.data["title"])
    assert len(title) == LONGEST_TITLE
    assert title.endswith("…")


def test_of_one_who_took_part_it_is_said_as_people_say_it() -> None:
    said = [told(section([replace(poll([]), answered=many)])) for many in (1, 2)]
    assert [line for line in said[0] if "mensen" in line] == [
        "1 van 938 mensen deed mee (0 %). Niet bereikt: 12."
    ]
    assert "2 van 938 mensen deden mee (0 %). Niet bereikt: 12." in said[1]
