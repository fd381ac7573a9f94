"""The start: people, knowledge and turns."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SORTABLE = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    create_people()
    create_knowledge()
    create_turns()


def create_people() -> None:
    op.create_table(
        "location",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("name", name=op.f("uq_location_name")),
    )
    op.create_table(
        "sector",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sector")),
        sa.UniqueConstraint("name", name=op.f("uq_sector_name")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sector", sa.Integer(), nullable=False),
        sa.Column("location", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location"], ["location.id"], name=op.f("fk_team_location_location")
        ),
        sa.ForeignKeyConstraint(["sector"], ["sector.id"], name=op.f("fk_team_sector_sector")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", SORTABLE, nullable=True),
        sa.Column("entra_id", sa.String(), nullable=True),
        sa.Column("slack_user_id", sa.String(), nullable=True),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("location", sa.Integer(), nullable=True),
        sa.Column("findable", SORTABLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["location"], ["location.id"], name=op.f("fk_person_location_location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("entra_id", name=op.f("uq_person_entra_id")),
        sa.UniqueConstraint("slack_user_id", name=op.f("uq_person_slack_user_id")),
    )
    op.create_table(
        "membership",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("team", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"], ["person.id"], name=op.f("fk_membership_person_person")
        ),
        sa.ForeignKeyConstraint(["team"], ["team.id"], name=op.f("fk_membership_team_team")),
        sa.PrimaryKeyConstraint("person", "team", name=op.f("pk_membership")),
        sa.UniqueConstraint("person", "place", name=op.f("uq_membership_person_place")),
    )
    op.create_index(op.f("ix_membership_team"), "membership", ["team"])
    op.create_table(
        "coach_profile",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("fte", sa.Float(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("strengths", sa.JSON(), nullable=False),
        sa.Column("pattern", sa.JSON(), nullable=False),
        sa.Column("max_open", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"], ["person.id"], name=op.f("fk_coach_profile_person_person")
        ),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_coach_profile")),
    )
    op.create_table(
        "channel_address",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"], ["person.id"], name=op.f("fk_channel_address_person_person")
        ),
        sa.PrimaryKeyConstraint("channel", "address", name=op.f("pk_channel_address")),
    )
    op.create_index(op.f("ix_channel_address_person"), "channel_address", ["person"])


def create_knowledge() -> None:
    op.create_table(
        "faq_entry",
        sa.Column("id", SORTABLE, nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("proposed", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_entry")),
    )
    op.create_table(
        "faq_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry", SORTABLE, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("who", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry"], ["faq_entry.id"], name=op.f("fk_faq_revision_entry_faq_entry")
        ),
        sa.ForeignKeyConstraint(["who"], ["person.id"], name=op.f("fk_faq_revision_who_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_revision")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_faq_revision_entry"), "faq_revision", ["entry"])
    op.create_table(
        "faq_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry", SORTABLE, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry"], ["faq_entry.id"], name=op.f("fk_faq_proposal_entry_faq_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_proposal")),
    )
    op.create_index(op.f("ix_faq_proposal_entry"), "faq_proposal", ["entry"])
    op.create_table(
        "asked_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("entry", SORTABLE, nullable=True),
        sa.Column("choice", sa.String(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry"], ["faq_entry.id"], name=op.f("fk_asked_question_entry_faq_entry")
        ),
        sa.ForeignKeyConstraint(
            ["person"], ["person.id"], name=op.f("fk_asked_question_person_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_question")),
    )
    op.create_index(op.f("ix_asked_question_at"), "asked_question", ["at"])
    op.create_index(op.f("ix_asked_question_entry"), "asked_question", ["entry"])
    op.create_index(op.f("ix_asked_question_person"), "asked_question", ["person"])
    op.create_table(
        "rating",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("entry", SORTABLE, nullable=False),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("helped", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked"], ["asked_question.id"], name=op.f("fk_rating_asked_asked_question")
        ),
        sa.ForeignKeyConstraint(
            ["entry"], ["faq_entry.id"], name=op.f("fk_rating_entry_faq_entry")
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_rating_person_person")),
        sa.PrimaryKeyConstraint("person", "entry", name=op.f("pk_rating")),
    )
    op.create_index(op.f("ix_rating_asked"), "rating", ["asked"])
    op.create_index(op.f("ix_rating_entry"), "rating", ["entry"])


def create_turns() -> None:
    op.create_table(
        "handled_message",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("replies", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"], ["person.id"], name=op.f("fk_handled_message_person_person")
        ),
        sa.PrimaryKeyConstraint("channel", "message_id", name=op.f("pk_handled_message")),
    )
    op.create_index(op.f("ix_handled_message_at"), "handled_message", ["at"])
    op.create_index(op.f("ix_handled_message_person"), "handled_message", ["person"])
    op.create_table(
        "pending",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_pending_person_person")),
        sa.PrimaryKeyConstraint("person", "channel", "kind", name=op.f("pk_pending")),
    )
    op.create_index(op.f("ix_pending_expires"), "pending", ["expires"])
