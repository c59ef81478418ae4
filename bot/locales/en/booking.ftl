### Booking a service

do-book-start = Book a service
do-book-confirm = Confirm booking
do-book-quantity = Quantity
do-book-note = Note
do-book-photos = Photos
do-book-other-room = Another home
do-book-not-listed = Not listed here

ask-book-room = For which home?
ask-book-category = Please choose a category, or type what you need, such as “replace tap”.
ask-book-item = { $why ->
    [review] { $item }: our business department must assess it first, so it cannot be booked yet. Please contact us if you need it.
        { $category }: please choose something else.
    [refer] { $item }: this is not our work. Please ask a specialist (for gas, the gas company); customer service can tell you whom.
        { $category }: please choose something else.
   *[none] { $category }: what do you need?
}
ask-book-slot = { $view ->
    [none] There is no free time for this soon. Please go back and choose something else, or contact us.
    [days] Which day?
    [day] Free on { $wanted }:
    [near] { $wanted } cannot be booked. The nearest free times:
    [past] That time is over. The next free times:
   *[soon] When shall we come? Tap a time, or type one, such as “tomorrow 3pm”.
}
ask-book-quantity = { $item }: how many ({ $unit })? Tap a number, or type it.
ask-book-note = What should the technician know beforehand? Please type it.
ask-book-photos = Please send photos, 6 at most.
ask-book-other-room = For which home?

choice-room = { $room }
choice-quantity = { $count } { $unit }
slot-start = { $at }
slot-day = { $day }
slot-other-days = Other days
slot-just-taken = { $at } cannot be had any more: just taken, or too short for the job. Please choose another time.

item-priced = { $item } { $price }/{ $unit }
item-quoted = { $item }, by quote
item-free = { $item }, free
item-closed = { $item } (not yet)

category-cleaning = Cleaning
category-appliance = Appliance cleaning
category-care = Floor care
category-pest = Pest control
category-green = Gardening
category-plumbing = Plumbing
category-electric = Electrics
category-door = Doors and windows
category-install = Installation
category-gas = Gas
category-agency = Errands
category-other = Other

unit-hour = h
unit-m2 = m²
unit-metre = m
unit-room = room
unit-trip = trip
unit-unit = unit
unit-seat = seat
unit-visit = visit
unit-month = month
unit-piece = pc
unit-set = set
unit-point = point
unit-time = time

book-summary = Please confirm: { $item }
book-room = Home: { $room }
book-time = Time: { $at }
book-duration = Takes about: { $minutes }
book-price = Price: { $price }
book-price-free = Price: free
book-price-measured = Price: { $each }/{ $unit }, by what is measured
book-price-counted = Price: { $each }/{ $unit } × { $count } = { $total }
book-note = Note: { $note }
book-photos = Photos: { $count }
book-price-agreed-first = Before the work starts, the technician tells you what will be done and the final price. Nothing begins until you agree.

booked = Booked, number { $number }
booked-what = { $item }, { $room }, { $at }
booked-asking = A technician is being asked now.
booked-desk = Customer service is finding a technician for you.
booked-next = We will tell you when it is accepted, when the technician sets out and on arrival; no need to call.
nothing-to-book = Your service centre has nothing to book at the moment. Please contact us.

no-slot-taken = { $at } is not free any more. Please choose another time.
no-under-review = { $item }: our business department must assess it first, so it cannot be booked yet.
no-referred = { $item }: this is not our work. Please ask a specialist; customer service can tell you whom.
no-not-offered = This is not offered at the moment. Please see what can be booked now.
