### In how many minutes a technician will be there, and what the owner hears

minutes-away = In { $minutes } min
toast-expected = The owner has been told
job-when = Not there yet? Tap in how many minutes; the owner hears it at once.
job-expected = The owner has been told: about { $at }
desk-expected = The technician says: about { $at }

owner-expected = { $who } will be there at about { $at }: { $title } ({ $number }).
owner-expected-again = { $who } now says about { $at } (before: { $before }): { $title } ({ $number }).
owner-late-expected = ⚠️ Sorry, { $who } did not arrive at the agreed time: { $title } ({ $number }). They say they will be there at about { $at }; customer service follow up. You may also choose another time.
owner-late-nobody = ⚠️ Sorry, it is past the agreed time and nobody has taken the job yet: { $title } ({ $number }). Customer service are finding somebody, and you will hear as soon as somebody has. You may also choose another time.
no-not-at-hand = { $number } is for { $at }; it is too soon to say in how many minutes.

history-expected = { $at }: { $who } expects to be there { $to }
