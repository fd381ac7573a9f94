"""What a question looks like to each who sees it. Pure: a case and a reader in, a view out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.core import buttons
from bot.core.ids import EntryId, PersonId
from bot.core.redaction import without_contacts
from bot.core.reply import Block, Button, Choose, Field, Link, Option, Reply, Say, Words
from bot.core.when import on_day
from bot.dialogs.case import Article, Case, chat_with
from bot.people.model import Person
from bot.routing import rings
from bot.routing.model import Act, Presser, Question, State
from bot.routing.rules import ENDINGS, LONGEST, LONGEST_NOTE, REOPEN, is_urgent, refusal

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
FOLLOWED = (MINE, ANSWERED, WORK, CHANNEL, OPEN, OPEN_CHANNEL)
MOST_NAMES = 3
MOST_SAID = 3
MOST_TALK = 300
"""Signs of what was said before on a coach's card: all must fit together."""
SHORT = 60
"""Signs of a question in a list: one line on a phone."""


def card(
    view: str, case: Case, reader: Person | None, zone: ZoneInfo, reasons: Say | None = None
) -> Reply:
    """Return one of the cards that follow a question, for who reads it (None: a channel)."""
    views: Mapping[str, Callable[[], Reply]] = {
        MINE: lambda: mine(case, zone),
        ANSWERED: lambda: answered(case),
        WORK: lambda: work(case, reader.id if reader else None, reasons),
        CHANNEL: lambda: channel(case),
        OPEN: lambda: coordinators(case, zone),
        OPEN_CHANNEL: lambda: coordinators_channel(case, zone),
    }
    return views[view]()


def needed(view: str, case: Case, reader: Person | None) -> bool:
    """Tell whether a card that was not sent yet is worth sending still."""
    question = case.question
    if view in (WORK, CHANNEL):
        return question.unclaimed or holds(case, reader)
    return view not in (OPEN, OPEN_CHANNEL) or question.unclaimed


def holds(case: Case, reader: Person | None) -> bool:
    """Tell whether a question is with somebody now."""
    return case.question.held and reader is not None and case.question.holder == reader.id


def mine(case: Case, zone: ZoneInfo) -> Reply:
    """Return the asker's card: where the question is, and what the asker can do."""
    question = case.question
    blocks: list[Block] = [
        Say("question.mine.title", {"code": question.code}, "title"),
        Words(question.draft.text),
        *_progress(case, zone),
    ]
    links: tuple[Link, ...] = ()
    if question.held and case.holder:
        links = chat_with(case.holder.person, question.draft.text)
    return _about(question, MINE, blocks, tuple(_asker_buttons(case)), links=links)


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
        said = on_day(first.at, zone)
        # Others may work before somebody who was asked for by name.
        named = first.coach == case.question.draft.wanted
        key = "question.mine.later_named" if named else "question.mine.later"
        yield Say(key, {"name": case.name(first.coach), "when": said})
    elif len(asked) > MOST_NAMES:
        yield Say("question.mine.many", {"count": len(asked)})
    else:
        yield Say("question.mine.asked", {"names": ", ".join(asked)})
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
    return _about(question, ANSWERED, blocks, pressed, links=links)


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


def work(case: Case, reader: PersonId | None, reasons: Say | None = None) -> Reply:
    """Return a coach's card; `reasons` say why they are the nearest, when they are just asked."""
    question = case.question
    blocks = [*_asked(case)]
    if reasons and question.unclaimed:
        blocks.append(reasons)
    if question.held and question.holder == reader:
        return _held(case, [*_given(case), *blocks])
    pressed: tuple[Button, ...] = ()
    if question.unclaimed:
        pressed = (
            Button(Say("question.work.claim"), buttons.Claim(question=question.id).encode()),
            Button(Say("question.work.not_today"), buttons.NotToday().encode()),
        )
    else:
        blocks.append(_ended(case, reader))
    if question.state is State.CLOSED and question.holder == reader and question.answer:
        propose = buttons.ProposeEntry(question=question.id)
        pressed = (Button(Say("question.work.propose"), propose.encode()),)
    return _about(question, WORK, blocks, pressed)


