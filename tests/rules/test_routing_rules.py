"""Who may do what to a question from where, and what it comes to."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import PersonId, QuestionId
from bot.proximity.model import Absence, Availability, Candidate
from bot.routing import changes, rules
from bot.routing.model import Act, Actor, Ending, Event, Presser, Question, Refusal, Standing, State
from tests.factories import draft

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ASKER, HOLDER, OTHER, BOSS = (PersonId(number) for number in (1, 2, 3, 4))
OPEN, OFFERED, CLAIMED, ANSWERED, CLOSED, WITHDRAWN = State
UNCLAIMED, HELD = {OPEN, OFFERED}, {CLAIMED, ANSWERED}

PEOPLE: dict[str, Presser | None] = {
    "asker": Presser(ASKER),
    "asker who coaches": Presser(ASKER, coach=True),
    "holder": Presser(HOLDER, coach=True),
    "holder who coaches no more": Presser(HOLDER),
    "holder who coordinates": Presser(HOLDER, coach=True, coordinator=True),
    "coach": Presser(OTHER, coach=True),
    "coordinator": Presser(BOSS, coordinator=True),
    "coordinator who coaches": Presser(BOSS, coach=True, coordinator=True),
    "colleague": Presser(OTHER),
    "time": None,
}
ASKERS = {"asker", "asker who coaches"}
HOLDERS = {"holder", "holder who coordinates"}
COACHES = {*HOLDERS, "coach", "coordinator who coaches"}
COORDINATORS = {"holder who coordinates", "coordinator", "coordinator who coaches"}

# As the design says it, apart from how the rules do.
MAY: dict[Act, list[tuple[set[str], set[State]]]] = {
    Act.OFFER: [({"time"}, UNCLAIMED)],
    Act.EDIT: [(ASKERS, UNCLAIMED)],
    Act.WITHDRAW: [(ASKERS, {OPEN, OFFERED, CLAIMED})],
    Act.CLAIM: [(COACHES, UNCLAIMED)],
    Act.RELEASE: [(HOLDERS, HELD), ({"time"}, HELD)],
    Act.HAND_OVER: [(HOLDERS, HELD)],
    Act.ASSIGN: [(COORDINATORS, UNCLAIMED | HELD)],
    Act.ANSWER: [(HOLDERS, HELD)],
    Act.ASK_BACK: [(HOLDERS, HELD)],
    Act.ADD: [(ASKERS, UNCLAIMED | HELD)],
    Act.SOLVED: [(ASKERS, {ANSWERED})],
    Act.NOT_SOLVED: [(ASKERS, {ANSWERED})],
    Act.CLOSE: [(HOLDERS, HELD), (COORDINATORS, UNCLAIMED | HELD)],
    Act.REOPEN: [(ASKERS, {CLOSED})],
    Act.RATE: [(ASKERS, {CLOSED})],
    Act.EXPIRE: [({"time"}, {ANSWERED})],
    Act.REMIND: [({"time"}, {CLAIMED})],
}


def question(state: State = CLAIMED, **changes: Any) -> Question:
    """Return a question as it is in a state; whoever has it, or had it, is HOLDER."""
    holder = None if state in UNCLAIMED else HOLDER
    ended = NOW - DAY if state in (CLOSED, WITHDRAWN) else None
    base = Question(QuestionId(12), draft(ASKER), state, NOW - DAY, holder=holder, closed=ended)
    return replace(base, **changes)


def why(act: Act, state: State, who: str) -> Refusal | None:
    return rules.refusal(act, question(state), PEOPLE[who], NOW)


# The table


def test_everything_but_sending_is_done_to_a_question_that_is_there() -> None:
    assert set(Act) - set(MAY) == {Act.SEND}
    assert set(rules.ALLOWED) == set(MAY)


@pytest.mark.parametrize("act", MAY)
def test_only_what_the_table_says_is_done(act: Act) -> None:
    done = {(who, state) for who, state in product(PEOPLE, State) if why(act, state, who) is None}
    assert done == {pair for who, states in MAY[act] for pair in product(who, states)}


@pytest.mark.parametrize(
    ("act", "who", "state", "reason"),
    [
        # Two coaches at once, and one who presses twice.
        (Act.CLAIM, "coach", CLAIMED, Refusal.TAKEN),
        (Act.CLAIM, "coach", ANSWERED, Refusal.TAKEN),
        (Act.CLAIM, "holder", CLAIMED, Refusal.HAVE_IT),
        (Act.CLAIM, "holder", ANSWERED, Refusal.HAVE_IT),
        (Act.CLAIM, "holder", CLOSED, Refusal.CLOSED),
        (Act.CLAIM, "coach", CLOSED, Refusal.CLOSED),
        (Act.CLAIM, "coach", WITHDRAWN, Refusal.WITHDRAWN),
        (Act.CLAIM, "holder", WITHDRAWN, Refusal.WITHDRAWN),
        # Who may not claim at all.
        (Act.CLAIM, "asker who coaches", OFFERED, Refusal.OWN),
        (Act.CLAIM, "asker", OFFERED, Refusal.NO_COACH),
        (Act.CLAIM, "colleague", OFFERED, Refusal.NO_COACH),
        (Act.CLAIM, "coordinator", OFFERED, Refusal.NO_COACH),
        (Act.CLAIM, "holder who coaches no more", CLAIMED, Refusal.NO_COACH),
        # The asker, too late or too early.
        (Act.EDIT, "asker", CLAIMED, Refusal.TAKEN),
        (Act.EDIT, "asker", ANSWERED, Refusal.TAKEN),
        (Act.EDIT, "asker", CLOSED, Refusal.CLOSED),
        (Act.EDIT, "asker", WITHDRAWN, Refusal.WITHDRAWN),
        (Act.WITHDRAW, "asker", ANSWERED, Refusal.TAKEN),
        (Act.WITHDRAW, "asker", CLOSED, Refusal.CLOSED),
        (Act.WITHDRAW, "asker", WITHDRAWN, Refusal.WITHDRAWN),
        (Act.ADD, "asker", CLOSED, Refusal.CLOSED),
        (Act.SOLVED, "asker", CLAIMED, Refusal.NOT_ANSWERED),
        (Act.SOLVED, "asker", CLOSED, Refusal.CLOSED),
        (Act.NOT_SOLVED, "asker", CLAIMED, Refusal.NOT_ANSWERED),
        (Act.REOPEN, "asker", WITHDRAWN, Refusal.WITHDRAWN),
        (Act.REOPEN, "asker", OPEN, Refusal.NOT_TAKEN),
        (Act.REOPEN, "asker", CLAIMED, Refusal.NOT_ANSWERED),
        (Act.RATE, "asker", WITHDRAWN, Refusal.WITHDRAWN),
        # What is somebody else's.
        (Act.EDIT, "coach", OPEN, Refusal.NOT_YOURS),
        (Act.WITHDRAW, "holder", CLAIMED, Refusal.NOT_YOURS),
        (Act.REOPEN, "holder", CLOSED, Refusal.NOT_YOURS),
        (Act.RATE, "colleague", CLOSED, Refusal.NOT_YOURS),
        (Act.ANSWER, "coach", CLAIMED, Refusal.TAKEN),
        (Act.RELEASE, "coordinator who coaches", CLAIMED, Refusal.TAKEN),
        (Act.CLOSE, "coach", ANSWERED, Refusal.TAKEN),
        (Act.ANSWER, "coach", CLOSED, Refusal.CLOSED),
        (Act.ANSWER, "coach", WITHDRAWN, Refusal.WITHDRAWN),
        (Act.ASSIGN, "holder", CLAIMED, Refusal.NOT_COORDINATOR),
        (Act.ASSIGN, "coordinator", CLOSED, Refusal.CLOSED),
        (Act.CLOSE, "coordinator", CLOSED, Refusal.CLOSED),
        # Of nobody any more: it was given back.
        (Act.RELEASE, "coach", OFFERED, Refusal.NOT_TAKEN),
        (Act.ANSWER, "holder", OPEN, Refusal.NOT_TAKEN),
        # The card is of before; who presses it, is judged as they are now.
        (Act.ANSWER, "holder who coaches no more", CLAIMED, Refusal.NO_COACH),
        (Act.RELEASE, "holder who coaches no more", CLAIMED, Refusal.NO_COACH),
        (Act.HAND_OVER, "holder who coaches no more", ANSWERED, Refusal.NO_COACH),
        (Act.CLOSE, "holder who coaches no more", ANSWERED, Refusal.NO_COACH),
        (Act.ANSWER, "coordinator", CLAIMED, Refusal.NO_COACH),
        (Act.ANSWER, "colleague", CLAIMED, Refusal.NO_COACH),
        (Act.EXPIRE, "time", CLOSED, Refusal.CLOSED),
        (Act.EXPIRE, "holder", ANSWERED, Refusal.GONE),
    ],
)
def test_what_is_refused_has_a_fitting_reason(
    act: Act, who: str, state: State, reason: Refusal
) -> None:
    assert why(act, state, who) is reason


@pytest.mark.parametrize("act", MAY)
def test_no_reason_says_what_is_not_so(act: Act) -> None:
    for state, (who, presser) in product(State, PEOPLE.items()):
        true_when = {
            Refusal.TAKEN: state in HELD,
            Refusal.HAVE_IT: state in HELD and presser and presser.person == HOLDER,
            Refusal.NOT_TAKEN: state in UNCLAIMED,
            Refusal.NOT_ANSWERED: state is CLAIMED,
            Refusal.CLOSED: state is CLOSED,
            Refusal.WITHDRAWN: state is WITHDRAWN,
            Refusal.NO_COACH: who not in COACHES | {"asker who coaches"},
            Refusal.OWN: who == "asker who coaches",
            Refusal.NOT_YOURS: who not in ASKERS,
            Refusal.NOT_COORDINATOR: who not in COORDINATORS,
            Refusal.GONE: who != "time",
        }
        reason = why(act, state, who)
        assert reason is None or true_when[reason], (state, who, reason)


@pytest.mark.parametrize(
    ("ago", "reason"),
    [
        (timedelta(), None),
        (7 * DAY, None),
        (7 * DAY + timedelta(microseconds=1), Refusal.TOO_LATE),
        (365 * DAY, Refusal.TOO_LATE),
    ],
)
def test_a_question_is_opened_again_within_a_week(ago: timedelta, reason: Refusal | None) -> None:
    closed = question(CLOSED, closed=NOW - ago)
    assert rules.refusal(Act.REOPEN, closed, PEOPLE["asker"], NOW) is reason


def test_a_question_is_rated_however_long_ago_it_closed() -> None:
    long_ago = question(CLOSED, closed=NOW - 30 * DAY)
    assert rules.refusal(Act.RATE, long_ago, PEOPLE["asker"], NOW) is None


def test_a_coordinator_may_close_their_own_question() -> None:
    own = Presser(ASKER, coordinator=True)
    assert rules.refusal(Act.CLOSE, question(OFFERED), own, NOW) is None


@pytest.mark.parametrize("state", State)
def test_urgent_is_what_a_class_waits_for_until_it_is_gone(state: State) -> None:
    waits = state in {*UNCLAIMED, CLAIMED}
    hurry = question(state, draft=replace(draft(ASKER), urgent=True), created=NOW)
    assert rules.is_urgent(hurry, NOW + 89 * MINUTE) is waits
    assert not rules.is_urgent(hurry, NOW + 90 * MINUTE)
    assert not rules.is_urgent(question(state, created=NOW), NOW)


# What it comes to

states = st.sampled_from(list(State))
moments = st.integers(0, 10_000).map(lambda ago: NOW - ago * MINUTE)
maybe = st.none() | moments
people = st.sampled_from([HOLDER, OTHER, BOSS])
questions = st.builds(
    Question,
    st.just(QuestionId(12)),
    st.just(draft(ASKER)),
    states,
    moments,
    version=st.integers(1, 50),
    ring=st.integers(0, 4),
    round=st.integers(1, 5),
    holder=st.none() | people,
    due=maybe,
    claimed=maybe,
    answered=maybe,
    closed=maybe,
    answer=st.sampled_from(["", "Zo."]),
    solved=st.none() | st.booleans(),
    felt=st.none() | st.integers(1, 5),
    proximity=st.none() | st.floats(0, 1),
    claim_minutes=st.none() | st.floats(0, 999),
    ending=st.none() | st.sampled_from(list(Ending)),
)
acts = st.sampled_from(list(MAY))


def after(act: Act, before: Question, text: str = "tekst") -> Question:
    return changes.after(act, before, BOSS, OTHER, text, NOW, Ending.UNSOLVED)


@given(acts, questions)
def test_whatever_happens_the_version_grows_by_one(act: Act, before: Question) -> None:
    assert after(act, before).version == before.version + 1


@given(acts, questions)
def test_what_ends_has_an_ending_and_what_goes_on_again_has_none(
    act: Act, before: Question
) -> None:
    now = after(act, before)
    if now.state in (CLOSED, WITHDRAWN) and now.state is not before.state:
        assert now.ending is Ending.UNSOLVED
    if act is Act.REOPEN:
        assert now.ending is None


@pytest.mark.parametrize("act", Act)
def test_only_who_closes_chooses_how_it_ended(act: Act) -> None:
    follows = {
        Act.SOLVED: Ending.BY_ASKER,
        Act.EXPIRE: Ending.EXPIRED,
        Act.WITHDRAW: Ending.WITHDRAWN,
    }
    may = {Ending.SOLVED, Ending.ELSEWHERE, Ending.UNSOLVED, Ending.NOT_NEEDED}
    for chosen in (None, *Ending):
        found = rules.ending(act, chosen)
        if act is Act.CLOSE:
            assert found == (chosen if chosen in may else Refusal.NO_ENDING)
        else:
            assert found == follows.get(act)


@given(acts, questions)
def test_who_asked_what_when_never_changes(act: Act, before: Question) -> None:
    now = after(act, before)
    assert (now.id, now.created) == (before.id, before.created)
    kept = now.draft if act is not Act.EDIT else replace(now.draft, text=before.draft.text)
    assert kept == before.draft


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (Act.OFFER, OFFERED),
        (Act.CLAIM, CLAIMED),
        (Act.HAND_OVER, CLAIMED),
        (Act.ASSIGN, CLAIMED),
        (Act.ASK_BACK, CLAIMED),
        (Act.NOT_SOLVED, CLAIMED),
        (Act.RELEASE, OPEN),
        (Act.ANSWER, ANSWERED),
        (Act.SOLVED, CLOSED),
        (Act.CLOSE, CLOSED),
        (Act.EXPIRE, CLOSED),
        (Act.WITHDRAW, WITHDRAWN),
    ],
)
@given(questions)
def test_each_act_leads_to_one_state(act: Act, state: State, before: Question) -> None:
    assert after(act, before).state is state


@given(questions)
def test_what_is_added_brings_it_back_to_who_has_it_and_else_nowhere(before: Question) -> None:
    assert after(Act.ADD, before).state is (CLAIMED if before.held else before.state)


@given(questions)
def test_opened_again_it_goes_to_who_had_it_or_else_from_the_start(before: Question) -> None:
    opened = after(Act.REOPEN, before)
    assert opened.state is (CLAIMED if before.holder else OPEN)
    assert opened.round == before.round + (before.holder is None)


@pytest.mark.parametrize("act", [Act.EDIT, Act.RATE])
@given(questions)
def test_changing_a_text_and_rating_leave_it_where_it_is(act: Act, before: Question) -> None:
    now = after(act, before)
    changed = {
        one.name for one in fields(now) if getattr(now, one.name) != getattr(before, one.name)
    }
    assert changed <= {"version", "draft"}
    assert (act is Act.EDIT) == (now.draft.text == "tekst")


@given(questions)
def test_who_claims_holds_it(before: Question) -> None:
    now = after(Act.CLAIM, before)
    assert (now.holder, now.claimed, now.due) == (BOSS, NOW, NOW)


@pytest.mark.parametrize("act", [Act.HAND_OVER, Act.ASSIGN])
@given(questions)
def test_who_is_given_it_holds_it_and_inherits_no_figures(act: Act, before: Question) -> None:
    now = after(act, before)
    assert (now.holder, now.claimed, now.due) == (OTHER, NOW, NOW)
    # How near and how quick the one before was, is not how near and how quick this one is.
    assert (now.proximity, now.claim_minutes) == (None, None)


@given(questions)
def test_what_is_given_back_is_offered_from_the_start_in_a_new_round(before: Question) -> None:
    for now in (after(Act.RELEASE, before), changes.reopened_without_holder(before, NOW)):
        assert (now.state, now.ring, now.round) == (OPEN, 0, before.round + 1)
        assert (now.holder, now.claimed, now.due) == (None, None, NOW)
        assert (now.proximity, now.claim_minutes) == (None, None)
        assert now.version == before.version + 1


@given(questions)
def test_an_answer_is_kept_with_its_moment(before: Question) -> None:
    now = after(Act.ANSWER, before)
    assert (now.answer, now.answered, now.holder) == ("tekst", NOW, before.holder)


@pytest.mark.parametrize("act", [Act.ASK_BACK, Act.ADD, Act.NOT_SOLVED])
@given(questions)
def test_a_question_that_is_talked_about_does_not_close_by_itself(
    act: Act, before: Question
) -> None:
    now = after(act, before)
    unheld = act is Act.ADD and not before.held  # for somebody who picks it up
    due, state = (before.due, before.state) if unheld else (NOW, CLAIMED)
    assert (now.state, now.due, now.holder) == (state, due, before.holder)


@pytest.mark.parametrize("act", [Act.SOLVED, Act.CLOSE, Act.EXPIRE, Act.WITHDRAW])
@given(questions)
def test_what_ends_is_due_no_more_and_keeps_who_helped(act: Act, before: Question) -> None:
    now = after(act, before)
    assert (now.closed, now.due, now.holder) == (NOW, None, before.holder)
    assert now.solved is (True if act is Act.SOLVED else before.solved)


def happened(*acts: Act) -> list[Event]:
    """Return events, a day between each and the next."""
    return [Event(QuestionId(12), act, NOW + at * DAY) for at, act in enumerate(acts)]


@pytest.mark.parametrize(
    ("acts", "days", "whom"),
    [
        ((Act.CLAIM,), 0, Actor.HOLDER),
        ((Act.CLAIM, Act.REMIND), 1, Actor.COORDINATOR),
        ((Act.CLAIM, Act.REMIND, Act.REMIND), 2, None),
        ((Act.CLAIM, Act.REMIND, Act.HAND_OVER), 2, Actor.HOLDER),
        ((Act.CLAIM, Act.ANSWER, Act.NOT_SOLVED), 2, Actor.HOLDER),
        ((Act.CLAIM, Act.REMIND, Act.ASK_BACK), 2, Actor.ASKER),
        ((Act.CLAIM, Act.ASK_BACK, Act.REMIND), 2, None),
        ((Act.CLAIM, Act.ASK_BACK, Act.REMIND, Act.ADD), 3, Actor.HOLDER),
    ],
)
def test_who_is_at_turn_is_reminded_and_a_coordinator_only_of_the_holder(
    acts: tuple[Act, ...], days: int, whom: Actor | None
) -> None:
    assert changes.silence(happened(Act.SEND, *acts)) == (NOW + (days + 1) * DAY, whom)


@given(questions)
def test_what_is_opened_again_is_its_coachs_and_not_yet_rated(before: Question) -> None:
    now = after(Act.REOPEN, before)
    assert (now.holder, now.closed, now.solved, now.felt) == (before.holder, None, None, None)


@given(st.lists(st.tuples(acts, st.sampled_from(list(PEOPLE))), max_size=30))
def test_whatever_is_pressed_a_question_stays_whole(presses: list[tuple[Act, str]]) -> None:
    now = question(OPEN, due=NOW)
    for act, who in presses:
        presser = PEOPLE[who]
        if rules.refusal(act, now, presser, NOW) is None:
            now = changes.after(act, now, presser.person if presser else None, OTHER, "tekst", NOW)
    if now.held:
        assert now.holder is not None
    if now.unclaimed:
        assert (now.holder, now.closed) == (None, None)
        assert now.due is not None
    if now.state in (CLOSED, WITHDRAWN):
        assert (now.closed, now.due) == (NOW, None)


# What is known of a coach


def test_a_coach_is_known_with_what_stored_events_say() -> None:
    plain = Candidate(HOLDER, available=Availability(until=NOW + DAY, max_open=3))
    standing = Standing(open=2, offered=3, claim_minutes=12.5, helped=True, assigned=NOW - DAY)
    absence = Absence()
    assert rules.known(plain, {HOLDER: standing}, {HOLDER: absence}) == replace(
        plain,
        available=replace(plain.available, open=2, offered=3, claim_minutes=12.5, absence=absence),
        helped=True,
        assigned=NOW - DAY,
    )


def test_a_coach_of_whom_nothing_is_stored_holds_nothing() -> None:
    plain = Candidate(HOLDER)
    known = rules.known(plain, {OTHER: Standing(open=5)}, {OTHER: Absence()})
    assert known == replace(plain, available=replace(plain.available, open=0))
