"""Nonconformity cases (不合格品控制, §5.1.3, §3.4): opened, taken, corrected, verified, closed.

`opening` makes them and opens them anew, `working` and `verifying` are the desk's steps, `telling`
is what the customer hears and answers; `dues` climbs the ladders, `face` is the card, `waiting` the
list of what is to be done. `life` is all of it as pure steps, `hands` says who may take them.
"""

from services.cases.casebook import Home, matter, place_of
from services.cases.face import card, show
from services.cases.opening import case_about, note_fact, open_case
from services.cases.telling import (
    explain,
    number_of,
    result_card,
    settle,
    sorry_card,
    to_explain,
    told,
)
from services.cases.verifying import fail, to_verify, verify
from services.cases.waiting import Task, Todo, todo
from services.cases.working import DISPOSITIONS, act, correct, take, to_act, to_correct

__all__ = [
    "DISPOSITIONS",
    "Home",
    "Task",
    "Todo",
    "act",
    "card",
    "case_about",
    "correct",
    "explain",
    "fail",
    "matter",
    "note_fact",
    "number_of",
    "open_case",
    "place_of",
    "result_card",
    "settle",
    "show",
    "sorry_card",
    "take",
    "to_act",
    "to_correct",
    "to_explain",
    "to_verify",
    "todo",
    "told",
    "verify",
]
