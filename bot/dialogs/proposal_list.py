"""What waits for a curator: every open proposal, the oldest first, each a line to tap."""

from zoneinfo import ZoneInfo

from bot.core import buttons
from bot.core.reply import Block, Button, Reply, Say, Value
from bot.core.when import when
from bot.dialogs.proposal_news import name_of
from bot.dialogs.turn import Turn

MOST = 10
"""Proposals in a list: what still fits on a phone."""
SHORT = 80


async def open_proposals(turn: Turn, zone: ZoneInfo) -> Reply:
    """List them; whether this person may see them is not asked here."""
    found = await turn.work.proposals.open(MOST + 1)
    if not found:
        return Reply("curate.list", (Say("curate.list.nothing"),), personal=True)
    blocks: list[Block] = [Say("curate.list.title", style="title")]
    if len(found) > MOST:
        blocks.append(Say("curate.list.more", style="subtle"))
    lines = []
    for one in found[:MOST]:
        title = one.title if len(one.title) <= SHORT else f"{one.title[: SHORT - 1]}…"
        name = await name_of(turn, one.proposer)
        data: dict[str, Value] = {
            "title": title,
            "name": name,
            "when": when(one.at, turn.now, zone),
        }
        show = buttons.ShowProposal(proposal=one.id).encode()
        lines.append(Button(Say("curate.list.row", data), show, line=True))
    return Reply("curate.list", tuple(blocks), tuple(lines), personal=True)
