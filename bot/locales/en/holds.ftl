### Waiting for parts, waiting for the owner

do-hold-over = Go on
do-hold-longer = Wait longer
do-hold-yes = Yes, move it to then
do-hold-no = No, as soon as possible
hold-until = { $at }
ask-hold-until = { $number } { $title }: { $reason } – until when? Tap a time, or type one (such as Friday 10am).
job-held = { $number } is on hold until { $until }. The owner and the desk know. The 24 hours run on.
job-hold-over = The hold of { $number } is over ({ $reason }, until { $until }). Can you go on?
job-hold-contradicted = { $number }: the owner did not ask for a later time. Please go on as soon as you can.
desk-held = Order { $number } is on hold: { $who }, { $reason }, until { $until }.
desk-hold-over = ⚠️ The hold of order { $number } is over: { $who }, { $reason }, until { $until }.
desk-hold-contradicted = ⚠️ Order { $number }: the technician waits for the owner, who did not ask for it. Please see to it.
owner-held-parts = { $title } ({ $number }) is waiting for parts. { $who } expects to come again { $until }. We will tell you of any change.
owner-held-owner = { $title } ({ $number }): { $who } says you would like to go on { $until }. Is that right?
owner-hold-confirmed = Good, { $number } is moved to { $at }.
owner-hold-refused = Understood: { $number } goes on as soon as possible, and the desk sees to it.
owner-resumed = { $title } ({ $number }) can go on; { $who } will come again.
card-held-until = On hold until { $until }
toast-resumed = Going on
no-hold-past = That time is over; please choose a later one.
state-held-parts = on hold (parts)
state-held-owner = on hold (owner)
