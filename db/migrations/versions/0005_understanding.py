"""Shared definitions and the views that dissent from them, rooms, and opinion across groups."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('broken_glass',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('initiative_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['initiative_id'], ['initiative.id'], name=op.f('fk_broken_glass_initiative_id_initiative'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_broken_glass_user_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_broken_glass')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_broken_glass_initiative_id'), 'broken_glass', ['initiative_id'], unique=False)
    op.create_table('definition',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('initiative_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['initiative_id'], ['initiative.id'], name=op.f('fk_definition_initiative_id_initiative'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_definition')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_definition_initiative_id'), 'definition', ['initiative_id'], unique=False)
    op.create_table('evidence_source',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('definition_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('link', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('groups', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['definition_id'], ['definition.id'], name=op.f('fk_evidence_source_definition_id_definition'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_source')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_evidence_source_definition_id'), 'evidence_source', ['definition_id'], unique=False)
    op.create_table('after_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('convening_id', sa.Integer(), nullable=False),
    sa.Column('salt', sa.String(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_after_link_convening_id_convening'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_after_link')),
    sa.UniqueConstraint('convening_id', name=op.f('uq_after_link_convening_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_after_link_token_hash')),
    sqlite_autoincrement=True
    )
    op.create_table('commitment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('convening_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('owner', sa.String(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_commitment_convening_id_convening'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_commitment_convening_id'), 'commitment', ['convening_id'], unique=False)
    op.create_table('convening_review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('convening_id', sa.Integer(), nullable=False),
    sa.Column('expected', sa.String(), nullable=False),
    sa.Column('happened', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('change', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_convening_review_convening_id_convening'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_convening_review')),
    sa.UniqueConstraint('convening_id', name=op.f('uq_convening_review_convening_id')),
    sqlite_autoincrement=True
    )
    op.create_table('conversation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('initiative_id', sa.Integer(), nullable=False),
    sa.Column('convening_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('brought_in', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_conversation_convening_id_convening'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['initiative_id'], ['initiative.id'], name=op.f('fk_conversation_initiative_id_initiative'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_conversation_convening_id'), 'conversation', ['convening_id'], unique=False)
    op.create_index(op.f('ix_conversation_initiative_id'), 'conversation', ['initiative_id'], unique=False)
    op.create_table('definition_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('definition_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('statement', sa.String(), nullable=False),
    sa.Column('affected', sa.String(), nullable=False),
    sa.Column('strengths', sa.String(), nullable=False),
    sa.Column('known', sa.String(), nullable=False),
    sa.Column('contested', sa.String(), nullable=False),
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('changed', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('convening_id', sa.Integer(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('adopted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('adopted_by_id', sa.Integer(), nullable=True),
    sa.Column('adopted_in_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['adopted_by_id'], ['user.id'], name=op.f('fk_definition_version_adopted_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['adopted_in_id'], ['convening.id'], name=op.f('fk_definition_version_adopted_in_id_convening'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_definition_version_author_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_definition_version_convening_id_convening'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['definition_id'], ['definition.id'], name=op.f('fk_definition_version_definition_id_definition'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_definition_version')),
    sa.UniqueConstraint('definition_id', 'number', name=op.f('uq_definition_version_definition_id_number')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_definition_version_author_id'), 'definition_version', ['author_id'], unique=False)
    op.create_index(op.f('ix_definition_version_convening_id'), 'definition_version', ['convening_id'], unique=False)
    op.create_table('pulse_count',
    sa.Column('convening_id', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_pulse_count_convening_id_convening'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('convening_id', 'question', 'answer', name=op.f('pk_pulse_count'))
    )
    op.create_table('dissenting_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('convening_id', sa.Integer(), nullable=True),
    sa.Column('block_id', sa.Integer(), nullable=True),
    sa.Column('strength', sa.String(), nullable=False),
    sa.Column('statement', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('resolution', sa.String(), nullable=False),
    sa.Column('passage_field', sa.String(), nullable=False),
    sa.Column('passage', sa.String(), nullable=False),
    sa.Column('attribution', sa.String(), nullable=False),
    sa.Column('groups', sa.JSON(), nullable=False),
    sa.Column('stakeholder_id', sa.Integer(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('agreed_to_name', sa.Boolean(), nullable=False),
    sa.Column('agreed_to_publish', sa.Boolean(), nullable=True),
    sa.Column('afterwards', sa.Boolean(), nullable=False),
    sa.Column('receipt_hash', sa.String(), nullable=True),
    sa.Column('logged_by_id', sa.Integer(), nullable=True),
    sa.Column('struck_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('struck_because', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['block_id'], ['agenda_block.id'], name=op.f('fk_dissenting_view_block_id_agenda_block'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_dissenting_view_convening_id_convening'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['logged_by_id'], ['user.id'], name=op.f('fk_dissenting_view_logged_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['user.id'], name=op.f('fk_dissenting_view_owner_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['stakeholder_id'], ['stakeholder.id'], name=op.f('fk_dissenting_view_stakeholder_id_stakeholder'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['version_id'], ['definition_version.id'], name=op.f('fk_dissenting_view_version_id_definition_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dissenting_view')),
    sa.UniqueConstraint('receipt_hash', name=op.f('uq_dissenting_view_receipt_hash')),
    sa.UniqueConstraint('uuid', name=op.f('uq_dissenting_view_uuid')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_dissenting_view_block_id'), 'dissenting_view', ['block_id'], unique=False)
    op.create_index(op.f('ix_dissenting_view_convening_id'), 'dissenting_view', ['convening_id'], unique=False)
    op.create_index(op.f('ix_dissenting_view_logged_by_id'), 'dissenting_view', ['logged_by_id'], unique=False)
    op.create_index(op.f('ix_dissenting_view_owner_id'), 'dissenting_view', ['owner_id'], unique=False)
    op.create_index(op.f('ix_dissenting_view_stakeholder_id'), 'dissenting_view', ['stakeholder_id'], unique=False)
    op.create_index(op.f('ix_dissenting_view_version_id'), 'dissenting_view', ['version_id'], unique=False)
    op.create_table('room',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('convening_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('release', sa.String(), nullable=True),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('code_salt', sa.String(), nullable=False),
    sa.Column('code_hash', sa.String(), nullable=True),
    sa.Column('link_hash', sa.String(), nullable=True),
    sa.Column('question', sa.String(), nullable=False),
    sa.Column('block_id', sa.Integer(), nullable=True),
    sa.Column('block_started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('blocks_run', sa.JSON(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.Column('conversation_id', sa.Integer(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['block_id'], ['agenda_block.id'], name=op.f('fk_room_block_id_agenda_block'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_room_convening_id_convening'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_room_conversation_id_conversation'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['version_id'], ['definition_version.id'], name=op.f('fk_room_version_id_definition_version'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_room_code_hash')),
    sa.UniqueConstraint('convening_id', name=op.f('uq_room_convening_id')),
    sa.UniqueConstraint('link_hash', name=op.f('uq_room_link_hash')),
    sqlite_autoincrement=True
    )
    op.create_table('statement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('revealed', sa.Boolean(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_statement_conversation_id_conversation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['definition_version.id'], name=op.f('fk_statement_version_id_definition_version'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement')),
    sa.UniqueConstraint('conversation_id', 'number', name=op.f('uq_statement_conversation_id_number')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_statement_version_id'), 'statement', ['version_id'], unique=False)
    op.create_table('anonymous_note',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('convening_id', sa.Integer(), nullable=False),
    sa.Column('block_id', sa.Integer(), nullable=True),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.Column('strength', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('resolution', sa.String(), nullable=False),
    sa.Column('groups', sa.JSON(), nullable=False),
    sa.Column('receipt_hash', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('hidden_because', sa.String(), nullable=False),
    sa.Column('agreed_to_publish', sa.Boolean(), nullable=True),
    sa.Column('adds_to_note_id', sa.String(), nullable=True),
    sa.Column('adds_to_view_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['adds_to_note_id'], ['anonymous_note.id'], name=op.f('fk_anonymous_note_adds_to_note_id_anonymous_note'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['adds_to_view_id'], ['dissenting_view.id'], name=op.f('fk_anonymous_note_adds_to_view_id_dissenting_view'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['block_id'], ['agenda_block.id'], name=op.f('fk_anonymous_note_block_id_agenda_block'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_anonymous_note_convening_id_convening'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['definition_version.id'], name=op.f('fk_anonymous_note_version_id_definition_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_anonymous_note')),
    sa.UniqueConstraint('receipt_hash', name=op.f('uq_anonymous_note_receipt_hash')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_anonymous_note_adds_to_view_id'), 'anonymous_note', ['adds_to_view_id'], unique=False)
    op.create_index(op.f('ix_anonymous_note_convening_id'), 'anonymous_note', ['convening_id'], unique=False)
    op.create_index(op.f('ix_anonymous_note_version_id'), 'anonymous_note', ['version_id'], unique=False)
    op.create_table('room_declaration',
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('mask', sa.Integer(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_room_declaration_room_id_room'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('room_id', 'mask', name=op.f('pk_room_declaration'))
    )
    op.create_table('room_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(), nullable=False),
    sa.Column('convening_id', sa.Integer(), nullable=False),
    sa.Column('block_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('groups', sa.JSON(), nullable=False),
    sa.Column('choice', sa.String(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('statement_id', sa.Integer(), nullable=True),
    sa.Column('afterwards', sa.Boolean(), nullable=False),
    sa.Column('logged_by_id', sa.Integer(), nullable=True),
    sa.Column('struck_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['block_id'], ['agenda_block.id'], name=op.f('fk_room_entry_block_id_agenda_block'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_room_entry_convening_id_convening'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['logged_by_id'], ['user.id'], name=op.f('fk_room_entry_logged_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['statement_id'], ['statement.id'], name=op.f('fk_room_entry_statement_id_statement'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_entry')),
    sa.UniqueConstraint('uuid', name=op.f('uq_room_entry_uuid')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_room_entry_block_id'), 'room_entry', ['block_id'], unique=False)
    op.create_index(op.f('ix_room_entry_convening_id'), 'room_entry', ['convening_id'], unique=False)
    op.create_index(op.f('ix_room_entry_logged_by_id'), 'room_entry', ['logged_by_id'], unique=False)
    op.create_index(op.f('ix_room_entry_statement_id'), 'room_entry', ['statement_id'], unique=False)
    op.create_table('vote',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('statement_id', sa.Integer(), nullable=False),
    sa.Column('voter', sa.String(), nullable=False),
    sa.Column('choice', sa.String(), nullable=False),
    sa.Column('groups', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['statement_id'], ['statement.id'], name=op.f('fk_vote_statement_id_statement'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vote')),
    sa.UniqueConstraint('statement_id', 'voter', name=op.f('uq_vote_statement_id_voter')),
    sqlite_with_rowid=False
    )
    op.create_table('dissent_response',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('view_id', sa.Integer(), nullable=True),
    sa.Column('note_id', sa.String(), nullable=True),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.Column('rationale', sa.String(), nullable=False),
    sa.Column('responded_by_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answers', sa.Boolean(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.String(), nullable=True),
    sa.CheckConstraint('(view_id IS NULL) <> (note_id IS NULL)', name=op.f('ck_dissent_response_one_dissent')),
    sa.ForeignKeyConstraint(['note_id'], ['anonymous_note.id'], name=op.f('fk_dissent_response_note_id_anonymous_note'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['responded_by_id'], ['user.id'], name=op.f('fk_dissent_response_responded_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['version_id'], ['definition_version.id'], name=op.f('fk_dissent_response_version_id_definition_version'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['view_id'], ['dissenting_view.id'], name=op.f('fk_dissent_response_view_id_dissenting_view'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dissent_response')),
    sa.UniqueConstraint('note_id', 'round', name=op.f('uq_dissent_response_note_id_round')),
    sa.UniqueConstraint('view_id', 'round', name=op.f('uq_dissent_response_view_id_round')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_dissent_response_version_id'), 'dissent_response', ['version_id'], unique=False)
    op.create_table('dissent_signature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('view_id', sa.Integer(), nullable=True),
    sa.Column('note_id', sa.String(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(view_id IS NULL) <> (note_id IS NULL)', name=op.f('ck_dissent_signature_one_dissent')),
    sa.ForeignKeyConstraint(['note_id'], ['anonymous_note.id'], name=op.f('fk_dissent_signature_note_id_anonymous_note'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_dissent_signature_user_id_user'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['view_id'], ['dissenting_view.id'], name=op.f('fk_dissent_signature_view_id_dissenting_view'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dissent_signature')),
    sa.UniqueConstraint('note_id', 'user_id', name=op.f('uq_dissent_signature_note_id_user_id')),
    sa.UniqueConstraint('view_id', 'user_id', name=op.f('uq_dissent_signature_view_id_user_id')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_dissent_signature_user_id'), 'dissent_signature', ['user_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_dissent_signature_user_id'), table_name='dissent_signature')
    op.drop_table('dissent_signature')
    op.drop_index(op.f('ix_dissent_response_version_id'), table_name='dissent_response')
    op.drop_table('dissent_response')
    op.drop_table('vote')
    op.drop_index(op.f('ix_room_entry_statement_id'), table_name='room_entry')
    op.drop_index(op.f('ix_room_entry_logged_by_id'), table_name='room_entry')
    op.drop_index(op.f('ix_room_entry_convening_id'), table_name='room_entry')
    op.drop_index(op.f('ix_room_entry_block_id'), table_name='room_entry')
    op.drop_table('room_entry')
    op.drop_table('room_declaration')
    op.drop_index(op.f('ix_anonymous_note_version_id'), table_name='anonymous_note')
    op.drop_index(op.f('ix_anonymous_note_convening_id'), table_name='anonymous_note')
    op.drop_index(op.f('ix_anonymous_note_adds_to_view_id'), table_name='anonymous_note')
    op.drop_table('anonymous_note')
    op.drop_index(op.f('ix_statement_version_id'), table_name='statement')
    op.drop_table('statement')
    op.drop_table('room')
    op.drop_index(op.f('ix_dissenting_view_version_id'), table_name='dissenting_view')
    op.drop_index(op.f('ix_dissenting_view_stakeholder_id'), table_name='dissenting_view')
    op.drop_index(op.f('ix_dissenting_view_owner_id'), table_name='dissenting_view')
    op.drop_index(op.f('ix_dissenting_view_logged_by_id'), table_name='dissenting_view')
    op.drop_index(op.f('ix_dissenting_view_convening_id'), table_name='dissenting_view')
    op.drop_index(op.f('ix_dissenting_view_block_id'), table_name='dissenting_view')
    op.drop_table('dissenting_view')
    op.drop_table('pulse_count')
    op.drop_index(op.f('ix_definition_version_convening_id'), table_name='definition_version')
    op.drop_index(op.f('ix_definition_version_author_id'), table_name='definition_version')
    op.drop_table('definition_version')
    op.drop_index(op.f('ix_conversation_initiative_id'), table_name='conversation')
    op.drop_index(op.f('ix_conversation_convening_id'), table_name='conversation')
    op.drop_table('conversation')
    op.drop_table('convening_review')
    op.drop_index(op.f('ix_commitment_convening_id'), table_name='commitment')
    op.drop_table('commitment')
    op.drop_table('after_link')
    op.drop_index(op.f('ix_evidence_source_definition_id'), table_name='evidence_source')
    op.drop_table('evidence_source')
    op.drop_index(op.f('ix_definition_initiative_id'), table_name='definition')
    op.drop_table('definition')
    op.drop_index(op.f('ix_broken_glass_initiative_id'), table_name='broken_glass')
    op.drop_table('broken_glass')
