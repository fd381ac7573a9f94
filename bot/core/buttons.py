"""What a button carries: a kind, a version, and the object it is about. Nothing else is trusted.

A payload travels to the person's device and back, perhaps weeks later, perhaps changed. So it only
names an object; who may do what with it is decided when it comes back.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.core.errors import UnknownButtonError
from bot.core.ids import AskedId, EntryId, LocationId, PersonId, ProposalId, QuestionId, TeamId

type_of_kind: dict[tuple[str, int], type["Payload"]] = {}
# Of a list in which nothing is chosen a client sends an empty text.
_Chosen = Annotated[PersonId, BeforeValidator(lambda sent: 0 if sent == "" else sent)]


class Payload(BaseModel):
    """Base of all payloads: a subclass names its kind and version once.

    No field is named `key`: Microsoft's web client cannot press a form that bears one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)
    kind: ClassVar[str]
    version: ClassVar[int]

    def __init_subclass__(cls, *, kind: str = "", version: int = 0, **more: Any) -> None:
        super().__init_subclass__(**more)
        if kind:  # else it is what several have in common, and no button
            cls.kind, cls.version = kind, version
            type_of_kind[kind, version] = cls

    def encode(self) -> dict[str, Any]:
        """Return a flat JSON object: the fields, and `kind` and `v`."""
        return {"kind": self.kind, "v": self.version, **self.model_dump(mode="json")}


def decode(data: Mapping[str, Any]) -> Payload:
    """Read what `encode` wrote; raises UnknownButtonError for all that is not such a payload."""
    fields = dict(data)
    kind, version = fields.pop("kind", ""), fields.pop("v", 0)
    # What comes back may be anything: only a text and a number can be looked up.
    known = (
        type_of_kind.get((kind, version))
        if isinstance(kind, str) and isinstance(version, int)
        else None
    )
    if known is None:
        raise UnknownButtonError
    try:
        return known.model_validate(fields)
    except ValidationError as wrong:
        raise UnknownButtonError from wrong


class Rate(Payload, kind="rate", version=1):
    """'Hielp dit?': the asker says whether the answer to `asked` helped."""

    asked: AskedId
    entry: EntryId
    helped: bool


class Pick(Payload, kind="pick", version=1):
    """One of the near-equal entries under 'bedoel je'."""

    asked: AskedId
    entry: EntryId


class NoneOfThese(Payload, kind="none", version=1):
    """'Geen van deze' under 'bedoel je'."""

    asked: AskedId


class AskCoach(Payload, kind="coach", version=1):
    """'Vraag een i-coach', from anywhere; `asked` is 0 when there was no question yet."""

    asked: AskedId = AskedId(0)


class AskNamed(Payload, kind="ask_named", version=1):
    """Ask a coach by name: the card on which a question to them is typed."""

    coach: PersonId


class PickLocation(Payload, kind="location", version=1):
    """The first conversation: where the person works."""

    location: LocationId = LocationId(0)


class PickTeam(Payload, kind="team", version=1):
    """The first conversation: the person's team; 0 is 'staat er niet bij'."""

    location: LocationId
    team: TeamId = TeamId(0)


class SetLanguage(Payload, kind="language", version=1):
    """Switch the person's language."""

    language: str


class Help(Payload, kind="help", version=1):
    """Show what the bot can do."""


class _Draft(Payload):
    """What a question to be sent holds: fields of a form come as text, whatever they mean.

    `draft` names the card it was written on, so that pressing twice sends one question.
    """

    asked: AskedId = AskedId(0)
    draft: Annotated[str, Field(max_length=80)] = ""
    source: Annotated[str, Field(max_length=20)] = "direct"
    text: str = ""
    note: str = ""
    topic: Annotated[str, Field(max_length=40)] = ""
    level: Annotated[str, Field(max_length=40)] = ""
    coach: _Chosen = PersonId(0)


class SendQuestion(_Draft, kind="send", version=1):
    """Send a question to the nearest coach, or to `coach` if it is not 0.

    `instead` is the open one in the same words that it takes the place of, if nobody has it yet.
    """

    urgent: bool = False
    instead: QuestionId = QuestionId(0)


class AdjustQuestion(_Draft, kind="adjust", version=1):
    """Show a question with all that can be changed before it is sent."""


class DropDraft(Payload, kind="drop", version=1):
    """'Niet nodig': do not send the question."""


class OnQuestion(Payload):
    """Base of what is about one question."""

    question: QuestionId


class ShowQuestion(OnQuestion, kind="show", version=1):
    """Show a question as it is now to who may see it."""


class EditForm(OnQuestion, kind="edit_form", version=1):
    """Show the asker the text of a question, to change it."""


class EditQuestion(OnQuestion, kind="edit", version=1):
    """Change the text of a question that nobody picked up."""

    text: str = ""


class Withdraw(OnQuestion, kind="withdraw", version=1):
    """'Niet meer nodig'."""


class AddLine(OnQuestion, kind="add", version=1):
    """Tell the coach something more, or answer what they asked."""

    text: str = ""


class AddTyped(OnQuestion, kind="add_typed", version=1):
    """Tell the coach what was typed as a message: it is stored under `asked`."""

    asked: AskedId


