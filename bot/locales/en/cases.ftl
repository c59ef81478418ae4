### Nonconformity cases

do-case-show = Open
do-case-take = I will handle it
do-case-correct = Record the result
do-case-told = Told: no answer

case-head = ⚠️ Case { $number } · { $grade } · { $source }
case-order = Order { $number } { $title }, { $place }, { $owner }
case-technician = Technician: { $who }
case-is-opened = Nobody has handled it since { $at }; { $who } is asked first. To be corrected by { $due }.
case-is-taken = { $who } took it at { $at }. To be corrected by { $due }.
case-is-corrected = { $who } corrected it at { $at }.
case-result = Done: { $disposition }. { $words }
case-customer-told = The customer was told at { $at }.
case-tell-by-phone = No chat reaches the customer: please phone them with the result, then tap what they answered.
case-awaits-verification = Still to be verified by { $at }; it is closed only after that.
case-recorded = The result of { $number } is on record.
case-nobody = nobody yet

case-untouched = ⚠️ Nobody has handled { $number } since { $at }. Please see to it.
case-uncorrected = ⚠️ { $number }, open since { $at }, is not corrected. Reported to the business department.

case-fact-dissatisfied = { $at }: the customer is dissatisfied.
case-fact-now-satisfied = { $at }: the customer is satisfied now; it must be settled all the same.
case-fact-reason = The customer's reason: { $reason }
case-fact-words = In their words: { $words }
case-fact-opinion = On our other work: { $words }

case-source-internal-slip = internal slip
case-source-dissatisfied = dissatisfied customer
case-source-late-arrival = late arrival
case-source-missed-deadline = missed deadline
case-source-missed-emergency-limit = missed emergency limit
case-source-rework = rework
case-source-loss = loss or damage
case-source-injury = injury

case-about-dissatisfied = what you told us of
case-about-internal-slip = a slip of ours
case-about-late-arrival = we came late
case-about-missed-deadline = we did not finish in time
case-about-missed-emergency-limit = we came too late to an emergency
case-about-rework = the repair that did not last
case-about-loss = the loss we caused
case-about-injury = somebody was hurt
case-about-soiling = something was soiled
case-about-damage = something was damaged

grade-minor = minor
grade-general = general
grade-serious = serious

disposition-redo = work redone
disposition-repair = repaired
disposition-apology = apology, explanation
disposition-fee-reduction = fee reduced
disposition-compensation = compensation
disposition-concession = accepted as it is

ask-correct-disposition = What was done about it?
ask-correct-words = What exactly was done? The customer is told this in these words.

case-owner-taken = Order { $number }, { $title }: { $about }. { $who } from customer service is looking into it and will tell you the result.
case-owner-result = Order { $number }, { $title }: { $about }. It has been dealt with.
case-owner-done = Done: { $disposition }. { $words }

no-case-taken = { $who } took { $number } at { $at }.
no-case-not-taken = There is no result of { $number } to record or to tell yet. Please take it and settle it first.
no-case-corrected = { $who } corrected { $number } at { $at }; the result is on record.
