"""A coordinator makes a poll in chat: who gets it and when is seen before anything is sent."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core import poll_buttons as buttons
from bot.core.ids import PollId, TeamId
from bot.core.reply import Choose, Field, Reply, Say
from bot.dialogs.poll_form_cards import MOST_TEAMS
from bot.polls.model import Audience, Breakdown, Goal, Kind, Poll, PollState
from bot.worktime.closures import Closed, Closures
from tests.chat import ANN, COORDINATOR, OPEN_ON_WEEKDAYS, keys, press_of
from tests.factories import asks, poll_form, sender
from tests.office import BOB, labels, lines, local
from tests.polls import PollOffice, make_poll_office, soon

DAY = timedelta(days=1)


@pytest.fixture
async def office() -> PollOffice:
    return await make_poll_office()


async def drafted(office: PollOffice, template: str = "pulse") -> Reply:
    """Pick a template; returns what is shown of it."""
    (found,) = await office.say("nieuwe peiling", COORDINATOR)
    row = next(
        one
        for one in found.buttons
        if isinstance(one.label, Say) and one.label.key == f"poll.template.{template}"
    )
    return await office.press(row, COORDINATOR)


def polls(office: PollOffice) -> list[Poll]:
    return list(office.chat.store._shelves.polls.polls.values())


def fields(form: Reply) -> dict[str, str]:
    return {block.name: block.value for block in form.blocks if isinstance(block, Field | Choose)}


async def pressed(office: PollOffice, reply: Reply, key: str, **filled: Any) -> Reply:
    return await office.press(press_of(reply, key), COORDINATOR, **filled)


async def test_a_template_is_seen_with_who_gets_it_and_when_and_then_started(
    office: PollOffice,
) -> None:
    shown = await drafted(office)
    assert lines(office, shown)[:7] == [
        "Weekpeiling",
        "1. Hoe dichtbij voelde hulp met ict deze week? (1 is heel ver weg, 5 is heel dichtbij)",
        "2. Hoe zeker voel je je over ict in je les? (1 is niet zeker, 5 is heel zeker)",
        "6 mensen krijgen dit. 6 van hen kan ik nu bereiken.",
        "De volgende keer: dinsdag 3 maart om 10:00. Antwoorden kan tot maandag 9 maart om 10:00.",
        "Daarna elke week.",
        "Valt een ronde op een vrije dag, dan komt die op de eerste dag erna.",
    ]
    assert labels(shown) == ["poll.act.start", "poll.act.try", "poll.act.adjust", "poll.act.drop"]
    await office.move_to(local("di", 9))
    assert office.rounds == []
    started = await pressed(office, shown, "poll.act.start")
    assert keys(started)[0] == "poll.said.started"
    await office.told(ANN)
    await office.move_to(local("di", 10))
    assert (await office.card(ANN)).view == "poll.question"


async def test_a_draft_is_never_sent_and_makes_way_for_the_next_one(office: PollOffice) -> None:
    await drafted(office)
    await drafted(office, "training")
    assert [one.state for one in polls(office)] == [PollState.STOPPED, PollState.DRAFT]
    await office.move_to(local("vr", 12))
    assert office.rounds == []


async def test_a_trial_shows_the_cards_and_stores_no_vote(office: PollOffice) -> None:
    shown = await drafted(office)
    first = await pressed(office, shown, "poll.act.try")
    assert keys(first)[0] == "poll.trial.said"
    second = await office.press(first.buttons[0], COORDINATOR)
    assert "Vraag 2 van 2" in lines(office, second)
    done = await office.press(second.buttons[0], COORDINATOR)
    assert keys(done) == ["poll.trial.done", "poll.trial.nothing"]
    assert (await pressed(office, done, "poll.trial.back")).view == "poll.maker"
    assert office.rounds == []


async def test_all_can_be_adjusted_before_it_starts(office: PollOffice) -> None:
    form = await pressed(office, await drafted(office), "poll.act.adjust")
    stands = fields(form)
    assert stands["questions"].splitlines()[0] == (
        "cijfer: Hoe dichtbij voelde hulp met ict deze week? (heel ver weg / heel dichtbij)"
    )
    assert (stands["first"], stands["at"], stands["secrecy"]) == ("2026-03-03", "10:00", "secret")
    filled = {
        **stands,
        "title": "Onze peiling",
        "questions": "meerdere: Wat gebruikte je? (Teams / Forms) doel 80% vanaf 2\nopen: En nu?",
        "roles": "teacher,coach",
        "at": "9.30",
        "every": "2",
        "days": "7",
        "secrecy": "named",
        "remind": "no",
        "breakdown": "sector",
        "closed_day": "skip",
    }
    shown = await pressed(office, form, "poll.form.save", **filled)
    assert shown.view == "poll.maker"
    (stored,) = polls(office)
    assert stored.form == poll_form(
        title="Onze peiling",
        questions=(
            asks(
                Kind.CHOICES,
                text="Wat gebruikte je?",
                options=("Teams", "Forms"),
                low="",
                high="",
                goal=Goal(0.8, 2),
            ),
            asks(Kind.OPEN, text="En nu?", low="", high=""),
        ),
        days=7,
        remind=False,
        breakdown=Breakdown.SECTOR,
    )
    assert stored.audience == Audience(frozenset({"teacher", "coach"}))
    assert "poll.shown.no_groups" in keys(shown)
    assert "poll.shown.skip" in keys(shown)
    again = await pressed(office, shown, "poll.act.adjust")
    assert fields(again) == {**filled, "at": "09:30"}


async def test_what_is_wrong_stands_above_what_was_typed(office: PollOffice) -> None:
    form = await pressed(office, await drafted(office), "poll.act.adjust")
    filled = {**fields(form), "title": " ", "questions": "keuze: Wat?", "days": "14", "at": "x"}
    wrong = await pressed(office, form, "poll.form.save", **filled)
    assert [key for key in keys(wrong) if key.startswith("poll.problem")] == [
        "poll.problem.title",
        "poll.problem.options",
        "poll.problem.overlap",
        "poll.problem.time",
    ]
    assert fields(wrong) == filled


@pytest.mark.parametrize("typed", ["x", "", "-1", "1-1-0001", "31-12-9999", "999999999999", "²"])
async def test_whatever_is_typed_is_answered(office: PollOffice, typed: str) -> None:
    form = await pressed(office, await drafted(office), "poll.act.adjust")
    for name in fields(form):
        filled = {**fields(form), name: typed, "seen": polls(office)[0].version}
        said = await pressed(office, form, "poll.form.save", **filled)
        assert said.view in ("poll.form", "poll.maker"), name
    everything = await pressed(office, form, "poll.form.save", **dict.fromkeys(fields(form), typed))
    assert everything.view == "poll.form"


async def test_a_part_of_fewer_than_five_is_refused(office: PollOffice) -> None:
    form = await pressed(office, await drafted(office), "poll.act.adjust")
    parts = next(one for one in form.blocks if isinstance(one, Choose) and one.name == "part")
    for kind in ("l", "s", "t"):
        small = next(one.value for one in parts.options if one.value.startswith(kind))
        wrong = await pressed(office, form, "poll.form.save", **{**fields(form), "part": small})
        assert "poll.problem.people" in keys(wrong)


@pytest.mark.parametrize("typed", ["10:30", "10.30", "10u30", "10:30 uur", " 10.30 UUR "])
async def test_a_time_is_read_as_people_write_it(office: PollOffice, typed: str) -> None:
    form = await pressed(office, await drafted(office), "poll.act.adjust")
    await pressed(office, form, "poll.form.save", **{**fields(form), "at": typed})
    assert f"{polls(office)[0].schedule.at:%H:%M}" == "10:30"


@pytest.mark.parametrize("typed", ["half elf", "", "25:00", "uur"])
async def test_a_time_that_cannot_be_read_is_asked_again(office: PollOffice, typed: str) -> None:
    form = await pressed(office, await drafted(office), "poll.act.adjust")
    wrong = await pressed(office, form, "poll.form.save", **{**fields(form), "at": typed})
    assert "Die tijd kan ik niet lezen. Schrijf de tijd als 10:30." in lines(office, wrong)
    assert f"{polls(office)[0].schedule.at:%H:%M}" == "10:00"


@pytest.mark.parametrize("came_back", ["keep", "", "x", "everybody"])
async def test_a_poll_of_one_team_stays_so_where_teams_are_too_many_to_list(
    office: PollOffice, came_back: str
) -> None:
    async with office.chat.store.begin() as work:
        known = (await work.people.units()).teams
        asked = known[0]
        for number in range(6):
            who = await work.people.register(sender(f"29:x{number}"), "nl")
            await work.people.settle(who.id, asked.location, asked.id)
    for number in range(MOST_TEAMS):
        more = replace(asked, id=TeamId(1000 + number), name=f"Team {number}")
        office.chat.store._shelves.teams[more.name] = more
    audience = Audience(teams=frozenset({asked.id}))
    made = await office.started(schedule=soon(office), audience=audience)
    form = await office.press(buttons.AdjustPoll(poll=made.id), COORDINATOR)
    part = next(one for one in form.blocks if isinstance(one, Choose) and one.name == "part")
    assert (part.value, part.options[0].value) == ("keep", "keep")
    filled = {**fields(form), "title": "Anders", "part": came_back}
    await pressed(office, form, "poll.form.store", **filled)
    assert (polls(office)[0].form.title, polls(office)[0].audience) == ("Anders", audience)
    form = await office.press(buttons.AdjustPoll(poll=made.id), COORDINATOR)
    await pressed(office, form, "poll.form.store", **{**fields(form), "part": "all"})
    assert polls(office)[0].audience == Audience()


async def test_own_questions_start_from_an_empty_form(office: PollOffice) -> None:
    (found,) = await office.say("nieuwe peiling", COORDINATOR)
    form = await office.press(found.buttons[-1], COORDINATOR)
    assert fields(form)["questions"] == ""
    shown = await pressed(
        office,
        form,
        "poll.form.save",
        **{**fields(form), "title": "Los", "questions": "Hoe gaat het?"},
    )
    assert lines(office, shown)[:2] == ["Los", "1. Hoe gaat het? (1 tot 5)"]
    assert "poll.shown.weekly" not in keys(shown)


async def test_the_goal_of_a_question_is_shown_before_it_is_asked(office: PollOffice) -> None:
    (found,) = await office.say("nieuwe peiling", COORDINATOR)
    form = await office.press(found.buttons[-1], COORDINATOR)
    asked = "getal: Hoe vaak? doel gemiddeld 4\nmeerdere: Wat? (Teams / Forms) doel 80% vanaf 2"
    typed = {**fields(form), "title": "Los", "questions": asked}
    assert lines(office, await pressed(office, form, "poll.form.save", **typed))[1:5] == [
        "1. Hoe vaak? (een getal)",
        "Doel: gemiddeld 4 of meer.",
        "2. Wat? Kies wat past: Teams, Forms",
        "Doel: 80 % komt op 2 of meer.",
    ]


async def test_what_runs_is_saved_and_a_draft_is_looked_at(office: PollOffice) -> None:
    draft = await drafted(office)
    assert labels(await pressed(office, draft, "poll.act.adjust"))[0] == "poll.form.save"
    runs = await pressed(office, draft, "poll.act.start")
    assert labels(await pressed(office, runs, "poll.act.adjust"))[0] == "poll.form.store"


async def test_a_poll_of_one_time_that_was_is_not_paused_or_stopped(office: PollOffice) -> None:
    await pressed(office, await drafted(office, "training"), "poll.act.start")
    await office.move_to(local("di", 12) + 60 * DAY)
    shown = await office.press(buttons.ShowPoll(poll=polls(office)[0].id), COORDINATOR)
    assert labels(shown) == ["poll.act.results", "poll.act.adjust"]
    assert {"poll.shown.all", "poll.shown.part"}.isdisjoint(keys(shown))


async def test_a_poll_can_go_out_the_same_day(office: PollOffice) -> None:
    form = await pressed(office, await drafted(office, "training"), "poll.act.adjust")
    filled = {**fields(form), "first": "2026-03-02", "at": "10:15"}
    shown = await pressed(office, form, "poll.form.save", **filled)
    await pressed(office, shown, "poll.act.start")
    await office.move_to(local("ma", 10, 15))
    assert len(office.rounds) == 1
    early = await pressed(office, form, "poll.form.save", **{**filled, "at": "09:00"})
    assert "poll.problem.past" in keys(early)


async def test_holidays_are_told_before_a_poll_starts(office: PollOffice) -> None:
    tuesday = local("di", 0).date()
    office.college = replace(
        OPEN_ON_WEEKDAYS,
        closures=Closures(frozenset(), (Closed(tuesday + 7 * DAY, tuesday + 9 * DAY),)),
    )
    office.with_secret(office.secret)
    assert (
        "In de vakantie vraag ik niets: de ronde van dinsdag 10 maart komt op vrijdag 13 maart."
        in lines(office, await drafted(office))
    )


async def test_a_round_that_makes_way_for_the_next_is_told_to_be_left_out(
    office: PollOffice,
) -> None:
    tuesday = local("di", 0).date()
    office.college = replace(
        OPEN_ON_WEEKDAYS,
        closures=Closures(frozenset(), (Closed(tuesday + 7 * DAY, tuesday + 12 * DAY),)),
    )
    office.with_secret(office.secret)
    assert (
        "In de vakantie vraag ik niets: de ronde van dinsdag 10 maart vervalt, "
        "want op dinsdag 17 maart komt de volgende al."
    ) in lines(office, await drafted(office))


async def test_a_poll_that_runs_is_listed_paused_resumed_and_stopped(office: PollOffice) -> None:
    await pressed(office, await drafted(office), "poll.act.start")
    (listed,) = await office.say("peilingen", COORDINATOR)
    shown = await office.press(listed.buttons[0], COORDINATOR)
    assert labels(shown) == [
        "poll.act.results",
        "poll.act.adjust",
        "poll.act.pause",
        "poll.act.stop",
    ]
    paused = await pressed(office, shown, "poll.act.pause")
    assert "poll.shown.paused" in keys(paused)
    await office.move_to(local("di", 12))
    assert office.rounds == []
    resumed = await pressed(office, paused, "poll.act.resume")
    await office.move_to(local("di", 12) + 7 * DAY)
    assert len(office.rounds) == 1
    open_now = await office.press(buttons.ShowPoll(poll=polls(office)[0].id), COORDINATOR)
    assert "poll.shown.now" in keys(open_now)
    sure = await pressed(office, resumed, "poll.act.stop")
    stopped = await pressed(office, sure, "poll.stop.sure")
    assert keys(stopped)[0] == "poll.said.stopped"
    await office.move_to(local("di", 12) + 21 * DAY)
    assert len(office.rounds) == 1
    (listed,) = await office.say("peilingen", COORDINATOR)
    assert [label.key for one in listed.buttons if isinstance(label := one.label, Say)] == [
        "poll.row.stopped",
        "poll.list.new",
    ]
    found = await office.press(listed.buttons[0], COORDINATOR)
    assert labels(found) == ["poll.act.results"]
    assert (await pressed(office, found, "poll.act.results")).view == "poll.results"
    await pressed(office, shown, "poll.act.pause")
    assert [one.state for one in polls(office)] == [PollState.STOPPED]


async def test_what_is_changed_holds_from_the_next_round(office: PollOffice) -> None:
    made = await office.started(schedule=soon(office))
    await office.move_to(local("ma", 11))
    form = await office.press(buttons.AdjustPoll(poll=made.id), COORDINATOR)
    shown = await pressed(
        office, form, "poll.form.store", **{**fields(form), "questions": "Hoe gaat het nu?"}
    )
    assert keys(shown)[0] == "poll.said.later"
    assert office.rounds[0].form.questions[0].text != "Hoe gaat het nu?"
    await office.move_to(local("ma", 11) + 7 * DAY)
    assert office.rounds[1].form.questions[0].text == "Hoe gaat het nu?"


async def test_what_was_started_as_it_was_not_seen_is_shown_instead(office: PollOffice) -> None:
    shown = await drafted(office)
    form = await pressed(office, shown, "poll.act.adjust")
    await pressed(office, form, "poll.form.save", **{**fields(form), "title": "Anders"})
    again = await pressed(office, shown, "poll.act.start")
    assert polls(office)[0].state is PollState.DRAFT
    assert (keys(again)[0], lines(office, again)[1]) == ("poll.said.overtaken", "Anders")
    assert office.chat.store._shelves.occasions == {}
    started = await pressed(office, again, "poll.act.start")
    assert keys(started)[0] == "poll.said.started"
    assert keys(await pressed(office, again, "poll.act.start"))[0] != "poll.said.started"


async def test_two_rounds_of_a_poll_are_never_open_at_once(office: PollOffice) -> None:
    made = await office.started(schedule=soon(office))
    await office.move_to(local("ma", 11))
    form = await office.press(buttons.AdjustPoll(poll=made.id), COORDINATOR)
    sooner = {**fields(form), "first": "2026-03-04"}
    wrong = await pressed(office, form, "poll.form.store", **sooner)
    until = "vrijdag 6 maart om 10:05"
    assert f"Er is nog een ronde open, tot {until}. Laat de eerste keer daarna zijn." in lines(
        office, wrong
    )
    assert polls(office) == [made]
    at_once = await pressed(office, wrong, "poll.form.store", **{**sooner, "first": "2026-03-06"})
    assert keys(at_once)[0] == "poll.said.later"
    await office.move_to(local("vr", 10, 5))
    assert [one.opened for one in office.rounds] == [local("ma", 10, 5), local("vr", 10, 5)]


async def test_of_two_who_adjust_a_poll_the_second_is_told_and_overwrites_nothing(
    office: PollOffice,
) -> None:
    made = await office.started(schedule=soon(office))
    form = await office.press(buttons.AdjustPoll(poll=made.id), COORDINATOR)
    first = await pressed(office, form, "poll.form.store", **{**fields(form), "title": "Eerst"})
    assert keys(first)[0] == "poll.said.later"
    wrong = await pressed(office, form, "poll.form.store", **{**fields(form), "title": " "})
    second = await pressed(office, wrong, "poll.form.store", **{**fields(form), "title": "Later"})
    assert (keys(second)[0], lines(office, second)[1]) == ("poll.said.overtaken", "Eerst")
    assert polls(office)[0].form.title == "Eerst"


async def test_a_poll_that_is_stopped_is_not_adjusted(office: PollOffice) -> None:
    made = await office.started(schedule=soon(office))
    form = await office.press(buttons.AdjustPoll(poll=made.id), COORDINATOR)
    await office.press(buttons.StopPoll(poll=made.id, sure=True), COORDINATOR)
    (stopped,) = polls(office)
    for seen in (made.version, stopped.version):
        filled = {**fields(form), "seen": seen, "title": "Anders"}
        said = await pressed(office, form, "poll.form.store", **filled)
        assert keys(said)[0] == "poll.said.overtaken"
    shown = await office.press(buttons.AdjustPoll(poll=made.id), COORDINATOR)
    assert shown.view == "poll.maker"
    assert polls(office) == [stopped]
    unknown = buttons.SavePoll(poll=PollId(4711), title="Anders")
    assert keys(await office.press(unknown, COORDINATOR)) == ["poll.gone"]


async def test_the_form_of_a_poll_that_was_once_names_a_day_to_come(office: PollOffice) -> None:
    made = await office.started(schedule=soon(office, every=0))
    await office.move_to(local("ma", 11))
    form = await office.press(buttons.AdjustPoll(poll=made.id), COORDINATOR)
    assert fields(form)["first"] == "2026-03-09"  # the round is open until Friday
    office.chat.clock.move_to(local("ma", 11) + 14 * DAY)
    form = await office.press(buttons.AdjustPoll(poll=made.id), COORDINATOR)
    assert fields(form)["first"] == "2026-03-17"
    stored = await pressed(office, form, "poll.form.store", **fields(form))
    assert keys(stored)[0] == "poll.said.later"
    await office.move_to(local("di", 10, 5) + 14 * DAY)
    assert len(office.rounds) == 2


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("late_once", {}),
        ("few_once", {"audience": Audience(frozenset({"coordinator"}))}),
        ("no_secret", {"form": poll_form(anonymous=True)}),
    ],
)
async def test_a_poll_of_one_time_that_was_not_sent_can_be_given_another(
    office: PollOffice, why: str, changes: dict[str, Any]
) -> None:
    office.with_secret(None)
    await office.started(schedule=soon(office, every=0), **changes)
    await office.told(COORDINATOR)
    office.chat.clock.move_to(local("wo", 10, 6) if why == "late_once" else local("ma", 11))
    await office.look()
    (told,) = await office.told(COORDINATOR)
    assert keys(told) == ["poll.skipped.title", f"poll.skipped.{why}"]
    form = await pressed(office, told, "poll.act.adjust")
    stored = await pressed(office, form, "poll.form.store", **{**fields(form), "roles": "teacher"})
    assert keys(stored)[0] == "poll.said.later"
    await office.move_to(local("do", 10, 5))
    assert len(office.rounds) == 1


async def test_the_form_of_a_round_that_a_holiday_moved_names_the_day_on_which_it_comes(
    office: PollOffice,
) -> None:
    monday = local("ma", 0).date()
    office.college = replace(
        OPEN_ON_WEEKDAYS, closures=Closures(frozenset(), (Closed(monday, monday + DAY),))
    )
    office.with_secret(office.secret)
    made = await office.started(schedule=soon(office))
    office.chat.clock.move_to(local("ma", 11))
    form = await office.press(buttons.AdjustPoll(poll=made.id), COORDINATOR)
    assert fields(form)["first"] == "2026-03-04"
    stored = await pressed(office, form, "poll.form.store", **{**fields(form), "title": "Anders"})
    assert keys(stored)[0] == "poll.said.later"


async def test_a_draft_is_thrown_away_in_one_tap(office: PollOffice) -> None:
    gone = await pressed(office, await drafted(office), "poll.act.drop")
    assert keys(gone)[0] == "poll.said.dropped"
    assert keys((await office.say("peilingen", COORDINATOR))[0]) == ["poll.list.none"]
    assert polls(office)[0].state is PollState.STOPPED


async def test_without_a_secret_polls_are_by_name_and_the_form_says_why(
    office: PollOffice,
) -> None:
    office.with_secret(None)
    shown = await drafted(office)
    assert "poll.shown.named" in keys(shown)
    form = await pressed(office, shown, "poll.act.adjust")
    assert "poll.form.no_secret" in keys(form)
    await pressed(office, form, "poll.form.save", **{**fields(form), "secrecy": "secret"})
    assert not polls(office)[0].form.anonymous


async def test_who_is_no_coordinator_is_told_kindly(office: PollOffice) -> None:
    made = await office.started(schedule=soon(office))
    (said,) = await office.say("peilingen", BOB)
    assert (keys(said), labels(said)) == (
        ["poll.only_coordinator", "poll.in_lesson", "poll.asked.taking_part"],
        ["poll.asked.stop"],
    )
    await office.say("geen peilingen", BOB)
    assert keys((await office.say("nieuwe peiling", BOB))[0])[-1] == "poll.asked.left_out"
    forbidden: list[Any] = [
        buttons.ShowPoll(poll=made.id),
        buttons.AdjustPoll(poll=made.id),
        buttons.SavePoll(poll=made.id, title="x"),
        buttons.TryPoll(poll=made.id),
        buttons.StartPoll(poll=made.id, seen=1),
        buttons.PausePoll(poll=made.id),
        buttons.StopPoll(poll=made.id, sure=True),
    ]
    picked = await office.press(buttons.NewPoll(template="pulse"), BOB)
    assert keys(picked)[0] == "poll.only_coordinator"
    for button in forbidden:
        assert keys(await office.press(button, BOB)) == ["poll.only_coordinator"]
    assert polls(office) == [made]


async def test_a_poll_that_is_not_there_is_told(office: PollOffice) -> None:
    said = await office.press(buttons.ShowPoll(poll=PollId(4711)), COORDINATOR)
    assert keys(said) == ["poll.gone"]


async def test_a_part_of_the_college_is_named_and_how_it_is_split(office: PollOffice) -> None:
    async with office.chat.store.begin() as work:
        units = await work.people.units()
        for number in range(30):
            who = await work.people.register(sender(f"29:x{number}"), "nl")
            team = units.teams[0] if number < 15 else units.teams[2]
            await work.people.settle(who.id, team.location, team.id)
    form = await pressed(office, await drafted(office), "poll.act.adjust")
    filled = {**fields(form), "breakdown": "sector"}
    shown = await pressed(office, form, "poll.form.save", **filled)
    assert "Uitgesplitst naar: Handel, Techniek." in lines(office, shown)
    place = next(f"l:{one.id}" for one in units.locations if one.name == "Kerngebouw")
    form = await pressed(office, shown, "poll.act.adjust")
    part = await pressed(office, form, "poll.form.save", **{**filled, "part": place})
    assert any("van Kerngebouw krijgen dit" in line for line in lines(office, part))
    again = await pressed(office, part, "poll.act.adjust")
    assert fields(again)["part"] == place


async def test_an_audience_that_a_file_made_stays_as_it_is(office: PollOffice) -> None:
    async with office.chat.store.reading() as work:
        places = frozenset(one.id for one in (await work.people.units()).locations)
    roles = frozenset({"teacher", "curator"})
    made = await office.started(schedule=soon(office), audience=Audience(roles, places))
    form = await office.press(buttons.AdjustPoll(poll=made.id), COORDINATOR)
    assert fields(form)["part"] == "keep"
    await pressed(office, form, "poll.form.store", **{**fields(form), "title": "Anders"})
    (stored,) = polls(office)
    assert (stored.form.title, stored.audience) == ("Anders", made.audience)


async def test_a_long_list_shows_what_goes_on_first(office: PollOffice) -> None:
    first = await office.started(schedule=soon(office))
    for _ in range(12):
        await office.started(schedule=soon(office, every=0))
    await office.move_to(local("vr", 12))
    (listed,) = await office.say("peilingen", COORDINATOR)
    assert "poll.list.more" in keys(listed)
    shown = [one.payload["poll"] for one in listed.buttons if "poll" in one.payload]
    assert shown == [first.id, *range(first.id + 12, first.id + 1, -1)]
