"""Who is near to somebody now: people as the files list them, with what stored events say."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.ids import PersonId
from bot.core.reply import Say
from bot.dialogs.ports import TurnWork
from bot.dialogs.walkin_grounds import holding_now
from bot.people import service as people
from bot.people.model import Coach, Person
from bot.proximity.model import Candidate, Ranked, Ranking, Weights
from bot.proximity.ranking import rank
from bot.routing import rings, rules
from bot.routing import service as routing
from bot.worktime.worktime import WorkTime

COUNTS = timedelta(days=180)
"""How long it counts what a coach did: as long as texts are kept, unless a college says else."""


@dataclass(frozen=True)
class Near:
    """The coaches by id, and how they rank for who asks."""

    coaches: Mapping[PersonId, Coach]
    ranking: Ranking

    def asked_first(self, wanted: PersonId | None, now: datetime) -> tuple[Coach, Ranked] | None:
        """Return who a question goes to first, if anybody can be asked."""
        one = rings.first(self.ranking, wanted, now)
        return (self.coaches[one.coach.person], one) if one else None

    @property
    def all(self) -> list[tuple[Coach, Ranked]]:
        """Return all who can be asked, nearest first."""
        return [(self.coaches[one.coach.person], one) for one in self.ranking.ranked]

    @property
    def passed(self) -> list[tuple[Coach, Say]]:
        """Return who cannot be asked, and the clause that says why."""
        return [(self.coaches[one.coach.person], one.why) for one in self.ranking.passed]

    def but(self, asker: PersonId) -> list[Coach]:
        """Return all coaches but the asker, whether they can be asked now or not."""
        return [coach for person, coach in self.coaches.items() if person != asker]


@dataclass(frozen=True)
class Nearby:
    """Ranks the coaches of the college."""

    college: WorkTime
    weights: Weights

    async def to(  # noqa: PLR0913 (what a ranking depends on)
        self,
        work: TurnWork,
        person: Person,
        now: datetime,
        *,
        topic: str = "",
        role: str = "",
        wanted: PersonId | None = None,
        told: bool = True,
    ) -> Near:
        """Rank the coaches for somebody. One who is wanted by name can be asked whatever it is.

        Who cannot be told anything is passed over, unless nobody can be or nobody is to be `told`.
        """
        asker, coaches, candidates = await people.candidates(work, person, self.college, now)
        standings = await work.questions.standings(person.id, now - COUNTS)
        sees = {one.person: one.available.back or now for one in candidates}
        absences = await routing.absences(work, now, self.college, sees)
        known = [
            _willing(one) if one.person == wanted else one
            for one in (rules.known(one, standings, absences) for one in candidates)
        ]
        holding = await holding_now(work, coaches, self.college, now)
        known = [_holding(one) if one.person in holding else one for one in known]
        if told:
            known = await _reached(work, known, person.id, wanted)
        ranking = rank(replace(asker, topic=topic, role=role), known, now, self.weights)
        return Near({coach.person.id: coach for coach in coaches}, ranking)


async def _reached(
    work: TurnWork, coaches: list[Candidate], asker: PersonId, wanted: PersonId | None
) -> list[Candidate]:
    others = [one.person for one in coaches if one.person != asker]
    reached = await work.addresses.can_be_told(others)
    if not reached:
        return coaches
    asked = {*reached, asker, wanted}
    return [
        replace(one, available=replace(one.available, reached=one.person in asked))
        for one in coaches
    ]


def _holding(coach: Candidate) -> Candidate:
    return replace(coach, available=replace(coach.available, walk_in=True))


def _willing(coach: Candidate) -> Candidate:
    """Return a coach who is asked by name: leave and a full desk are told, and stop nobody."""
    return replace(coach, available=replace(coach.available, absence=None, open=0))
