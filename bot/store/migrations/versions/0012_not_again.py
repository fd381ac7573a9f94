"""Who passed a question on is not asked for it again: also who did so before that was kept."""

from alembic import op

# It was kept as an offer of ring 0 in the round of then, where there was one already: that they were
# asked. So it was lost, and they would be asked again once the question comes back. What happened is
# kept as an event. Who gave one back began a round by that: theirs was kept.
PASSED_ON = """
INSERT INTO offer (question, coach, round, ring, at, near)
SELECT question_event.question, question_event.who, 0, 0, max(question_event.at), 0
FROM question_event
WHERE question_event.act = 'hand_over' AND question_event.who IS NOT NULL
 AND NOT EXISTS (SELECT 1 FROM offer WHERE offer.question = question_event.question
  AND offer.coach = question_event.who AND offer.ring = 0)
GROUP BY question_event.question, question_event.who
"""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute(PASSED_ON)
