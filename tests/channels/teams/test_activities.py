"""What was filled in comes back beside the payload of the button that took it along."""

from typing import Any

import pytest

from bot.channels.cards import adaptive
from bot.channels.teams.activities import incoming_of, message_id
from bot.core.reply import Channel, Sender
from bot.i18n.text import Texts
from tests.forms import FORM

ANN = Sender(Channel.TEAMS, "29:ann")
FILLED = {"text": "Klik op Delen.\nKies je scherm.", "team": "", "place": "1"}


def sent(**inputs: str) -> dict[str, Any]:
    """Return what a client makes of the form's button: its data, with the inputs merged in."""
    data: dict[str, Any] = adaptive.render(Texts("i-coach"), FORM)["actions"][0]["data"]
    return {**data, **inputs}


def executed(data: dict[str, Any]) -> dict[str, Any]:
    """The invoke of an Action.Execute."""
    action = {"type": "Action.Execute", "verb": data["kind"], "data": data}
    return {
        "type": "invoke",
        "name": "adaptiveCard/action",
        "value": {"action": action, "trigger": "manual"},
        **ENDS,
    }


def submitted(data: dict[str, Any]) -> dict[str, Any]:
    """The message of an Action.Submit, from an older client."""
    return {"type": "message", "value": {**data, "msteams": {"type": "x"}}, **ENDS}


ENDS = {
    "id": "a1",
    "replyToId": "card-1",
    "from": {"id": "29:ann"},
    "recipient": {"id": "28:bot"},
    "conversation": {"id": "chat-ann"},
}


@pytest.mark.parametrize("activity", [executed(sent(**FILLED)), submitted(sent(**FILLED))])
def test_what_was_filled_in_comes_with_the_payload_and_its_card(activity: dict[str, Any]) -> None:
    incoming = incoming_of(activity)
    assert incoming.button == {"kind": "form", "v": 1, **FILLED}
    assert (incoming.text, incoming.card) == ("", "card-1")


@pytest.mark.parametrize("client", [executed, submitted])
def test_what_was_left_out_is_missing_and_no_error(client: Any) -> None:
    incoming = incoming_of(client(sent(text="Zo.")))
    assert incoming.button == {"kind": "form", "v": 1, "text": "Zo."}


def test_the_same_press_is_known_again_and_another_answer_is_another_message() -> None:
    first, other = executed(sent(text="Zo.")), executed(sent(text="Toch zo."))
    assert message_id(first) == message_id(executed(sent(text="Zo.")))
    assert message_id(first) != message_id(other)
