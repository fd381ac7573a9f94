"""Use cases of curation: a coach proposes, a curator decides. Each runs inside the caller's unit.

Of two who decide at once one does, by the condition of the write; the other is told who was first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.ids import EntryId, PersonId, QuestionId
from bot.knowledge import proposals as rules
from bot.knowledge.model import Entry, Proposal
from bot.knowledge.ports import CurationWork


@dataclass(frozen=True)
class Approved:
    """It is in the FAQ, as this entry."""

    proposal: Proposal
    entry: Entry


@dataclass(frozen=True)
class Turned:
    """It was refused."""

    proposal: Proposal


@dataclass(frozen=True)
class Settled:
    """Somebody else was first; the proposal as they decided it."""

    proposal: Proposal


@dataclass(frozen=True)
class EntryGone:
    """The entry that it was meant for is not there any more; nothing is decided."""


async def propose(work: CurationWork, proposal: Proposal, again: int) -> tuple[Proposal, bool]:
    """Store what a coach proposes for a question: once, and once more after each refusal."""
    key = f"{proposal.question}|{proposal.proposer}|{again}"
    return await work.proposals.add(key, proposal)


async def proposed(work: CurationWork, question: QuestionId, who: PersonId) -> Sequence[Proposal]:
    """Return what someone proposed for a question, in order."""
    return [one for one in await work.proposals.about(question) if one.proposer == who]


async def approve(
    work: CurationWork, verdict: Proposal, today: date, *, replaces: bool
) -> Approved | Settled | EntryGone:
    """Put a proposal in the FAQ, as the curator wants it: `verdict` says who decided, and when."""
    # From here on no entry changes under our hands: neither ids nor variants of others get lost.
    await work.knowledge.take_turn()
    before = await work.knowledge.entry(verdict.entry) if verdict.entry else None
    if verdict.entry and before is None:
        return EntryGone()
    settled = await _decide(work, verdict)
    if settled:
        return settled
    after = (
        rules.changed_entry(before, verdict, today, replaces=replaces)
        if before
        else rules.new_entry(verdict, await _ids(work), today)
    )
    if after != before:
        at = verdict.decided or verdict.at
        await work.knowledge.edit(after, who=verdict.decided_by, why=verdict.subject, at=at)
    return Approved(verdict, after)


async def refuse(work: CurationWork, verdict: Proposal) -> Turned | Settled:
    """Keep a proposal out of the FAQ: `verdict` says who decided, when and why."""
    return await _decide(work, verdict) or Turned(verdict)


async def _decide(work: CurationWork, verdict: Proposal) -> Settled | None:
    if await work.proposals.decide(verdict):
        return None
    return Settled(await work.proposals.get(verdict.id) or verdict)


async def _ids(work: CurationWork) -> list[EntryId]:
    return [one.entry.id for one in await work.knowledge.stored()]
