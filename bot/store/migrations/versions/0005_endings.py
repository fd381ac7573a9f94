"""How questions ended; and the moments that are looked for to see how busy a coach is."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ENDED = {
    "withdrawn": "state = 'withdrawn'",
    "by_asker": "state = 'closed' AND solved",
    # Of one that a coach closed nobody asked how it ended: that stays unknown.
    "expired": "state = 'closed' AND solved IS NULL AND 'expire' = ("
    "SELECT act FROM question_event WHERE question_event.question = question.id "
    "AND act IN ('expire', 'close', 'solved') ORDER BY question_event.id DESC LIMIT 1)",
}
BY_ACT = {"withdraw": "withdrawn", "solved": "by_asker", "expire": "expired"}


def upgrade() -> None:
    for table in ("question", "question_event"):
        op.add_column(table, sa.Column("ending", sa.String(), nullable=True))
    for ending, which in ENDED.items():
        op.execute(f"UPDATE question SET ending = '{ending}' WHERE {which}")  # noqa: S608 (our own words)
    for act, ending in BY_ACT.items():
        op.execute(f"UPDATE question_event SET ending = '{ending}' WHERE act = '{act}'")  # noqa: S608 (see above)
    op.create_index(op.f("ix_question_created"), "question", ["created"])
    op.create_index(op.f("ix_offer_at"), "offer", ["at"])
