### Emergencies

do-urgent-start = Emergency
do-urgent-rooms = Another home
do-urgent-confirm = Report emergency
do-urgent-confirm-kind = Report: { $kind }
do-urgent-confirm-since = Report: { $kind } (since { $at })
do-urgent-not = Not an emergency
do-urgent-photos = Photos
choice-centre = { $centre }

urgent-which = 🚨 What is happening? One tap sends somebody at once.
urgent-room = Home: { $room }
urgent-which-room = Which home is it?
urgent-sounds-like = This sounds like an emergency: { $kind }. One tap sends somebody at once.
urgent-occurred = It happened: { $at }
urgent-joined = 🚨 This was reported already and is handled together with the earlier report { $other }.
urgent-not = All right, nothing was reported. To book a visit or to reach customer service, choose one, or just type.
ask-urgent-centre = Which service centre is yours?
ask-urgent-words = What is happening? One sentence is enough; we send somebody at once.
ask-urgent-place = Where is it? Please type the building and the room, and a phone number if you like.
ask-urgent-photos = Please send photos, 6 at most.

urgent-advice-first = Please do this first:
urgent-reported = 🚨 Reported: { $kind }, { $place }, number { $number }
urgent-running = 🚨 This was reported already and is being handled: { $kind }, { $place }, number { $number }
    It is now “{ $state }”: { $who }.
urgent-calling = { $called ->
    [0] Customer service and the control centre have been told to send somebody at once.
    [one] One technician on duty is being called; customer service knows, too.
   *[other] { $called } technicians on duty are being called at once; customer service knows, too.
}
urgent-limit = On site within { $limit } minutes: by { $due }.
urgent-more = You may send photos or words; they go to the technician. Or call { $phone }.
urgent-checked-at-door = The technician will ask who you are at the door.
urgent-words-added = Added to { $number }; the technician will see it.
urgent-photo-added = Photo added to { $number }; the technician will see it.

advice-close-valve = · Close the main water valve; keep away from wet appliances and sockets.
advice-close-taps = · Close the taps, so that nothing overflows when the water is back.
advice-stop-using-drains = · Use no water and flush no toilet for now.
advice-breaker-off = · Switch off the main breaker; do not touch it with wet hands.
advice-no-switch-open-windows-gas-company = · Touch no switch or appliance, light no flame; open the windows, close the gas valve, go outside and call the gas company.
advice-call-119 = · Call 119 at once.
advice-leave-at-once = · Everybody out at once; do not take the lift.
advice-keep-calm-lift = · Keep calm, press the call button in the car, do not force the doors.
advice-keep-distance = · Keep away from it, and keep your family away.
advice-call-119-if-life-at-risk = · If a life is at risk, call 119 at once.

emergency-burst-pipe = Burst pipe
emergency-critical-leak = Serious leak
emergency-power-outage = Power outage
emergency-electric-hazard = Live current or smoke
emergency-no-water = No water
emergency-sewage-backflow = Sewage backflow
emergency-gas-smell = Smell of gas
emergency-lockout-risk = Locked in or out, risk
emergency-falling-risk = Loose window or wall
emergency-fire-smoke = Fire
emergency-elevator-trap = Trapped in the lift
emergency-other = Something else

job-more-words = { $number }, from the owner: { $words }
job-more-photo = { $number }: another photo from the owner
desk-emergency-other = 🚨 Emergency { $number } is of no known kind. Please read it and help to send somebody.
desk-emergency-cancelled = Emergency { $number } was cancelled.
