### Major issues: proposed, approved, answered; approvals waiting

do-approvals-list = Approvals
do-major-approve = Approve
do-major-refuse = Refuse
do-major-answer = Answer the owner

approvals-none = Nothing waits for your approval.
approvals-head = Approvals waiting: { $count }
approvals-line = { $number }, { $title }: { $who } proposes a major issue; please decide before { $until }
approvals-label = { $number }
approvals-more = { $count } more: decide these, then tap “Approvals” again.

ask-major-reason = Why is { $number }, { $title } a major issue (not to be done within 24 hours)? Please type the reason for the supervisor.
job-major-proposed = The supervisor has been asked to make { $number } a major issue. Without approval by { $until } the 24 hours stand.
job-major-lapsed = { $number }, { $title }: not approved as a major issue within 24 hours, so it stays a minor repair.
job-major-refused = { $who } refused: { $number } stays a minor repair, to be done within 24 hours.
job-major-approved = { $who } approved { $number }, { $title } as a major issue. Please answer the owner by { $due }: cause, plan, date or quote.

major-claim = Major issue proposed: { $number }, { $title }, { $place }
    { $who }: { $reason }
major-claim-times = Reported: { $reported }
    Please decide before { $until }; after that it stays a minor repair.
major-decided = Major issue { $number }, { $title }: { $verdict } ({ $who }, { $at })
major-agreed = approved
major-refused = refused
major-open = waiting
toast-major-approved = Approved
toast-major-refused = Refused

owner-major = { $title } ({ $number }) is a larger problem and cannot be repaired at once. Somebody will tell you cause, plan and date by { $due }.
owner-major-answer = About { $title } ({ $number }), from { $by }:
    Cause: { $cause }
    Plan: { $plan }
    Date or quote: { $until }

ask-answer-cause = Answer the owner of { $number }, { $title }: what is the cause? They read these very words.
ask-answer-plan = How will it be repaired?
ask-answer-until = By when, or for how much?
answer-summary = The owner will read ({ $number }):
    Cause: { $cause }
    Plan: { $plan }
    Date or quote: { $until }
do-answer-confirm = Send to the owner
major-answered = The owner has been answered: { $number }.
major-answered-read-out = The answer for { $number } is kept. The customer has no chat: customer service will read it out by phone.
desk-major-read-out = The customer of { $number } has no chat. Please read out by phone:
    Cause: { $cause }
    Plan: { $plan }
    Date or quote: { $until }

no-major-here = { $number } cannot be made a major issue now ({ $state }): only a minor repair, on site.
no-major-too-late = { $number } was reported more than 24 hours ago ({ $until }) and stays a minor repair.
no-major-pending = { $number } was proposed at { $at } and waits for the supervisor.
no-major-decided = The proposal for { $number } is { $verdict } ({ $who }, { $at }).
no-major-answered = The owner of { $number } was answered at { $at }.
