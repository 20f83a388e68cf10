"""Messages that leave, answers that come back, and what a convening promises.

Columns are added in place: a table that is made anew would take with it whatever hangs on it.
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('calendar_feed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('salt', sa.String(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_calendar_feed_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feed')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_calendar_feed_token_hash')),
    sa.UniqueConstraint('user_id', name=op.f('uq_calendar_feed_user_id')),
    sqlite_autoincrement=True
    )
    op.create_table('feedback',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('screen', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('expected', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('tried', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_feedback_user_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_feedback_user_id'), 'feedback', ['user_id'])

    op.create_table('outbox_email',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('message_id', sa.String(), nullable=False),
    sa.Column('initiative_id', sa.Integer(), nullable=True),
    sa.Column('convening_id', sa.Integer(), nullable=True),
    sa.Column('invitation_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('recipient_name', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('html', sa.String(), nullable=False),
    sa.Column('calendar', sa.String(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('link_path', sa.String(), nullable=False),
    sa.Column('link_salt', sa.String(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_outbox_email_convening_id_convening'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['initiative_id'], ['initiative.id'], name=op.f('fk_outbox_email_initiative_id_initiative'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_outbox_email_invitation_id_invitation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_outbox_email_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_email')),
    sa.UniqueConstraint('message_id', name=op.f('uq_outbox_email_message_id')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_outbox_email_convening_id'), 'outbox_email', ['convening_id'])
    op.create_index(op.f('ix_outbox_email_initiative_id'), 'outbox_email', ['initiative_id'])
    op.create_index(op.f('ix_outbox_email_invitation_id'), 'outbox_email', ['invitation_id'])
    op.create_index(op.f('ix_outbox_email_state_next_attempt_at'), 'outbox_email', ['state', 'next_attempt_at'])
    op.create_index(op.f('ix_outbox_email_user_id'), 'outbox_email', ['user_id'])

    op.create_table('personal_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('salt', sa.String(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_personal_link_invitation_id_invitation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personal_link')),
    sa.UniqueConstraint('invitation_id', name=op.f('uq_personal_link_invitation_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_personal_link_token_hash')),
    sqlite_autoincrement=True
    )
    op.create_table('preparation_visit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('visitor', sa.String(), nullable=False),
    sa.Column('planned_on', sa.Date(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_preparation_visit_invitation_id_invitation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_preparation_visit')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_preparation_visit_invitation_id'), 'preparation_visit', ['invitation_id'])

    op.add_column('change', sa.Column('details', sa.JSON(), nullable=True))

    op.add_column('convening', sa.Column('promise', sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column('convening', sa.Column('promise_by', sa.Date(), nullable=True))
    op.add_column('convening', sa.Column('tensions', sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column('convening', sa.Column('remind', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column('convening', sa.Column('calendar_uid', sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column('convening', sa.Column('sequence', sa.Integer(), server_default=sa.text('0'), nullable=False))

    op.add_column('initiative', sa.Column('keep_months', sa.Integer(), nullable=True))

    op.add_column('invitation', sa.Column('needs', sa.JSON(), nullable=True))
    op.add_column('invitation', sa.Column('needs_note', sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column('invitation', sa.Column('declined_because', sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column('invitation', sa.Column('wants_place', sa.Boolean(), server_default=sa.text('False'), nullable=False))
    op.add_column('invitation', sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('invitation', sa.Column('answered_by', sa.String(), nullable=True))
    op.add_column('invitation', sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True))

    op.add_column('stakeholder', sa.Column('language', sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column('stakeholder', sa.Column('groups_confirmed_at', sa.DateTime(timezone=True), nullable=True))



def downgrade() -> None:
    op.drop_column('stakeholder', 'groups_confirmed_at')
    op.drop_column('stakeholder', 'language')

    op.drop_column('invitation', 'reminded_at')
    op.drop_column('invitation', 'answered_by')
    op.drop_column('invitation', 'answered_at')
    op.drop_column('invitation', 'wants_place')
    op.drop_column('invitation', 'declined_because')
    op.drop_column('invitation', 'needs_note')
    op.drop_column('invitation', 'needs')

    op.drop_column('initiative', 'keep_months')

    op.drop_column('convening', 'sequence')
    op.drop_column('convening', 'calendar_uid')
    op.drop_column('convening', 'remind')
    op.drop_column('convening', 'tensions')
    op.drop_column('convening', 'promise_by')
    op.drop_column('convening', 'promise')

    op.drop_column('change', 'details')

    op.drop_index(op.f('ix_preparation_visit_invitation_id'), 'preparation_visit')

    op.drop_table('preparation_visit')
    op.drop_table('personal_link')
    op.drop_index(op.f('ix_outbox_email_user_id'), 'outbox_email')
    op.drop_index(op.f('ix_outbox_email_state_next_attempt_at'), 'outbox_email')
    op.drop_index(op.f('ix_outbox_email_invitation_id'), 'outbox_email')
    op.drop_index(op.f('ix_outbox_email_initiative_id'), 'outbox_email')
    op.drop_index(op.f('ix_outbox_email_convening_id'), 'outbox_email')

    op.drop_table('outbox_email')
    op.drop_index(op.f('ix_feedback_user_id'), 'feedback')

    op.drop_table('feedback')
    op.drop_table('calendar_feed')
