### Rework: not mended, so we come again, labour free

do-rework-start = Not mended
do-desk-rework = Not mended (rework)
do-rework-confirm = Confirm rework
do-rework-other-time = Another time
do-rework-note = Note
do-rework-photos = Photos
do-rework-same = Same fault
do-rework-other = Another fault
do-rework-untold = Cannot tell

rework-same = same fault
rework-other = another fault
rework-free = Labour is free. If materials are needed, the technician quotes them first; nothing is replaced before you agree.

rework-summary = Not mended? We come again: { $title }, { $place }
    Last time: { $first }, finished { $finished } ({ $did })
rework-time-by-desk = Time: customer service will agree one with you right away.
rework-if-urgent = If it still leaks, there is no power, or there is any danger, tap “Emergency” now.
ask-rework-slot = { $view ->
    [none] There is no free time soon. Please tap “Cancel” and contact customer service.
    [days] On which day shall we come again?
    [day] Free on { $wanted }:
    [near] { $wanted } is not free. The nearest free times:
    [past] That time is over. The nearest free times:
   *[soon] When shall we come again? Tap a time, or type one such as “tomorrow 3pm”.
}
ask-rework-note = What is it like now? Please type; the technician will see it.
ask-rework-photos = Please send photos, at most 6.

rework-begun-at = Rework is registered: { $title }, order { $number }; we come { $at }.
rework-begun-desk = Rework is registered: { $title }, order { $number }. Customer service agree a time with you right away; mended within 24 hours.
desk-rework = ⚠️ Rework { $number }: the owner says that { $first } was not mended. Please agree a time and assign it first.
desk-rework-begun = Rework { $number } is registered: { $title }, labour free.
desk-repairs = Repaired lately: { $count }. If the owner says that one was not mended, open it and register the rework.
desk-repair = { $first } { $title }, { $place }, finished { $finished } ({ $did })
desk-repair-label = { $number }
desk-reworked = Not mended: rework { $number } ({ $state })
order-rework = Rework: last time { $first }, finished { $finished } ({ $did })
order-reworked = Not mended: rework { $number } ({ $state })
job-rework = 🔁 Rework, labour free: last time { $first }, finished { $finished } ({ $did })
job-rework-found = Fault: { $found }
jobs-line-rework = Rework, { $at }, { $title }, { $place }
board-label-rework = 🔁 { $number }

owner-quote-rework = { $who } quotes for materials: { $title }, { $price } ({ $number })
    This is rework: labour is free. Nothing is replaced before you agree.
ask-finish-fault = { $number }: is it the fault that was not mended last time?
toast-rework-found = Recorded
desk-rework-denied = ⚠️ Rework { $number }: { $who } says it is another fault (last time { $first }, finished { $finished }, { $did }). Please look into it.
desk-rework-untold = ⚠️ Rework { $number }: { $who } cannot tell whether it is the same fault (last time { $first }, finished { $finished }, { $did }). Please find out and record it.
todo-rework = { $n }. Rework { $number }, { $title }: is it the same fault? The technician could not tell; please find out

case-fact-rework-asked = { $at }: the owner says it was not mended; rework { $number } is registered.
case-fact-rework = { $at }: rework { $number }, { $who } finds “{ $found }”.

history-rework-asked = { $at } Not mended, says the owner: rework { $other } ({ $who })
history-rework-begun = { $at } Rework of { $other }, labour free ({ $who })
history-rework-confirmed = { $at } { $who } confirms the same fault ({ $other })
history-rework-denied = { $at } { $who } says it is another fault ({ $other })

no-rework-of-this = { $number } is “{ $state }” and no repair that was done, so it cannot be reworked.
no-rework-too-late = { $number } was finished { $finished }; after more than { $days } days it is no rework. Please book it anew, or contact customer service.
no-rework-under-way = Rework of { $first } is registered already: { $number } is “{ $state }” ({ $who }, { $at }).
no-rework-settled = { $number }: { $who } recorded “{ $found }” at { $at }. Customer service can change it.
