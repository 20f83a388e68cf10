"""What makes counting quick: kept groups as numbers, spans of inserted rows, names of data states."""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

BITS = {'steward': 1, 'gateway': 2, 'influencer': 4}


def upgrade() -> None:
    op.create_table('data_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('initiative_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_version')),
    sa.UniqueConstraint('initiative_id', name=op.f('uq_data_version_initiative_id')),
    sqlite_autoincrement=True
    )
    _name_the_present_state()
    op.add_column('row_image', sa.Column('last_id', sa.Integer(), nullable=True))
    op.add_column('invitation', sa.Column('mask_when_held', sa.Integer(), nullable=True))
    op.add_column('invitation', sa.Column('counted_as', sa.Integer(), nullable=True))
    op.add_column('initiative', sa.Column('erasure_announced_at', sa.DateTime(timezone=True), nullable=True))
    _fill_masks()
    op.create_index(
        'ix_invitation_counting',
        'invitation',
        ['convening_id', 'status', 'stakeholder_id', 'mask_when_held', 'counted_as'],
    )


def _name_the_present_state() -> None:
    """A token under 0 stands for all initiatives; see db/kept.py."""
    version = sa.table(
        'data_version',
        sa.column('created_at', sa.DateTime(timezone=True)),
        sa.column('initiative_id', sa.Integer),
        sa.column('token', sa.String),
    )
    row = {'created_at': datetime.now(UTC), 'initiative_id': 0, 'token': uuid4().hex}
    op.bulk_insert(version, [row])


def _fill_masks() -> None:
    """The list is kept as JSON text; its quotation marks keep one word from being in another."""
    invitation = sa.table('invitation', sa.column('groups_when_held'), sa.column('mask_when_held', sa.Integer))
    kept = sa.cast(invitation.c.groups_when_held, sa.String)
    bits = [sa.case((kept.contains(f'"{group}"'), bit), else_=0) for group, bit in BITS.items()]
    op.execute(
        sa.update(invitation).where(kept.like('[%')).values(mask_when_held=bits[0] + bits[1] + bits[2])
    )


def downgrade() -> None:
    op.drop_index('ix_invitation_counting', 'invitation')
    op.drop_column('initiative', 'erasure_announced_at')
    op.drop_column('invitation', 'counted_as')
    op.drop_column('invitation', 'mask_when_held')
    op.drop_column('row_image', 'last_id')
    op.drop_table('data_version')
