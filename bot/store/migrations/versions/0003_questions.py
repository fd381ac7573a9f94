"""Questions on their way to a coach, who was asked, who is away; what messages are about."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ABOUT = sa.text("subject != ''")
DUE = sa.text("due IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("subject", sa.String(), nullable=False, server_default=""))
    # SQLite makes the table again, and forgets that its ids only grow unless it is told.
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_autoincrement": True}) as outbox:
        outbox.alter_column("subject", server_default=None)
    op.create_index(
        "ix_outbox_subject", "outbox", ["subject"], sqlite_where=ABOUT, postgresql_where=ABOUT
    )
    create_question()
    create_events()
    op.create_table(
        "away",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        moment("start", nullable=False),
        moment("until"),
        sa.Column("for_today", sa.Boolean(), nullable=False),
        person("away", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_away")),
    )
    op.create_index(op.f("ix_away_person"), "away", ["person"])


def create_question() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("asker", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("source", "language", "topic", "level", "role")
        ),
        sa.Column("wanted", sa.Integer(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("version", "ring", "round")),
        sa.Column("holder", sa.Integer(), nullable=True),
        moment("due"),
        moment("created", nullable=False),
        *map(moment, ("claimed", "answered", "closed")),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("felt", sa.Integer(), nullable=True),
        sa.Column("proximity", sa.Float(), nullable=True),
        sa.Column("claim_minutes", sa.Float(), nullable=True),
        *(person("question", name) for name in ("asker", "wanted", "holder")),
        sa.ForeignKeyConstraint(
            ["asked"], ["asked_question.id"], name=op.f("fk_question_asked_asked_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("key", name=op.f("uq_question_key")),
        sqlite_autoincrement=True,
    )
    for name in ("asker", "asked", "holder", "state"):
        op.create_index(op.f(f"ix_question_{name}"), "question", [name])
    op.create_index("ix_question_due", "question", ["due"], sqlite_where=DUE, postgresql_where=DUE)


def create_events() -> None:
    op.create_table(
        "question_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        moment("at", nullable=False),
        sa.Column("who", sa.Integer(), nullable=True),
        sa.Column("other", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        *(person("question_event", name) for name in ("who", "other")),
        question("question_event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_question_event_question"), "question_event", ["question"])
    op.create_table(
        "offer",
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("coach", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("ring", sa.Integer(), nullable=False),
        moment("at", nullable=False),
        sa.Column("near", sa.Float(), nullable=False),
        person("offer", "coach"),
        question("offer"),
        sa.PrimaryKeyConstraint("question", "coach", "round", name=op.f("pk_offer")),
    )
    op.create_index(op.f("ix_offer_coach"), "offer", ["coach"])


def moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}_person"))


def question(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_question_question")
    return sa.ForeignKeyConstraint(["question"], ["question.id"], name=name)
