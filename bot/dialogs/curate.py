"""From a coach's answer to an entry of the FAQ: a coach proposes, a curator decides."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.core import buttons
from bot.core.ids import EntryId, ProposalId
from bot.core.reply import Reply, Say
from bot.dialogs import proposal_cards as cards
from bot.dialogs import proposal_news as news
from bot.dialogs.proposal_cards import Notes, Shelf
from bot.dialogs.proposal_forms import (
    EntryDraft,
    as_changed,
    as_it_was,
    as_sent,
    decided_on,
    filled_in,
    proposal_of,
)
from bot.dialogs.proposal_list import open_proposals
from bot.dialogs.turn import Turn
from bot.knowledge import curation
from bot.knowledge import proposals as rules
from bot.knowledge.live import FaqIndex
from bot.knowledge.match import Asker
from bot.knowledge.model import Entry, Level, Proposal, ProposalState
from bot.knowledge.proposals import Form, Problem
from bot.knowledge.service import CollegeFields
from bot.people.model import Person, Role

MOST_NAMES = 3


@dataclass(frozen=True)
class Curate:
    """The conversation in which the FAQ grows."""

    index: FaqIndex
    fields: CollegeFields
    student_number: re.Pattern[str]
    zone: ZoneInfo

    def similar(self, wording: str) -> list[Entry]:
        """Return the entries that a wording is nearest to, three at most."""
        hits = self.index.matcher.rank(wording, Asker()).hits
        least = (
            max(hits[0].score * self.index.matcher.calibration.near_equal, 1e-6) if hits else 0.0
        )
        return [hit.entry for hit in hits if hit.score >= least]

    async def form(self, turn: Turn, draft: EntryDraft, near: Sequence[Entry]) -> Reply:
        """Show a coach the form, filled in; or what became of what they proposed before."""
        if not turn.person.acts_as(Role.COACH):
            return cards.refusal("not_coach")
        mine = await curation.proposed(turn.work, draft.question, turn.me)
        if mine and mine[-1].state is not ProposalState.REFUSED:
            return await self._standing(turn, mine[-1])
        domain = near[0].domain if near and draft.domain not in self._domains() else draft.domain
        level = draft.level if draft.level in set(Level) else Level.OPERATIONAL.value
        title = " ".join(draft.wording.split())[: rules.LONGEST_TITLE]
        form = Form(title, draft.answer, domain=domain, level=level)
        payload = buttons.SendProposal(question=draft.question, again=len(mine))
        return cards.coach_form(self._shelf(near), form, payload, turn.person.language)

    async def send(self, turn: Turn, pressed: buttons.SendProposal, draft: EntryDraft) -> Reply:
        """Store what a coach proposes and put it before every curator."""
        if not turn.person.acts_as(Role.COACH):
            return cards.refusal("not_coach")
        if known := await _sent_before(turn, pressed):
            return replace(await self._standing(turn, known), replaces=True)
        form = rules.tidied(as_sent(pressed, draft.wording[: rules.LONGEST_WORDING]))
        entry = await self._entry(turn, form.entry)
        curators = await turn.work.people.with_role(*news.CURATORS)
        if wrong := self._wrong(form, entry, curators):
            near = self.similar(draft.wording)
            language = turn.person.language
            again = cards.coach_form(self._shelf(near), form, pressed, language, (wrong,))
            return replace(again, replaces=True)
        clean, secrets = rules.published(form, self.student_number)
        proposal, new = await curation.propose(
            turn.work, proposal_of(turn, clean, draft), pressed.again
        )
        if not new:
            return replace(await self._standing(turn, proposal), replaces=True)
        notes = [Say(f"note.{secret}", style="subtle") for secret in sorted(secrets)]
        told = await self._put_before(turn, proposal, entry, curators, notes)
        return replace(told, replaces=True)

    async def listed(self, turn: Turn) -> Reply:
        """Show a curator all that waits for a decision."""
        if not _may_decide(turn.person):
            return cards.refusal("not_curator")
        return await open_proposals(turn, self.zone)

    async def show(self, turn: Turn, pressed: buttons.ShowProposal) -> Reply:
        """Show one of the list to decide on; the list stays where it is, for the next."""
        found = await self._open(turn, pressed.proposal)
        if isinstance(found, Reply):
            return replace(found, replaces=False)
        entry = await self._entry(turn, found.entry)
        return await news.card_for(turn, found, entry, turn.person, self._college)

    async def approve(self, turn: Turn, pressed: buttons.ApproveProposal) -> Reply:
        """Put a proposal in the FAQ, as it is or as the curator changed it."""
        found = await self._open(turn, pressed.proposal)
        if isinstance(found, Reply):
            return found
        form = rules.tidied(as_changed(pressed) if pressed.edited else as_it_was(pressed, found))
        if problem := rules.problem(form, self._domains()):
            return await self._change(turn, found, form, problem)
        clean, _ = rules.published(form, self.student_number)
        verdict = decided_on(turn, filled_in(found, clean), ProposalState.APPROVED)
        today = turn.now.astimezone(self.zone).date()
        done = await curation.approve(turn.work, verdict, today, replaces=form.replaces)
        match done:
            case curation.EntryGone():
                return await self._change(turn, found, form, Problem.ENTRY_GONE)
            case curation.Settled(proposal=proposal):
                return await _decided(turn, proposal)
            case curation.Approved(proposal=proposal, entry=entry):
                await news.tell_all(turn, proposal, entry, self._college)
                return await _decided(turn, proposal)

    async def change(self, turn: Turn, pressed: buttons.ChangeProposal) -> Reply:
        """Show a curator the form; the card with the proposal stays where it is."""
        found = await self._open(turn, pressed.proposal)
        if isinstance(found, Reply):
            return found
        return replace(await self._change(turn, found, Form.of(found)), replaces=False)

    async def refuse(self, turn: Turn, pressed: buttons.RefuseProposal) -> Reply:
        """Keep a proposal out of the FAQ, and tell the coach why."""
        found = await self._open(turn, pressed.proposal)
        if isinstance(found, Reply):
            return found
        reason = rules.tidy(pressed.reason)
        if problem := rules.reason_problem(reason):
            entry = await self._entry(turn, found.entry)
            notes, me = (cards.wrong(problem),), turn.person
            card = await news.card_for(
                turn, found, entry, me, self._college, notes=notes, reason=reason
            )
            return replace(card, replaces=True)
        clean, _ = rules.published(Form("", reason), self.student_number)
        verdict = replace(decided_on(turn, found, ProposalState.REFUSED), reason=clean.answer)
        done = await curation.refuse(turn.work, verdict)
        if isinstance(done, curation.Turned):
            await news.tell_all(turn, done.proposal, None, self._college)
        return await _decided(turn, done.proposal)

    @property
    def _college(self) -> Mapping[str, str]:
        """What fills in an entry for a curator: the college's own, wherever they work."""
        return self.fields.of(Asker())

    def _domains(self) -> list[str]:
        return sorted(cards.DOMAINS | {one.domain for one in self.index.matcher.entries})

    def _shelf(self, near: Sequence[Entry]) -> Shelf:
        return Shelf(near, self._domains(), self._college)

    async def _entry(self, turn: Turn, which: EntryId | None) -> Entry | None:
        return await turn.work.knowledge.entry(which) if which else None

    def _wrong(self, form: Form, entry: Entry | None, curators: Sequence[Person]) -> Say | None:
        if problem := rules.problem(form, self._domains()):
            return cards.wrong(problem)
        if form.entry and entry is None:
            return cards.wrong(Problem.ENTRY_GONE)
        return None if curators else Say("curate.problem.no_curator")

    async def _put_before(
        self,
        turn: Turn,
        proposal: Proposal,
        entry: Entry | None,
        curators: Sequence[Person],
        notes: Notes,
    ) -> Reply:
        others = [one for one in curators if one.id != turn.me]
        reached = await news.put_before(turn, proposal, entry, others, self._college)
        if len(others) < len(curators):
            own = (Say("curate.card.own"), *notes)
            return await news.card_for(turn, proposal, entry, turn.person, self._college, notes=own)
        names = ", ".join(one.name for one in others[:MOST_NAMES])
        said = Say("curate.sent.sent" if reached else "curate.sent.unreached", {"names": names})
        return cards.sent_card(proposal, said, notes)

    async def _standing(self, turn: Turn, proposal: Proposal) -> Reply:
        """Tell the coach how something stands that they proposed before."""
        if proposal.state is not ProposalState.OPEN:
            return replace(await _decided(turn, proposal), replaces=False)
        if not _may_decide(turn.person):
            return cards.sent_card(proposal, Say("curate.sent.already"))
        entry = await self._entry(turn, proposal.entry)
        return await news.card_for(turn, proposal, entry, turn.person, self._college)

    async def _change(
        self, turn: Turn, proposal: Proposal, form: Form, problem: Problem | None = None
    ) -> Reply:
        near = self.similar(proposal.wording or proposal.title)
        meant = await self._entry(turn, form.entry)
        if meant and meant.id not in {one.id for one in near}:
            near = [meant, *near]
        notes = (cards.wrong(problem),) if problem else ()
        language = turn.person.language
        form = replace(form, near=meant.id if meant else "")
        shown = cards.curator_form(self._shelf(near), form, proposal, language, notes)
        return replace(shown, replaces=True)

    async def _open(self, turn: Turn, which: ProposalId) -> Proposal | Reply:
        """Return a proposal that this person may decide on now, or why they cannot."""
        if not _may_decide(turn.person):
            return cards.refusal("not_curator")
        proposal = await turn.work.proposals.get(which)
        if proposal is None:
            return cards.refusal("gone")
        if proposal.state is not ProposalState.OPEN:
            return await _decided(turn, proposal)
        return proposal if proposal.title else cards.refusal("gone")


async def _sent_before(turn: Turn, pressed: buttons.SendProposal) -> Proposal | None:
    """Return what this very form made before, or what still waits or stands in the FAQ."""
    mine = await curation.proposed(turn.work, pressed.question, turn.me)
    if pressed.again < len(mine):
        return mine[pressed.again]
    last = mine[-1] if mine else None
    return last if last and last.state is not ProposalState.REFUSED else None


def _may_decide(person: Person) -> bool:
    """Tell whether someone may decide, by what they are today."""
    return person.acts_as(*news.CURATORS)


async def _decided(turn: Turn, proposal: Proposal) -> Reply:
    return replace(await news.decided_card(turn, proposal), replaces=True)
