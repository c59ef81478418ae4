### Reminders, and switching them off

do-reminders-open = Reminders

owner-appointment-near = Reminder: { $who } comes at { $time }, { $title } ({ $number }), { $place }.
reminder-visit = Reminder: we come { $at }, { $title } ({ $number }), { $place }.
reminder-visits = Reminder: { $count ->
    [one] 1 visit is
   *[other] { $count } visits are
} agreed:
reminder-visit-line = { $at }, { $title } ({ $number }), { $place }
reminder-visit-who = Who comes: { $who }
reminder-label-move = Move { $time } { $title }
reminder-label-cancel = Cancel { $time } { $title }
reminder-jobs = Your jobs today: { $count }
reminder-job = { $at }, { $title }, { $place }
reminder-label-job = { $time } { $title }
reminder-todo = To do today: { $count }

reminders-head = Reminders:
reminders-none = There are no reminders for you to set at present.
reminders-on = ✅ { $what }
reminders-off = ⬜ { $what } (off)
reminders-essential = Questions that the work needs answered, and emergencies, cannot be switched off.
reminders-label-on = Switch on: { $what }
reminders-label-off = Switch off: { $what }
toast-reminder-on = Switched on
toast-reminder-off = Switched off
reminder-name-evening = visits, the evening before
reminder-name-near = a visit, shortly before
reminder-name-jobs = the day's jobs, as the shift starts
reminder-name-todo = open items in the morning
