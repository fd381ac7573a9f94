"""Who is near to somebody now: people as the files list them, with what stored events say."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.ids import PersonId
from bot.core.reply import Say
from bot.dialogs.ports import TurnWork
from bot.dialogs.walkin_grounds import Timetable, load_timetable
from bot.people import rules as people
from bot.people.model import Coach, Person, Units
from bot.proximity.model import Asker, Candidate, Ranked, Ranking, Weights
from bot.proximity.ranking import rank
from bot.proximity.reasons import passed_over
from bot.routing import rings, rules
from bot.routing.model import Away, Offer, Question, RingTimes, Standings
from bot.routing.promise import Outlook, by_when
from bot.worktime.worktime import WorkTime

COUNTS = timedelta(days=180)
"""How long it counts what a coach did: as long as texts are kept, unless a college says else."""


@dataclass(frozen=True)
class Near:
    """The coaches by id, and how they rank for who asks.

    `against` is why one who is wanted by name would not be asked else, as a clause.
    """

    coaches: Mapping[PersonId, Coach]
    ranking: Ranking
    against: Say | None = None

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
class Around:
    """All that is known of the coaches for one who asks: they can be ranked at any moment.

    `reached` are those who can be told something; None when that does not matter.
    """

    person: Person
    asker: Asker
    units: Units
    coaches: Sequence[Coach]
    standings: Standings
    leaves: Sequence[Away]
    walkins: Timetable
    reached: Collection[PersonId] | None
    wanted: PersonId | None
    college: WorkTime
    weights: Weights
    ranked: dict[datetime, Near] = field(default_factory=dict, repr=False, compare=False)
    """What was found before: who sees a question first, and by when, both begin now."""

    def at(self, now: datetime) -> Near:
        """Rank the coaches as they are near then. Of what happens until then only time is known."""
        if now not in self.ranked:
            self.ranked[now] = self._rank(now)
        return self.ranked[now]

    def _rank(self, now: datetime) -> Near:
        candidates = [
            people.candidate(coach, self.units, self.college, now) for coach in self.coaches
        ]
        sees = {one.person: one.available.back or now for one in candidates}
        absences = rules.absences(self.leaves, now, self.college, sees)
        holding = self.walkins.holding(now)
        known = [_held(rules.known(one, self.standings, absences), holding) for one in candidates]
        wanted = next((one for one in known if one.person == self.wanted), None)
        against = passed_over(self.asker, wanted) if wanted else None
        able = [self._able(one) for one in known]
        ranking = rank(self.asker, able, now, self.weights)
        return Near({coach.person.id: coach for coach in self.coaches}, ranking, against)

    def by_when(
        self, question: Question, offers: Sequence[Offer], times: RingTimes, now: datetime
    ) -> datetime | None:
        """Return by when there is word of a question, as `bot.routing.promise` says."""
        outlook = Outlook(
            rank=lambda then: self.at(then).ranking,
            hours={
                one.person.id: self.college.of(one.profile.pattern, one.location)
                for one in self.coaches
            },
            leaves=self.leaves,
            college=self.college,
            times=times,
        )
        return by_when(question, offers, outlook, now)

    def _able(self, coach: Candidate) -> Candidate:
        """Return a coach with whether they can be told anything; who is wanted by name is asked."""
        available = coach.available
        if coach.person == self.wanted:
            # Leave and a full desk are told, and stop nobody.
            room = max(available.max_open, (available.open or 0) + 1)
            return replace(coach, available=replace(available, absence=None, max_open=room))
        if self.reached is None or coach.person in self.reached or coach.person == self.person.id:
            return coach
        return replace(coach, available=replace(available, reached=False))


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
        """Rank the coaches for somebody now, as `around` knows them."""
        around = await self.around(
            work, person, now, topic=topic, role=role, wanted=wanted, told=told
        )
        return around.at(now)

    async def around(  # noqa: PLR0913 (what a ranking depends on)
        self,
        work: TurnWork,
        person: Person,
        now: datetime,
        *,
        topic: str = "",
        role: str = "",
        wanted: PersonId | None = None,
        told: bool = True,
    ) -> Around:
        """Return the coaches for somebody. One who is wanted by name can be asked whatever it is.

        Who cannot be told anything is passed over, unless nobody can be or nobody is to be `told`.
        """
        units, coaches = await work.people.units(), await work.people.coaches()
        others = [one.person.id for one in coaches if one.person.id != person.id]
        leaves = await work.questions.leaves(now)
        return Around(
            person,
            replace(people.asker(person, units), topic=topic, role=role),
            units,
            coaches,
            standings=await work.questions.standings(person.id, now - COUNTS),
            leaves=leaves,
            walkins=await load_timetable(work, coaches, leaves, self.college, now),
            reached=(await work.addresses.can_be_told(others) or None) if told else None,
            wanted=wanted,
            college=self.college,
            weights=self.weights,
        )


def _held(coach: Candidate, holding: Collection[PersonId]) -> Candidate:
    """Return a coach with whether they hold a walk-in hour."""
    if coach.person not in holding:
        return coach
    return replace(coach, available=replace(coach.available, walk_in=True))
