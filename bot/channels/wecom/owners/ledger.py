"""How far the news of an account have been dealt with: the cursor that is safe to begin at."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(eq=False, slots=True)
class Page:
    """A page of news: where the next begins, and how many of its letters are still to be taken."""

    mark: str
    open: int


class Ledger:
    """Pages in their order. What lies behind a page is safe once nothing before is left open.

    The mark goes with the event that leaves nothing open, where that can be known beforehand: it
    saves most pages, which are of one letter, a transaction of their own.
    """

    def __init__(self) -> None:
        self._pages: deque[Page] = deque()
        self._kept = ""
        self._safe = ""

    def resume(self, mark: str) -> None:
        """Read on from a mark that was committed, here or by another process; nothing is open."""
        self._safe = self._kept = mark

    def begin(self, mark: str, letters: int) -> Page:
        """A page has been read."""
        page = Page(mark, letters)
        self._pages.append(page)
        self._settle()
        return page

    def rides_with_next(self, page: Page) -> str | None:
        """The mark that may be committed with the page's next event."""
        is_alone = self._pages and self._pages[0] is page and page.open == 1
        return page.mark if is_alone and self.due() is None else None

    def done(self, page: Page) -> None:
        """One of the page's letters has been taken, or was nothing to take."""
        page.open -= 1
        self._settle()

    def kept(self, mark: str) -> None:
        """This mark has been committed."""
        self._kept = mark

    def due(self) -> str | None:
        """A mark that is safe and not yet committed."""
        return self._safe if self._safe != self._kept else None

    def _settle(self) -> None:
        while self._pages and self._pages[0].open == 0:
            self._safe = self._pages.popleft().mark
