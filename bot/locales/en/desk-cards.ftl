### The desk's card of an order, and what can be done on it

do-desk-assign = Dispatch
do-desk-move = Change time
do-desk-cancel = Cancel order
do-desk-cancel-now = Yes, cancel
do-desk-downgrade = Make it ordinary
do-desk-agree-for = Confirm price by phone
do-desk-agreed = Customer agrees
do-desk-disagreed = Customer does not
do-desk-history = Full history
do-desk-note = Add a note
do-desk-back = Back

desk-state = State: { $state } ({ $who })
desk-source = From: { $source }, registered { $at }
desk-disputed = ⚠️ At { $at } the owner said that nobody had come
desk-deferred = The owner chose a time after the 24 hours
source-owner = the owner
source-phone = a phone call, registered by the desk
source-stranger = somebody not bound to a home

ask-assign = To whom? { $number }, { $title }
assign-free = { $who } ({ $skills }): free, { $count } in hand
assign-busy = { $who } ({ $skills }): not free or off duty then, { $count } in hand
assign-doing = { $who } ({ $skills }): on { $job } ({ $place }), { $count } in hand
assign-label-free = { $who } (free)
assign-label = { $who }
assign-nobody = There is no technician for { $number }. Please ask the supervisor.
desk-assigned = Given to { $who }: { $number }. Now to be accepted.
no-asked-already = { $number } has been given to { $who } already ({ $state }).
no-cannot-assign = { $number } cannot be given to this person: not of this centre, or without the skill.

ask-desk-cancel = Why cancel { $number }, { $title }?
ask-desk-cancel-sure = Cancel { $number }, { $title }?
    Reason: { $reason }. The owner and the technician will be told.
cancel-reason-owner = Not wanted any more
cancel-reason-duplicate = Registered twice
cancel-reason-mistake = Registered wrongly
cancel-reason-no-answer = Customer unreachable
cancel-reason-other = Other
cancel-reason-late = cancelled after setting out
toast-cancelled = Cancelled
owner-cancelled-by-desk = Customer service cancelled the order: { $title } ({ $number }). Please tap “Contact us” if you have questions.

ask-agree-for = Please read out to { $name }: { $title }, price { $price } ({ $number }).
    What do they say?
toast-agreed-for = Consent recorded
toast-disagreed-for = Refusal recorded
no-not-by-phone = The owner of { $number } gets our messages, and must answer in the chat.

ask-downgrade-reason = Why is { $number }, { $title } no emergency? Tap a reason, or type it. In doubt it is one.
downgrade-reason-checked-by-phone = Checked by phone
downgrade-reason-owner-says = Owner: not urgent
downgrade-reason-no-danger = Nothing gets worse
desk-downgraded = { $number } is an ordinary repair now, to be done within 24 hours of the report. Please agree a time with the owner.
job-downgraded = { $number } is no emergency any more: { $who } made it an ordinary repair.
owner-downgraded = We checked { $title } ({ $number }): it is not an emergency and will be repaired within 24 hours. Customer service will agree a time with you. If anything changes, please tap “Emergency” again at once.

ask-deskmove-slot = { $view ->
    [none] There is no other free time soon. The time stays as it is.
    [days] Which day instead?
    [day] Free on { $wanted }:
    [near] Nobody is free at { $wanted }. The nearest free times:
    [past] That time is over. The next free times:
   *[soon] When instead? Tap a time, or type one, such as “tomorrow 3pm”.
}
desk-move-summary = Ask the owner for another time: { $number }, { $title }
    Instead: { $at }
    It changes only when the owner agrees.
desk-move-summary-phone = Another time: { $number }, { $title }
    Instead: { $at }
    No chat reaches the customer: get their consent by phone first, then confirm; it is recorded as yours.