class Solved(OnQuestion, kind="solved", version=1):
    """The asker says whether a coach's answer solved it."""

    solved: bool


class Felt(OnQuestion, kind="felt", version=1):
    """The asker says how near the help felt, 1 to 5."""

    felt: int = 0


class Reopen(OnQuestion, kind="reopen", version=1):
    """Open a closed question again."""


class Claim(OnQuestion, kind="claim", version=1):
    """'Ik pak hem op'."""


class MoreOn(OnQuestion, kind="more", version=1):
    """Show a coach what else can be done with a question; `text` is what they had typed."""

    text: str = ""


class Release(OnQuestion, kind="release", version=1):
    """Give a question back: it is offered anew."""


class HandOver(OnQuestion, kind="hand_over", version=1):
    """Give a question to a colleague, with a note; `text` is the answer that one had begun."""

    coach: _Chosen = PersonId(0)
    note: str = ""
    text: str = ""


class Assign(OnQuestion, kind="assign", version=1):
    """A coordinator gives a question to a coach."""

    coach: _Chosen = PersonId(0)


class AnswerQuestion(OnQuestion, kind="answer", version=1):
    """Send the asker an answer."""

    text: str = ""


class ReadArticle(OnQuestion, kind="answer_with", version=1):
    """Show a coach an entry of the FAQ as the asker would read it. Once it was sent at once.

    `text` is what they had typed by then: it is there again when they do not send the entry.
    """

    entry: EntryId
    text: str = ""


class AnswerWith(OnQuestion, kind="answer_with", version=2):
    """Answer with an entry of the FAQ; `text` is what they had typed: it stays to be sent."""

    entry: EntryId
    text: str = ""


class WriteOn(OnQuestion, kind="write_on", version=1):
    """Back to the answer that was being typed; the rest stands beside it on some cards."""

    text: str = ""
    coach: str = ""
    note: str = ""


class AskBack(OnQuestion, kind="ask_back", version=1):
    """Ask the asker something."""

    text: str = ""


class CloseQuestion(OnQuestion, kind="close", version=1):
    """'Afronden': with how it ended; without, that is asked.

    `text` is what a coach had typed of an answer: it is there again when they do not close.
    """

    ending: Annotated[str, Field(max_length=20)] = ""
    text: str = ""
    coach: str = ""
    note: str = ""


class NotToday(Payload, kind="not_today", version=1):
    """'Nu even niet': no new questions for the rest of the day."""


class AwayForm(Payload, kind="away_form", version=1):
    """Show the form with which somebody says that they are away; the days may be filled in."""

    first: str = ""
    last: str = ""


NO_END = "open"
"""What is chosen in the place of a last day: an empty value is none that a card may bear."""


class GoAway(Payload, kind="away", version=1):
    """Be away from `first` up to and with `last` (dates; `open`: until further notice)."""

    first: str = ""
    last: str = ""


class HandBack(Payload, kind="hand_back", version=1):
    """Who goes away gives all they hold back, after being asked."""


class BackAgain(Payload, kind="back", version=1):
    """Be there again."""


class MyQuestions(Payload, kind="my_questions", version=1):
    """Show someone their own questions."""


class MyWork(Payload, kind="my_work", version=1):
    """Show a coach what they are asked, and what they hold."""


class Overview(Payload, kind="overview", version=1):
    """Show a coordinator all that is open."""


class ProposeEntry(OnQuestion, kind="propose", version=1):
    """'Zet in de FAQ': a coach proposes an entry of a question and its answer."""


class SendProposal(OnQuestion, kind="send_proposal", version=1):
    """The filled-in form for the FAQ. `near` is the entry it belongs to; empty: a new one.

    `again` counts the refusals before it: pressed twice, a form makes one proposal.
    """

    near: str = ""
    title: str = ""
    answer: str = ""
    domain: str = ""
    level: str = ""
    again: int = 0


class OpenProposals(Payload, kind="proposals", version=1):
    """Show a curator all proposals that nobody decided on."""


class OnProposal(Payload):
    """Base of what is about one proposal."""

    proposal: ProposalId


class ShowProposal(OnProposal, kind="show_proposal", version=1):
    """Show a curator one proposal, to decide on it."""


class ApproveProposal(OnProposal, kind="approve_proposal", version=1):
    """A curator puts a proposal in the FAQ. `edited`: as it stands in the form, else as it was.

    `put` is `replace` when its answer takes the place of the one that the entry has.
    """

    edited: bool = False
    near: str = ""
    put: str = ""
    title: str = ""
    answer: str = ""
    wording: str = ""
    domain: str = ""
    level: str = ""


class ChangeProposal(OnProposal, kind="change_proposal", version=1):
    """A curator wants to change a proposal before approving it."""


class RefuseProposal(OnProposal, kind="refuse_proposal", version=1):
    """A curator does not want a proposal in the FAQ; the coach reads why."""

    reason: str = ""


class ShowSummary(Payload, kind="summary", version=1):
    """Show the summary of a week, or one of its sections; without a week the newest."""

    week: Annotated[str, Field(max_length=10)] = ""
    part: Annotated[str, Field(max_length=20)] = ""
