"""What a button carries: a kind, a version, and the object it is about. Nothing else is trusted.

A payload travels to the person's device and back, perhaps weeks later, perhaps changed. So it only
names an object; who may do what with it is decided when it comes back.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.core.errors import UnknownButtonError
from bot.core.ids import AskedId, EntryId, LocationId, ProposalId, QuestionId, TeamId

type_of_kind: dict[tuple[str, int], type["Payload"]] = {}


class Payload(BaseModel):
    """Base of all payloads: a subclass names its kind and version once."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)
    kind: ClassVar[str]
    version: ClassVar[int]

    def __init_subclass__(cls, *, kind: str, version: int, **more: Any) -> None:
        super().__init_subclass__(**more)
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


class ProposeEntry(Payload, kind="propose", version=1):
    """'Zet in de FAQ': a coach answered this question, and others will ask it too."""

    question: QuestionId


class SendProposal(Payload, kind="send_proposal", version=1):
    """The filled-in form for the FAQ. `near` is the entry it belongs to; empty: a new one.

    `again` counts the refusals before it: pressed twice, a form makes one proposal.
    """

    question: QuestionId
    near: str = ""
    title: str = ""
    answer: str = ""
    domain: str = ""
    level: str = ""
    again: int = 0


class ApproveProposal(Payload, kind="approve_proposal", version=1):
    """A curator puts a proposal in the FAQ. `edited`: as it stands in the form, else as it was.

    `put` is `replace` when its answer takes the place of the one that the entry has.
    """

    proposal: ProposalId
    edited: bool = False
    near: str = ""
    put: str = ""
    title: str = ""
    answer: str = ""
    wording: str = ""
    domain: str = ""
    level: str = ""


class ChangeProposal(Payload, kind="change_proposal", version=1):
    """A curator wants to change a proposal before approving it."""

    proposal: ProposalId


class RefuseProposal(Payload, kind="refuse_proposal", version=1):
    """A curator does not want a proposal in the FAQ; the coach reads why."""

    proposal: ProposalId
    reason: str = ""
