"""The cards of curation: the coach's form, the curator's card and form, and what became of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core import buttons
from bot.core.ids import PersonId
from bot.core.reply import Block, Button, Choose, Field, Option, Reply, Say, Words
from bot.knowledge import proposals as rules
from bot.knowledge.model import Entry, Level, Proposal, ProposalState
from bot.knowledge.proposals import Form, Problem
from bot.knowledge.rules import fill, title_of

DOMAINS = frozenset(
    [
        *("account", "ai", "avg", "bekwaamheid", "bestanden", "didactiek", "icoach", "inclusie"),
        *("lms", "lokaal", "mediawijsheid", "teams", "tools", "veiligheid", "video"),
    ]
)
"""The subjects of the shipped FAQ, which have a name in the catalogues."""
REPLACE, KEEP = "replace", "keep"
NEW = "-"
"""What a list sends for a new entry: no id, and not empty, which Teams takes for no choice."""
Notes = Sequence[Say]


@dataclass(frozen=True)
class Shelf:
    """What a form offers to choose from; `fields` fill in titles and answers."""

    near: Sequence[Entry]
    domains: Sequence[str]
    fields: Mapping[str, str]


def coach_form(
    shelf: Shelf, form: Form, payload: buttons.SendProposal, language: str, notes: Notes = ()
) -> Reply:
    """Show the form in which a coach proposes; what is wrong with it stands on top."""
    head = (Say("curate.form.title", style="title"), *notes, Say("curate.form.about"))
    fields = (*_near(shelf, form, language), *_texts(form), *_subject(shelf, form))
    send = Button(Say("curate.form.send"), payload.encode(), form=True)
    return Reply("curate.form", (*head, *fields), (send,), personal=True)


def curator_form(
    shelf: Shelf, form: Form, proposal: Proposal, language: str, notes: Notes = ()
) -> Reply:
    """Show the form in which a curator changes a proposal before approving it."""
    wording = Field(Say("curate.form.wording"), "wording", form.wording, most=rules.LONGEST_WORDING)
    options = tuple(Option(Say(f"curate.form.{put}"), put) for put in (KEEP, REPLACE))
    put = Choose(Say("curate.form.put"), "put", options, REPLACE if form.replaces else KEEP)
    fields = (
        *_near(shelf, form, language),
        *((put,) if shelf.near else ()),
        *_texts(form),
        wording,
        *_subject(shelf, form),
    )
    payload = buttons.ApproveProposal(proposal=proposal.id, edited=True)
    return Reply(
        "curate.change",
        (Say("curate.form.change_title", style="title"), *notes, *fields),
        (Button(Say("curate.card.approve"), payload.encode(), form=True),),
        personal=True,
        subject=proposal.subject,
    )


def curator_card(  # noqa: PLR0913 (what stands on it)
    proposal: Proposal,
    entry: Entry | None,
    by: str,
    *,
    language: str,
    fields: Mapping[str, str],
    notes: Notes = (),
    reason: str = "",
) -> Reply:
    """Show a proposal to who decides on it; without a name in `by` it is their own."""
    title = Say("curate.card.title", {"name": by}) if by else Say("curate.card.title_own")
    why = Field(Say("curate.card.reason"), "reason", reason, lines=True, most=rules.LONGEST_REASON)
    return Reply(
        "curate.proposal",
        (
            replace(title, style="title"),
            *notes,
            *_said(proposal),
            *_place(entry, language, fields),
            why,
        ),
        tuple(_decisions(proposal)),
        personal=True,
        subject=proposal.subject,
    )


def decided_card(proposal: Proposal, by: str, reader: PersonId | None) -> Reply:
    """Say what became of a proposal, and who decided that."""
    mine = "_by_you" if proposal.decided_by == reader else ""
    said = Say(f"curate.decided.{proposal.state}{mine}", {} if mine else {"name": by}, "title")
    return Reply(
        "curate.decided",
        (said, *_words(proposal.title), *_why(proposal)),
        personal=True,
        subject=proposal.subject,
    )


def told_card(proposal: Proposal, title: str, by: str, *, put: bool = True) -> Reply:
    """Tell the coach what became of what they proposed; refused, they can try again.

    `put`: their answer is in the FAQ as well, not only how the question was asked.
    """
    again: tuple[Button, ...] = ()
    if proposal.state is ProposalState.REFUSED and proposal.question:
        payload = buttons.ProposeEntry(question=proposal.question)
        again = (Button(Say("curate.told.again"), payload.encode()),)
    key = proposal.state.value if put else "wording"
    said = Say(f"curate.told.{key}", {"name": by}, "title")
    return Reply("curate.told", (said, *_words(title), *_why(proposal)), again, personal=True)


def sent_card(proposal: Proposal, said: Say, notes: Notes = ()) -> Reply:
    """Tell the coach where the proposal is now."""
    return Reply("curate.sent", (said, *_words(proposal.title), *notes), personal=True)


def refusal(why: str) -> Reply:
    """Say why a press does nothing."""
    return Reply("error", (Say(f"curate.refused.{why}"),), personal=True)


def wrong(problem: Problem) -> Say:
    """Say what is wrong with a form, with the figure that it must keep to."""
    most = {
        Problem.LONG_TITLE: rules.LONGEST_TITLE,
        Problem.LONG_ANSWER: rules.LONGEST_ANSWER,
        Problem.LONG_WORDING: rules.LONGEST_WORDING,
        Problem.LONG_REASON: rules.LONGEST_REASON,
    }.get(problem)
    return Say(f"curate.problem.{problem}", {"most": most} if most else {})


def shown_title(entry: Entry, language: str, fields: Mapping[str, str]) -> str:
    """Return an entry's title as a reader sees it; of one that is all fields, its id."""
    return fill(title_of(entry, language), fields) or entry.id


