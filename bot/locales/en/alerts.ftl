### Alerts to customer service, supervisors and heads

desk-emergency = 🚨 Emergency: { $title }. { $called ->
    [one] 1 technician has
   *[other] { $called } technicians have
} been called at once.
desk-emergency-accepted = Emergency { $number } has been accepted.
desk-nobody-left = ⚠️ Order { $number }: nobody is left to ask. Please assign it by hand.
desk-offer-lapsed = Order { $number }: { $who } did not accept in time; the next has been asked.
desk-transferred = Order { $number }: { $who } handed it over; another is being found.
desk-arrival-disputed = ⚠️ Order { $number }: the owner says { $who } is not there yet. Please check.
desk-ask-caller = Order { $number }: price { $price }. No chat reaches the owner; please get their consent on the telephone and record it.
desk-price-refused = ⚠️ Order { $number }: the owner does not agree to { $price }.
desk-finished-not-solved = ⚠️ Order { $number } could not be solved. Please arrange the next step with the owner.
desk-finished-no-work = Order { $number } ended without any work. Please find out why.
desk-return-needed = Order { $number }: { $who } needs another visit. Please agree a time with the owner.
alert-emergency-untaken = 🚨 Emergency { $number }: nobody has accepted for { $since }.
alert-emergency-arrival-near = 🚨 Emergency { $number }: the on-site limit is near and { $who } is not there.
alert-emergency-arrival-missed = 🚨 Emergency { $number }: the on-site limit has passed without arrival ({ $who }).
alert-untaken = ⚠️ Order { $number }: nobody has accepted for { $since }.
alert-appointment-nobody = ⚠️ Order { $number } is in { $left } and nobody has accepted it.
alert-minor-near = ⚠️ The { $within } of order { $number } are nearly over ({ $who }).
alert-major-near = ⚠️ The { $within } to answer the major issue { $number } are nearly over ({ $who }).
