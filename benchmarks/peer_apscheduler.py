"""The peer for promises: APScheduler 3 with its SQLAlchemy job store on SQLite.

Each job inserts one row and commits. Its files keep the same promise to the disk as ours.
"""

from __future__ import annotations

import asyncio
import pickle
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import create_engine, event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.measure import safe_sqlite


class Base(DeclarativeBase):
    """The peer's own table."""


class Note(Base):
    """What a job of the peer leaves behind."""

    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    matter: Mapped[str]


class Countdown:
    """Sets `all` once so many things were done."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.all = asyncio.Event()

    def one(self) -> None:
        """One is done."""
        self.left -= 1
        if self.left <= 0:
            self.all.set()


@dataclass
class Peer:
    """What the peer's jobs work with; the job store keeps only the name of the function."""

    sessions: async_sessionmaker[AsyncSession]
    kept: Countdown


_peer: list[Peer] = []


async def keep(number: int) -> None:
    """The peer's job: one row, committed."""
    peer = _peer[-1]
    async with peer.sessions() as session:
        session.add(Note(matter=f"order:{number}"))
        await session.commit()
    peer.kept.one()


async def run_jobs(place: Path, overdue: int) -> None:
    """Start on the job store in this folder; returns once so many jobs are done."""
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{place / 'notes.db'}", pool_size=1, max_overflow=0
    )
    event.listen(engine.sync_engine, "connect", safe_sqlite)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    kept = Countdown(overdue)
    _peer.append(Peer(async_sessionmaker(engine), kept))
    scheduler = AsyncIOScheduler(jobstores={"default": job_store(place)}, timezone=UTC)
    scheduler.start()
    await kept.all.wait()
    scheduler.shutdown(wait=False)
    await asyncio.sleep(0)  # it shuts down in a callback of the loop
    await engine.dispose()


def job_store(place: Path) -> SQLAlchemyJobStore:
    """The peer's job store, on SQLite with our promise to the disk."""
    engine = create_engine(f"sqlite:///{place / 'jobs.db'}")
    event.listen(engine, "connect", safe_sqlite)
    return SQLAlchemyJobStore(engine=engine)


def put_jobs(place: Path, dues: list[datetime]) -> None:
    """Store a job for each time, in one statement (its own way commits one by one)."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    rows = [job_row(scheduler, *one) for one in enumerate(dues)]
    store = job_store(place)
    store.start(scheduler, "default")
    with store.engine.begin() as connection:
        connection.execute(store.jobs_t.insert(), rows)
    store.shutdown()


def job_row(scheduler: AsyncIOScheduler, number: int, due_at: datetime) -> dict[str, object]:
    """A job as the peer's store keeps it: no job is too late to run."""
    job = Job(
        scheduler,
        id=f"note:{number}",
        func=keep,
        trigger=DateTrigger(due_at),
        executor="default",
        args=(number,),
        kwargs={},
        name="keep",
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
        next_run_time=due_at,
    )
    return {
        "id": job.id,
        "next_run_time": due_at.timestamp(),
        "job_state": pickle.dumps(job.__getstate__(), pickle.HIGHEST_PROTOCOL),
    }
