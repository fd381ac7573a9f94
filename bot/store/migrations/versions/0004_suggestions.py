"""What coaches would add to the FAQ, until a curator decides and after."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TABLE = "faq_suggestion"
SORTABLE = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("proposer", sa.Integer(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=True),
        sa.Column("entry", SORTABLE, nullable=True),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("title", "answer", "wording")),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("domain", "level", "role", "state")
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided", sa.DateTime(timezone=True), nullable=True),
        refers("proposer", "person"),
        refers("question", "question"),
        refers("entry", "faq_entry"),
        refers("decided_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("key", name=op.f(f"uq_{TABLE}_key")),
        sqlite_autoincrement=True,
    )
    for name in ("proposer", "question", "entry", "at"):
        op.create_index(op.f(f"ix_{TABLE}_{name}"), TABLE, [name])


def refers(column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{TABLE}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)
