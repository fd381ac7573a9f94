"""What every store promises about people."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.errors import ConflictError
from bot.core.ids import LocationId, PersonId, TeamId
from bot.core.reply import Channel
from bot.people.generate import INNOVATIE, KERN, Shape, generate
from bot.people.model import (
    ImportPlan,
    ListedUnits,
    Organisation,
    Person,
    Role,
    Scope,
    Source,
    Whereabouts,
)
from bot.people.people_file import read_organisation
from bot.people.service import plan_import
from tests.factories import UNITS, listed, listed_coach, organisation, profile, sender
from tests.fakes import AnyStore


async def bring_in(store: AnyStore, wanted: Organisation) -> ImportPlan:
    async with store.begin() as work:
        plan = await plan_import(work, wanted)
        await work.people.apply(plan)
    return plan


async def planned(store: AnyStore, wanted: Organisation) -> ImportPlan:
    async with store.reading() as work:
        return await plan_import(work, wanted)


async def person_with(store: AnyStore, email: str) -> Person:
    async with store.reading() as work:
        found = await work.people.by_identity("", email)
    assert found is not None
    return found


async def found_names(store: AnyStore, name: str, limit: int = 10) -> list[str]:
    async with store.reading() as work:
        return [one.name for one in await work.people.find(name, limit)]


async def location_id(store: AnyStore, name: str) -> LocationId:
    async with store.reading() as work:
        return next(one.id for one in (await work.people.units()).locations if one.name == name)


async def team_id(store: AnyStore, name: str) -> TeamId:
    async with store.reading() as work:
        return next(one.id for one in (await work.people.units()).teams if one.name == name)


def read_example(shape: Shape, folder: Path) -> Organisation:
    for name, content in generate(shape).items():
        (folder / name).write_text(content, "utf-8")
    return read_organisation(folder)


async def test_who_registers_is_found_at_their_address_again(store: AnyStore) -> None:
    async with store.begin() as work:
        ann = await work.people.register(sender("29:ann"), "en")
    async with store.reading() as work:
        assert await work.people.by_address(Channel.TEAMS, "29:ann") == ann
        assert await work.people.by_id(ann.id) == ann
        assert await work.people.by_address(Channel.SLACK, "29:ann") is None
        assert await work.people.by_address(Channel.TEAMS, "29:bob") is None


async def test_who_registers_is_a_teacher_without_a_place(store: AnyStore) -> None:
    async with store.begin() as work:
        ann = await work.people.register(sender(name="Ann", email="Ann@Kern.Example"), "en")
    assert ann == Person(
        id=ann.id,
        name="Ann",
        email="ann@kern.example",
        language="en",
        roles=frozenset({Role.TEACHER}),
        source=Source.SELF,
    )


async def test_many_can_register_without_an_email_address(store: AnyStore) -> None:
    async with store.begin() as work:
        people = [await work.people.register(sender(f"29:{n}"), "nl") for n in range(3)]
    assert len({one.id for one in people}) == 3
    assert {one.email for one in people} == {""}


async def test_an_address_is_registered_once(store: AnyStore) -> None:
    async with store.begin() as work:
        ann = await work.people.register(sender("29:ann"), "nl")
    with pytest.raises(ConflictError):
        async with store.begin() as work:
            await work.people.register(sender("29:ann", name="Bob"), "nl")
    async with store.reading() as work:
        assert await work.people.by_address(Channel.TEAMS, "29:ann") == ann
        assert await work.people.find("bob", 10) == []


async def test_who_registers_on_a_second_channel_is_the_same_person(store: AnyStore) -> None:
    slack = sender("U1", channel=Channel.SLACK, email="ANN@kern.example")
    async with store.begin() as work:
        ann = await work.people.register(sender("29:ann", email="ann@kern.example"), "nl")
    async with store.begin() as work:
        assert await work.people.register(slack, "en") == ann
    async with store.reading() as work:
        assert await work.people.by_address(Channel.SLACK, "U1") == ann
        assert await work.people.by_address(Channel.TEAMS, "29:ann") == ann


async def test_an_imported_person_is_known_by_either_identity(store: AnyStore) -> None:
    await bring_in(store, organisation(listed("ann@kern.example", entra_id="aa-11")))
    async with store.reading() as work:
        by_email = await work.people.by_identity("", "Ann@Kern.Example")
        by_entra = await work.people.by_identity("AA-11", "")
        assert by_email is not None
        assert by_email == by_entra
        assert await work.people.by_identity("bb-22", "ann@kern.example") == by_email
        assert await work.people.by_identity("bb-22", "bob@kern.example") is None


async def test_empty_strings_identify_nobody(store: AnyStore) -> None:
    await bring_in(store, organisation(listed()))
    async with store.begin() as work:
        await work.people.register(sender(), "nl")
        assert await work.people.by_identity("", "") is None


async def test_who_registered_themselves_is_identified_by_address_alone(store: AnyStore) -> None:
    known = sender(email="ann@kern.example", entra_id="aa-11")
    async with store.begin() as work:
        await work.people.register(known, "nl")
        assert await work.people.by_identity("aa-11", "ann@kern.example") is None


async def test_a_linked_address_leads_to_the_person(store: AnyStore) -> None:
    await bring_in(store, organisation(listed("ann@kern.example")))
    ann = await person_with(store, "ann@kern.example")
    for address in ("29:ann", "29:ann", "29:ann-at-home"):
        async with store.begin() as work:
            await work.people.link(ann.id, sender(address))
    async with store.reading() as work:
        assert await work.people.by_address(Channel.TEAMS, "29:ann") == ann
        assert await work.people.by_address(Channel.TEAMS, "29:ann-at-home") == ann


async def test_an_address_of_someone_else_cannot_be_linked(store: AnyStore) -> None:
    async with store.begin() as work:
        ann = await work.people.register(sender("29:ann"), "nl")
        bob = await work.people.register(sender("29:bob"), "nl")
    with pytest.raises(ConflictError):
        async with store.begin() as work:
            await work.people.link(bob.id, sender("29:ann"))
    async with store.reading() as work:
        assert await work.people.by_address(Channel.TEAMS, "29:ann") == ann


async def test_whom_an_import_brought_takes_over_the_address_they_registered_with(
    store: AnyStore,
) -> None:
    async with store.begin() as work:
        stranger = await work.people.register(sender("29:ann"), "nl")
    await bring_in(store, organisation(listed("ann@kern.example")))
    ann = await person_with(store, "ann@kern.example")
    async with store.begin() as work:
        await work.people.link(ann.id, sender("29:ann"))
    async with store.reading() as work:
        assert await work.people.by_address(Channel.TEAMS, "29:ann") == ann
        assert await work.people.by_id(stranger.id) == replace(stranger, active=False)


async def test_who_settles_has_a_place_and_a_primary_team(store: AnyStore) -> None:
    await bring_in(store, organisation())
    place, team = await location_id(store, "Havenkade"), await team_id(store, "Techniek 1")
    async with store.begin() as work:
        ann = await work.people.register(sender(), "nl")
        await work.people.settle(ann.id, place, team)
    async with store.reading() as work:
        settled = await work.people.by_id(ann.id)
    assert settled is not None
    assert (settled.location, settled.teams, settled.settled) == (place, (team,), True)


async def test_another_choice_takes_the_place_of_the_primary_team(store: AnyStore) -> None:
    await bring_in(store, organisation(listed(teams=("Handel 1", "Handel 2"))))
    ann = await person_with(store, listed().email)
    team, second = await team_id(store, "Techniek 1"), await team_id(store, "Handel 2")
    async with store.begin() as work:
        await work.people.settle(ann.id, ann.location, team)
    assert (await person_with(store, ann.email)).teams == (team, second)


async def test_a_second_team_can_become_the_primary_one(store: AnyStore) -> None:
    await bring_in(store, organisation(listed(teams=("Handel 1", "Handel 2"))))
    ann = await person_with(store, listed().email)
    first, second = ann.teams
    async with store.begin() as work:
        await work.people.settle(ann.id, ann.location, second)
    assert (await person_with(store, ann.email)).teams == (second, first)


async def test_whose_place_is_in_no_list_is_settled_without_one(store: AnyStore) -> None:
    await bring_in(store, organisation(listed()))
    ann = await person_with(store, listed().email)
    async with store.begin() as work:
        await work.people.settle(ann.id, None, None)
    settled = await person_with(store, ann.email)
    assert (settled.location, settled.teams, settled.settled) == (None, (), True)


async def test_settling_nobody_changes_nothing(store: AnyStore) -> None:
    async with store.begin() as work:
        await work.people.settle(PersonId(99), None, None)
        await work.people.speak(PersonId(99), "en")
        assert await work.people.by_id(PersonId(99)) is None


async def test_a_person_can_change_language(store: AnyStore) -> None:
    async with store.begin() as work:
        ann = await work.people.register(sender(), "nl")
        await work.people.speak(ann.id, "en")
        # Also within the same unit, which has seen this person before.
        changed = await work.people.by_id(ann.id)
    assert changed is not None
    assert changed.language == "en"


async def test_units_come_back_as_the_file_lists_them(store: AnyStore) -> None:
    await bring_in(store, organisation())
    async with store.reading() as work:
        assert await work.people.stored_units() == UNITS
        units = await work.people.units()
    assert tuple(one.name for one in units.locations) == UNITS.locations
    assert tuple(one.name for one in units.sectors) == UNITS.sectors
    places = {one.id: one.name for one in units.locations}
    sectors = {one.id: one.name for one in units.sectors}
    teams = {one.name: (sectors[one.sector], places[one.location]) for one in units.teams}
    assert teams == UNITS.teams


async def test_a_team_that_moves_keeps_its_people(store: AnyStore) -> None:
    await bring_in(store, organisation(listed()))
    moved = {**UNITS.teams, "Handel 1": ("Techniek", "Havenkade")}
    units = ListedUnits(UNITS.locations, UNITS.sectors, moved)
    plan = await bring_in(store, organisation(listed(), units=units))
    assert plan.new_units == ("Handel 1",)
    async with store.reading() as work:
        assert await work.people.stored_units() == units
    assert (await person_with(store, listed().email)).teams == (await team_id(store, "Handel 1"),)


@pytest.mark.parametrize("shape", [KERN, INNOVATIE], ids=lambda shape: shape.key)
async def test_importing_a_college_twice_changes_nothing(
    store: AnyStore, tmp_path: Path, shape: Shape
) -> None:
    college = read_example(shape, tmp_path)
    first = await bring_in(store, college)
    assert len(first.new) == len(college.people)
    assert (await planned(store, college)).empty


async def test_stored_people_equal_the_listed_ones(store: AnyStore) -> None:
    people = (
        listed("ann@kern.example", teams=("Handel 2", "Handel 1"), entra_id="aa-11"),
        listed("bob@kern.example", location="", teams=(), language="en"),
        listed_coach(coach=profile(scope=Scope.TEAM, topics=("video",), strengths={}, pattern={})),
    )
    await bring_in(store, organisation(*people))
    async with store.reading() as work:
        stored = await work.people.stored_people()
    assert {one.listed.email: one.listed for one in stored} == {one.email: one for one in people}
    assert {(one.source, one.active) for one in stored} == {(Source.IMPORT, True)}


async def test_who_has_no_email_address_is_not_compared_with_the_files(store: AnyStore) -> None:
    async with store.begin() as work:
        await work.people.register(sender(), "nl")
        assert list(await work.people.stored_people()) == []


async def test_an_imported_person_with_a_place_is_settled(store: AnyStore) -> None:
    nowhere = listed("bob@kern.example", location="", teams=())
    await bring_in(store, organisation(listed("ann@kern.example"), nowhere))
    assert (await person_with(store, "ann@kern.example")).settled
    bob = await person_with(store, "bob@kern.example")
    assert (bob.location, bob.teams, bob.settled) == (None, (), False)


async def test_an_import_without_a_place_does_not_unsettle_anyone(store: AnyStore) -> None:
    async with store.begin() as work:
        ann = await work.people.register(sender(email="ann@kern.example"), "nl")
        await work.people.settle(ann.id, None, None)
    await bring_in(store, organisation(listed("ann@kern.example", location="", teams=())))
    assert (await person_with(store, "ann@kern.example")).settled


async def test_an_import_leaves_a_person_their_language(store: AnyStore) -> None:
    await bring_in(store, organisation(listed(language="en")))
    ann = await person_with(store, listed().email)
    assert ann.language == "en"
    async with store.begin() as work:
        await work.people.speak(ann.id, "nl")
    await bring_in(store, organisation(listed(language="en", name="Docent Twee")))
    changed = await person_with(store, listed().email)
    assert (changed.name, changed.language) == ("Docent Twee", "nl")


async def test_an_import_takes_over_who_registered_themselves(store: AnyStore) -> None:
    async with store.begin() as work:
        ann = await work.people.register(sender("29:ann", email="ann@kern.example"), "en")
    plan = await bring_in(store, organisation(listed("ann@kern.example")))
    assert len(plan.changed) == 1
    async with store.reading() as work:
        imported = await work.people.by_address(Channel.TEAMS, "29:ann")
    assert imported is not None
    assert (imported.id, imported.source, imported.language) == (ann.id, Source.IMPORT, "en")
    assert imported.settled


async def test_a_new_email_address_leaves_a_person_what_is_theirs(store: AnyStore) -> None:
    await bring_in(store, organisation(listed("ann.vos@kern.example", entra_id="aa-11")))
    ann = await person_with(store, "ann.vos@kern.example")
    await bring_in(store, organisation(listed("ann.bos@kern.example", entra_id="aa-11")))
    renamed = await person_with(store, "ann.bos@kern.example")
    assert (renamed.id, renamed.active) == (ann.id, True)
    async with store.reading() as work:
        assert await work.people.by_identity("", "ann.vos@kern.example") is None


async def test_an_entra_id_can_go_to_someone_new(store: AnyStore) -> None:
    ann, bob = "ann@kern.example", "bob@kern.example"
    await bring_in(store, organisation(listed(ann, entra_id="1")))
    before = await person_with(store, ann)
    await bring_in(store, organisation(listed(ann), listed(bob, entra_id="1")))
    assert await person_with(store, ann) == before
    async with store.reading() as work:
        assert await work.people.by_identity("1", "") == await person_with(store, bob)


async def test_who_registered_without_an_email_address_is_known_by_entra_id(
    store: AnyStore,
) -> None:
    async with store.begin() as work:
        ann = await work.people.register(sender("29:ann", entra_id="AA-11"), "nl")
    await bring_in(store, organisation(listed("ann@kern.example", entra_id="aa-11")))
    assert (await person_with(store, "ann@kern.example")).id == ann.id


async def test_two_people_can_change_entra_ids(store: AnyStore) -> None:
    ann, bob = "ann@kern.example", "bob@kern.example"
    await bring_in(store, organisation(listed(ann, entra_id="1"), listed(bob, entra_id="2")))
    await bring_in(store, organisation(listed(ann, entra_id="2"), listed(bob, entra_id="1")))
    async with store.reading() as work:
        found = await work.people.by_identity("2", "")
    assert found == await person_with(store, ann)


async def test_who_is_no_longer_listed_is_deactivated(store: AnyStore) -> None:
    await bring_in(store, organisation(listed("ann@kern.example"), listed("bob@kern.example")))
    async with store.begin() as work:
        carl = await work.people.register(sender(email="carl@kern.example"), "nl")
    plan = await bring_in(store, organisation(listed("ann@kern.example")))
    assert plan.gone == ("bob@kern.example",)
    assert (await person_with(store, "ann@kern.example")).active
    assert not (await person_with(store, "bob@kern.example")).active
    async with store.reading() as work:
        assert await work.people.by_id(carl.id) == carl


async def test_only_whom_an_import_brought_is_deactivated(store: AnyStore) -> None:
    async with store.begin() as work:
        ann = await work.people.register(sender(email="ann@kern.example"), "nl")
    plan = await planned(store, organisation())
    async with store.begin() as work:
        await work.people.apply(replace(plan, gone=("ann@kern.example",)))
        assert await work.people.by_id(ann.id) == ann


async def test_who_is_listed_again_is_active_again(store: AnyStore) -> None:
    everyone = organisation(listed("ann@kern.example"), listed("bob@kern.example"))
    await bring_in(store, everyone)
    bob = await person_with(store, "bob@kern.example")
    await bring_in(store, organisation(listed("ann@kern.example")))
    await bring_in(store, everyone)
    assert await person_with(store, "bob@kern.example") == bob


async def test_coaches_come_in_order_of_name_with_profile_and_place(store: AnyStore) -> None:
    zoe = listed_coach("zoe@kern.example", name="Zoë", coach=profile(fte=0.2))
    abe = listed_coach("abe@kern.example", name="abe", location="", teams=())
    gone = listed_coach("gone@kern.example", name="Gone")
    await bring_in(store, organisation(zoe, abe, gone, listed()))
    await bring_in(store, organisation(zoe, abe, listed()))
    async with store.reading() as work:
        coaches = await work.people.coaches()
    assert [(one.person.name, one.profile, one.location) for one in coaches] == [
        ("abe", profile(), ""),
        ("Zoë", profile(fte=0.2), "Kerngebouw"),
    ]
    assert list(coaches[0].profile.pattern) == ["wo", "ma"]


async def test_one_coach_is_the_same_as_among_all(store: AnyStore) -> None:
    two = (
        listed_coach("abe@kern.example"),
        listed_coach("zoe@kern.example", coach=profile(fte=0.2)),
    )
    await bring_in(store, organisation(*two, listed_coach("gone@kern.example"), listed()))
    gone = await person_with(store, "gone@kern.example")
    await bring_in(store, organisation(*two, listed()))
    teacher = await person_with(store, listed().email)
    async with store.reading() as work:
        coaches = await work.people.coaches()
        assert [await work.people.coach(one.person.id) for one in coaches] == coaches
        assert [await work.people.coach(one.id) for one in (gone, teacher)] == [None, None]


async def test_who_is_no_coach_any_more_has_no_profile(store: AnyStore) -> None:
    await bring_in(store, organisation(listed_coach()))
    await bring_in(store, organisation(listed(listed_coach().email)))
    async with store.reading() as work:
        assert await work.people.coaches() == []
    assert (await person_with(store, listed_coach().email)).roles == {Role.TEACHER}


async def test_people_are_found_by_part_of_a_name_in_any_case(store: AnyStore) -> None:
    people = [
        listed("1@kern.example", name="Çağla Öztürk"),
        listed("2@kern.example", name="André Vos"),
        listed("3@kern.example", name="Bo de Vos"),
        listed("4@kern.example", name="Jan Strauß"),
    ]
    await bring_in(store, organisation(*people))
    assert await found_names(store, "ÖZTÜRK") == ["Çağla Öztürk"]
    assert await found_names(store, "  ÇAĞ ") == ["Çağla Öztürk"]
    assert await found_names(store, "vos") == ["André Vos", "Bo de Vos"]
    assert await found_names(store, "STRAUSS") == ["Jan Strauß"]
    assert await found_names(store, "wolf") == []


async def test_people_are_found_by_email_address_and_role(store: AnyStore) -> None:
    await bring_in(store, organisation(listed("docent7@kern.example"), listed_coach()))
    assert await found_names(store, "DOCENT7@") == ["Docent Een"]
    assert await found_names(store, "coach") == ["Coach Een"]
    assert await found_names(store, "teacher") == ["Coach Een", "Docent Een"]


async def test_wildcards_stand_for_themselves(store: AnyStore) -> None:
    people = [
        listed("a@kern.example", name="Honderd %"),
        listed("b@kern.example", name="Slash /"),
        listed("c_c@kern.example", name=r"Back\slash"),
    ]
    await bring_in(store, organisation(*people))
    assert await found_names(store, "%") == ["Honderd %"]
    assert await found_names(store, "_") == [r"Back\slash"]
    assert await found_names(store, "/") == ["Slash /"]
    assert await found_names(store, "\\") == [r"Back\slash"]
    assert await found_names(store, "c%c") == []


async def test_people_are_found_in_order_of_name_up_to_a_limit(store: AnyStore) -> None:
    names = ["carla", "Bo-An", "Bo", "Bob", "anna", "Émile"]
    people = [listed(f"{n}@kern.example", name=name) for n, name in enumerate(names)]
    await bring_in(store, organisation(*people))
    assert await found_names(store, "") == ["anna", "Bo", "Bo-An", "Bob", "carla", "Émile"]
    assert await found_names(store, "", limit=2) == ["anna", "Bo"]


async def test_a_found_person_has_all_their_teams(store: AnyStore) -> None:
    await bring_in(store, organisation(listed(teams=("Handel 2", "Handel 1"))))
    async with store.reading() as work:
        [found] = await work.people.find("docent", 1)
    assert found.teams == (await team_id(store, "Handel 2"), await team_id(store, "Handel 1"))


async def test_who_is_not_active_is_not_found(store: AnyStore) -> None:
    await bring_in(store, organisation(listed("ann@kern.example", name="Ann")))
    await bring_in(store, organisation())
    assert await found_names(store, "ann") == []


async def test_where_someone_works_is_told_by_name(store: AnyStore) -> None:
    teams = ("Handel 1", "Techniek 1")
    await bring_in(store, organisation(listed("a@kern.example", teams=teams)))
    async with store.begin() as work:
        new = (await work.people.register(sender("29:new"), "nl")).id
    known = (await person_with(store, "a@kern.example")).id
    async with store.reading() as work:
        works = await work.people.whereabouts(known)
        assert works == Whereabouts(frozenset({"Handel", "Techniek"}), "Kerngebouw")
        assert await work.people.whereabouts(new) == Whereabouts()
        assert await work.people.whereabouts(PersonId(4711)) == Whereabouts()


async def test_people_are_found_by_their_roles(store: AnyStore) -> None:
    people = (
        listed("a@kern.example", name="Zoë", roles=(Role.COORDINATOR, Role.TEACHER)),
        listed("b@kern.example", name="Bas", roles=(Role.CURATOR, Role.COACH)),
        listed("curator@kern.example", name="Coordinator Cor", roles=(Role.TEACHER,)),
        listed("d@kern.example", name="Weg", roles=(Role.CURATOR,)),
    )
    await bring_in(store, organisation(*people))
    await bring_in(store, organisation(*people[:3]))
    async with store.reading() as work:
        found = await work.people.with_role(Role.CURATOR, Role.COORDINATOR)
        assert [one.name for one in found] == ["Bas", "Zoë"]
        assert [one.name for one in await work.people.with_role(Role.COACH)] == ["Bas"]
        assert await work.people.with_role() == []


async def test_several_people_are_found_by_id_in_order_of_name(store: AnyStore) -> None:
    await bring_in(
        store,
        organisation(
            listed("b@kern.example", name="Bob"),
            listed("a@kern.example", name="Ann"),
            listed("c@kern.example", name="Cas"),
        ),
    )
    ann, bob = [await person_with(store, f"{name}@kern.example") for name in "ab"]
    async with store.reading() as work:
        assert await work.people.by_ids([bob.id, PersonId(4711), ann.id]) == [ann, bob]
        assert await work.people.by_ids([]) == []


async def test_what_people_read_is_known_of_those_who_are_here(store: AnyStore) -> None:
    await bring_in(
        store,
        organisation(
            listed("a@kern.example", language="en"),
            listed("b@kern.example"),
            listed("c@kern.example"),
        ),
    )
    ann, bob, cas = [await person_with(store, f"{name}@kern.example") for name in "abc"]
    await bring_in(store, organisation(listed("a@kern.example"), listed("b@kern.example")))
    async with store.reading() as work:
        found = await work.people.languages([cas.id, bob.id, ann.id])
        assert found == {ann.id: "en", bob.id: "nl"}
        assert list(found) == sorted(found)
