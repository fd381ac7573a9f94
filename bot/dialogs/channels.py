"""Which channel is the coaches' own, and which the coordinators': a coordinator says so there."""

from bot.core.reply import Reply, Say
from bot.dialogs.turn import Turn
from bot.people.model import ChannelName, NamedChannel, Role


async def name_channel(turn: Turn, name: ChannelName) -> Reply:
    """Remember the channel that this is said in, if a coordinator says it."""
    if not turn.person.acts_as(Role.COORDINATOR):
        return _said(Say("channel.only_coordinator"))
    room = turn.incoming.room
    if room is None:
        return _said(Say("channel.say_it_there"))
    await turn.work.addresses.name_channel(NamedChannel(name, room, turn.me, turn.now))
    return _said(Say(f"channel.{name}"))


def _said(what: Say) -> Reply:
    return Reply("channel", (what,))
