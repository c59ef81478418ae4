### The first word, the menu, the language, my data

do-more-open = More
do-language-choose = Language
do-language-set = Choose a language
do-data-mine = My data

hello-resident =
    Hello { $name }, this is the home service desk of { $centre }.
    Your home: { $room }
hello-staff =
    Hello { $name }, this is the home service desk.
    Your role: { $roles }
hello-stranger =
    Hello, this is the home service desk.
    Please bind your home before you book or look at orders. An emergency can be reported right away.

help-head = What you can do here:
help-resident =
    Book a service: cleaning, repairs and more, at the time you choose.
    Emergency: burst pipe, power cut, leak: somebody is sent at once.
    My orders, Contact us: see progress, change the time, cancel, or ask us for help.
help-technician =
    My jobs: the jobs in your hands, one card each; tap the next step.
    On duty, Off duty: say whether you can take jobs.
    Call control centre: when something comes up on site, just say it.
help-desk =
    To dispatch, Under way: jobs to be placed, and jobs being done.
    To do: calls to make, homes to verify, problems to deal with.
    Register a caller: somebody telephones or comes to the desk, you register it.
help-superior =
    Approvals: what waits for you to agree or refuse.
    Under way: the jobs being done in your centre.
    To do: alerts and problems that have come up to you.
    This month’s figures: on time, rework, satisfaction, and the orders behind each.
help-stranger =
    Emergency: no binding needed; your identity is checked at the door.
    Bind my home: owners, family and tenants can book and see orders once verified.
    Language: 中文 or English.
centre-phone = { $centre }: { $phone }

more-head = More:
menu-changed = The menu has been updated.

language-choose = 请选择语言 / Please choose a language
language-label = { $name }
language-set = All right, we will speak { $name } from now on.

data-head =
    What we store about you:
    Language: { $language }
data-name = Name: { $name }
data-phone = Phone: { $phone }
data-home = Home: { $centre } { $room } ({ $relation })
data-home-until = Tenancy until: { $until }
data-roles = Role: { $roles }
data-orders = Orders: { $count }

not-understood-stranger = I did not understand that. In an emergency, tap or type “Emergency”; for anything else, please “Bind my home” first.
photo-what = I see your photo. Is this to report a repair? Please choose, then send the photo once more.
photo-what-stranger = I see your photo. In an emergency, tap “Emergency” and send the photo once more; for anything else, please bind your home first.
