"""The section of a summary that tells of the polls which closed in the week."""

from collections.abc import Iterator, Mapping

from bot.core.plural import plural
from bot.core.poll_buttons import ShowPollResults
from bot.core.reply import Amount, Block, Button, Chart, Say, Value, Words
from bot.dialogs.card_parts import cut
from bot.dialogs.summary_asked import LONGEST_TITLE, asked, is_cut, shown_polls
from bot.dialogs.summary_charts import shown
from bot.summary.report import Asked, Figures, PollRound


def polls(figures: Figures, known: Mapping[str, Chart]) -> Iterator[Block]:
    """Yield what came of each round, as far as it fits; what does not, is pointed at."""
    found = list(asked(figures))
    told = shown_polls(figures)
    for place, poll in enumerate(told):
        yield from _response(poll)
        mine = [(number, one) for at, number, one in found if at == place]
        for number, one in mine:
            charts = (f"answers_{place}_{number}", f"trend_{place}_{number}")
            yield from _question(one, [known[name] for name in charts if name in known])
        if len(mine) < len(poll.questions):
            yield Say("summary.more_asked", style="subtle")
    if left := len(figures.polls) - len(told):
        yield Say("summary.more_polls", {"count": left})


def rounds(figures: Figures) -> Iterator[Button]:
    """Yield what opens all that came of each round, with what people wrote."""
    for one in shown_polls(figures):
        if one.poll and one.round:
            shows = ShowPollResults(poll=one.poll, round=one.round).encode()
            title = cut(one.title, LONGEST_TITLE)
            yield Button(Say("summary.all_results", {"title": title}), shows, line=True)


def _response(poll: PollRound) -> Iterator[Block]:
    yield Words(poll.title, "title")
    data: dict[str, Value] = {"answered": poll.answered, "unreachable": poll.unreachable}
    data |= {"invited": poll.invited - poll.unreachable}
    data |= {"response": shown(poll.response, "from_faq")}
    yield Say(plural("summary.response", poll.answered), data)


def _question(one: Asked, charts: list[Chart]) -> Iterator[Block]:
    if one.counts is None:
        yield Words(one.text)
        yield Say("summary.poll_too_few", style="subtle")
    yield from charts
    if one.mean is not None and is_cut(one):
        yield Say("summary.poll_cut", {"mean": Amount(one.mean, "points")}, "subtle")
    if one.target is not None:
        goal = {"target": shown(one.target, "from_faq")}
        yield Say("summary.target", {**goal, "reached": shown(one.reached, "from_faq")})
    if one.least is not None and one.mean is not None:
        yield Say("summary.target_mean", {"least": one.least, "mean": Amount(one.mean, "points")})
