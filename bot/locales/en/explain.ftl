### doorstep explain: an order's timeline

explain-head = { $number } { $title }, { $place } ({ $state })
explain-set = { $at }  ⏱ set for { $due }: { $what }
explain-fired = { $at }  ⏰ due: { $what }
explain-fired-late = { $at }  ⏰ due at { $due }, seen to { $late } late: { $what }
explain-dropped = { $at }  ✓ no longer waited for (was { $due }): { $what }
explain-pending = { $at }  … still waited for: { $what }
explain-pause = On hold ({ $reason }): { $since } to { $until }; the limits run on, unless the owner himself chose a later time (reading 14)
explain-verdicts = Verdicts, worked out anew from the history:
explain-differs = {"  "}⚠️ what was put on record: { $verdict }
so-far = now
kept-met = kept
kept-missed = missed
kept-waived = waived
kept-not-applicable = not applicable

due-emergency-accept-1 = emergency not accepted, stage 1: everybody on duty is called (§3.5)
due-emergency-accept-2 = emergency not accepted, stage 2 (§3.5)
due-emergency-accept-3 = emergency not accepted, stage 3 (§3.5)
due-emergency-arrival-1 = emergency, warning before the limit (§5.2.7, §3.5)
due-emergency-arrival-2 = emergency, limit to be on site (§5.2.7, readings 8–10)
due-accept-2 = not accepted, stage 2 (§3.5)
due-accept-3 = not accepted, stage 3 (§3.5)
due-appointment-1 = reminder before the appointment (§3.5)
due-appointment-2 = the agreed minute: the technician is asked (§3.5)
due-appointment-3 = latest arrival (§5.2.2, reading 12)
due-minor-completion-1 = minor repair, first warning (§5.2.2, §3.5)
due-minor-completion-2 = minor repair, second warning (§5.2.2, §3.5)
due-minor-completion-3 = minor repair, limit (§5.2.2, reading 14)
due-major-response-1 = major issue, first warning (§5.2.2, §3.5)
due-major-response-2 = major issue, second warning (§5.2.2, §3.5)
due-major-response-3 = major issue, limit of the answer (§5.2.2, reading 15)
due-offer-lapse = this technician's time to accept, then the next is asked (§3.5)
due-major-review = the supervisor is asked when the alert hours begin (reading 15)
due-major-lapse = a major issue must be approved by then (reading 15)
due-hold-over = the hold is over: can it go on?
due-reminder-near = reminder to the household before the visit (§3.6)
due-rating-remind = reminder to rate (§3.6)
due-rating-close = the rating closes (§3.6)

clause-emergency-arrival = {"  "}§5.2.7, readings 8, 9, 11: 10 or 30 minutes by the minute of the report (or occurrence), from the receipt of the first report, fixed for good
clause-emergency-started = {"  "}§5.2.7, reading 10: on site and handling
clause-punctuality = {"  "}§5.2.2, readings 12, 13: at most 5 minutes early, 2 late; a later agreement mends nothing
clause-minor-completion = {"  "}§5.2.2, reading 14: done within 24 hours of the report, or by the later time the owner himself chose
clause-major-response = {"  "}§5.2.2, reading 15: a person's answer within 72 hours of the report: cause, plan, date or quote
clause-staff-told = {"  "}§5.1.2, reading 23: staff hear of it within 5 minutes, of an emergency within 1
