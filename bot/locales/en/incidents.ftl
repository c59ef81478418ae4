### Several have reported one incident: merged into the earliest report

do-desk-merge = Merge
do-desk-merge-alike = Merge into { $number }
do-desk-merge-now = Yes, merge
merge-label = { $number }

state-merged = handled with another report
ask-merge = Which one is the same incident as { $number }, { $title } ({ $place })?
merge-choice = · { $number }, { $title }, { $place }
    reported { $at }, { $state } ({ $who })
merge-none = No other emergency of the last hours is running, so there is nothing to merge { $number } with.
ask-merge-sure = One incident? { $later } joins the earlier { $earlier }:
    { $later } ends; whoever reported it is told, and hears of the progress of { $earlier } from then on.
desk-merged = { $number } has joined { $other } ({ $who }).
toast-merged = Merged
desk-occurred = It happened: { $at }
desk-joined = { $count ->
    [one] One more report of it has joined
   *[other] { $count } more reports of it have joined
}
desk-merged-into = Joined { $number }
desk-alike = ⚠️ Perhaps the same incident: { $number } ({ $place }, reported { $at })

job-also = Handled together: { $place }  { $note }
job-joined = ⚠️ { $number } has been reported from one more place: { $place }
job-joined-words = “{ $words }”
job-merged = { $number } is the same incident as { $other } and is handled with it ({ $who }). You need not go for { $number }.
job-merged-go-on = { $number } is the same incident as { $other }. Please go on with { $other }.

merged-told = Your report { $number } is the same incident as the earlier report { $other }; they are handled together. You will hear of the progress just the same.
merged-nobody = Technicians on duty are being called.
merged-coming = { $who } sees to it ({ $state }).
merged-on-site = { $who } is on site ({ $state }).
merged-expected = They say they will be there at about { $at }.
merged-due = On site by { $due }.
merged-overdue = Somebody should have been on site by { $due }; that is over, and we are chasing it.
merged-over = Handled together with { $other }, which is now “{ $state }” ({ $who }).

joined-accepted = { $who } has taken it and is on the way ({ $number }, handled together with your report).
joined-expected = { $who } will be there at about { $at } ({ $number }, handled together with your report).
joined-set-out = { $who } has set out ({ $number }, handled together with your report).
joined-arrived = { $who } has arrived ({ $now }; { $number }, handled together with your report).
joined-transferred = The technician cannot come; we are finding another ({ $number }, handled together with your report).
joined-return-needed = Another visit is needed; customer service will arrange it ({ $number }, handled together with your report).
joined-downgraded = We checked it: it is not an emergency and becomes an ordinary repair ({ $number }, handled together with your report). If anything changes, please tap “Emergency” again at once.
joined-cancelled = Customer service cancelled { $number } (handled together with your report). If there is still danger in your home, please tap “Emergency” again at once.
joined-finished-done = It is done ({ $number }, handled together with your report). If anything is still wrong in your home, please report it again or tap “Contact us”.
joined-finished-not-solved = It could not be solved this time; customer service arrange the next step ({ $number }, handled together with your report).
joined-finished-no-work = No work was done ({ $number }, handled together with your report). If anything is still wrong in your home, please report it again or tap “Contact us”.

no-merged-already = { $number } has joined { $other } already and cannot be merged again.
no-not-one-incident = { $number } and { $other } cannot be merged: it takes two different reports of one service centre.
no-others-joined = Other homes have reported the same incident, so you alone cannot cancel { $number }. Please tell us:
no-only-customer-service = Whether { $number } is an emergency is decided by customer service alone, after checking. Until then it is one.

history-merged = { $at }: joined { $other } ({ $who })
history-joined = { $at }: { $other } joined ({ $who })
