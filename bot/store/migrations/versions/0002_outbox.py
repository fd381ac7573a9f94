"""The outbox, which keeps what is said until it arrived, and what became of occasions.

Replies move to the outbox from handled messages.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    create_outbox()
    create_occasions()
    move_replies()
    with op.batch_alter_table("handled_message") as handled:
        handled.drop_index(op.f("ix_handled_message_person"))
        handled.drop_column("replies")
        handled.drop_column("sent")
    with op.batch_alter_table("channel_address") as address:
        address.add_column(sa.Column("place", sa.String(), nullable=False, server_default=""))
        address.add_column(sa.Column("lost", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("channel_address") as address:
        address.alter_column("place", server_default=None)
        address.alter_column("lost", server_default=None)
    op.create_table(
        "named_channel",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("who", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["who"], ["person.id"], name=op.f("fk_named_channel_who_person")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_named_channel")),
    )


def create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doubtful", sa.Integer(), nullable=False),
        sa.Column("remote", sa.String(), nullable=False),
        sa.Column("changes", sa.String(), nullable=False),
        sa.Column("answers", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_outbox_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sqlite_autoincrement=True,
    )
    for name, columns, where in (
        ("ix_outbox_lane_waiting", ["channel", "lane", "id"], WAITING),
        ("ix_outbox_due", ["not_before"], WAITING),
    ):
        op.create_index(name, "outbox", columns, sqlite_where=where, postgresql_where=where)
    dead = sa.text("state = 'dead'")
    op.create_index(
        "ix_outbox_dead", "outbox", ["person"], sqlite_where=dead, postgresql_where=dead
    )
    op.create_table(
        "lane",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "lane", name=op.f("pk_lane")),
    )
    op.create_index(op.f("ix_lane_holder"), "lane", ["holder"])
    op.create_table(
        "pace",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("channel", "tenant", name=op.f("pk_pace")),
    )


def create_occasions() -> None:
    op.create_table(
        "occasion",
        sa.Column("thing", sa.String(), nullable=False),
        sa.Column("local", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("thing", "local", name=op.f("pk_occasion")),
    )


def move_replies() -> None:
    """Keep the replies of messages that may come again. Where they went was not stored then."""
    handled = sa.table(
        "handled_message",
        *map(sa.column, ("channel", "message_id", "person")),
        sa.column("replies", sa.JSON()),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("sent", sa.Boolean()),
    )
    columns = (
        *("key", "channel", "lane", "tenant", "person", "place", "reply", "state"),
        *("attempts", "version", "doubtful", "remote", "changes", "answers", "reason"),
    )
    moments = ("not_before", "at", "sent_at")
    outbox = sa.table(
        "outbox",
        *map(sa.column, columns),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in moments),
    )
    for row in op.get_bind().execute(sa.select(handled).order_by(handled.c.at)).mappings().all():
        place = {"channel": row["channel"], "conversation": ""}
        for number, reply in enumerate(row["replies"]):
            op.bulk_insert(
                outbox,
                [
                    {
                        "key": f"answer|{row['channel']}|{row['message_id']}|{number}",
                        "channel": row["channel"],
                        "lane": "to:",
                        "tenant": "",
                        "person": row["person"],
                        "place": json.dumps(place),
                        "reply": json.dumps(reply),
                        "state": "sent" if row["sent"] else "dead",
                        "attempts": 0,
                        "version": 1,
                        "doubtful": 0,
                        "remote": "",
                        "changes": "",
                        "answers": row["message_id"],
                        "reason": "" if row["sent"] else "before_the_outbox",
                        "not_before": row["at"],
                        "at": row["at"],
                        "sent_at": row["at"] if row["sent"] else None,
                    }
                ],
            )
