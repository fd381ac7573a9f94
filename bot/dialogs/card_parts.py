"""What the cards of a question have in common: their names, and the lines that several show."""

from collections.abc import Iterator, Sequence

from bot.core.ids import PersonId
from bot.core.reply import Block, Button, Link, Reply, Say, Words
from bot.dialogs.case import Case
from bot.routing.model import Question, State
from bot.routing.rules import LONGEST_NOTE, is_urgent

MINE, ANSWERED, WORK, CHANNEL, OPEN, OPEN_CHANNEL = (
    "question.mine",
    "question.answered",
    "question.work",
    "question.channel",
    "question.open",
    "question.open.channel",
)
"""The cards that follow a question: the asker's, the answer to it, a coach's, the coaches'
channel's, a coordinator's, their channel's."""
NEAR = "question.work.near"
MOST_NAMES = 3
MOST_SAID = 3
MOST_TALK = 300
"""Signs of what was said before on a coach's card: all must fit together."""
SHORT = 60
"""Signs of a question in a list: one line on a phone."""


def asked_lines(case: Case) -> Iterator[Block]:
    """Yield who asks what, and from where, for who may help."""
    question = case.question
    yield headline(case)
    yield Words(question.draft.text)
    if question.draft.note:
        yield Words(cut(question.draft.note, LONGEST_NOTE), "subtle")
    if question.unclaimed:
        yield from talk(case)
    places = ", ".join((*sorted(case.works.sectors), *filter(None, (case.works.location,))))
    if places:
        yield Say("question.work.from", {"name": case.asker.name, "places": places}, "subtle")


def talk(case: Case) -> Iterator[Say]:
    """Yield the last things that the asker and coaches said to each other, to who has it now.

    What was answered already is cut short: several whole texts do not fit in one card.
    """
    last = case.said[-MOST_SAID:]
    for one in last:
        text = one.text if one is last[-1] else cut(one.text, MOST_TALK)
        by = case.asker.name if one.who == case.asker.id else case.name(one.who)
        if one.who == case.question.holder or not by:
            yield Say("question.work.you_said", {"text": cut(text, MOST_TALK)}, "subtle")
        else:
            yield Say("question.work.they_said", {"name": by, "text": text})


def headline(case: Case) -> Say:
    """Return whose question it is, and that a class waits while it does."""
    question = case.question
    key = "question.work.urgent" if is_urgent(question, case.now) else "question.work.title"
    return Say(key, {"name": case.asker.name, "code": question.code}, "title")


def ended(case: Case, reader: PersonId | None) -> Say:
    """Return why there is nothing to do any more: who has it, or that it is over."""
    question = case.question
    match question.state:
        case State.WITHDRAWN:
            return Say("question.work.withdrawn", {"name": case.asker.name})
        case State.CLOSED if reader and question.holder == reader:
            return Say("question.work.solved") if question.solved else ending(question)
        case State.CLOSED:
            return Say("question.work.closed")
        case _:
            return Say("question.work.taken", {"name": case.name(question.holder)})


def ending(question: Question) -> Say:
    """Return how a question ended, for who had it and for coordinators: others need not know."""
    how = question.ending
    return Say(f"question.work.ended.{how}") if how else Say("question.work.closed")


def line(question: Question) -> str:
    """Return a question as one line of a list."""
    return f"{question.code} · {cut(' '.join(question.draft.text.split()), SHORT)}"


def cut(text: str, most: int) -> str:
    """Return a text of at most so many signs, with a sign that there was more."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def about(  # noqa: PLR0913 (the parts of a view)
    question: Question,
    view: str,
    blocks: Sequence[Block],
    pressed: tuple[Button, ...],
    *,
    links: tuple[Link, ...] = (),
    personal: bool = True,
) -> Reply:
    """Return a card that is about a question, and so is found again when that changes."""
    return Reply(
        view, tuple(blocks), pressed, personal=personal, links=links, subject=question.subject
    )
