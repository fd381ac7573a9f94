"""What a question looks like to who asks it. Pure, as all that shows one."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bot.core import buttons
from bot.core.ids import PersonId
from bot.core.reply import Block, Button, Clauses, Link, Reply, Say, Words
from bot.core.when import on_day
from bot.dialogs.card_parts import (
    ANSWERED,
    MINE,
    MOST_NAMES,
    about,
)
from bot.dialogs.case import Case, chat_with
from bot.routing.model import Act, Presser, Question, State
from bot.routing.rules import REOPEN, refusal


def mine(case: Case, zone: ZoneInfo) -> Reply:
    """Return the asker's card: where the question is, and what the asker can do."""
    question = case.question
    blocks: list[Block] = [
        Say("question.mine.title", {"code": question.code}, "title"),
        Words(question.draft.text),
        *([Words(question.draft.note, "subtle")] if question.draft.note else []),
        *_progress(case, zone),
    ]
    links: tuple[Link, ...] = ()
    if question.held and case.holder:
        links = chat_with(case.holder.person, question.draft.text)
    return about(question, MINE, blocks, tuple(_asker_buttons(case)), links=links)


def _progress(case: Case, zone: ZoneInfo) -> Iterator[Say]:
    question = case.question
    match question.state:
        case State.OPEN | State.OFFERED:
            yield from _waiting(case, zone)
        case State.CLAIMED:
            name = case.name(question.holder)
            yield Say("question.mine.claimed", {"name": name})
            yield from whereabouts(case)
        case State.ANSWERED:
            yield Say("question.mine.answered", {"name": case.name(question.holder)})
        case State.CLOSED:
            yield from _ended_for_asker(case)
        case State.WITHDRAWN:
            yield Say("question.mine.withdrawn")


def _ended_for_asker(case: Case) -> Iterator[Say]:
    """Yield how a question ended, and that it can go on; not when it was solved by their word."""
    question = case.question
    if question.ending is None:
        yield Say("question.mine.closed")
    else:
        yield Say(f"question.mine.ended.{question.ending}")
    if not question.solved and _can_reopen(case):
        yield Say("question.mine.reopen_within", {"days": REOPEN.days}, "subtle")
    if question.felt is not None:
        yield Say("question.answered.thanks")


def _can_reopen(case: Case) -> bool:
    return refusal(Act.REOPEN, case.question, Presser(case.question.asker), case.now) is None


def _waiting(case: Case, zone: ZoneInfo) -> Iterator[Say]:
    """Yield who sees the question, and honestly from when on."""
    first = case.first
    asked = [case.name(one.coach) for one in case.offers if one.at <= case.now]
    if first is None:
        yield Say("question.mine.nobody")
    elif not asked:
        # Others may work before: who is near goes before who starts a little earlier.
        name, seen = case.name(first.coach), on_day(first.at, zone)
        yield Say("question.mine.later", {"name": name, "when": seen})
    elif len(asked) > MOST_NAMES:
        yield Say("question.mine.many", {"count": len(asked)})
    else:
        names = Clauses(tuple(Say("question.mine.one", {"name": name}) for name in asked))
        yield Say("question.mine.asked", {"names": names})
    if case.word:
        yield Say("question.mine.word", {"when": on_day(case.word, zone, "before")})


def whereabouts(case: Case) -> Iterator[Say]:
    """Yield where the holder is found: near help is help one can walk up to."""
    holder = case.holder
    if holder is None:
        return
    name = holder.person.name
    if holder.profile.room:
        yield Say("coach.room", {"name": name, "room": holder.profile.room})
    if holder.profile.phone:
        yield Say("coach.phone", {"phone": holder.profile.phone})


def _asker_buttons(case: Case) -> Iterator[Button]:
    question, which = case.question, {"question": case.question.id}
    if question.unclaimed:
        yield Button(Say("question.mine.edit"), buttons.EditForm(**which).encode())
        yield Button(Say("question.mine.withdraw"), buttons.Withdraw(**which).encode())
    if question.state is State.CLAIMED:
        yield Button(Say("question.mine.withdraw"), buttons.Withdraw(**which).encode())
    if _can_reopen(case):
        yield Button(Say("question.mine.reopen"), buttons.Reopen(**which).encode())
    elif question.state is State.CLOSED and not question.solved:  # too long ago to open again
        yield Button(Say("coach.ask"), buttons.AskCoach().encode())


def answered(case: Case) -> Reply:
    """Return the answer for the asker: whether it solved it, and then how near the help felt."""
    question = case.question
    name, holder = case.name(_answerer(case)), case.holder
    which = {"question": question.id}
    blocks: list[Block] = [
        Say("question.answered.title", {"name": name, "code": question.code}, "title"),
        Words(question.draft.text, "subtle"),
        Words(question.answer),
    ]
    pressed: tuple[Button, ...] = ()
    if question.state is State.ANSWERED:
        blocks.append(Say("question.answered.solved"))
        yes, no = (buttons.Solved(**which, solved=solved) for solved in (True, False))
        pressed = (
            Button(Say("answer.helped_yes"), yes.encode()),
            Button(Say("question.answered.no"), no.encode()),
        )
    elif question.solved and question.felt is None:
        blocks += [Say("answer.rated_yes"), Say("question.felt.label", style="title")]
        pressed = felt(question)
    elif question.felt is not None:
        blocks.append(Say("question.answered.thanks"))
    elif question.state is State.CLOSED:
        blocks += _ended_for_asker(case)
        pressed = tuple(_asker_buttons(case))
    elif holder:
        blocks.append(Say("question.answered.goes_on", {"name": holder.person.name}))
    else:
        blocks.append(Say("question.looking"))
    links = chat_with(holder.person, question.draft.text) if holder and question.held else ()
    return about(question, ANSWERED, blocks, pressed, links=links)


def _answerer(case: Case) -> PersonId | None:
    """Return who gave the answer: perhaps not who has the question now."""
    answers = [one.who for one in case.said if one.act is Act.ANSWER]
    return answers[-1] if answers else case.question.holder


def felt(question: Question) -> tuple[Button, ...]:
    """Return the one question about nearness, as the research asks it: 1 is far, 5 very near."""
    return tuple(
        Button(
            Say(f"question.felt.{near}"),
            buttons.Felt(question=question.id, felt=near).encode(),
            line=True,
        )
        for near in (5, 4, 3, 2, 1)
    )
