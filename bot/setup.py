"""What a college set up, read from its settings and its own file, as the conversations know it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.core.reply import Language
from bot.knowledge.calibration import Thresholds
from bot.knowledge.service import CollegeFields
from bot.people.college_file import CollegeFile
from bot.polls.frame import Secrecy
from bot.proximity.model import Weights, weigh
from bot.retention.service import Retention
from bot.routing.model import RingTimes
from bot.settings import Settings
from bot.store.sealing import Seal
from bot.walkin.links import Links
from bot.walkin.model import Terms
from bot.worktime.worktime import WorkTime


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a college set up. Without `links` there are no addresses, without `secrecy` no secrets.

    `quiet_days` and `remind_days` are open days.
    """

    college: WorkTime
    fields: CollegeFields
    language: Language
    coach_title: str
    student_number: re.Pattern[str]
    thresholds: Thresholds
    weights: Weights
    times: RingTimes
    urgent_a_week: int
    quiet_days: int
    remind_days: int
    walkin: Terms
    links: Links | None
    secrecy: Secrecy | None

    @property
    def zone(self) -> ZoneInfo:
        return self.college.zone


def setup_of(settings: Settings, college: CollegeFile, secrecy: Secrecy | None) -> Setup:
    """Return what the conversations are told of the settings and the college's own file."""
    return Setup(
        college=college.worktime(settings.zone),
        fields=college_fields(college, settings.coach_title),
        language=settings.language,
        coach_title=settings.coach_title,
        student_number=re.compile(settings.student_number, re.IGNORECASE),
        thresholds=Thresholds(settings.answer_threshold, settings.choices_threshold),
        weights=weigh(
            settings.place_weight, settings.organisation_weight, settings.availability_weight
        ),
        times=RingTimes(settings.ring_minutes),
        urgent_a_week=settings.urgent_a_week,
        quiet_days=settings.quiet_days,
        remind_days=settings.remind_days,
        walkin=Terms(settings.walkin_open_bookings, settings.walkin_confirm_minutes),
        links=links_of(settings),
        secrecy=secrecy,
    )


def college_fields(college: CollegeFile, coach_title: str) -> CollegeFields:
    """Return what fills the sentences of FAQ answers at this college."""
    return CollegeFields(
        college={**college.fields, "college": college.name, "coach_title": coach_title},
        locations={place.name: place.fields for place in college.locations},
        sectors={sector.name: sector.fields for sector in college.sectors},
    )


def links_of(settings: Settings) -> Links | None:
    """Return what makes addresses of pages; None when the college set none up."""
    secret = settings.link_secret.get_secret_value()
    return Links(settings.public_url, secret) if settings.public_url and secret else None


def seal_of(settings: Settings) -> Seal | None:
    """Return what seals anonymous polls; None when the college set no secret for them."""
    secret = settings.poll_secret.get_secret_value()
    return Seal(secret) if secret else None


def retention_of(settings: Settings) -> Retention:
    """Return what forgets, after the days that the college chose."""
    return Retention(
        texts=timedelta(days=settings.retention_days),
        messages=timedelta(days=settings.inbox_days),
    )
