"""The weekly summary: what kind each message was, counts that outlive them, figures as sent."""

import sqlalchemy as sa
from alembic import op

# Of ratings from before, the last of each question is known: as if it was given by who they are now.
RATED = """
UPDATE question_event SET
 felt = (SELECT felt FROM question WHERE question.id = question_event.question),
 coach = (SELECT holder FROM question WHERE question.id = question_event.question),
 team = (SELECT membership.team FROM membership JOIN question ON question.asker = membership.person
  WHERE question.id = question_event.question AND membership.place = 0)
WHERE id IN (SELECT max(id) FROM question_event WHERE act = 'rate' GROUP BY question)
"""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("handled_message", sa.Column("kind", sa.String(), nullable=True))
    op.add_column("handled_message", sa.Column("many", sa.Integer(), nullable=True))
    op.create_table(
        "message_count",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("location", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "location", "kind", name=op.f("pk_message_count")),
    )
    op.create_table(
        "weekly_summary",
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("corrected", sa.JSON(), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("week", "audience", name=op.f("pk_weekly_summary")),
    )
    for name in ("felt", "coach", "team"):
        op.add_column("question_event", sa.Column(name, sa.Integer(), nullable=True))
    op.execute(RATED)
    for table, column in (("question_event", "at"), ("rating", "at"), ("queue_ticket", "taken")):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
