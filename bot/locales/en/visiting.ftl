### Return visits by people: by telephone, on site, by intercom; spot checks; an agreement's every quarter

do-board-visits = Return visits
do-visiting-show = Open the visit
do-visiting-phone = By phone
do-visiting-on-site = On site
do-visiting-intercom = By intercom
do-visiting-otherwise = Another way
do-visiting-satisfied = Satisfied
do-visiting-dissatisfied = Dissatisfied
do-visiting-ontime = On time
do-visiting-late = Not on time
do-visiting-why = Note the reason
do-visiting-nobody = Nobody there
do-visiting-declined = Refused
do-visiting-photo = Send a photo
do-visited-confirm = Confirm
do-visited-wrong = Not so
do-spot-check = Spot check
do-spot-list = Spot-check cleaning

board-label-visit = { $room }
board-visits-none = No return visit waits for a person.
board-visits-head = To be visited: { $count }, the most urgent first
board-visits-recorded = This month { $recorded } have answered; how many are required is settled at its end.
board-visits-standing = This month { $recorded } have answered, of { $required } required.
board-visit = { $n }. { $room }, { $title }: { $why }
    by { $due }, { $who }{ $tries ->
        [0] {""}
        [one] , tried once
       *[other] , tried { $tries } times
    }
board-visit-overdue = { $n }. ⚠️ Overdue: { $room }, { $title }: { $why }
    was due by { $due }, { $who }{ $tries ->
        [0] {""}
        [one] , tried once
       *[other] , tried { $tries } times
    }
board-visit-evidence = { $n }. { $room }, { $title }: { $why }
    by { $due }, { $who }, on record, evidence to come
todo-visit = { $n }. Return visit { $room }, { $title }, by { $due } ({ $why }, { $who }){ $tries ->
        [0] {""}
        [one] , tried once
       *[other] , tried { $tries } times
    }
todo-visit-overdue = { $n }. ⚠️ Return visit overdue: { $room }, { $title }, was due by { $due } ({ $why }, { $who }){ $tries ->
        [0] {""}
        [one] , tried once
       *[other] , tried { $tries } times
    }
todo-visit-evidence = { $n }. Return visit { $room }, { $title }: on record, evidence to come by { $due } ({ $why }, { $who })

visiting-head = Return visit { $room }, { $name }, { $phone } ({ $source })
visiting-source-sample = monthly sample
visiting-source-replacement = monthly sample, in another's place
visiting-source-spot-check = spot check of cleaning, not of the sample
visiting-source-quarterly = quarterly visit of an agreement, on site
visiting-order = Service: { $title }, finished { $at }, technician { $who } ({ $number })
visiting-order-running = Service: { $title }, begun { $at } and under way, technician { $who } ({ $number })
visiting-agreement = Agreement { $number }: { $title }, named worker { $who }
visiting-late-signed = Signed in the last days of last quarter: the first visit is in this one.
visiting-some-service = special service
visiting-why-person = A person visits: { $why }. By { $due }.
visit-why-sample = monthly sample
visit-why-replacement = drawn in another's place
visit-why-spot-check = spot check of cleaning
visit-why-quarterly = an agreement's quarterly visit
visit-why-disputed = the household says the record is wrong: ask again
visiting-overdue = ⚠️ Overdue. Please make it as soon as you can.
visiting-named = Visitor: { $who }
visiting-household = the household
visiting-nobody = nobody yet
visiting-tried = Tried { $tries ->
    [one] once
   *[other] { $tries } times
}, nobody answered.
visiting-try-again = Nobody answered this time; noted. A good time to try again: after { $at }.

visiting-script =
    Please read aloud:
    “Hello, this is { $me } of { $centre }. On { $at } we did this for your home: { $title }. We would like to ask you:
    1. Are you satisfied with the service, or dissatisfied?
    2. Did they come on time, or not?
    (if dissatisfied) 3. What was the reason? Do you have opinions on our other services?
    Thank you.”
