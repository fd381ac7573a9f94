"""Reads an activity of Teams as an `Incoming`. Knows the wire's shapes, and trusts none of them."""

import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from bot.core.reply import Channel, Event, Incoming, Place, Sender

PERSONAL = "personal"
_BOT = "28:"
_MENTION = re.compile(r"</?at>")
_SPACES = re.compile(r"[ \t\u00a0]+")
_THREAD = ";messageid="
_OWN_CARDS = ("text/html", "application/vnd.microsoft.card.")


def at(tree: Any, *names: str) -> Any:
    """Return what stands below names in nested objects, or None."""
    for name in names:
        tree = tree.get(name) if isinstance(tree, Mapping) else None
    return tree


def text_at(tree: Any, *names: str) -> str:
    """Return a text below names, or an empty one."""
    found = at(tree, *names)
    return found if isinstance(found, str) else ""


def is_personal(activity: Mapping[str, Any]) -> bool:
    """Tell whether only the sender reads along; a conversation without a type is taken as such."""
    return (text_at(activity, "conversation", "conversationType") or PERSONAL) == PERSONAL


def is_from_bot(activity: Mapping[str, Any]) -> bool:
    """Tell whether another bot, or we ourselves, sent it: bots do not talk with each other."""
    return (
        text_at(activity, "from", "role") == "bot"
        or text_at(activity, "from", "id").startswith(_BOT)
        or text_at(activity, "from", "id") == text_at(activity, "recipient", "id")
    )


def sender_of(activity: Mapping[str, Any]) -> Sender:
    """Return who sent it, as far as the activity says."""
    return Sender(
        Channel.TEAMS,
        text_at(activity, "from", "id"),
        text_at(activity, "from", "name")[:100],
        "",
        text_at(activity, "from", "aadObjectId").lower(),
    )


def known_as(sender: Sender, member: Mapping[str, Any]) -> Sender:
    """Return a sender with what their account says, as the conversation lists it."""
    return replace(
        sender,
        name=text_at(member, "name")[:100] or sender.name,
        email=(text_at(member, "email") or text_at(member, "userPrincipalName")).lower(),
        entra_id=text_at(member, "aadObjectId").lower() or sender.entra_id,
    )


def incoming_of(activity: Mapping[str, Any], event: Event = Event.MESSAGE) -> Incoming:
    """Return the event, of who sent it as far as it says; a button is what `pressed` finds."""
    return Incoming(
        sender=sender_of(activity),
        message_id=message_id(activity),
        text=spoken(activity),
        button=pressed(activity),
        place=place_of(activity),
        event=event,
        files=files(activity),
        card=text_at(activity, "replyToId") if pressed(activity) is not None else "",
        room=room_of(activity),
    )


def place_of(activity: Mapping[str, Any]) -> Place:
    """Return where it was said; in a channel the conversation's id names the thread."""
    return Place(
        Channel.TEAMS,
        text_at(activity, "conversation", "id"),
        text_at(activity, "from", "id"),
        is_personal(activity),
        text_at(activity, "serviceUrl"),
        text_at(activity, "channelData", "tenant", "id")
        or text_at(activity, "conversation", "tenantId"),
        text_at(activity, "recipient", "id"),
    )


def room_of(activity: Mapping[str, Any]) -> Place | None:
    """Return the channel that it was said in: what is sent there begins a thread of its own."""
    place = place_of(activity)
    if place.personal:
        return None
    return replace(place, conversation=place.conversation.partition(_THREAD)[0], person="")


def added(activity: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the accounts of the people who were added; we are often among them as well."""
    members = activity.get("membersAdded")
    found = [(one, text_at(one, "id")) for one in (members if isinstance(members, list) else ())]
    own = ("", text_at(activity, "recipient", "id"))
    return [one for one, name in found if name not in own and not name.startswith(_BOT)]


def message_id(activity: Mapping[str, Any]) -> str:
    """Return what is the same again when Teams redelivers, and never for anything else.

    Ids are unique in a conversation only. An edit is a message of its own; and presses of one card
    may bear the card's id, so who pressed what tells them apart. What has no id is like no other.
    """
    own = text_at(activity, "id") or uuid4().hex
    parts = [text_at(activity, "conversation", "id"), own]
    if activity.get("type") != "message":
        parts.append(str(activity.get("type")))
    if activity.get("type") == "messageUpdate":
        parts.append(text_at(activity, "timestamp"))
    if pressed(activity) is not None:
        parts += [text_at(activity, "from", "id"), _digest(pressed(activity))]
    return "|".join(parts)


def _digest(payload: object) -> str:
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()[:16]


def pressed(activity: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return a button's payload: of an Action.Execute, or of the Submit of older clients."""
    value = activity.get("value")
    if activity.get("type") == "invoke":
        value = at(value, "action", "data")
    if activity.get("type") == "message" and text_at(activity, "text").strip():
        return None
    if not isinstance(value, Mapping):
        return None
    return {name: part for name, part in value.items() if name != "msteams"}


def spoken(activity: Mapping[str, Any]) -> str:
    """Return the text without our own mention, just where the entity says that it stands.

    Mentions of others keep their name and lose their tag.
    """
    text = text_at(activity, "text")
    own = text_at(activity, "recipient", "id")
    entities = activity.get("entities")
    for entity in entities if isinstance(entities, Sequence) else ():
        if text_at(entity, "type") == "mention" and text_at(entity, "mentioned", "id") == own:
            text = text.replace(text_at(entity, "text") or "\0", " ", 1)
    text = html.unescape(_MENTION.sub("", text))
    return _SPACES.sub(" ", text).strip()


def files(activity: Mapping[str, Any]) -> int:
    """Count the files that came along; Teams sends the message itself again as HTML."""
    attachments = activity.get("attachments")
    return sum(
        not text_at(one, "contentType").startswith(_OWN_CARDS)
        for one in (attachments if isinstance(attachments, Sequence) else ())
    )
