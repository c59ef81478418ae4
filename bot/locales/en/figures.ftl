### Figures: this month's, the orders behind them, the trend

do-figures-show = This month’s figures
do-figures-trend = Trend
do-figures-month = Back to the figures

figure-emergency = Emergencies on time
figure-minor = Minor repairs on time
figure-minor-deferred = Minor repairs on time (owner’s own date)
figure-major = Major issues answered in 72 h
figure-punctual = Housekeeping punctual
figure-punctual-repair = Repair visits punctual
figure-staff-told = Staff told at once
figure-rework = Rework
figure-felt-on-time = On time, as owners felt it
figure-rated = Satisfied right after the job
figure-satisfaction = Satisfied in return visits
figure-visited = Return visits made

figures-label-emergency = Emergencies
figures-label-minor = Minor repairs
figures-label-minor-deferred = Owner’s date
figures-label-major = Major issues
figures-label-punctual = Housekeeping
figures-label-punctual-repair = Repair visits
figures-label-staff-told = Staff told
figures-label-rework = Rework
figures-label-felt-on-time = Felt on time
figures-label-rated = Ratings
figures-label-satisfaction = Visits: satisfied
figures-label-visited = Return visits

figures-head = Figures for { $month } · { $where }
figures-so-far = As of { $at }
figures-together = centres together
figures-line = { $mark } { $name }: { $rate } ({ $hits }/{ $total })
figures-line-least = { $mark } { $name }: { $rate } ({ $hits }/{ $total }), target { $target }%
figures-line-most = { $mark } { $name }: { $rate } ({ $hits }/{ $total }), target at most { $target }%
figures-waived =     { $count } more waived
figures-few =     Fewer than 100 jobs: { $count } repeated
figures-rated-apart = Ratings are given right after a job and are not the satisfaction of return visits.
figures-mark-met = ✅
figures-mark-missed = ❌
figures-mark-none = ▫️
figures-earlier = ← { $month }
figures-later = { $month } →
figures-centre = { $where }

figures-open-head = { $name } · { $month } · { $where }
    { $rate } ({ $hits }/{ $total })
figures-open-none = There are no orders behind it.

figures-promise-hit = { $n }. ✅ { $number } { $title }, { $place }
    Due { $at }, done { $actual }
figures-promise-miss = { $n }. ❌ { $number } { $title }, { $place }, { $who }
    Due { $at }, done { $actual }, off by { $late }
figures-promise-waived = { $n }. ▫️ { $number } { $title }, { $place }
    Due { $at }, done { $actual }, waived
figures-spoiled-emergency-started = { $n }. ❌ { $number } { $title }, { $place }, { $who }
    Due { $at }, arrived { $actual }, but handling did not begin in time
figures-spoiled-punctuality = { $n }. ❌ { $number } { $title }, { $place }, { $who }
    Due { $at }, done { $actual }, but the arrival was not punctual
figures-felt-hit = { $n }. ✅ { $number } { $title }, { $place }
    Finished { $at }; on time, says the owner
figures-felt-miss = { $n }. ❌ { $number } { $title }, { $place }, { $who }
    Finished { $at }; not on time, says the owner
figures-rated-hit = { $n }. ✅ { $number } { $title }, { $place }
    Finished { $at }; satisfied
figures-rated-miss = { $n }. ❌ { $number } { $title }, { $place }, { $who }
    Finished { $at }; not satisfied
figures-rework = { $n }. ❌ { $number } { $title }, { $place }
    Reported again { $at }; { $earlier } was finished { $finished }
figures-completed = { $n }. ✅ { $number } { $title }, { $place }
    Finished { $at }

figures-trend = { $where }: the trend of { $count } months
figures-trend-key = The dashed line is the target: green meets it, red does not, blue has none. A month without jobs has no point. For rework, lower is better.
chart-title = Service figures · { $where }
chart-now = { $rate } ({ $hits }/{ $total })
chart-aim-least = target { $target }%
chart-aim-most = target ≤ { $target }%
chart-month-pattern = MMM
month-pattern = MMMM yyyy

cli-help-figures = Figures: timely, punctual, rework and satisfaction rates, by centre and together.
cli-help-figures-centre = A centre’s code; all of them without it
cli-help-month = Which month, such as 2026-11
cli-help-from = From which day on, such as 2026-11-01
cli-help-to = Up to which day, that day included
cli-help-open = List the orders behind one figure, such as emergency
cli-help-json = Print JSON
cli-figures-figure = Figure
cli-figures-target = Target
cli-figures-least = { $target }%
cli-figures-most = ≤{ $target }%
cli-figures-waived = { $count } waived{"  "}
cli-figures-together = All centres together
cli-no-such-figure = There is no figure called { $name }; there are: { $names }
cli-not-a-month = { $text } is not a month; write it like 2026-11.
cli-not-a-day = { $text } is not a day; write it like 2026-11-01.
cli-month-or-days = Give either --month, or --from and --to together, in that order.
