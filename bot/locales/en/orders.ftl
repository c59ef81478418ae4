### My orders, another time, cancelling

do-orders-mine = My orders
do-orders-past = Earlier orders
do-orders-earlier = Older
do-order-row = { $title }, { $at }
do-order-move = Change time
do-order-cancel = Cancel
do-order-cancel-yes = Yes, cancel
do-cancel-no = Keep it
do-move-agree = Agree to the new time
do-move-refuse = No

orders-open = Open orders: { $count }
orders-none-open = You have no open orders.
orders-past = Earlier orders
orders-none-past = There are no older orders.
order-line = { $number }, { $title }, { $at }: { $state }
order-line-with = { $number }, { $title }, { $at }: { $state } ({ $who })

order-head = Order { $number }, { $title }
order-place = Home: { $place }
order-time = Time: { $at }
order-reported = Reported: { $at }
order-state = State: { $state }
order-state-with = State: { $state } ({ $who })
order-price = Price: { $price }
order-note = Note: { $note }

ask-move-slot = { $view ->
    [none] There is no other free time soon. Your time stays as it is; please contact us if you need help.
    [days] Which day instead?
    [day] Free on { $wanted }:
    [near] { $wanted } cannot be booked. The nearest free times:
    [past] That time is over. The next free times:
   *[soon] When instead? Tap a time, or type one, such as “tomorrow 3pm”. Until then your time stays as it is.
}
moved = Changed: { $title } ({ $number })
    New time: { $at }
moved-same-worker = { $who } still comes and has been told.
ask-move-consent = May we change the time of { $title } ({ $number })?
    So far: { $old }
    Instead: { $new }
    It changes only if you agree; otherwise the time stays.
move-refused = All right, the time stays: { $at } ({ $number }).

ask-cancel = Cancel { $title } ({ $number }, { $at })?
cancel-free = The technician will be told, and the time goes to others.
cancel-late = { $who } is on the way already; this is recorded as a late cancellation.
cancel-emergency = Please do not cancel while there is still danger. A false alarm may be cancelled.
cancelled = Cancelled: { $title } ({ $number })
cancelled-emergency = If it happens again, please report it at once.
owner-cancelled-by-household = Somebody in your home cancelled: { $title } ({ $number }).

no-too-late-to-move = The technician for { $number } is on the way, or it is an emergency, so the time cannot be changed here. Please write to them:
no-too-late-to-cancel = The technician for { $number } is there already, so it cannot be cancelled here. Please write to us:
no-proposal-over = This change of time was answered already, or the time is over. Please see the order for its present time.

desk-move-agreed = The owner agreed to the new time: { $number }, { $new }.
desk-move-refused = ⚠️ The owner refused the new time: { $number } ({ $new }); the old time stays.
desk-time-moved = { $number }: the owner changed the time. Please place it for the new time.
job-time-moved = ⚠️ { $number }: the owner changed the time: { $new }
job-cancelled = { $number } is cancelled: { $title }, { $place }. You need not go.
job-cancelled-late = ⚠️ { $number } was cancelled late: { $title }, { $place }. That you set out is on record; you need not go.
