"""Who made a poll reads what came of a round, once it is closed and never of a few."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.cards import adaptive
from bot.core import poll_buttons as buttons
from bot.core.ids import PollId, RoundId
from bot.core.reply import Reply
from bot.dialogs.poll_results import MOST_ROUNDS, results
from bot.people.model import Role
from bot.polls.model import Asks, Breakdown, Form, Goal, Invitation, Kind, Round, RoundState, Vote
from bot.polls.rules import OTHER
from tests.channels.test_adaptive import TEXTS
from tests.chat import COORDINATOR, keys, press_of
from tests.clocks import ZONE
from tests.factories import asks, poll, poll_form, poll_round, sender
from tests.office import BOB, labels, lines, local
from tests.polls import TEACHERS, PollOffice, make_poll_office, soon

DAY = timedelta(days=1)
TOOLS = asks(Kind.CHOICES, text="Wat gebruikte je?", options=("Teams", "Forms"), goal=Goal(0.8, 2))
WORDS = asks(Kind.OPEN, text="Wat helpt jou?")


@pytest.fixture
async def office() -> PollOffice:
    return await make_poll_office()


async def closed(office: PollOffice, *values: tuple[str, ...], **form: Any) -> Reply:
    """Hold a round in which so many answer; returns what its maker is told."""
    await office.started(schedule=soon(office), form=replace(poll_form(), **form))
    await office.move_to(local("ma", 10, 5))
    for who, answers in zip(TEACHERS, values, strict=False):
        await office.answer(who, *answers)
    await office.told(COORDINATOR)
    await office.move_to(local("vr", 10, 5))
    (told,) = await office.told(COORDINATOR)
    return told


@pytest.mark.parametrize("anonymous", [True, False])
async def test_the_maker_is_told_in_one_card(office: PollOffice, *, anonymous: bool) -> None:
    values = [("5", "0,1", "Zelf doen"), ("4", "0", "Rust"), ("4", "0,1", "Tijd")]
    values += [("3", "", "Uitleg"), ("2", "1", "Hulp")]
    told = await closed(
        office, *values, anonymous=anonymous, questions=(asks(goal=Goal(0, 4)), TOOLS, WORDS)
    )
    assert lines(office, told)[:-1] == [
        "Weekpeiling",
        "Gesloten op vrijdag 6 maart.",
        "5 van de 6 mensen deden mee (83 %).",
        "Hoe dichtbij voelde hulp deze week?",
        "5 · heel dichtbij: 1 (20 %)",
        "4: 2 (40 %)",
        "3: 1 (20 %)",
        "2: 1 (20 %)",
        "1 · heel ver weg: 0 (0 %)",
        "Gemiddeld 3,6",
        "Doel nog niet gehaald: gemiddeld 4 of meer.",
        "Wat gebruikte je?",
        "Teams: 3 (60 %)",
        "Forms: 3 (60 %)",
        "Doel nog niet gehaald: 40 % komt op 2 of meer (doel 80 %).",
        "Wat helpt jou?",
        "· Hulp",
        "· Rust",
        "· Tijd",
        "· Uitleg",
        "· Zelf doen",
    ]


async def test_under_five_there_is_nothing_but_that(office: PollOffice) -> None:
    told = await closed(office, *[("5",)] * 4, anonymous=True)
    assert lines(office, told)[1:3] == [
        "Gesloten op vrijdag 6 maart.",
        "4 van de 6 mensen deden mee (67 %).",
    ]
    assert keys(told)[-1] == "poll.result.too_few"


async def test_of_one_who_took_part_is_told_as_of_one(office: PollOffice) -> None:
    told = await closed(office, ("5",), anonymous=True)
    assert "1 van de 6 mensen deed mee (17 %)." in lines(office, told)
    assert any("Er deden minder dan vijf mensen mee." in one for one in lines(office, told))


async def test_a_question_that_few_answered_shows_nothing_but_that(office: PollOffice) -> None:
    values = [("5", "Rust")] * 4 + [("5",)]
    told = await closed(office, *values, anonymous=True, questions=(asks(), WORDS))
    assert keys(told)[-1] == "poll.result.few_here"
    assert "· Rust" not in lines(office, told)


async def test_a_later_round_is_compared_and_the_earlier_can_be_seen(office: PollOffice) -> None:
    await closed(office, *[("2",)] * 5)
    await office.move_to(local("ma", 10, 5) + 7 * DAY)
    for who in TEACHERS:
        await office.answer(who, "4")
    await office.move_to(local("vr", 11) + 7 * DAY)
    (told,) = await office.told(COORDINATOR)
    assert {"Gemiddeld 4,0", "De vorige keer: 2,0"} <= {*lines(office, told)}
    earlier = await office.press(told.buttons[0], COORDINATOR)
    assert "Gemiddeld 2,0" in lines(office, earlier)
    assert (await office.press(press_of(told, "poll.result.poll"), COORDINATOR)).view == (
        "poll.maker"
    )
    newest = buttons.ShowPollResults(poll=office.rounds[0].poll)
    assert "Gemiddeld 4,0" in lines(office, await office.press(newest, COORDINATOR))


async def test_a_button_of_an_old_round_shows_that_round(office: PollOffice) -> None:
    first = await office.press(newest := await _shown_in(office, "2"), COORDINATOR)
    old = newest.model_copy(update={"round": office.rounds[0].id})
    await office.move_to(local("vr", 11) + MOST_ROUNDS * 7 * DAY)
    assert len([one for one in office.rounds if one.state is RoundState.CLOSED]) > MOST_ROUNDS
    assert keys(await office.press(newest, COORDINATOR)) != keys(first)
    assert "Gemiddeld 2,0" in lines(office, await office.press(old, COORDINATOR))
    other = await _shown_in(office, "4", weeks=MOST_ROUNDS + 1)
    assert other.poll != old.poll
    strange = other.model_copy(update={"round": old.round})
    assert "Gemiddeld 4,0" in lines(office, await office.press(strange, COORDINATOR))


async def _shown_in(office: PollOffice, value: str, weeks: int = 0) -> buttons.ShowPollResults:
    """Hold the first round of a poll; returns what shows its newest results."""
    await office.move_to(local("ma", 10) + weeks * 7 * DAY)
    made = await office.started(schedule=soon(office))
    await office.move_to(local("ma", 10, 5) + weeks * 7 * DAY)
    which = next(one.id for one in office.rounds if one.poll == made.id)
    for who in TEACHERS:
        await office.press(buttons.AnswerPoll(round=which, value=value), who)
    await office.move_to(local("vr", 10, 5) + weeks * 7 * DAY)
    return buttons.ShowPollResults(poll=made.id)


async def test_while_it_is_open_only_how_many_took_part_is_told(office: PollOffice) -> None:
    made = await office.started(schedule=soon(office), form=poll_form(anonymous=True))
    await office.move_to(local("ma", 10, 5))
    for who in TEACHERS:
        await office.answer(who, "4")
    (listed,) = await office.say("peilingen", COORDINATOR)
    assert lines(office, listed)[1].endswith("Weekpeiling · nu open, deelnemers: 6")
    said = await office.press(buttons.ShowPollResults(poll=made.id), COORDINATOR)
    assert keys(said) == ["poll.result.nothing_yet"]
    assert keys(await office.press(buttons.ShowPollResults(poll=made.id), BOB)) == [
        "poll.only_coordinator"
    ]


async def test_many_words_are_cut_to_what_fits(office: PollOffice) -> None:
    told = await closed(office, *[("x" * 900,)] * 6, questions=(WORDS,))
    assert all(len(line) < 320 for line in lines(office, told))


async def split(office: PollOffice, *questions: Asks, anonymous: bool = False) -> list[str]:
    """Store a closed round of two groups that all answer 3 out of 5, or two of three options."""
    owner = await office.person(COORDINATOR)
    form = poll_form(questions=questions, anonymous=anonymous, breakdown=Breakdown.SECTOR)
    said = poll_round(PollId(1), form=form, asked=26, unreachable=2, answered=24, lost=True)
    async with office.chat.store.begin() as work:
        made = await work.polls.add(poll(owner=owner.id, form=form))
        people = [
            (await work.people.register(sender(f"29:x{number}"), "nl")).id for number in range(24)
        ]
        asked = [
            Invitation(RoundId(0), one, "Techniek" if at < 12 else OTHER)
            for at, one in enumerate(people)
        ]
        one = await work.polls.open_round(replace(said, poll=made.id), asked)
        for invited in asked:
            await work.polls.answer(one.id, invited, {0: "3"} | dict.fromkeys(range(1, 2), "0,1"))
        closed = replace(one, state=RoundState.CLOSED)
        await work.polls.save_round(closed)
        return lines(office, await results(work, closed, ZONE, [closed]))


PIECES = {"letters": "a", "lines": "a\n", "emoji": "😀", "links": "https://a.nl ", "quotes": '"\\'}


async def large(
    office: PollOffice, form: Form, values: Callable[[int], Vote], groups: int
) -> Round:
    """Store a closed round that thirty people of each of so many groups were asked in."""
    owner = await office.person(COORDINATOR)
    async with office.chat.store.begin() as work:
        made = await work.polls.add(poll(owner=owner.id, form=form))
        people = [
            (await work.people.register(sender(f"29:x{number}"), "nl")).id
            for number in range(max(30, 10 * groups))
        ]
        asked = [
            Invitation(RoundId(0), one, f"Team {at % groups} van Techniek en Gebouwde Omgeving")
            for at, one in enumerate(people)
        ]
        said = poll_round(made.id, form=form, asked=len(people), answered=len(people))
        one = await work.polls.open_round(said, asked)
        for at, invited in enumerate(asked):
            await work.polls.answer(one.id, invited, values(at))
        closed = replace(one, state=RoundState.CLOSED)
        await work.polls.save_round(closed)
    return closed


async def pages(office: PollOffice, card: Reply) -> list[Reply]:
    """Return a card of results with all that can be reached from its buttons and theirs."""
    seen, left = list[Reply](), [card]
    while left:
        seen.append(left.pop())
        further = [one for one in seen[-1].buttons if one.payload["kind"] == "poll_remarks"]
        left += [await office.press(one, COORDINATOR) for one in further]
    return seen


def too_large(cards: Sequence[Reply]) -> list[int]:
    rendered = [adaptive.render(TEXTS, one) for one in cards]
    sizes = [len(json.dumps(one, ensure_ascii=False).encode()) for one in rendered]
    return [one for one in sizes if one >= 25_000]


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
async def test_however_much_was_written_each_card_is_small_and_all_can_be_read(
    office: PollOffice, piece: str
) -> None:
    long = (piece * 1_000)[:997].strip()
    questions = tuple(
        replace(WORDS, text=f"{number}{piece * 250}"[:300].strip()) for number in range(10)
    )
    form = poll_form(title=(piece * 80)[:80].strip(), questions=questions)
    closed = await large(office, form, lambda at: dict.fromkeys(range(10), f"{at:02} {long}"), 1)
    async with office.chat.store.reading() as work:
        card = await results(work, closed, ZONE, [closed])
    cards = await pages(office, card)
    assert too_large(cards) == []
    assert "poll.result.no_room" in keys(card)
    for number in range(10):
        of = [one for one in cards[1:] if lines(office, one)[0].startswith(str(number))]
        read = [line[2:4] for one in of for line in lines(office, one) if line.startswith("· ")]
        assert read == [f"{at:02}" for at in range(30)]


async def test_however_many_teams_there_are_all_can_be_seen_on_small_cards(
    office: PollOffice,
) -> None:
    questions = tuple(asks(text=f"Hoe ging {number}?") for number in range(5))
    form = poll_form(questions=questions, breakdown=Breakdown.TEAM)
    closed = await large(office, form, lambda _: dict.fromkeys(range(5), "4"), 40)
    async with office.chat.store.reading() as work:
        card = await results(work, closed, ZONE, [closed])
    cards = await pages(office, card)
    assert too_large(cards) == []
    seen = [line for one in cards for line in lines(office, one) if line.startswith("Team ")]
    assert len(seen) == 5 * 40


async def test_what_has_no_room_on_the_card_of_few_is_not_looked_at(office: PollOffice) -> None:
    await closed(office, *[("5", "Rust")] * 4 + [("5",)], questions=(asks(), WORDS))
    (one,) = office.rounds
    read = buttons.ShowRemarks(poll=one.poll, round=one.id, question=1)
    assert (await office.press(read, COORDINATOR)).view == "poll.maker"


async def test_of_many_numbers_the_highest_are_counted_together(office: PollOffice) -> None:
    form = poll_form(questions=(asks(Kind.NUMBER, text="Hoeveel?"),))
    closed = await large(office, form, lambda at: {0: str(at % 20)}, 1)
    async with office.chat.store.reading() as work:
        said = lines(office, await results(work, closed, ZONE, [closed]))
    assert "11: 1 (3 %)" in said
    assert "12: 1 (3 %)" not in said
    assert "Hoger dan 11: 8" in said


@pytest.mark.parametrize(
    ("goal", "below", "said"),
    [
        (Goal(0, 4), 1, ["Gemiddeld 3,9", "Doel nog niet gehaald: gemiddeld 4 of meer."]),
        (Goal(0, 4), 0, ["Gemiddeld 4,0", "Doel gehaald: gemiddeld 4 of meer."]),
        (
            Goal(0.97, 4),
            1,
            ["Gemiddeld 4,0", "Doel nog niet gehaald: 96 % komt op 4 of meer (doel 97 %)."],
        ),
    ],
)
async def test_what_is_not_reached_is_not_rounded_to_what_is(
    office: PollOffice, goal: Goal, below: int, said: list[str]
) -> None:
    form = poll_form(questions=(asks(goal=goal),))
    closed = await large(office, form, lambda at: {0: "3" if at < below else "4"}, 1)
    async with office.chat.store.reading() as work:
        told = lines(office, await results(work, closed, ZONE, [closed]))
    assert [one for one in told if one.startswith(("Gemiddeld", "Doel"))] == said


async def test_groups_that_are_large_enough_are_told_apart(office: PollOffice) -> None:
    said = await split(office, asks(), TOOLS)
    assert {
        "Techniek: gemiddeld 3,0 (12 antwoorden)",
        "Kleinere groepen samen: gemiddeld 3,0 (12 antwoorden)",
        "Techniek: 100 % haalt het doel (12 antwoorden)",
        "Doel gehaald: 100 % komt op 2 of meer (doel 80 %).",
        "Niet bereikt en niet meegeteld: 2.",
        "Halverwege is een back-up teruggezet. Iedereen is toen opnieuw gevraagd.",
    } <= {*said}


async def test_many_remarks_are_the_first_of_them_and_how_many_more(office: PollOffice) -> None:
    said = await split(office, replace(WORDS, kind=Kind.OPEN))
    assert said.count("· 3") == 10
    assert "Er is meer geantwoord. Nog te lezen: 14." in said
    which = next(iter(office.chat.store._shelves.polls.rounds.values()))
    read = buttons.ShowRemarks(poll=which.poll, round=which.id)
    page = await office.press(read, COORDINATOR)
    counts = []
    while labels(page)[0] == "poll.result.more":
        counts.append(len(page.blocks))
        page = await office.press(page.buttons[0], COORDINATOR)
    assert [*counts, len(page.blocks)] == [11, 11, 5]
    assert (await office.press(page.buttons[-1], COORDINATOR)).view == "poll.results"


async def test_remarks_are_shown_of_closed_rounds_to_coordinators(office: PollOffice) -> None:
    told = await closed(office, *[("Rust",)] * 5, questions=(WORDS,))
    (one,) = office.rounds
    read = buttons.ShowRemarks(poll=one.poll, round=one.id, first=-3)
    assert lines(office, await office.press(read, COORDINATOR))[1:6] == ["· Rust"] * 5
    assert keys(await office.press(read, BOB)) == ["poll.only_coordinator"]
    for nowhere in ({"question": 3}, {"question": -1}, {"first": 5}):
        said = await office.press(read.model_copy(update=nowhere), COORDINATOR)
        assert said.view == "poll.maker"
    async with office.chat.store.begin() as work:
        await work.polls.save_round(replace(one, state=RoundState.OPEN))
    assert keys(await office.press(read, COORDINATOR)) == ["poll.result.nothing_yet"]
    assert told.view == "poll.results"


@pytest.mark.parametrize("gone", [{"active": False}, {"roles": frozenset({Role.TEACHER})}])
async def test_when_who_made_it_is_gone_the_coordinators_are_told(
    office: PollOffice, gone: dict[str, Any]
) -> None:
    await office.started(schedule=soon(office))
    await office.move_to(local("ma", 10, 5))
    await office.told(BOB)
    await office.change(COORDINATOR, **gone)
    await office.change(BOB, roles=frozenset({Role.COORDINATOR}))
    await office.move_to(local("vr", 10, 5))
    assert [one.view for one in await office.told(BOB)][-1] == "poll.results"
    assert "poll.results" not in [one.view for one in await office.told(COORDINATOR)]


async def test_after_its_time_what_was_said_in_words_is_gone(office: PollOffice) -> None:
    values = [("Rust",)] * 5
    told = await closed(office, *values, questions=(WORDS,))
    async with office.chat.store.begin() as work:
        assert await work.polls.forget_texts(office.now + DAY) == 5
    again = await office.press(
        buttons.ShowPollResults(poll=told.buttons[-1].payload["poll"]), COORDINATOR
    )
    assert keys(again)[-1] == "poll.result.forgotten"
