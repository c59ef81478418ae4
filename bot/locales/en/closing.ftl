### Nonconformity cases: corrective action, verification, the customer's answer, the end

do-case-action = Record cause and action
do-case-verify = Effective
do-case-fail = Not effective
do-case-told-settled = Told: settled
do-case-told-unsettled = Told: not settled
do-case-reveal = Show their number
do-settle-yes = Settled
do-settle-no = Not settled
do-settle-why = Say what is not settled

case-home = Return visit { $place }, { $owner }
case-action-due = Cause and corrective action are to be recorded by { $due }.
case-action = Cause: { $cause }
    Corrective action: { $action }
case-customer-settled = The customer says it is settled.
case-is-verified = { $who } verified it at { $at }: effective.
case-is-closed = ✅ Closed at { $at }.
case-action-recorded = Cause and corrective action of { $number } are on record.
case-number-revealed = { $number }, { $place } { $name }: { $phone }. This look is on record.

case-fact-again = No. { $count } of “{ $source }” this month: { $other } before, { $number } now. Cause and corrective action are to be recorded.
case-fact-unsettled = { $at }: told the result, the customer said it is not settled.
case-fact-failed = { $who } found it not effective: { $words }

case-overdue = ⚠️ { $number }, open since { $at }, is not corrected, and its time is over.
case-unplanned = ⚠️ { $number } (found { $found }): cause and corrective action are due and not on record.
case-unverified = ⚠️ { $number } (found { $found }): its verification is due and not done.
case-untold = ⚠️ { $number } was corrected a day ago. No chat reaches the customer, and nobody has phoned them yet. Please see to it.

case-owner-taken-home = { $place }: { $about }. { $who } from customer service is looking into it and will tell you the result.
case-owner-result-home = { $place }: { $about }. It has been dealt with.
case-owner-ask = Is it settled?
case-owner-settled = You say it is settled. Thank you for telling us.
case-owner-unsettled = Order { $number }, { $title }: we are sorry that it is not settled. The supervisor, the head and the business department know. It will be dealt with anew, and you will be told the result.
case-owner-unsettled-home = { $place }: we are sorry that it is not settled. The supervisor, the head and the business department know. It will be dealt with anew, and you will be told the result.
case-owner-explained = Your words have been passed on.

ask-explain-words = What is not settled? A sentence is enough; whoever deals with it reads it.
ask-act-cause = Why did it come about?
ask-act-action = What keeps it from coming again? Who does it, and by when?
ask-fail-reason = What did not help? The reason stays on record, for whoever deals with it.

no-case-action = No corrective action of { $number } is to be recorded now.
no-case-not-corrected = { $number } is not corrected yet; it is verified after that.
no-case-action-first = Cause and corrective action of { $number } must be on record before it is verified.
no-case-verifier = { $number } is { $grade }: { $roles } verify it.
no-case-own-work = You had a hand in { $number }; somebody else must verify it.
no-case-verified = { $who } verified { $number } at { $at }.
no-case-nothing-to-settle = This is being dealt with; you will be told the result.
no-case-nothing-to-explain = There is nothing to add now. To reach us, please tap “Customer service”.

todo-case-take = { $n }. Case { $number } ({ $grade })　nobody has it; to be corrected by { $due }
todo-case-correct = { $n }. Case { $number } ({ $grade })　to be corrected by { $due }
todo-case-act = { $n }. Case { $number } ({ $grade })　cause and corrective action by { $due }
todo-case-verify = { $n }. Case { $number } ({ $grade })　to be verified by { $due }
todo-case-tell = { $n }. Case { $number } ({ $grade })　corrected { $due }; please phone the customer
