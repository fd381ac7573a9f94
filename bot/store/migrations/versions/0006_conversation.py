"""Where a question was asked, so that the next one there can go on about it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("asked_question", sa.Column("conversation", sa.String(), nullable=True))
