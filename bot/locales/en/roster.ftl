### The roster: who is on duty, and why somebody else was told

alert-passed-up = ⏫ No { $asked } on duty: passed up to the { $to }.
alert-passed-up-mute = ⏫ No chat reaches the { $asked } on duty: passed up to the { $to }.
alert-off-duty = ⏫ No { $asked } on duty, nor anybody above: told the { $to } off duty.
alert-off-duty-mute = ⏫ No chat reaches anybody on duty: told the { $to } off duty (meant for the { $asked }).

# Taking in days of the roster

cli-complete-days = Days of the roster are never complete: to take one back, write a line with “as usual” as its shift.
import-usual = Back to the usual shift: { $gone } { $gone ->
    [one] day
   *[other] days
}.
import-who = a telephone number or a name is needed
import-when = write a date, or a start date and an end date
import-bad-end = the end lies on or after the start, a year later at most
import-bad-day-shift = “{ $given }” is not a shift; write early, night, 18:00-22:00, off, or as usual
import-colleague-without-swap = with somebody to swap with, the reason can only be swap
import-extra-needs-shift = extra work needs a shift
import-no-such-staff = “{ $given }” is not on the roster; write a name or a telephone number
import-which-staff = “{ $given }” is the name of several people; write the telephone number
import-swap-with-oneself = nobody swaps with themselves
import-nothing-to-swap = { $name } has no shift on these days to swap

# The roster as it is shown

cli-help-roster = Show the roster: who works when, where a day differs and why, and who is on duty now.
cli-help-day = The first day (2026-10-01); today by default
cli-help-roster-days = How many days
cli-bad-day = “{ $given }” is not a date; write 2026-10-01
roster-day = { $day } { $kind }
roster-kind-workday = working day
roster-kind-rest = day of rest
roster-kind-holiday = public holiday: { $name }
roster-kind-moved = moved workday
roster-off = off
roster-line = {"\u0009"}{ $name } ({ $roles }){"\u0009"}{ $hours }
roster-line-because = {"\u0009"}{ $name } ({ $roles }){"\u0009"}{ $hours }{"\u0009"}{ $reason }
roster-reason-leave = leave
roster-reason-off = day off
roster-reason-swap = swap
roster-reason-extra = extra work
roster-now = On duty now ({ $at }):
roster-now-nobody = Nobody is on duty now ({ $at }).
roster-said-on = said so in chat, until { $until }

# doorstep check

check-no-decree = { $centre }: the calendar { $code } has no moved workdays for { $year } yet, only the statutory holidays. Do: pip install -U holidays
