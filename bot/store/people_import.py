"""Brings in what the files of the college say of its people."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import col, delete, insert, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.people.model import ImportPlan, Listed, ListedUnits, Source
from bot.store.person_rows import listed_values, memberships_of
from bot.store.tables import (
    CoachProfileRow,
    LocationRow,
    MembershipRow,
    PersonRow,
    SectorRow,
    TeamRow,
)


@dataclass(frozen=True)
class PeopleImport:
    """Writes a plan, within the unit of work of this session."""

    session: AsyncSession

    async def apply(self, plan: ImportPlan) -> None:
        """Store the plan; units that are in no file any more stay, for who still refers to them."""
        await self._units(plan.units)
        await self._people((*plan.new, *plan.changed))
        await self.session.exec(
            update(PersonRow)
            .where(col(PersonRow.email).in_(plan.gone), col(PersonRow.source) == Source.IMPORT)
            .values(active=False)
        )

    async def _units(self, units: ListedUnits) -> None:
        locations = await self._add_named(LocationRow, units.locations)
        sectors = await self._add_named(SectorRow, units.sectors)
        known = {row.name: row for row in await self.session.exec(select(TeamRow))}
        for name, (sector, location) in units.teams.items():
            place = {"sector": sectors[sector], "location": locations[location]}
            row = known.get(name) or TeamRow(name=name, **place)
            row.sqlmodel_update(place)
            self.session.add(row)
        await self.session.flush()

    async def _add_named(
        self, table: type[LocationRow | SectorRow], names: Sequence[str]
    ) -> dict[str, int]:
        known = set(await self.session.exec(select(table.name)))
        self.session.add_all(table(name=name) for name in names if name not in known)
        await self.session.flush()
        return await self._ids(table)

    async def _ids(self, table: type[LocationRow | SectorRow | TeamRow]) -> dict[str, int]:
        return dict((await self.session.exec(select(table.name, table.id))).all())

    async def _people(self, people: Sequence[Listed]) -> None:
        places, teams = await self._ids(LocationRow), await self._ids(TeamRow)
        await self._write(people, places, await self._known(people))
        by_email = await self.session.exec(
            select(PersonRow.email, PersonRow.id).where(col(PersonRow.email).is_not(None))
        )
        every = dict(by_email.all())
        ids = {one.email: every[one.email] for one in people}
        memberships = [
            row
            for one in people
            for row in memberships_of(ids[one.email], [teams[name] for name in one.teams])
        ]
        await rewrite(self.session, MembershipRow, ids.values(), memberships)
        profiles = [{"person": ids[one.email], **asdict(one.coach)} for one in people if one.coach]
        await rewrite(self.session, CoachProfileRow, ids.values(), profiles)

    async def _known(self, people: Sequence[Listed]) -> dict[str, PersonRow]:
        """Return the rows of those we know: by e-mail address, else by an Entra id.

        The second is how someone keeps what is theirs when their e-mail address changes.
        """
        every = (await self.session.exec(select(PersonRow))).all()
        known = {row.email: row for row in every if row.email}
        listed = {one.email for one in people}
        renamed = {row.entra_id: row for row in every if row.entra_id and row.email not in listed}
        found = {one.email: known.get(one.email) or renamed.get(one.entra_id) for one in people}
        return {email: row for email, row in found.items() if row}

    async def _write(
        self,
        people: Sequence[Listed],
        places: Mapping[str, int],
        known: Mapping[str, PersonRow],
    ) -> None:
        # An Entra id may go from one person to another, and no two may hold it on the way.
        entra_ids = [one.entra_id for one in people if one.entra_id]
        holders = update(PersonRow).where(col(PersonRow.entra_id).in_(entra_ids))
        await self.session.exec(holders.values(entra_id=None))
        changed, new = [], []
        for one in people:
            values = listed_values(one, places)
            row = known.get(one.email)
            if row:
                settled = values["settled"] or row.settled
                changed.append({**values, "id": row.id, "settled": settled})
            else:
                new.append({**values, "language": one.language})
        if changed:
            await self.session.exec(update(PersonRow), params=changed)
        if new:
            await self.session.exec(insert(PersonRow), params=new)


async def rewrite(
    session: AsyncSession,
    table: type[MembershipRow | CoachProfileRow],
    people: Collection[int],
    rows: Sequence[dict[str, Any]],
) -> None:
    """Let these rows be all that there are of some people."""
    await session.exec(delete(table).where(col(table.person).in_(people)))
    if rows:
        await session.exec(insert(table), params=rows)
