"""What the store in memory keeps."""

from copy import copy
from dataclasses import dataclass, field, fields
from datetime import datetime

from bot.core.ids import AskedId, EntryId, PersonId
from bot.core.reply import Place
from bot.core.turn import Handled, Pending, Unmet
from bot.knowledge.model import Asked, Proposal, StoredEntry
from bot.people.model import ChannelName, CoachProfile, Location, NamedChannel, Person, Sector, Team
from bot.summary.report import Sent
from bot.summary.week import Week
from tests.fake_outbox import OutboxShelf
from tests.fake_polls import PollShelf
from tests.fake_questions import QuestionShelf
from tests.fake_walkin import WalkInShelf


@dataclass
class Shelves:
    """All that is stored. Values are frozen, so a copy of the shelves is a snapshot."""

    last_id: int = 0
    locations: dict[str, Location] = field(default_factory=dict)
    sectors: dict[str, Sector] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[PersonId, Person] = field(default_factory=dict)
    entra_ids: dict[PersonId, str] = field(default_factory=dict)
    profiles: dict[PersonId, CoachProfile] = field(default_factory=dict)
    addresses: dict[tuple[str, str], PersonId] = field(default_factory=dict)
    version: int = 0
    entries: dict[EntryId, StoredEntry] = field(default_factory=dict)
    changed: dict[EntryId, int] = field(default_factory=dict)
    asked: dict[AskedId, Asked] = field(default_factory=dict)
    asked_in: dict[AskedId, str] = field(default_factory=dict)
    choices: dict[AskedId, EntryId | None] = field(default_factory=dict)
    ratings: dict[tuple[EntryId, PersonId], bool] = field(default_factory=dict)
    handled: dict[tuple[str, str], Handled] = field(default_factory=dict)
    pending: dict[tuple[PersonId, str, str], Pending] = field(default_factory=dict)
    strangers: dict[int, Unmet] = field(default_factory=dict)
    places: dict[tuple[str, str], tuple[Place | None, str]] = field(default_factory=dict)
    not_opened: set[PersonId] = field(default_factory=set)
    named: dict[ChannelName, NamedChannel] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    outbox: OutboxShelf = field(default_factory=OutboxShelf)
    occasions: dict[tuple[str, str], datetime] = field(default_factory=dict)
    questions: QuestionShelf = field(default_factory=QuestionShelf)
    walkin: WalkInShelf = field(default_factory=WalkInShelf)
    polls: PollShelf = field(default_factory=PollShelf)
    summaries: dict[tuple[str, Week], Sent] = field(default_factory=dict)

    def snapshot(self) -> "Shelves":
        kept = {one.name: copy(getattr(self, one.name)) for one in fields(self)}
        deep = {
            "outbox": self.outbox.snapshot(),
            "questions": self.questions.snapshot(),
            "walkin": self.walkin.snapshot(),
            "polls": self.polls.snapshot(),
        }
        return Shelves(**{**kept, **deep})

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id
