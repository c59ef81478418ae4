"""Brings a database's schema up to date; `python -m storage.migrate new "why"` drafts a migration.

Migrations run inside the caller's transaction (`Database.migrate(upgrade)`), so a failing one
leaves the schema as it was. They only go forward: the way back is a backup.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, create_engine, text

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import MigrationScript
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parent / "migrations"

_MIGRATION = '''"""{message}."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before}

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """{message}."""
    {steps}
'''

_UPGRADE_LOCK = 5_301_174_620
"""Any number, the same in every process: on PostgreSQL only one of them upgrades at a time."""


def upgrade(connection: Connection, to: str = "head") -> None:
    """Apply the migrations that the database has not had, in order; none twice.

    `to` is the last one wanted, for tests of what an older version has left.
    """
    from alembic.operations import Operations  # slow to load, and used at the start only

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
    scripts = _scripts()

    def missing(present: Any, _context: object) -> Any:  # noqa: ANN401 - Alembic's own values
        return scripts._upgrade_revs(to, present)

    context = _context(connection, fn=missing)
    with Operations.context(context):
        context.run_migrations()


def version(connection: Connection) -> str | None:
    """The last migration the database has had; None for an empty database."""
    return _context(connection).get_current_revision()


def newest() -> str:
    """The last migration there is."""
    head = _scripts().get_current_head()
    if head is None:
        raise LookupError(f"no migrations in {MIGRATIONS}")
    return head


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(MIGRATIONS))


def _context(connection: Connection, **options: object) -> MigrationContext:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection, opts=options)


def _draft(message: str) -> Path:
    """Write the migration that leads from the newest one to the tables in code."""
    from alembic.autogenerate import produce_migrations, render_python_code

    from storage.tables import metadata

    with create_engine("sqlite://").begin() as connection:
        upgrade(connection)
        changes: MigrationScript = produce_migrations(_context(connection), metadata)
    if changes.upgrade_ops is None or changes.upgrade_ops.is_empty():
        raise SystemExit("the migrations lead to the tables already")
    number = len(list(MIGRATIONS.glob("versions/r*.py"))) + 1
    slug = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")
    path = MIGRATIONS / "versions" / f"r{number:04d}_{slug}.py"
    steps = render_python_code(changes.upgrade_ops, render_item=_plain_type)
    written = _MIGRATION.format(
        message=message,
        revision=f"{number:04d}",
        before=f'"{number - 1:04d}"' if number > 1 else None,
        steps="\n".join(line for line in steps.splitlines() if "# ###" not in line).strip(),
    )
    path.write_text(written, encoding="utf-8")
    return path


def _plain_type(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """How our column types are written down, so that history does not change with the code."""
    if kind != "type":
        return False
    names = {"Instant": "INSTANT", "BigInteger": "KEY", "Listed": "sa.Text()"}
    return names.get(type(item).__name__) or (
        "sa.String(32)" if type(item).__name__ == "Chosen" else False
    )


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] != "new":
        raise SystemExit('usage: python -m storage.migrate new "what changes"')
    sys.stdout.write(f"{_draft(sys.argv[2])}\n")
