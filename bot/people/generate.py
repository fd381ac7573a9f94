"""Makes the files of the two reference colleges, at full size, without a single real name."""

import csv
from dataclasses import dataclass
from io import StringIO

import yaml

from bot.people.people_file import COLUMNS

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
    lms: tuple[tuple[str, str], ...]


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
    lms=(("ICT en Creatieve Industrie", "Canvas"), ("Entree", "itslearning")),
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
    lms=(("Techniek", "itslearning"),),
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


def _college_yaml(shape: Shape) -> str:
    domain = _domain(shape)
    coaches = [
        {
            "email": email,
            "fte": 0.5,
            "scope": shape.coach_scope,
            "room": f"{'ABC'[number % 3]}{number % 3 + 1}.{number + 1:02}",
            "phone": f"088 555 01 {number + 1:02}",
            "topics": [TOPICS[(number * 2 + step) % len(TOPICS)] for step in range(3)],
            "strengths": {STRENGTHS[number % 6]: 5, STRENGTHS[(number + 2) % 6]: 4},
            "pattern": {WEEK[(number + step) % 5]: "09:00-16:00" for step in range(3)},
        }
        for number, (_, email, _, _) in enumerate(_coaches(shape))
    ]
    sector_lms = dict(shape.lms)
    document = {
        "name": shape.name,
        "fields": {
            "servicedesk_phone": "088 555 00 00",
            "servicedesk_email": f"servicedesk@{domain}",
            "servicedesk_place": "de balie bij de hoofdingang",
            "servicedesk_url": f"https://servicedesk.{domain}",
            "lms": "Canvas" if shape is KERN else "Brightspace",
            "lms_url": f"https://leren.{domain}",
            "student_system": "Eduarte",
            "wifi_name": "eduroam",
            "password_url": f"https://wachtwoord.{domain}",
            "remote_access": f"de beveiligde werkplek op https://werkplek.{domain}",
            "privacy_name": "de functionaris gegevensbescherming",
            "privacy_email": f"privacy@{domain}",
            "privacy_phone": "088 555 00 07",
            "tools_url": f"https://intranet.{domain}/tools",
            "device_booking": "het reserveringsscherm op intranet",
            "print_name": "Print&Go",
            "print_url": f"https://print.{domain}",
            "training_url": f"https://academie.{domain}",
            "training_email": f"academie@{domain}",
            "portfolio_tool": "Portflow",
            "plagiarism_tool": "Ouriginal",
            "bpv_tool": "OnStage",
            "quiz_tool": "Kahoot",
            "video_tool": "Microsoft Stream",
            "ai_tool": "Copilot Chat",
            "ai_policy_url": f"https://intranet.{domain}/ai",
            "library_email": f"mediatheek@{domain}",
            "pd_hours": "59 uur per jaar bij een volle baan",
            "walkin_times": "dinsdag van 12:00 tot 13:00 in de mediatheek",
            "coach_email": f"coaches@{domain}",
            "coach_page": f"https://intranet.{domain}/coaches",
            "hr_portal": f"https://hr.{domain}",
            "hr_email": f"hr@{domain}",
            "roster_portal": f"https://rooster.{domain}",
            "facilities_phone": "088 555 00 20",
            "facilities_email": f"facilitair@{domain}",
            "student_admin_email": f"studentenadministratie@{domain}",
            "exam_office_email": f"examenbureau@{domain}",
        },
        "locations": [{"name": name} for name in dict.fromkeys(place for _, place in shape.parts)],
        "sectors": [
            {"name": name, "fields": {"lms": sector_lms[name]}}
            if name in sector_lms
            else {"name": name}
            for name, _ in shape.parts
        ],
        "teams": [
            {"name": name, "sector": sector, "location": location}
            for name, (sector, location) in _teams(shape).items()
        ],
        "coaches": coaches,
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)


def _people_csv(shape: Shape) -> str:
    domain, teams = _domain(shape), _teams(shape)
    names = list(teams)
    out = StringIO(newline="")
    rows = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    rows.writeheader()
    for number in range(1, shape.teachers + 1):
        team = names[(number - 1) % len(names)]
        own = [team]
        if number % SECOND_TEAM_EVERY == 0:
            same = [name for name in names if teams[name] == teams[team] and name != team]
            own += same[:1]
        rows.writerow(
            {
                "email": f"docent{number:03}@{domain}",
                "name": f"Docent {number:03}",
                "location": teams[team][1],
                "teams": "|".join(own),
                "roles": "teacher",
            }
        )
    for name, email, sector, location in _coaches(shape):
        own_team = next(team for team, place in teams.items() if place == (sector, location))
        rows.writerow(
            {
                "email": email,
                "name": name,
                "location": location,
                "teams": own_team,
                "roles": "teacher|coach",
            }
        )
    for number, name in enumerate(shape.coordinators, start=1):
        rows.writerow(
            {
                "email": f"coordinator{number:02}@{domain}",
                "name": name,
                "location": shape.parts[0][1],
                "roles": "coordinator|curator",
            }
        )
    return out.getvalue()