def _asked(case: Case) -> Iterator[Block]:
    question = case.question
    yield _title(case)
    yield Words(question.draft.text)
    if question.draft.note:
        yield Words(_cut(question.draft.note, LONGEST_NOTE), "subtle")
    if question.unclaimed:
        yield from _talk(case)
    places = ", ".join((*sorted(case.works.sectors), *filter(None, (case.works.location,))))
    if places:
        yield Say("question.work.from", {"name": case.asker.name, "places": places}, "subtle")


def _title(case: Case) -> Say:
    question = case.question
    key = "question.work.urgent" if is_urgent(question, case.now) else "question.work.title"
    return Say(key, {"name": case.asker.name, "code": question.code}, "title")


def _ended(case: Case, reader: PersonId | None) -> Say:
    question = case.question
    match question.state:
        case State.WITHDRAWN:
            return Say("question.work.withdrawn", {"name": case.asker.name})
        case State.CLOSED if reader and question.holder == reader:
            return Say("question.work.solved") if question.solved else _ending(question)
        case State.CLOSED:
            return Say("question.work.closed")
        case _:
            return Say("question.work.taken", {"name": case.name(question.holder)})


def _ending(question: Question) -> Say:
    """Return how a question ended, for who had it and for coordinators: others need not know."""
    ending = question.ending
    return Say(f"question.work.ended.{ending}") if ending else Say("question.work.closed")


def how_it_ended(question: Question) -> Reply:
    """Return the card on which a coach or a coordinator says with one tap how it ended."""
    blocks = (
        Say("question.close.title", {"code": question.code}, "title"),
        Words(_cut(question.draft.text, MOST_TALK), "subtle"),
    )
    lines = [
        Button(
            Say(f"question.close.{one}"),
            buttons.CloseQuestion(question=question.id, ending=one.value).encode(),
            line=True,
        )
        for one in ENDINGS[Act.CLOSE]
    ]
    back = Button(Say("question.back"), buttons.ShowQuestion(question=question.id).encode())
    return _about(question, "question.close", blocks, (*lines, back))


def _given(case: Case) -> Iterator[Block]:
    """Yield who gave the question to its holder, and what they said of it."""
    given = case.given
    if given:
        data = {"name": given.by, "code": case.question.code}
        yield Say(f"question.told.{given.act}", data, "title")
        if given.note:
            yield Words(_cut(given.note, LONGEST_NOTE))


def _held(case: Case, blocks: list[Block]) -> Reply:
    question = case.question
    which = {"question": question.id}
    blocks += _talk(case)
    blocks.append(Field(Say("question.work.answer"), "text", lines=True, most=LONGEST))
    pressed = [
        Button(Say("question.work.send"), buttons.AnswerQuestion(**which).encode(), form=True),
        Button(Say("question.work.ask_back"), buttons.AskBack(**which).encode(), form=True),
    ]
    if question.answer:
        propose = buttons.ProposeEntry(**which).encode()
        pressed.append(Button(Say("question.work.propose"), propose))
    pressed.append(Button(Say("question.work.more"), buttons.MoreOn(**which).encode()))
    pressed += [_line_of(question, one) for one in case.articles]
    links = chat_with(case.asker, question.draft.text)
    return _about(question, WORK, blocks, tuple(pressed), links=links)


def _line_of(question: Question, one: Article) -> Button:
    read = buttons.ReadArticle(question=question.id, entry=one.entry)
    title = Say("question.work.article", {"title": one.title})
    return Button(title, read.encode(), form=True, line=True)


