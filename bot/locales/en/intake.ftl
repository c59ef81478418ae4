### Registering for a caller

do-intake-start = Register a caller
do-intake-confirm = Register
do-intake-quantity = Quantity
do-intake-occurred = When it happened
do-intake-note = Note
do-intake-callback = Other callback number

ask-intake-centre = Which service centre?
ask-intake-room = Which room? Type it, such as “3-1201”.
ask-intake-place = Where exactly? Please type the address. A place not on the roll can only have an emergency.
ask-intake-caller = { $room }: who is calling?
ask-intake-name = What is the caller's name?
ask-intake-phone = Which number shall we call back?
ask-intake-need = An emergency, or a service to book?
ask-intake-emergency = What is happening?
ask-intake-occurred = When did it happen? Tap one, or type it, such as “21:40” or “yesterday 10pm”. Not later than now, and at most 24 hours back.
ask-intake-category = Which kind of service? You may also type the item's code, such as PL01.
ask-intake-item = Which item?
ask-intake-slot = { $view ->
    [none] There is no free time for this soon. Please go back and choose something else.
    [days] Which day?
    [day] Free on { $wanted }:
    [near] { $wanted } cannot be booked. The nearest free times:
    [past] That time is over. The next free times:
   *[soon] When shall we come? Tap a time, or type one, such as “tomorrow 3pm”.
}
ask-intake-quantity = How many? Please type a number.
ask-intake-note = What is wanted in particular? Please type it.
ask-intake-callback = Please type the number to call back.

choice-centre-name = { $centre }
choice-elsewhere = A place not on the roll
choice-caller = { $name } { $relation } { $phone }
choice-somebody-else = Somebody else
choice-ago = { $ago } ago
choice-need-urgent = 🚨 Emergency
choice-need-visit = Book a service

intake-summary = Please check: { $place }, { $name }, { $phone }
intake-emergency = 🚨 Emergency: { $kind }
intake-occurred = It happened: { $at }
intake-read-out = Please tell the caller first:
intake-visit = Service: { $item }
    Time: { $at }
intake-note = Wanted: { $note }
intake-chat = The caller has a chat and gets the messages too.
intake-no-chat = The caller has no chat; please tell them by phone how it goes.
intake-registered = Registered: { $number }, { $place }. Technicians are being asked.
intake-registered-emergency = 🚨 Emergency registered: { $number }, { $place }. Everybody on duty is being called.
intake-running-already = 🚨 This has been reported already: { $number }, { $place }; it is being handled.
no-cannot-have-occurred = I do not see when it happened. Please type a time within the last 24 hours, such as “21:40”, “yesterday 10pm” or “half an hour ago”.
no-room-known = { $centre } has no room “{ $room }”. Please check and type it again; if it is really not on the roll, tap “A place not on the roll”.

owner-registered = As you told us by phone, we registered: { $title } ({ $number })
    { $place }, { $at }, price: { $price }
    You can change the time if it does not suit you.
owner-registered-emergency = 🚨 As you told us by phone, we registered an emergency: { $title } ({ $number }), { $place }. Somebody is being sent.
