### The technician's jobs, and the progress that owners see

do-order-accept = Accept
do-order-decline = Decline
do-order-keep = Back
do-order-set-out = Set out
do-order-arrive = Arrived
do-order-start = Start handling
do-order-explain = Work and price explained
do-order-requote = Change the price
do-order-finish = Finish
do-order-transfer = Hand over
do-order-return-needed = Another visit needed
do-order-ask-early = Ask to start early
do-order-agree = Agree to the price
do-order-disagree = Do not agree
do-order-not-here = Not here yet
do-order-early-ok = Early is fine
do-order-early-no = Please come on time
do-jobs-mine = My jobs
do-duty-on = On duty
do-duty-off = Off duty
do-major-propose = Major issue

job-head = Job { $number }  { $title }
job-head-emergency = 🚨 Emergency { $number }  { $title }
    On site within { $limit } min: by { $due }
job-place = Room: { $place }  { $owner }
job-time = Appointment: { $at }
job-quantity = Quantity: { $count }
job-price = Price: { $price }
job-note = Note: { $note }
job-photos = Photos: { $count } (above)
job-tools = Setting out confirms you carry: { $tools }
job-state = State: { $state }
job-pictures = Job { $number }: the owner's photos
job-gone = Job { $number }  { $title }
    is now “{ $state }”: { $who }, { $at }. You need not go.
job-lapsed = Job { $number }  { $title }
    The time to accept is over; a colleague has been asked.
job-declined = Declined: { $number }. A colleague has been asked.
job-transferred = Handed over: { $number }. The owner and customer service have been told.
job-asked-early = The owner has been asked. Until they agree, please knock at the agreed time.
job-early-ok = The owner agrees to an early start ({ $number }). You may knock.
job-early-no = The owner prefers the agreed time ({ $number }). Please wait.
job-arrival-disputed = ⚠️ The owner does not see you yet ({ $number }). Check the room number or contact the owner.
job-quote-sent = The price { $price } has gone to the owner ({ $number }). Start once they agree.
job-price-agreed = The owner agrees to { $price } ({ $number }). You may start.
job-price-refused = ⚠️ The owner does not agree to { $price } ({ $number }). Please talk it over; customer service know.
job-finished = Finished: { $number }, charged { $amount }.
job-limit-near = ⚠️ The on-site limit of { $number } is near
job-not-started = ⚠️ { $number } is at its limit: have you begun? Please tap “Start”.
job-appointment-near = { $number } is in { $left }
job-appointment-now = It is the agreed time of { $number }. Are you there?
job-late = ⚠️ { $number } is 2 minutes past the agreed time; the owner has been told. Tap “Arrived” as soon as you are there.
job-minor-near = ⚠️ The { $within } of { $number } are nearly over

tool-toolbox = toolbox
tool-tool-bag = tool bag
tool-work-mat = work mat
tool-shoe-covers = shoe covers
tool-cleaning-kit = cleaning kit
tool-cloths = cloths

ask-decline-reason = Why do you decline?
ask-transfer-reason = Why do you hand it over?
ask-return-reason = Why is another visit needed?
reason-busy = Busy with a job
reason-far = Cannot make it in time
reason-skill = Not my trade
reason-off-duty = Off duty
reason-time = Not enough time
reason-other = Other
# said by histories from before a job could be held
reason-parts = Waiting for parts
reason-owner = Owner wants another time
reason-desk = Reassigned by the desk

ask-quote-price = { $number }  { $title }: which price? Tap it below, or type the amount in yuan.
choice-price = { $price }
ask-finish-result = { $number }: with what result? Charged { $amount }{ $photos ->
    [0] {""}
    [one] , 1 photo
   *[other] , { $photos } photos
}.
ask-finish-photos = Please send photos of the finished work.
ask-finish-amount = How much is charged, in yuan? Not more than the owner agreed to.
do-finish-photos = Add photos
do-finish-amount = Change amount
choice-result-done = Done
choice-result-not-solved = Not solved
choice-result-no-work = No work done

jobs-none = You have no open jobs.
jobs-head = { $count ->
    [one] 1 open job
   *[other] { $count } open jobs
}
jobs-line = { $at }  { $title }  { $place }
do-jobs-show = Show
duty-on = You are on duty and will get jobs and emergencies.
duty-off = You are off duty and will get no new jobs.
duty-open-jobs = { $count ->
    [one] You still have 1 open job. Please finish it or hand it over.
   *[other] You still have { $count } open jobs. Please finish them or hand them over.
}

toast-accepted = Accepted
toast-set-out = The owner knows you are coming
toast-arrived = Arrival noted
toast-started = Start noted
toast-return-needed = Owner and desk have been told
toast-early-ok = The technician has been told
toast-early-no = The technician has been told

owner-accepted = { $who } has taken your job: { $title } ({ $number }). We will tell you when they set out.
owner-accepted-emergency = { $who } has taken it and is on the way: { $title } ({ $number }).
owner-set-out = { $who } has set out: { $title } ({ $number }).
owner-arrived = { $who } has arrived ({ $now }): { $title } ({ $number }). Before starting they will explain the work and the price.
owner-ask-early = { $who } is a little early; you agreed on { $at }. May they start now?
owner-early-ok = Good. The technician knows they may start early.
owner-early-no = Good. The technician will knock at the agreed time.
owner-quote = { $who } offers: { $title }  { $price } ({ $number })
    Work that is charged starts only when you agree.
owner-agreed = You agreed to { $price } ({ $number }). The work starts now.
owner-disagreed = Noted that you do not agree to this price ({ $number }). The technician will talk it over with you; customer service know.
owner-dispute-noted = Noted: nobody there yet ({ $number }). Customer service have it and will check at once.
owner-finished-done = Finished: { $title } ({ $number }), charged { $amount }.
owner-finished-not-solved = { $title } ({ $number }) could not be solved this time, charged { $amount }. Customer service will contact you about the next step.
owner-finished-no-work = { $title } ({ $number }): no work was done, nothing is charged.
owner-after-photos = Photos of the finished work ({ $number })
owner-return-needed = { $title } ({ $number }) needs another visit. Customer service will agree a time with you.
owner-transferred = { $title } ({ $number }): your technician cannot come; we are finding another. The agreed time stays.
owner-late = ⚠️ Sorry, { $who } did not arrive at the agreed time: { $title } ({ $number }). We are asking when they will be there and will tell you as soon as we know; customer service follow up.{ $movable ->
    [0] {""}
   *[other] {" "}You may also choose another time.
}

no-too-early = It is not time yet ({ $number }): you can mark your arrival from { $earliest }. To come earlier, ask the owner first.
no-not-agreed = The owner has not agreed to a price for { $number } yet. Explain work and price first, and finish once they agree.
no-above-quote = For { $number } the owner agreed to { $price }; no more may be charged. To charge more, explain the new price first.
