"""What a question looks like to coordinators, and to whom it can go. Pure."""

from zoneinfo import ZoneInfo

from bot.core import buttons
from bot.core.ids import PersonId
from bot.core.redaction import without_contacts
from bot.core.reply import Block, Button, Choose, Option, Reply, Say, Words
from bot.core.when import on_day
from bot.dialogs.card_parts import (
    OPEN,
    OPEN_CHANNEL,
    about,
    asked_lines,
    ended,
    ending,
    headline,
)
from bot.dialogs.case import Case
from bot.people.model import Person
from bot.routing import rings
from bot.routing.model import Question, State


def coordinators(case: Case, zone: ZoneInfo) -> Reply:
    """Return a coordinator's card: how long it is open, who has it, and to whom it can go."""
    question = case.question
    alone = question.unclaimed and question.ring >= rings.LAST
    blocks: list[Block] = [Say("question.open.nobody")] if alone else []
    blocks += asked_lines(case)
    blocks.append(_since(case, zone))
    if question.unclaimed:
        blocks.append(_who_was_asked(case))
    else:
        closed = question.state is State.CLOSED
        blocks.append(ending(question) if closed else ended(case, None))
    pressed: tuple[Button, ...] = ()
    if question.unclaimed or question.held:
        blocks.append(colleagues(case, Say("question.open.assign")))
        pressed = _give_or_close(question)
    return about(question, OPEN, blocks, pressed)


def coordinators_channel(case: Case, zone: ZoneInfo) -> Reply:
    """Return the card in the coordinators' channel: to whom can it go, or where is it now.

    As in the coaches' channel it has no note and no numbers, and once it is settled no text.
    """
    question = case.question
    if not question.unclaimed:
        settled = [headline(case), ended(case, None)]
        return about(question, OPEN_CHANNEL, settled, (), personal=False)
    blocks: list[Block] = [
        Say("question.open.nobody"),
        headline(case),
        Words(without_contacts(question.draft.text)),
        _since(case, zone),
        _who_was_asked(case),
        colleagues(case, Say("question.open.assign")),
    ]
    pressed = _give_or_close(question)
    return about(question, OPEN_CHANNEL, blocks, pressed, personal=False)


def _since(case: Case, zone: ZoneInfo) -> Say:
    since = on_day(case.question.created, zone)
    return Say("question.open.since", {"when": since}, "subtle")


def _who_was_asked(case: Case) -> Say:
    asked = [name for one in case.offers if (name := case.name(one.coach))]
    return Say("question.open.asked", {"names": ", ".join(asked) or "—"})


def _give_or_close(question: Question) -> tuple[Button, ...]:
    assign = buttons.Assign(question=question.id)
    return (
        Button(Say("question.open.give"), assign.encode(), form=True),
        Button(Say("question.work.close"), _close(question).encode()),
    )


def _close(question: Question) -> buttons.CloseQuestion:
    return buttons.CloseQuestion(question=question.id)


def colleagues(case: Case, label: Say, but: PersonId | None = None) -> Choose:
    """Return the list of coaches that a question can go to; who is away stands last."""
    not_to = (but, case.question.holder, case.asker.id)
    there = [one for one in case.coaches.values() if one.person.id not in not_to]
    options = tuple(
        Option(_name(one.person, case), str(one.person.id))
        for one in sorted(there, key=lambda one: one.person.id in case.away)
    )
    return Choose(label, "coach", options)


def _name(coach: Person, case: Case) -> Say | Words:
    away = coach.id in case.away
    return Say("question.more.away", {"name": coach.name}) if away else Words(coach.name)
