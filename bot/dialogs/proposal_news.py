"""Who hears of a proposal: each curator when it is made; they and the coach when it is decided."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.ids import PersonId
from bot.core.reply import Reply
from bot.dialogs import proposal_cards as cards
from bot.dialogs.notices import tell
from bot.dialogs.proposal_cards import Notes
from bot.dialogs.turn import Turn
from bot.knowledge.model import Entry, Proposal
from bot.knowledge.rules import as_written
from bot.outbox.model import Copy, Notice
from bot.people.model import Person, Role

CURATORS = (Role.CURATOR, Role.COORDINATOR)


async def card_for(  # noqa: PLR0913 (what stands on the card)
    turn: Turn,
    proposal: Proposal,
    entry: Entry | None,
    reader: Person,
    fields: Mapping[str, str],
    *,
    notes: Notes = (),
    reason: str = "",
) -> Reply:
    """Return the card on which a curator decides, in their language."""
    own = proposal.proposer == reader.id
    by = "" if own else await name_of(turn, proposal.proposer)
    language = reader.language
    card = cards.curator_card(
        proposal, entry, by, language=language, fields=fields, notes=notes, reason=reason
    )
    return replace(card, language=language)


async def put_before(
    turn: Turn,
    proposal: Proposal,
    entry: Entry | None,
    curators: Sequence[Person],
    fields: Mapping[str, str],
) -> bool:
    """Send every curator the card; returns whether any of them can be reached now."""
    for one in curators:
        card = await card_for(turn, proposal, entry, one, fields)
        key = f"proposal|{proposal.id}|{one.id}"
        await turn.work.outbox.add(Notice(key, card, turn.now, person=one.id), turn.now)
    return not all(one.untold for one in await turn.work.outbox.copies(proposal.subject))


async def tell_all(
    turn: Turn, proposal: Proposal, entry: Entry | None, fields: Mapping[str, str]
) -> None:
    """Let every other copy of the card say what was decided, and tell the coach."""
    by = turn.person.name
    for copy in await turn.work.outbox.copies(proposal.subject):
        if not _pressed(turn, copy):
            card = cards.decided_card(proposal, by, copy.person)
            said = replace(card, language=copy.reply.language)
            await turn.work.outbox.rewrite(copy.id, said, turn.now)
    if proposal.proposer == turn.me:
        return
    coach = await turn.work.people.by_id(proposal.proposer)
    if coach is None or not coach.active:
        return
    title = cards.shown_title(entry, coach.language, fields) if entry else proposal.title
    # Of a wording that was added to an entry, the answer stayed as it was.
    put = entry is None or not proposal.entry or entry.answer == as_written(proposal.answer)
    told = cards.told_card(proposal, title, by, put=put)
    key = f"proposal|{proposal.id}|decided"
    await tell(turn.work, key, coach, told, turn.now, now=turn.now)


async def decided_card(turn: Turn, proposal: Proposal) -> Reply:
    """Return what was decided, for who presses too late."""
    by = await name_of(turn, proposal.decided_by)
    return cards.decided_card(proposal, by, turn.me)


async def name_of(turn: Turn, which: PersonId | None) -> str:
    """Return someone's name; a question mark for who is not known any more."""
    person = await turn.work.people.by_id(which) if which else None
    return person.name if person else "?"


def _pressed(turn: Turn, copy: Copy) -> bool:
    """Tell whether a copy is the card that was pressed: the reply takes its place."""
    card = turn.incoming.card
    return copy.person == turn.me and (not card or copy.shown == card)
