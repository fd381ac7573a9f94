"""A botbuilder adapter on our own transport, so that botbuilder's handlers and contexts work on it.

The stock adapters fetch a token a turn on the event loop, answer 500 to what they refuse, and break
the bodies of invokes; none of them is used.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from botbuilder.core import BotAdapter, TurnContext
from botbuilder.schema import Activity, ConversationReference, ResourceResponse

from bot.channels.teams.activities import text_at
from bot.channels.teams.connector import Connector

RAW, INVOKE, UNHEARD = "vraagbaak.raw", "vraagbaak.invoke", "vraagbaak.unheard"
"""Keys of a turn's state: the activity as it came, the answer to an invoke, and whether nothing of
the activity was stored, nor heard."""


class TeamsAdapter(BotAdapter):  # type: ignore[misc] # botbuilder ships no types
    """Sends what a turn says through the connector."""

    def __init__(self, connector: Connector) -> None:
        super().__init__()
        self.connector = connector

    async def send_activities(
        self, context: TurnContext, activities: Sequence[Activity]
    ) -> list[ResourceResponse]:
        """Send; the answer to an invoke is kept for the response to the request."""
        sent = []
        for activity in activities:
            if activity.type == "invokeResponse":
                context.turn_state[INVOKE] = activity.value
                sent.append(ResourceResponse())
            else:
                body = activity.as_dict() if isinstance(activity, Activity) else activity
                sent.append(ResourceResponse(id=await self.say(raw(context), body)))
        return sent

    async def update_activity(self, context: TurnContext, activity: Activity) -> ResourceResponse:
        body = activity.as_dict()
        return ResourceResponse(id=await self.change(raw(context), activity.id, body))

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        came = raw(context)
        await self.connector.delete(service_url(came), conversation(came), reference.activity_id)

    async def say(self, came: Mapping[str, Any], body: Mapping[str, Any]) -> str:
        """Send JSON into the conversation (in a channel: the thread) that an activity came from."""
        return await self.connector.send(service_url(came), conversation(came), body)

    async def change(self, came: Mapping[str, Any], message: str, body: Mapping[str, Any]) -> str:
        """Put JSON in the place of one of our messages there."""
        return await self.connector.update(
            service_url(came), conversation(came), message, {**body, "id": message}
        )


def raw(context: TurnContext) -> Mapping[str, Any]:
    """Return the activity of a turn as it came in: botbuilder drops what it does not know."""
    came: Mapping[str, Any] = context.turn_state[RAW]
    return came


def service_url(came: Mapping[str, Any]) -> str:
    """Return where Teams wants replies sent."""
    return text_at(came, "serviceUrl")


def conversation(came: Mapping[str, Any]) -> str:
    """Return the conversation's id; in a channel it names the thread."""
    return text_at(came, "conversation", "id")