visiting-script-agreed =
    Please read aloud:
    “Hello, this is { $me } of { $centre }. About our service in your home, { $title }, we would like to ask you:
    1. Are you satisfied with it, or dissatisfied?
    2. Do they come on time, or not?
    (if dissatisfied) 3. What is the reason? Do you have opinions on our other services?
    Thank you.”

visiting-next-method = How do you visit? Who taps a way is the one who visits.
visiting-next-result = What does the household say?
visiting-next-timely = Did they come on time?
visiting-next-reason = The reason is still to be noted; then it is done.
visiting-next-evidence = A visit on site needs evidence: send a photo, or the household taps Confirm in their chat, if they have one.
visiting-recorded = On record ({ $method }): { $result }
visiting-recorded-timing = Timing: { $timing }
visiting-recorded-reason = Reason: { $reason }
visiting-recorded-words = In their words: { $words }
visiting-recorded-opinion = On our other services: { $words }
visiting-evidence-photo = Evidence: a photo
visiting-evidence-tap = Evidence: the household confirmed it in chat
visiting-method-phone = by phone
visiting-method-on-site = on site
visiting-method-intercom = by intercom
visiting-method-questionnaire = questionnaire in chat
visiting-over = This return visit: { $how } ({ $who }, { $at })
visiting-is-at-method = waiting for somebody
visiting-is-at-result = somebody is visiting
visiting-is-at-timely = satisfaction on record
visiting-is-at-reason = the reason is missing
visiting-is-at-said = all on record
visiting-is-at-evidence = on record, evidence to come
visiting-is-answered-in-chat = the household has answered in chat
visiting-is-drawn = drawn, not asked yet
visiting-is-asked = being asked in chat
visiting-is-done = done
visiting-is-refused = refused by the household
visiting-is-silent = nobody was reached; it ends without an answer
visiting-is-not-made = not made, and over

ask-visitwhy-reason = Why are they dissatisfied? Tap one, or type their own words.
ask-visitwhy-opinion = What do they think of our other services?
do-visitwhy-opinion = Other opinions
do-visitwhy-confirm = Keep
visiting-complaint-more = If they have opinions on our other services, just type them here.
visiting-complaint-kept = The reason is on record, and passed on to whoever deals with it.
ask-visitphoto-photos = Please send a photo from the visit.
visiting-photo-kept = Photo received.

visiting-confirm-ask = { $who } came to your home ({ $room }) at { $at } and asked about { $title }. This was noted; please confirm it:
visiting-confirmed = Confirmed. Thank you.
visiting-not-so = Customer service know of it; somebody will ask you again.
visiting-disputed = ⚠️ The household of { $room } says that the record of the visit on site is wrong. Please visit again.
case-fact-visit-disputed = { $at }: the household says that the record is wrong; they are being asked again

quarterly-left = { $count } agreements are still to be visited on site this quarter, by { $day }:
quarterly-overdue = ⚠️ Agreement { $number } ({ $room }): its quarterly visit on site was due by { $day } and has not been made.

spot-none = No cleaning of the last 30 days can be checked.
spot-head = Which cleaning do you check?
spot-line = { $n }. { $number }, { $title }, { $place }
    { $who }, { $at }

no-visit-stands = The return visit of { $room } is now “{ $how }” ({ $who }, { $at }), so this button no longer applies.
no-visit-of-another = { $who } is making this visit. To take over, open the visit and tap how.
no-visit-on-site-only = The quarterly visit of an agreement is made on site.
no-visit-own-work = You did this job, or are dealing with it: a colleague must make this visit.
no-spot-check = { $number } cannot be checked now: only cleaning under way, or finished within 30 days.

visiting-wait-for-you =
    { $count ->
        [one] One home waits for your return visit, at the latest { $due }.
       *[other] { $count } homes wait for your return visits, the first until { $due }.
    }
