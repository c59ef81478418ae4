"""A report as lines of words, for the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from bot.simulation.expectations import Fate
from bot.simulation.figures import Figures, Share
from bot.simulation.proof import Proof, Violation
from bot.simulation.run import Report, Simulated
from services.messages import Saying, Word

SHOWN = 40


def lines(report: Report) -> Iterator[Saying]:
    """The report from its head to its verdict."""
    plan = report.plan
    facts = {"days": plan.days, "rooms": plan.rooms, "staff": plan.staff, "seed": plan.seed}
    yield Saying("sim-head", {**facts})
    yield from _figures(report.figures)
    yield from _proof(report.proof)


def speed_line(done: Simulated) -> Saying:
    """How fast it was."""
    facts = {"orders": f"{done.orders_a_second:,.1f}", "seconds": f"{done.seconds:,.1f}"}
    return Saying("sim-speed", {**facts})


def as_json_with_speed(done: Simulated) -> str:
    """The report and, beside it, how fast it was."""
    measured = {"seconds": done.seconds, "orders_a_second": done.orders_a_second}
    return f'{{"report": {done.report.as_json()}, "measured": {json.dumps(measured)}}}'


def _figures(found: Figures) -> Iterator[Saying]:
    orders = {"count": found.orders, "finished": found.finished, "cancelled": found.cancelled}
    yield Saying("sim-orders", {**orders})
    for kind, count in found.by_kind.items():
        yield Saying("sim-kind", {"kind": Word(f"sim-kind-{kind}"), "count": count})
    yield _share("sim-emergencies", found.emergencies)
    yield _share("sim-minor", found.minor)
    yield _share("sim-punctual", found.punctual)
    yield _share("sim-majors", found.majors)
    staff = {"refusals": found.refusals, "lapsed": found.lapsed, "handed": found.hand_overs}
    yield Saying("sim-staff", {**staff})
    held = {"holds": found.holds, "wanted": found.wanted_later, "merged": found.merged}
    yield Saying("sim-held", {**held})
    yield Saying("sim-reworks", {"count": found.reworks})
    yield from _counted("sim-escalations", found.escalations)
    yield from _counted("sim-cases", found.cases)
    down = found.lateness
    outages = {
        "count": down.outages,
        "minutes": down.minutes_down,
        "late": sum(down.late.values()),
        "longest": down.longest_minutes,
    }
    yield Saying("sim-outages", {**outages})
    yield from _each(down.late)
    yield Saying("sim-presses", {"count": found.presses, "refused": found.said_no})


def _share(key: str, share: Share) -> Saying:
    return Saying(key, {"met": share.met, "of": share.of})


def _counted(key: str, counts: Mapping[str, int]) -> Iterator[Saying]:
    yield Saying(key, {"count": sum(counts.values())})
    yield from _each(counts)


def _each(counts: Mapping[str, int]) -> Iterator[Saying]:
    for name, count in counts.items():
        yield Saying("sim-count", {"name": name, "count": count})


def _proof(proof: Proof) -> Iterator[Saying]:
    counts = {
        "promises": proof.promises,
        "met": proof.fates[Fate.MET],
        "missed": proof.fates[Fate.MISSED],
        "waived": proof.fates[Fate.WAIVED],
        "none": proof.fates[Fate.NOT_APPLICABLE],
        "open": proof.fates[Fate.OPEN],
        "unexplained": proof.unexplained,
    }
    yield Saying("sim-proof", {name: f"{count:,}" for name, count in counts.items()})
    yield Saying("sim-stages", {"count": f"{proof.stages:,}"})
    wrong = proof.violations
    if not wrong:
        yield Saying("sim-nothing-wrong")
        return
    yield Saying("sim-wrong", {"count": len(wrong)})
    yield from (_violation(one) for one in wrong[:SHOWN])
    if len(wrong) > SHOWN:
        yield Saying("sim-more-wrong", {"count": len(wrong) - SHOWN})


def _violation(one: Violation) -> Saying:
    facts = {
        "number": one.number,
        "what": one.what,
        "expected": one.expected,
        "found": one.found,
    }
    return Saying(f"sim-fault-{one.fault}".replace("_", "-"), {**facts})
