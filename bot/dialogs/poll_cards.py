"""What a poll looks like to who is asked. Pure.

Nothing here says what somebody answered: a card is stored with its reader, in a secret poll too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.core import poll_buttons as buttons
from bot.core.buttons import Payload
from bot.core.ids import PollId, RoundId
from bot.core.reply import Block, Button, Choose, Field, Option, Reply, Say, Value, Words
from bot.core.when import on_day
from bot.polls import rules
from bot.polls.model import Asks, Form, Kind, Round, Vote

QUESTION, THANKS, OVER, TOLD = "poll.question", "poll.thanks", "poll.over", "poll.told"
VALUE = "value"


@dataclass(frozen=True)
class Asking:
    """A question as it is shown: which one of a form, and what pressing an answer sends."""

    form: Form
    question: int
    pressed: Payload

    @property
    def asks(self) -> Asks:
        return self.form.questions[self.question]

    def sends(self, value: str) -> dict[str, object]:
        return {**self.pressed.encode(), VALUE: value}


def subject_of(which: RoundId) -> str:
    """Return what names a round in messages about it."""
    return f"round:{which}"


def thing_of(which: PollId) -> str:
    """Return the name under which the occasions of a poll are recorded."""
    return f"poll:{which}"


def invitation(known: Round, zone: ZoneInfo) -> Reply:
    """Return the first question, with what the poll is and how to be left alone."""
    asking = Asking(known.form, 0, buttons.AnswerPoll(round=known.id))
    lost = (Say("poll.card.lost"),) if known.lost else ()
    blocks = (*lost, *_asked(asking), _until(known, zone), Say("poll.card.stop", style="subtle"))
    return _about(known, QUESTION, blocks, _answers(asking))


def reminder(known: Round, zone: ZoneInfo) -> Reply:
    """Return the first question again, to who answered none."""
    asking = Asking(known.form, 0, buttons.AnswerPoll(round=known.id))
    said = Say("poll.card.reminder", {"title": known.form.title}, "title")
    blocks = (said, *_asked(asking, title=False), _until(known, zone))
    return _about(
        known, QUESTION, (*blocks, Say("poll.card.stop", style="subtle")), _answers(asking)
    )


def question(known: Round, which: int, zone: ZoneInfo, trouble: str = "") -> Reply:
    """Return one question in the place of the card that was pressed."""
    asking = Asking(known.form, which, buttons.AnswerPoll(round=known.id, question=which))
    # The only one that names a figure is that of a number.
    wrong = (Say(trouble, {"most": rules.LARGEST_NUMBER}),) if trouble else ()
    blocks = (*_asked(asking), *wrong, _until(known, zone))
    return _about(known, QUESTION, blocks, _answers(asking), replaces=True)


def thanks(known: Round, zone: ZoneInfo) -> Reply:
    """Return that all is answered, until when it can be changed, and what becomes of it."""
    blocks: tuple[Block, ...] = (
        Say("poll.thanks.title", style="title"),
        Say("poll.thanks.until", {"when": on_day(known.closes, zone)}),
        _secrecy(known.form),
    )
    change = Button(Say("poll.thanks.change"), buttons.ChangeAnswers(round=known.id).encode())
    return _about(known, THANKS, blocks, (change,), replaces=True)


def change(known: Round, vote: Vote) -> Reply:
    """Return the questions of a round, to pick the one to answer anew."""
    rows = tuple(
        Button(
            Words(f"{number + 1} · {one.text}"),
            buttons.ShowPollQuestion(round=known.id, question=number).encode(),
        )
        for number, one in enumerate(known.form.questions)
    )
    left = len(known.form.questions) - len(vote)
    said = Say("poll.change.left", {"left": left}) if left else Say("poll.change.all")
    blocks = (Say("poll.change.title", style="title"), said)
    return _about(known, QUESTION, blocks, rows, replaces=True)


def over(known: Round, zone: ZoneInfo) -> Reply:
    """Return that a round is closed, and that this is no harm."""
    data: dict[str, Value] = {"title": known.form.title, "when": on_day(known.closes, zone)}
    blocks = (Say("poll.over.title", data, "title"), Say("poll.over.thanks"))
    return _about(known, OVER, blocks, (), replaces=True)


def asked(*, asked: bool) -> Reply:
    """Return whether someone is asked from now on, with one tap to change that."""
    key, other = ("wanted", "stop") if asked else ("declined", "again")
    back = Button(Say(f"poll.asked.{other}"), buttons.AskedInPolls(asked=not asked).encode())
    return Reply(TOLD, (Say(f"poll.asked.{key}"),), (back,), personal=True)


def told(key: str, **data: str | int) -> Reply:
    """Return a sentence about polls."""
    return Reply(TOLD, (Say(key, data),), personal=True)


def shown(asking: Asking) -> tuple[tuple[Block, ...], tuple[Button, ...]]:
    """Return a question as who is asked will see it."""
    return tuple(_asked(asking)), _answers(asking)


def _asked(asking: Asking, *, title: bool = True) -> Iterator[Block]:
    form, asks = asking.form, asking.asks
    if title:
        # A phone's notification says the loudest first: that is the question.
        yield Words(form.title, "subtle")
    if len(form.questions) > 1:
        data = {"number": asking.question + 1, "of": len(form.questions)}
        yield Say("poll.card.progress", data, "subtle")
    yield Words(asks.text, "title")
    match asks.kind:
        case Kind.CHOICES:
            options = tuple(
                Option(Words(one), str(number)) for number, one in enumerate(asks.options)
            )
            yield Choose(Say("poll.card.choices"), VALUE, options, many=True)
        case Kind.NUMBER:
            yield Field(Say("poll.card.number"), VALUE, needed=True, most=len("9999"))
        case Kind.OPEN:
            yield Say("poll.card.open_hint", style="subtle")
            yield Field(
                Say("poll.card.open"), VALUE, lines=True, needed=True, most=rules.LONGEST_ANSWER
            )
        case Kind.SCALE | Kind.CHOICE:
            pass
    yield _secrecy(form)


def _secrecy(form: Form) -> Say:
    return Say(f"poll.card.{'secret' if form.anonymous else 'named'}", style="subtle")


def _until(known: Round, zone: ZoneInfo) -> Say:
    return Say("poll.card.until", {"when": on_day(known.closes, zone)}, "subtle")


def _answers(asking: Asking) -> tuple[Button, ...]:
    asks = asking.asks
    match asks.kind:
        case Kind.SCALE:
            return tuple(
                Button(_degree(asks, near), asking.sends(str(near)), line=True)
                for near in reversed(rules.SCALE)
            )
        case Kind.CHOICE:
            return tuple(
                Button(Words(one), asking.sends(str(number)))
                for number, one in enumerate(asks.options)
            )
        case Kind.CHOICES | Kind.NUMBER | Kind.OPEN:
            return (Button(Say("poll.card.send"), asking.sends(""), form=True),)


def _degree(asks: Asks, near: int) -> Say | Words:
    word = {min(rules.SCALE): asks.low, max(rules.SCALE): asks.high}.get(near, "")
    return Words(f"{near} · {word}" if word else str(near))


def _about(
    known: Round,
    view: str,
    blocks: Sequence[Block],
    pressed: tuple[Button, ...],
    *,
    replaces: bool = False,
) -> Reply:
    return Reply(
        view,
        tuple(blocks),
        pressed,
        replaces=replaces,
        personal=True,
        subject=subject_of(known.id),
    )
