"""Brings sheets into the books: centres, residents, staff and their days, catalogue, agreements.

A sheet is taken whole or not at all, unless its bad lines are to be skipped. Taking the same
sheet again changes nothing. What a sheet leaves out stays as it is, unless the sheet is said to
be complete; then residents who are not on it have moved out, staff have left and items are no
longer sold. Nothing is deleted: orders and records go on pointing to it. Only days of the roster on
which the shift holds again are forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from services.desk import Desk
from services.imports.agreements import import_agreements
from services.imports.catalogue import import_catalogue
from services.imports.centres import import_centres
from services.imports.days import import_days
from services.imports.intake import How, Progress, Report, Steps
from services.imports.residents import import_residents
from services.imports.sheet import Line, Problem, Sheet
from services.imports.staff import import_staff

__all__ = ["How", "ImportKind", "Line", "Problem", "Progress", "Report", "Sheet", "import_sheet"]


class ImportKind(StrEnum):
    """The kinds of sheets."""

    CENTRES = "centres"
    RESIDENTS = "residents"
    STAFF = "staff"
    DAYS = "days"
    CATALOGUE = "catalogue"
    AGREEMENTS = "agreements"


def import_sheet(
    desk: Desk,
    kind: ImportKind,
    sheet: Sheet,
    how: How | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Report:
    """Take a sheet of this kind; one unit of work, so it is in whole or not at all.

    Raises:
        ValueError: a complete sheet with lines skipped would count the skipped ones as gone.
    """
    how = how or How()
    if how.complete and how.skip_bad:
        raise ValueError("a sheet with lines left out is not complete")
    return _IMPORTS[kind](desk, sheet, how, Steps(progress, 2 * len(sheet.lines)))


_IMPORTS: dict[ImportKind, Callable[[Desk, Sheet, How, Steps], Report]] = {
    ImportKind.CENTRES: import_centres,
    ImportKind.RESIDENTS: import_residents,
    ImportKind.STAFF: import_staff,
    ImportKind.DAYS: import_days,
    ImportKind.CATALOGUE: import_catalogue,
    ImportKind.AGREEMENTS: import_agreements,
}
