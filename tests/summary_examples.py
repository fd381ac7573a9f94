"""Summaries of an example college: one of all that can be in it, and a quiet one."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.ids import LocationId, PersonId, PollId, RoundId, TeamId
from bot.summary import rules
from bot.summary.figures import COACH_HEADLINES, HEADLINES, LEVELS, OUTCOMES, RINGS, ROLES, SOURCES
from bot.summary.model import (
    EVERYONE,
    Audience,
    Background,
    Counted,
    Helper,
    Opened,
    Rating,
    Said,
    Stale,
    Visits,
    Wait,
)
from bot.summary.report import Asked, Figures, PollRound, Sent
from bot.summary.week import Week
from bot.worktime.worktime import WorkTime

WEEK = Week(2026, 47)
ZONE = ZoneInfo("Europe/Amsterdam")
SPAN = WEEK.span(ZONE)
SENT = datetime(2026, 11, 23, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACES = {LocationId(number): f"Locatie {number}" for number in range(1, 10)}
HELPERS = tuple(
    Helper(PersonId(number), f"Coach Achternaam-van-{number}", LocationId((number + 1) // 2), 0.5)
    for number in range(1, 19)
)
"""Two at each of nine locations, as in the larger of the two reference colleges."""


def _counts(many: int) -> Counter[str]:
    names = [*OUTCOMES.values(), "small_talk", "commands", "helped", "not_helped", "picked"]
    names += [f"routed_{one}" for one in SOURCES] + [f"ring_{one}" for one in RINGS[:3]] * 2
    names += [f"level_{one}" for one in LEVELS] * 2 + [f"role_{one}" for one in ROLES]
    names += ["urgent", "closed", "hand_overs"]
    counts = Counter({name: names.count(name) * many for name in names})
    return counts + Counter(heard=4 * many)


def _ratings() -> tuple[Rating, ...]:
    return tuple(
        Rating(PersonId(1_000 + 100 * number + one.person), one.location, felt, number % 7 / 10)
        for number, felt in enumerate((1, 2, 3, 4, 5, 1))
        for one in HELPERS
    )


def _said() -> tuple[Said, ...]:
    return tuple(
        Said(PersonId(1_000 + 100 * number + one.person), TeamId(one.person % 12), one.person, felt)
        for number, felt in enumerate((1, 2, 3, 4, 5, 1))
        for one in HELPERS
    )


POLL = PollRound(
    "Hoe gaat het met ict in je les?",
    invited=150,
    unreachable=12,
    answered=96,
    questions=(
        Asked(
            "Hoe tevreden ben je over de hulp van je i-coach?",
            tuple((str(one), one * 6) for one in range(1, 6)),
            3.7,
            tuple((date(2026, month, 20), 3 + month / 20) for month in range(4, 12)),
            target=0.8,
            reached=0.62,
        ),
        Asked("Hoe goed kun je zelf verder?", (("4", 6), ("3", 2)), 3.75, least=4),
        Asked("Hoeveel digitale hulpmiddelen gebruik je?"),
    ),
    poll=PollId(3),
    round=RoundId(8),
)


def figures(audience: Audience | None = None, many: int = 3) -> Figures:
    """Return figures of a full week; `many` is how often everything happened at a location."""
    counted = Counted(
        counts={place: _counts(many + place) for place in PLACES},
        open_start=tuple(Opened(place, SPAN.start - 9 * HOUR) for place in PLACES),
        open_end=tuple(Opened(place, SPAN.start + 60 * HOUR) for place in PLACES),
        claims=tuple(Wait(place, SPAN.start, SPAN.start + place * HOUR) for place in PLACES),
        answers=tuple(Wait(place, SPAN.start, SPAN.start + 30 * HOUR) for place in PLACES),
        got={one.person: one.person for one in HELPERS},
        visits={one.person: Visits(4, 2, 1, one.person, (3.0, 8.0)) for one in HELPERS},
        topics={LocationId(1): Counter(les=9, ai=4, toetsen=3)},
    )
    background = Background(
        helpers=HELPERS,
        locations=PLACES,
        teams={TeamId(number): f"Team met een lange naam {number}" for number in range(12)},
        ratings=_ratings(),
        compared=_ratings(),
        said=_said(),
        first_levels={LocationId(1): Counter(operationeel=30, tactisch=10)},
        last_levels={LocationId(1): Counter(operationeel=20, tactisch=20)},
        stale=tuple(Stale(f"Hoe maak ik een toets, deel {one}?", WEEK.monday) for one in range(9)),
        seats={one.person: 8 for one in HELPERS},
    )
    wanted = audience or Audience()
    return rules.figures(counted, background, WorkTime(ZONE), SPAN, [wanted])[wanted]


def sent(audience: Audience | None = None, *, corrected: bool = False) -> Sent:
    """Return the summary of a full week."""
    audience = audience or Audience()
    names = COACH_HEADLINES if audience.coach else HEADLINES
    before = {name: figures(audience, 2).values[name] for name in names}
    now = figures(audience)
    polls = () if audience.coach else (POLL,)
    found = replace(now, before=before, polls=polls)
    later = replace(figures(audience, 4), before=before, polls=polls) if corrected else None
    on = SENT + timedelta(days=7) if corrected else None
    return Sent(WEEK, audience.key, SENT, found, later, on)


def quiet(*, still_open: int = 0) -> Sent:
    """Return the summary of a week in which nothing happened."""
    left = tuple(Opened(LocationId(1), SPAN.start) for _ in range(still_open))
    counted = Counted({}, open_start=left, open_end=left)
    background = Background(HELPERS, PLACES)
    return Sent(
        WEEK.back(),
        "all",
        SENT - timedelta(days=7),
        rules.figures(counted, background, WorkTime(ZONE), SPAN, [EVERYONE])[EVERYONE],
    )
