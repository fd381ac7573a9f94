"""Makes the files of the two reference colleges, at full size, without a single real name."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO

import yaml

from bot.people.people_file import COLUMNS
from bot.worktime.closures import SCHOOLS_CLOSE
from bot.worktime.week import OFFICE

WEEK = ("ma", "di", "wo", "do", "vr")
TOPICS = ("account", "teams", "lms", "bestanden", "tools", "video", "ai", "avg", "didactiek")
STRENGTHS = (
    "trainer",
    "coach",
    "adviseur",
    "onderwijskundige",
    "veranderkundige",
    "technovator",
)
FIELDS = {
    "servicedesk_phone": "088 555 00 00",
    "servicedesk_email": "servicedesk@{domain}",
    "servicedesk_place": "de balie bij de hoofdingang",
    "servicedesk_url": "https://servicedesk.{domain}",
    "lms": "{lms}",
    "lms_url": "https://leren.{domain}",
    "student_system": "Eduarte",
    "wifi_name": "eduroam",
    "password_url": "https://wachtwoord.{domain}",
    "remote_access": "de beveiligde werkplek op https://werkplek.{domain}",
    "privacy_name": "de functionaris gegevensbescherming",
    "privacy_email": "privacy@{domain}",
    "privacy_phone": "088 555 00 07",
    "tools_url": "https://intranet.{domain}/tools",
    "device_booking": "het reserveringsscherm op intranet",
    "print_name": "Print&Go",
    "print_url": "https://print.{domain}",
    "training_url": "https://academie.{domain}",
    "training_email": "academie@{domain}",
    "portfolio_tool": "Portflow",
    "plagiarism_tool": "Ouriginal",
    "bpv_tool": "OnStage",
    "quiz_tool": "Kahoot",
    "video_tool": "Microsoft Stream",
    "ai_tool": "Copilot Chat",
    "ai_policy_url": "https://intranet.{domain}/ai",
    "library_email": "mediatheek@{domain}",
    "pd_hours": "59 uur per jaar bij een volle baan",
    "walkin_times": "dinsdag van 12:00 tot 13:00 in de mediatheek",
    "coach_email": "coaches@{domain}",
    "coach_page": "https://intranet.{domain}/coaches",
    "hr_portal": "https://hr.{domain}",
    "hr_email": "hr@{domain}",
    "roster_portal": "https://rooster.{domain}",
    "facilities_phone": "088 555 00 20",
    "facilities_email": "facilitair@{domain}",
    "student_admin_email": "studentenadministratie@{domain}",
    "exam_office_email": "examenbureau@{domain}",
}
# A closing of their own: the dates of school holidays are for each college to fill in.
CLOSED = {"name": "Kerstsluiting", "first": date(2026, 12, 24), "last": date(2027, 1, 1)}
TEAM_SIZE = 18
SECOND_TEAM_EVERY = 10


@dataclass(frozen=True)
class Shape:
    """The size and the parts of a reference college: (sector, location) pairs and counts."""

    key: str
    name: str
    parts: tuple[tuple[str, str], ...]
    teachers: int
    coaches_per_part: int
    coach_scope: str
    coordinators: tuple[str, ...]
    lms: str
    sector_lms: tuple[tuple[str, str], ...]
    daily: bool = False
    """Whether coaches work some hours of every day; else some whole days."""


INNOVATIE = Shape(
    key="innovatiecollege",
    name="MBO Innovatiecollege",
    parts=(
        ("Handel", "Marktplein"),
        ("Techniek en Gebouwde omgeving", "Ambachtsweg"),
        ("Zakelijke Dienstverlening en Veiligheid", "Stationskwartier"),
        ("ICT en Creatieve Industrie", "De Fabriek"),
        ("Specialistisch Vakmanschap", "Gildestraat"),
        ("Mobiliteit, Transport, Logistiek en Maritiem", "Havenkade"),
        ("Voedsel, Groen en Gastvrijheid", "Het Groene Lint"),
        ("Zorg, Welzijn en Sport", "Parklaan"),
        ("Entree", "Schoolstraat"),
    ),
    teachers=950,
    coaches_per_part=2,
    coach_scope="location",
    coordinators=("Projectleider 01", "Teamleider 01"),
    lms="Brightspace",
    sector_lms=(("ICT en Creatieve Industrie", "Canvas"), ("Entree", "itslearning")),
)
KERN = Shape(
    key="kerncollege",
    name="MBO Kerncollege",
    parts=(
        ("Handel", "Kerngebouw"),
        ("Techniek", "Kerngebouw"),
        ("Zorg & Welzijn", "Kerngebouw"),
    ),
    teachers=150,
    coaches_per_part=1,
    coach_scope="sector",
    coordinators=("Coördinator 01", "Coördinator 02", "Coördinator 03"),
    lms="Canvas",
    sector_lms=(("Techniek", "itslearning"),),
    daily=True,
)
SHAPES = {shape.key: shape for shape in (INNOVATIE, KERN)}


def generate(shape: Shape) -> dict[str, str]:
    """Return the files of a college: name to content. The same every time."""
    return {"college.yaml": _college_yaml(shape), "people.csv": _people_csv(shape)}


def _teams(shape: Shape) -> dict[str, tuple[str, str]]:
    per_part = round(shape.teachers / len(shape.parts) / TEAM_SIZE)
    return {
        f"{sector} {number}": (sector, location)
        for sector, location in shape.parts
        for number in range(1, per_part + 1)
    }


def _domain(shape: Shape) -> str:
    return f"{shape.key}.example"


def _coaches(shape: Shape) -> list[tuple[str, str, str, str]]:
    """Return (name, e-mail address, sector, location) a coach."""
    places = [part for part in shape.parts for _ in range(shape.coaches_per_part)]
    return [
        (f"Coach {number:02}", f"coach{number:02}@{_domain(shape)}", sector, location)
        for number, (sector, location) in enumerate(places, start=1)
    ]


def _pattern(shape: Shape, number: int) -> dict[str, str]:
    """Return half a week: some hours a day where someone is near at any moment, else three days."""
    if shape.daily:
        return dict.fromkeys(WEEK, f"{9 + number:02}:00-{13 + number}:00")
    return {WEEK[(number + step) % 5]: "09:00-16:00" for step in range(3)}


def _walkin(shape: Shape, number: int) -> dict[str, object]:
    """Return a weekly walk-in hour, on a day on which the coach works; the first in the library."""
    day = WEEK[(number + (1 if shape.daily else 0)) % 5]
    place = {"place": "de mediatheek"} if number == 0 else {}
    return {"day": day, "hours": "12:00-13:00", "minutes": 15, "seats": 2, **place}


def _coach_entries(shape: Shape) -> list[dict[str, object]]:
    return [
        {
            "email": email,
            "fte": 0.5,
            "scope": shape.coach_scope,
            "room": f"{'ABC'[number % 3]}{number % 3 + 1}.{number + 1:02}",
            "phone": f"088 555 01 {number + 1:02}",
            "topics": [TOPICS[(number * 2 + step) % len(TOPICS)] for step in range(3)],
            "strengths": {STRENGTHS[number % 6]: 5, STRENGTHS[(number + 2) % 6]: 4},
            "pattern": _pattern(shape, number),
            "walkin": [_walkin(shape, number)],
        }
        for number, (_, email, _, _) in enumerate(_coaches(shape))
    ]


def _college_yaml(shape: Shape) -> str:
    words = {"domain": _domain(shape), "lms": shape.lms}
    own_lms = {sector: {"fields": {"lms": lms}} for sector, lms in shape.sector_lms}
    document = {
        "name": shape.name,
        "fields": {name: text.format_map(words) for name, text in FIELDS.items()},
        "locations": [{"name": name} for name in dict.fromkeys(place for _, place in shape.parts)],
        "sectors": [{"name": name, **own_lms.get(name, {})} for name, _ in shape.parts],
        "teams": [
            {"name": name, "sector": sector, "location": location}
            for name, (sector, location) in _teams(shape).items()
        ],
        "hours": dict(OFFICE),
        "closed": [CLOSED],
        "holidays": [str(one) for one in SCHOOLS_CLOSE],
        "coaches": _coach_entries(shape),
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)


def _people_csv(shape: Shape) -> str:
    out = StringIO(newline="")
    rows = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    rows.writeheader()
    rows.writerows(_teacher_rows(shape))
    rows.writerows(_coach_rows(shape))
    rows.writerows(_coordinator_rows(shape))
    return out.getvalue()


def _teacher_rows(shape: Shape) -> Iterator[dict[str, str]]:
    teams = _teams(shape)
    names = list(teams)
    for number in range(1, shape.teachers + 1):
        team = names[(number - 1) % len(names)]
        own = [team]
        if number % SECOND_TEAM_EVERY == 0:
            same = [name for name in names if teams[name] == teams[team] and name != team]
            own += same[:1]
        yield {
            "email": f"docent{number:03}@{_domain(shape)}",
            "name": f"Docent {number:03}",
            "location": teams[team][1],
            "teams": "|".join(own),
            "roles": "teacher",
        }


def _coach_rows(shape: Shape) -> Iterator[dict[str, str]]:
    teams = _teams(shape)
    for name, email, sector, location in _coaches(shape):
        yield {
            "email": email,
            "name": name,
            "location": location,
            "teams": next(team for team, place in teams.items() if place == (sector, location)),
            "roles": "teacher|coach",
        }


def _coordinator_rows(shape: Shape) -> Iterator[dict[str, str]]:
    for number, name in enumerate(shape.coordinators, start=1):
        yield {
            "email": f"coordinator{number:02}@{_domain(shape)}",
            "name": name,
            "location": shape.parts[0][1],
            "roles": "coordinator|curator",
        }
