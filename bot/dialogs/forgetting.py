"""What goes when a question ends: telephone numbers and e-mail addresses that people typed."""

from dataclasses import replace
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from bot.core.redaction import without_contacts
from bot.core.reply import Block, Button, Field, Link, Reply, Say, Words
from bot.dialogs.ports import TurnWork
from bot.routing.model import Draft, Question

_TYPED = ("text", "note", "line")
"""Under these names the views and the buttons hold what people typed, and not who it was."""


async def forget_contacts(work: TurnWork, question: Question) -> None:
    """Take numbers and addresses out of all that was said of a question that ended.

    What `bot.routing` stores of it is clean by then; this is the message that it began with, and
    what was told about it. Names, rooms and numbers from the college's own files stay.
    """
    if question.draft.asked:
        await work.knowledge.forget_contacts(question.draft.asked)
    await work.outbox.reword((question.subject, question.draft.subject), cleaned)


async def forget_draft(work: TurnWork, draft: Draft, *, but: Question) -> None:
    """Take them at once out of what is not sent: it is the open question `but`, in the same words.

    When that ends nobody looks here any more.
    """
    if draft.asked and draft.asked != but.draft.asked:
        await work.knowledge.forget_contacts(draft.asked)
    if draft.subject != but.draft.subject:
        await work.outbox.reword((draft.subject,), cleaned)


def cleaned(reply: Reply) -> Reply:
    """Return a view without the numbers and addresses that people typed in it."""
    return replace(
        reply,
        blocks=tuple(_block(one) for one in reply.blocks),
        buttons=tuple(_button(one) for one in reply.buttons),
        links=tuple(_link(one) for one in reply.links),
    )


def _block(block: Block) -> Block:
    match block:
        case Say() | Words():
            return _said(block)
        case Field():
            return replace(block, value=without_contacts(block.value))
        case _:
            return block


def _said(said: Say | Words) -> Say | Words:
    if isinstance(said, Words):
        return replace(said, text=without_contacts(said.text))
    data = {
        name: without_contacts(value) if name in _TYPED and isinstance(value, str) else value
        for name, value in said.data.items()
    }
    return replace(said, data=data)


def _button(button: Button) -> Button:
    payload = {
        name: without_contacts(value) if name in _TYPED and isinstance(value, str) else value
        for name, value in button.payload.items()
    }
    return replace(button, label=_said(button.label), payload=payload)


def _link(link: Link) -> Link:
    """Return a link that opens a chat with a cleaned first message; for whom it is, stays."""
    parts = urlsplit(link.url)
    query = [
        (name, without_contacts(value) if name == "message" else value)
        for name, value in parse_qsl(parts.query)
    ]
    said = urlencode(query, quote_via=quote)
    return replace(link, url=parts._replace(query=said).geturl())
