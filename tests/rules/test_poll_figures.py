"""What came of a round: the figures add up, and nobody can be seen in them."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import PersonId, PollId, RoundId
from bot.polls.disclosure import FEWEST, HIDDEN, kept, may_add
from bot.polls.figures import Bar, Figures, GroupFigures, figures
from bot.polls.model import Answer, Asks, Breakdown, Goal, Invitation, Kind, Round
from tests.factories import asks, poll_form, poll_round

ROUND = RoundId(1)
TOOLS = asks(
    Kind.CHOICES, options=("Teams", "Forms", "Padlet", "Canva"), goal=Goal(0.8, 3), low="", high=""
)


def closed(*questions: Asks, anonymous: bool = False) -> Round:
    form = poll_form(questions=questions, anonymous=anonymous, breakdown=Breakdown.LOCATION)
    return poll_round(PollId(1), id=ROUND, form=form)


def of(question: Asks, *values: str) -> Figures:
    answers = [Answer(0, "", value, PersonId(at)) for at, value in enumerate(values)]
    invited = [Invitation(ROUND, PersonId(at)) for at in range(len(values))]
    (found,) = figures(closed(question), answers, invited)
    return found


def test_a_scale_has_how_often_each_was_given_its_mean_and_its_goal() -> None:
    found = of(asks(goal=Goal(0.6, 4)), "5", "4", "4", "2", "1")
    assert found.bars == (Bar("5", 1), Bar("4", 2), Bar("3", 0), Bar("2", 1), Bar("1", 1))
    assert (found.mean, found.share, found.reached) == (3.2, 0.6, True)
    assert not of(asks(goal=Goal(0.61, 4)), "5", "4", "4", "2", "1").reached


def test_a_goal_can_be_a_mean() -> None:
    assert of(asks(goal=Goal(0, 4)), "5", "4", "4", "4", "3").reached
    assert not of(asks(goal=Goal(0, 4)), "5", "4", "4", "3", "3").reached
    assert not of(asks(), "5", "5", "5", "5", "5").reached


def test_of_several_options_it_counts_how_many_chose_enough() -> None:
    found = of(TOOLS, "0,1,2", "0,1,2,3", "0", "", "1,2,3")
    assert found.bars == (Bar("Teams", 3), Bar("Forms", 3), Bar("Padlet", 3), Bar("Canva", 2))
    assert (found.mean, found.share, found.reached) == (None, 0.6, False)


def test_one_option_and_numbers_are_counted() -> None:
    choice = of(asks(Kind.CHOICE, options=("Dit", "Dat")), "0", "0", "1", "0", "0")
    assert choice.bars == (Bar("Dit", 4), Bar("Dat", 1))
    number = of(asks(Kind.NUMBER, goal=Goal(0.6, 4)), "10", "4", "2", "4", "0")
    assert number.bars == (Bar("0", 1), Bar("2", 1), Bar("4", 2), Bar("10", 1))
    assert (number.mean, number.reached) == (4.0, True)


def test_words_stand_in_an_order_that_is_not_that_of_the_people() -> None:
    assert of(asks(Kind.OPEN), "Zo", "aan", "Bij", "en", "door").said == (
        "aan",
        "Bij",
        "door",
        "en",
        "Zo",
    )


def test_fewer_than_five_answers_show_nothing_but_that() -> None:
    found = of(asks(goal=Goal(0.5, 1)), "5", "5", "5", "5")
    assert found == Figures(asks(goal=Goal(0.5, 1)), 4)
    assert not found.enough
    assert not found.reached


sizes = st.lists(st.tuples(st.integers(10, 25), st.integers(0, 25)), min_size=1, max_size=5)


@given(sizes, st.data())
def test_the_groups_that_are_shown_are_large_enough_whether_secret_or_not(
    cells: list[tuple[int, int]], data: st.DataObject
) -> None:
    invited, answers = [], []
    for at, (size, wanted) in enumerate(cells):
        for number in range(size):
            who = PersonId(at * 100 + number)
            invited.append(Invitation(ROUND, who, f"g{at}"))
            if number < wanted:
                answers.append(Answer(0, f"g{at}", data.draw(st.sampled_from("12345")), who))
    named = figures(closed(asks()), answers, invited)[0]
    stored = kept(
        {f"g{at}": size for at, (size, _) in enumerate(cells)},
        [(one.group, one.value) for one in answers],
    )
    nobodys = [Answer(0, group, value) for group, value in stored]
    (found,) = figures(closed(asks(), anonymous=True), nobodys, invited)
    assert all(group.answered >= FEWEST for group in (*named.groups, *found.groups))
    if len(answers) >= FEWEST and len(cells) > 1:
        # When all who are hidden said about the same, the means of the others would tell it.
        hidden = [int(value) for group, value in stored if group == HIDDEN]
        assert found == (named if may_add(hidden, 1, 5) else replace(named, groups=()))


def test_a_group_has_its_mean_or_its_share_of_the_goal() -> None:
    invited = [Invitation(ROUND, PersonId(at), "A" if at < 12 else "B") for at in range(24)]

    def answered(question: Asks, value: str) -> tuple[GroupFigures, ...]:
        given = [Answer(0, one.group, value, one.person) for one in invited]
        return figures(closed(question), given, invited)[0].groups

    assert answered(asks(), "4") == (GroupFigures("A", 12, 4.0), GroupFigures("B", 12, 4.0))
    assert answered(TOOLS, "0,1,2")[0] == GroupFigures("A", 12, None, 1.0)
    assert answered(asks(Kind.OPEN), "x") == ()
    assert answered(asks(Kind.CHOICE, options=("a", "b")), "0") == ()


def test_of_groups_nothing_is_told_that_says_what_all_hidden_ones_answered() -> None:
    def told(question: Asks, hidden: str) -> tuple[GroupFigures, ...]:
        given = [Answer(0, "A", "4")] * 6 + [Answer(0, "", value) for value in hidden]
        return figures(closed(question, anonymous=True), given, [])[0].groups

    number = asks(Kind.NUMBER, goal=Goal(0.5, 1))
    assert told(number, "0" * 12) == ()
    assert told(number, "0" * 10 + "5") == (GroupFigures("A", 6, 4.0),)
    assert told(number, "0" * 6 + "1" * 6) == (GroupFigures("A", 6, 4.0, 1.0),)
    scale = asks(goal=Goal(0.5, 4))
    assert told(scale, "1" * 12) == ()
    assert told(scale, "5" * 12) == ()
    assert told(scale, "1" * 9 + "5" * 3) == (GroupFigures("A", 6, 4.0),)
