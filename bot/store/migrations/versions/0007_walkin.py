"""Walk-in hours: weekly rules, dates that differ, seats, lines, and who walks in."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

SEATED = sa.text("state != 'cancelled'")
WAITING = sa.text("state = 'waiting'")
DUE = sa.text("due IS NOT NULL")


def upgrade() -> None:
    create_hours()
    create_booking()
    slot_table(
        "waitlist",
        whole("number"),
        words("state"),
        moment("starts", nullable=False),
        moment("at", nullable=False),
        sa.Column("topic", sa.String(), nullable=True),
        sa.UniqueConstraint(
            *("hour", "day", "slot", "number"), name=op.f("uq_waitlist_hour_day_slot_number")
        ),
    )
    op.create_index(op.f("ix_waitlist_starts"), "waitlist", ["starts"])
    op.create_table(
        "queue_ticket",
        whole("id"),
        whole("hour"),
        sa.Column("day", sa.Date(), nullable=False),
        whole("number"),
        whole("person"),
        words("state"),
        moment("taken", nullable=False),
        moment("called"),
        moment("ended"),
        refers("queue_ticket", "hour", "walkin_hour"),
        refers("queue_ticket", "person", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_ticket")),
        sa.UniqueConstraint("hour", "day", "number", name=op.f("uq_queue_ticket_hour_day_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_queue_ticket_person"), "queue_ticket", ["person"])
    for table, by in (("waitlist", "starts"), ("queue_ticket", "id")):
        op.create_index(
            f"ix_{table}_waiting", table, [by], sqlite_where=WAITING, postgresql_where=WAITING
        )


def create_hours() -> None:
    op.create_table(
        "walkin_hour",
        whole("id"),
        whole("coach"),
        whole("weekday"),
        words("start"),
        words("end"),
        whole("minutes"),
        whole("seats"),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        *map(words, ("place", "link", "open_to", "origin")),
        refers("walkin_hour", "coach", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walkin_hour")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_walkin_hour_coach"), "walkin_hour", ["coach"])
    op.create_table(
        "walkin_exception",
        whole("hour"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("moved_to", sa.Date(), nullable=True),
        sa.Column("start", sa.String(), nullable=True),
        words("place"),
        refers("walkin_exception", "hour", "walkin_hour"),
        sa.PrimaryKeyConstraint("hour", "day", name=op.f("pk_walkin_exception")),
    )


def create_booking() -> None:
    slot_table(
        "booking",
        whole("seat"),
        words("state"),
        moment("starts", nullable=False),
        moment("ends", nullable=False),
        moment("made", nullable=False),
        sa.Column("topic", sa.String(), nullable=True),
        whole("version"),
        moment("due"),
        words("why"),
    )
    op.create_index(op.f("ix_booking_starts"), "booking", ["starts"])
    for name, last in (("seat", "seat"), ("guest", "person")):
        op.create_index(
            f"uq_booking_{name}",
            "booking",
            ["hour", "day", "slot", last],
            unique=True,
            sqlite_where=SEATED,
            postgresql_where=SEATED,
        )
    op.create_index("ix_booking_due", "booking", ["due"], sqlite_where=DUE, postgresql_where=DUE)


def slot_table(name: str, *columns: Any) -> None:
    op.create_table(
        name,
        whole("id"),
        whole("hour"),
        sa.Column("day", sa.Date(), nullable=False),
        whole("slot"),
        whole("person"),
        *columns,
        refers(name, "hour", "walkin_hour"),
        refers(name, "person", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f(f"ix_{name}_person"), name, ["person"])


def whole(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def words(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=False)


def moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
