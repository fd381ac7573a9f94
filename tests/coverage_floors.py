"""Holds branch coverage to its floors: 100 % where decisions are made, 95 % of the whole.

Run by `make check` after the tests, on the data that they left.
"""

import io
import sys

from coverage import Coverage

EVERY_BRANCH = (
    "*/rules.py",
    "*/routing/changes.py",
    "*/rings.py",
    "*/promise.py",
    "*/service.py",
    "*/relay.py",
    "*/match.py",
    "*/ranking.py",
    "*/subjects.py",
    "*/knowledge/follow_up.py",
    "*/knowledge/several.py",
    "*/knowledge/understanding.py",
    "*/knowledge/live.py",
    "*/knowledge/updates.py",
    "*/knowledge/proposals.py",
    "*/knowledge/curation.py",
    "*/summary/corrections.py",
    "*/summary/counts.py",
    "*/summary/felt.py",
    "*/summary/measures.py",
    "*/summary/rows.py",
    "*/polls/answering.py",
    "*/polls/disclosure.py",
    "*/polls/figures.py",
    "*/polls/frame.py",
    "*/polls/lines.py",
    "*/polls/planning.py",
    "*/polls/problems.py",
    "*/walkin/bookings.py",
    "*/walkin/frame.py",
    "*/walkin/slots.py",
    "*/walkin/steps.py",
    "*/walkin/turns.py",
    "*/walkin/grounds.py",
    "*/walkin/reminders.py",
    "*/walkin/choice.py",
    "*/walkin/hours.py",
    "*/walkin/takeover.py",
    "*/walkin/dates.py",
    "*/walkin/ending.py",
    "*/walkin/changed.py",
    "*/walkin/queue.py",
    "*/walkin/calendar.py",
    "*/walkin/ics.py",
    "*/walkin/links.py",
    "*/walkin/timezone.py",
)
FLOORS = ((EVERY_BRANCH, 100.0), (("*",), 95.0))


def main() -> int:
    """Print each floor with what was reached; returns 1 when one was not."""
    coverage = Coverage()
    coverage.load()
    short = 0
    for patterns, floor in FLOORS:
        reached = coverage.report(include=list(patterns), file=io.StringIO())
        short += reached < floor
        print(f"{', '.join(patterns)}: {reached:.2f} % of {floor:.0f} %")  # noqa: T201 (it is a command)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