do-deskmove-confirm = Confirm
desk-move-asked = The owner has been asked for { $at } ({ $number }). You will hear the answer.
desk-moved = Changed: { $number }, { $at }.
no-time-for-emergency = { $number } is an emergency and is attended at once; it has no other time. If it is none, make it ordinary first.

history-head = Full history of { $number }, { $title }
history-registered = { $at }: registered ({ $who })
history-offered = { $at }: technicians asked: { $to }
history-declined = { $at }: declined by { $who }
history-lapsed = { $at }: { $who } did not accept in time
history-to-desk = { $at }: nobody left to ask, to the desk
history-assigned = { $at }: { $who } gave it to { $to }
history-accepted = { $at }: accepted by { $who }
history-transferred = { $at }: handed on ({ $who })
history-set-out = { $at }: { $who } set out
history-arrived = { $at }: { $who } arrived
history-arrival-disputed = { $at }: the owner says nobody came ({ $who })
history-early-consent = { $at }: the owner agrees to an early visit ({ $who })
history-explained = { $at }: { $who } explained work and price
history-agreed = { $at }: price agreed ({ $who })
history-price-refused = { $at }: price refused ({ $who })
history-started = { $at }: { $who } began
history-return-needed = { $at }: { $who } must come again
history-held = { $at }: on hold until { $until } ({ $who })
history-resumed = { $at }: going on ({ $who })
history-finished = { $at }: { $who } finished
history-cancelled = { $at }: cancelled ({ $who })
history-reschedule-asked = { $at }: { $who } asked for { $to }
history-rescheduled = { $at }: moved to { $to } ({ $who })
history-reschedule-refused = { $at }: new time refused ({ $who })
history-downgraded = { $at }: { $who } made it an ordinary repair
history-major-asked = { $at }: { $who } proposed a major issue
history-major-approved = { $at }: { $who } approved it as a major issue
history-major-refused = { $at }: stays a minor repair ({ $who })
history-major-answered = { $at }: { $who } answered the owner
history-rated = { $at }: rated ({ $who })
history-rating-closed = { $at }: rating closed
history-escalated = { $at }: escalated
history-limit-over = { $at }: the limit is over, on record
history-revealed = { $at }: { $who } looked at the customer's number
history-note-added = { $at }: note ({ $who })
history-called = { $at }: { $who } phoned the customer
history-reason = {"  "}Reason: { $reason }
history-words = {"  "}“{ $words }”
history-answer = {"  "}Cause: { $cause }; plan: { $plan }; date or quote: { $until }
reason-rescheduled = the time was changed
hold-reason-parts = waiting for parts
hold-reason-owner = waiting for the owner
major-reason-late = not approved within 24 hours

rule-emergency-arrival = on site in an emergency
rule-emergency-started = handling begun in an emergency
rule-punctuality = punctual arrival
rule-minor-completion = minor repair within 24 hours
rule-major-response = major issue answered within 72 hours
rule-staff-told = staff told in time
did-not-happen = did not happen
verdict-met = Kept: { $rule } (due { $due }, actual { $actual })
verdict-missed = ⚠️ Missed by { $late }: { $rule } (due { $due }, actual { $actual })
verdict-waived = Waived ({ $who }, { $why }): { $rule } (due { $due }, actual { $actual })
verdict-not-applicable = Not applicable: { $rule } ({ $why })

verdict-left-undone = ⚠️ Not solved: { $rule } (due { $due })
verdict-pending = Open: { $rule } (due { $due })
why-early-consent = the owner had agreed to an early visit
why-downgraded = found to be no emergency
why-no-emergency = not an emergency
why-is-emergency = timed as an emergency
why-no-appointment = no appointment was made
why-no-repair = not a repair
why-no-major = not a major issue
why-became-major = became a major issue
why-cancelled = called off
why-merged = joined to an earlier report
why-no-work = no work was done
why-not-solved = could not be solved
why-finished = finished before that

ask-note-words = What note for { $number }? Only staff see it.
desk-noted = The note is kept with { $number }.
