"""Polls: their rounds, who was asked, and what was answered."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

SECRETS = (("poll_key", "key"), ("poll_ballot", "voter"), ("poll_ballot", "sealed"))
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "poll",
        whole("id"),
        whole("owner"),
        *map(words, ("form", "audience", "schedule", "state")),
        whole("version"),
        refers("poll", "owner", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
        sqlite_autoincrement=True,
    )
    create_round()
    op.create_table(
        "poll_declined",
        whole("person"),
        refers("poll_declined", "person", "person"),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_poll_declined")),
    )
    op.create_table(
        "poll_invitation",
        whole("round"),
        whole("person"),
        words("grp"),
        flag("answered"),
        refers("poll_invitation", "round", "poll_round"),
        refers("poll_invitation", "person", "person"),
        sa.PrimaryKeyConstraint("round", "person", name=op.f("pk_poll_invitation")),
    )
    op.create_index(op.f("ix_poll_invitation_person"), "poll_invitation", ["person"])
    op.create_table(
        "poll_key",
        whole("round"),
        words("key"),
        refers("poll_key", "round", "poll_round"),
        sa.PrimaryKeyConstraint("round", name=op.f("pk_poll_key")),
    )
    op.create_table(
        "poll_ballot",
        whole("round"),
        *map(words, ("voter", "sealed")),
        refers("poll_ballot", "round", "poll_round"),
        sa.PrimaryKeyConstraint("round", "voter", name=op.f("pk_poll_ballot")),
    )
    create_answer()
    keep_out_of_statistics()


def keep_out_of_statistics() -> None:
    """Let PostgreSQL copy no secret to its statistics, where it would outlive its row."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column in SECRETS:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def create_round() -> None:
    op.create_table(
        "poll_round",
        whole("id"),
        whole("poll"),
        *map(words, ("local", "form")),
        moment("opened", nullable=False),
        moment("closes", nullable=False),
        moment("reminds"),
        words("state"),
        *map(whole, ("asked", "unreachable", "answered")),
        flag("lost"),
        flag("told"),
        refers("poll_round", "poll", "poll"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_round")),
        sa.UniqueConstraint("poll", "local", name=op.f("uq_poll_round_poll_local")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_poll_round_closes"), "poll_round", ["closes"])
    op.create_index(
        "ix_poll_round_open", "poll_round", ["closes"], sqlite_where=OPEN, postgresql_where=OPEN
    )


def create_answer() -> None:
    op.create_table(
        "poll_answer",
        *map(whole, ("round", "question", "number")),
        *map(words, ("grp", "value")),
        sa.Column("person", sa.Integer(), nullable=True),
        refers("poll_answer", "round", "poll_round"),
        refers("poll_answer", "person", "person"),
        sa.PrimaryKeyConstraint("round", "question", "number", name=op.f("pk_poll_answer")),
        sa.UniqueConstraint(
            *("round", "person", "question"), name=op.f("uq_poll_answer_round_person_question")
        ),
    )
    op.create_index(op.f("ix_poll_answer_person"), "poll_answer", ["person"])


def whole(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def words(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=False)


def flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
