"""What people said of whom it could not be found out who they are, until it is answered."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "stranger_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("incoming", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stranger_message")),
        sa.UniqueConstraint(
            "channel", "message_id", name=op.f("uq_stranger_message_channel_message_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_stranger_message_address", "stranger_message", ["channel", "address", "id"]
    )
