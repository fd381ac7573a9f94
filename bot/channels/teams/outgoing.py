"""Writes a `Reply` as an activity of Teams, and as the answer to a pressed button."""

from collections.abc import Mapping
from typing import Any

from bot.channels.cards import adaptive
from bot.core.reply import Reply, Say
from bot.i18n.text import Texts

CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"


def activity_of(texts: Texts, reply: Reply) -> dict[str, Any]:
    """Return a message with the card, and the summary that a phone shows."""
    return {
        "type": "message",
        "summary": adaptive.summary(texts, reply),
        "attachments": [{"contentType": CARD, "content": adaptive.render(texts, reply)}],
    }


def line(texts: Texts, reply: Reply, key: str) -> dict[str, Any]:
    """Return a message of one sentence, in the language of a reply."""
    text = texts.write(reply.language, key, {})
    return {"type": "message", "text": text, "textFormat": "plain", "summary": text}


def invoke_of(texts: Texts, reply: Reply, shown: Reply | None, said: Say) -> Mapping[str, Any]:
    """Return the body that answers a pressed button: the card to show in its place, or a sentence.

    `reply` gives the sentence its language.
    """
    if shown is not None:
        return {"statusCode": 200, "type": CARD, "value": adaptive.render(texts, shown)}
    text = texts.write(reply.language, said.key, said.data)
    return {"statusCode": 200, "type": MESSAGE, "value": text}
