"""What a question looks like to coaches: asked, held, and in their channel. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core import buttons
from bot.core.ids import EntryId, PersonId
from bot.core.redaction import without_contacts
from bot.core.reply import Block, Button, Field, Reply, Say, Words
from bot.dialogs.card_parts import (
    CHANNEL,
    MOST_TALK,
    WORK,
    about,
    asked_lines,
    cut,
    ended,
    headline,
    talk,
)
from bot.dialogs.case import Article, Case, chat_with
from bot.routing.model import Act, Question, State
from bot.routing.rules import ENDINGS, LONGEST, LONGEST_NOTE

_ANSWER = "text"
"""The name of the field that an answer is typed in."""


def work(case: Case, reader: PersonId | None, reasons: Say | None = None) -> Reply:
    """Return a coach's card; `reasons` say why they are the nearest, when they are just asked."""
    question = case.question
    blocks = [*asked_lines(case)]
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
        blocks.append(ended(case, reader))
    if question.state is State.CLOSED and question.holder == reader and question.answer:
        propose = buttons.ProposeEntry(question=question.id)
        pressed = (Button(Say("question.work.propose"), propose.encode()),)
    return about(question, WORK, blocks, pressed)


def _given(case: Case) -> Iterator[Block]:
    """Yield who gave the question to its holder, and what they said of it."""
    given = case.given
    if given:
        data = {"name": given.by, "code": case.question.code}
        yield Say(f"question.told.{given.act}", data, "title")
        if given.note:
            yield Words(cut(given.note, LONGEST_NOTE))


def _held(case: Case, blocks: list[Block]) -> Reply:
    question = case.question
    which = {"question": question.id}
    blocks += talk(case)
    blocks.append(begun(""))
    pressed = [
        Button(Say("question.work.send"), buttons.AnswerQuestion(**which).encode(), form=True),
        Button(Say("question.work.ask_back"), buttons.AskBack(**which).encode(), form=True),
    ]
    if question.answer:
        propose = buttons.ProposeEntry(**which).encode()
        pressed.append(Button(Say("question.work.propose"), propose))
    more = buttons.MoreOn(**which).encode()
    pressed.append(Button(Say("question.work.more"), more, form=True, keeps=True))
    pressed += [_line_of(question, one) for one in case.articles]
    links = chat_with(case.asker, question.draft.text)
    return about(question, WORK, blocks, tuple(pressed), links=links)


def _line_of(question: Question, one: Article) -> Button:
    read = buttons.ReadArticle(question=question.id, entry=one.entry)
    title = Say("question.work.article", {"title": one.title})
    return Button(title, read.encode(), form=True, line=True, keeps=True)


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
        blocks.append(begun(typed))
    send = buttons.AnswerWith(**which, entry=entry).encode()
    write_on = buttons.WriteOn(**which).encode()
    pressed = (
        Button(Say("question.article.send"), send, form=bool(typed), keeps=True),
        Button(Say("question.back"), write_on, form=True, keeps=True),
    )
    return about(case.question, "question.article", blocks, pressed)


def begun(typed: str) -> Field:
    """Return the field of an answer, with what is typed of it."""
    return Field(Say("question.work.answer"), _ANSWER, typed[:LONGEST], lines=True, most=LONGEST)


def written_on(card: Reply, typed: str) -> Reply:
    """Return a card to answer on with what was typed of the answer; another card as it is."""
    empty = begun("")
    blocks = tuple(begun(typed) if one == empty else one for one in card.blocks)
    return replace(card, blocks=blocks)


def typed_on(card: Reply) -> str:
    """Return what is typed of an answer on a card, as far as we know."""
    fields = (one for one in card.blocks if isinstance(one, Field) and one.name == _ANSWER)
    return next((one.value for one in fields), "")


def back(question: Question, typed: str) -> Button:
    """Return the way back to a question, with what was typed of its answer, if anything was."""
    if not typed:
        return Button(Say("question.back"), buttons.ShowQuestion(question=question.id).encode())
    write_on = buttons.WriteOn(question=question.id).encode()
    return Button(Say("question.back"), write_on, form=True, keeps=True)


def how_it_ended(question: Question, typed: str) -> Reply:
    """Return the card on which a coach or a coordinator says with one tap how it ended.

    What a coach had typed of an answer stands on it, to go back to.
    """
    blocks: list[Block] = [
        Say("question.close.title", {"code": question.code}, "title"),
        Words(cut(question.draft.text, MOST_TALK), "subtle"),
    ]
    if typed:
        blocks.append(begun(typed))
    lines = [
        Button(
            Say(f"question.close.{one}"),
            buttons.CloseQuestion(question=question.id, ending=one.value).encode(),
            line=True,
        )
        for one in ENDINGS[Act.CLOSE]
    ]
    return about(question, "question.close", blocks, (*lines, back(question, typed)))


def channel(case: Case) -> Reply:
    """Return the card in the coaches' channel: who picks it up, or who did.

    Many read along there, so it has no note and no numbers, and once it is settled no text either.
    """
    question = case.question
    title = headline(case)
    if not question.unclaimed:
        return about(question, CHANNEL, [title, ended(case, None)], (), personal=False)
    claim = buttons.Claim(question=question.id).encode()
    pressed = (Button(Say("question.work.claim"), claim),)
    blocks: list[Block] = [title, Words(without_contacts(question.draft.text))]
    return about(question, CHANNEL, blocks, pressed, personal=False)