def _near(shelf: Shelf, form: Form, language: str) -> Iterator[Block]:
    if not shelf.near:
        return
    options = [
        Option(Words(shown_title(entry, language, shelf.fields)), entry.id) for entry in shelf.near
    ]
    yield Say("curate.form.near")
    yield from (option.label for option in options)
    chosen = form.near if any(form.near == option.value for option in options) else NEW
    every = (Option(Say("curate.form.new"), NEW), *options)
    yield Choose(Say("curate.form.where"), "near", every, chosen)


def _texts(form: Form) -> tuple[Field, ...]:
    return (
        Field(
            Say("curate.form.question"),
            "title",
            form.title,
            needed=True,
            most=rules.LONGEST_TITLE,
        ),
        Field(
            Say("curate.form.answer"),
            "answer",
            form.answer,
            lines=True,
            needed=True,
            most=rules.LONGEST_ANSWER,
        ),
    )


def _subject(shelf: Shelf, form: Form) -> tuple[Choose, ...]:
    levels = tuple(Option(Say(f"curate.level.{level}"), level.value) for level in Level)
    domains = tuple(Option(domain_label(domain), domain) for domain in shelf.domains)
    return (
        Choose(Say("curate.form.domain"), "domain", domains, form.domain),
        Choose(Say("curate.form.level"), "level", levels, form.level),
    )


def domain_label(domain: str) -> Say | Words:
    """Return what a domain is called; one of the college's own is called what it is."""
    return Say(f"curate.domain.{domain}") if domain in DOMAINS else Words(domain)


def _said(proposal: Proposal) -> Iterator[Block]:
    if proposal.wording:
        yield Say("curate.card.asked", style="subtle")
        yield Words(proposal.wording)
    yield Say("curate.card.question", style="subtle")
    yield Words(proposal.title)
    yield Say("curate.card.answer", style="subtle")
    yield Words(proposal.answer)


def _place(entry: Entry | None, language: str, fields: Mapping[str, str]) -> Iterator[Block]:
    if entry is None:
        yield Say("curate.card.new")
        return
    yield Say("curate.card.existing")
    yield Words(shown_title(entry, language, fields))
    yield Say("curate.card.present", style="subtle")
    yield Words(fill(entry.answer, fields))


def _decisions(proposal: Proposal) -> Iterator[Button]:
    approve = buttons.ApproveProposal(proposal=proposal.id)
    if proposal.entry is None:
        yield Button(Say("curate.card.approve"), approve.encode())
    else:
        instead = approve.model_copy(update={"put": REPLACE})
        yield Button(Say("curate.card.add_wording"), approve.encode())
        yield Button(Say("curate.card.replace_answer"), instead.encode())
    change = buttons.ChangeProposal(proposal=proposal.id)
    yield Button(Say("curate.card.change"), change.encode())
    refuse = buttons.RefuseProposal(proposal=proposal.id)
    yield Button(Say("curate.card.refuse"), refuse.encode(), form=True)


def _why(proposal: Proposal) -> Iterator[Block]:
    if proposal.reason:
        yield Say("curate.decided.why", style="subtle")
        yield Words(proposal.reason)


def _words(text: str) -> tuple[Words, ...]:
    """Return what people wrote, unless it was forgotten."""
    return (Words(text),) if text else ()