def article(case: Case, entry: EntryId, text: str, typed: str) -> Reply:
    """Return an article as the asker would read it, with what the coach had typed before."""
    which = {"question": case.question.id}
    blocks: list[Block] = [
        Say("question.article.title", {"name": case.asker.name}, "title"),
        Words(case.question.draft.text, "subtle"),
        Words(text),
    ]
    if typed:
        # In a field, which holds it once: a button holds what it sends twice.
        blocks.append(Field(Say("question.work.answer"), "text", typed, lines=True, most=LONGEST))
    back = buttons.WriteOn(**which).encode()
    pressed = (
        Button(Say("question.article.send"), buttons.AnswerWith(**which, entry=entry).encode()),
        Button(Say("question.back"), back, form=True),
    )
    return _about(case.question, "question.article", blocks, pressed)


def _talk(case: Case) -> Iterator[Say]:
    """Yield the last things that the asker and coaches said to each other, to who has it now.

    What was answered already is cut short: several whole texts do not fit in one card.
    """
    last = case.said[-MOST_SAID:]
    for one in last:
        text = one.text if one is last[-1] else _cut(one.text, MOST_TALK)
        by = case.asker.name if one.who == case.asker.id else case.name(one.who)
        if one.who == case.question.holder or not by:
            yield Say("question.work.you_said", {"text": _cut(text, MOST_TALK)}, "subtle")
        else:
            yield Say("question.work.they_said", {"name": by, "text": text})


def channel(case: Case) -> Reply:
    """Return the card in the coaches' channel: who picks it up, or who did.

    Many read along there, so it has no note and no numbers, and once it is settled no text either.
    """
    question = case.question
    title = _title(case)
    if not question.unclaimed:
        return _about(question, CHANNEL, [title, _ended(case, None)], (), personal=False)
    claim = buttons.Claim(question=question.id).encode()
    pressed = (Button(Say("question.work.claim"), claim),)
    blocks: list[Block] = [title, Words(without_contacts(question.draft.text))]
    return _about(question, CHANNEL, blocks, pressed, personal=False)


def coordinators(case: Case, zone: ZoneInfo) -> Reply:
    """Return a coordinator's card: how long it is open, who has it, and to whom it can go."""
    question = case.question
    alone = question.unclaimed and question.ring >= rings.LAST
    blocks: list[Block] = [Say("question.open.nobody")] if alone else []
    blocks += _asked(case)
    blocks.append(_since(case, zone))
    if question.unclaimed:
        blocks.append(_who_was_asked(case))
    else:
        closed = question.state is State.CLOSED
        blocks.append(_ending(question) if closed else _ended(case, None))
    pressed: tuple[Button, ...] = ()
    if question.unclaimed or question.held:
        blocks.append(colleagues(case, Say("question.open.assign")))
        pressed = _give_or_close(question)
    return _about(question, OPEN, blocks, pressed)


def coordinators_channel(case: Case, zone: ZoneInfo) -> Reply:
    """Return the card in the coordinators' channel: to whom can it go, or where is it now.

    As in the coaches' channel it has no note and no numbers, and once it is settled no text.
    """
    question = case.question
    if not question.unclaimed:
        settled = [_title(case), _ended(case, None)]
        return _about(question, OPEN_CHANNEL, settled, (), personal=False)
    blocks: list[Block] = [
        Say("question.open.nobody"),
        _title(case),
        Words(without_contacts(question.draft.text)),
        _since(case, zone),
        _who_was_asked(case),
        colleagues(case, Say("question.open.assign")),
    ]
    pressed = _give_or_close(question)
    return _about(question, OPEN_CHANNEL, blocks, pressed, personal=False)


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


def line(question: Question) -> str:
    """Return a question as one line of a list."""
    return f"{question.code} · {_cut(' '.join(question.draft.text.split()), SHORT)}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _about(  # noqa: PLR0913 (the parts of a view)
    question: Question,
    view: str,
    blocks: Sequence[Block],
    pressed: tuple[Button, ...],
    *,
    links: tuple[Link, ...] = (),
    personal: bool = True,
) -> Reply:
    return Reply(
        view, tuple(blocks), pressed, personal=personal, links=links, subject=question.subject
    )
