### Binding a home, verification, unbinding

relation-owner = owner
relation-family = family
relation-tenant = tenant

do-bind-start = Bind my home
do-bind-code = I have a code
do-bind-claim = Ask us to verify
do-bind-approve = Agree
do-bind-reject = Refuse

bind-share = Owners: if you see a button “Share my phone number”, tap it; if it is the registered number, your home is bound. If there is no such button, use one of the ways below.
bind-ways =
    Tap one, or type its words:
    I have a code: a one-time code from customer service, the quickest for family and tenants.
    Ask us to verify: your room, name and number; customer service will check them.
bind-done = { $name }, your home is bound. You can book services now.
bind-done-home = { $centre } { $room } ({ $relation })
bind-done-until = Tenancy until { $until }; the binding ends with it.
bind-done-staff =
    { $name }, you are known as staff now.
    Role: { $roles }

ask-code-code = Please type your code.
code-wrong = { $left ->
    [one] The code is wrong, used already or out of date. You have { $left } try left within the hour.
   *[other] The code is wrong, used already or out of date. You have { $left } tries left within the hour.
}
code-wait =
    { $most } tries an hour at most; please wait { $wait } before the next.
    Or telephone your service centre:

contact-not-own = This is not your own phone number, so it cannot be used. Please share your own; or choose “Bind my home” and use a code, or have customer service verify you.
contact-unreadable = This phone number cannot be read. Please use a code, or ask us to verify.
contact-kept = We have your number { $phone }. It alone does not tell which home is yours; please answer a few questions.

ask-claim-centre = Which service centre does your home belong to?
ask-claim-relation = What are you to this home?
ask-claim-until = Until which day does the tenancy run? For example: 2027-06-30
ask-claim-room = Please type your room number, for example: 3-1201
ask-claim-name = Please type your name.
ask-claim-phone = Please type your phone number; customer service needs it to verify you.
claim-centre = { $name }
claim-summary =
    Please check; customer service will then verify it:
    Service centre: { $centre }
    You are: { $relation }
    Room: { $room }
    Name: { $name }
    Phone: { $phone }
claim-summary-until = Tenancy until: { $until }
do-claim-confirm = Send
claim-sent =
    Sent. Customer service will check { $room } and tell you here.
    In an emergency there is no need to wait: report it right away.
claim-approved =
    Verified: your home is bound. You can book services now.
    { $centre } { $room } ({ $relation })
claim-rejected = { $room } could not be verified. Please check the room, name and phone number and try again, or telephone your service centre: { $phone }.

claim-card =
    Binding to verify: { $centre } { $room }
    Name: { $name } ({ $relation })
    Phone: { $phone } ({ $proof })
claim-card-until = Tenancy until: { $until }
claim-phone-proven = verified by the platform
claim-phone-typed = typed, not verified
claim-compared = Against the roll: name { $name }, phone { $phone }
claim-match = matches
claim-mismatch = does not match
claim-two-lines = Note: on the roll, this name and this phone are not the same person.
claim-line = On the roll as: { $relation }
claim-line-until = On the roll until: { $until }
claim-line-ended = Note: on the roll, this person has moved out or the tenancy is over.
claim-line-taken = Note: on the roll, this person is bound to another account.
claim-room-unknown = Note: this room is not on the roll.
claim-card-approved =
    Binding agreed: { $room } { $name }
    { $who }, { $at }
claim-card-rejected =
    Binding refused: { $room } { $name }
    { $who }, { $at }
claim-agreed = agreed
claim-refused = refused

no-claim-pending = Your request for { $room } of { $at } is still being checked; please wait for the answer. If it is urgent, telephone your service centre: { $phone }.
no-claim-decided = { $who } has already decided on { $room } ({ $at }): { $verdict }.
no-room-on-roll = { $room } is not on the roll, so nothing can be bound. Have the room registered first, or refuse.
no-line-taken = This person on the roll is bound to another account, and the phone number is not verified. Please verify and send a one-time code, or refuse.
no-tenancy-over = The claimed tenancy is over, so nothing can be bound. Please refuse and have them apply again.
no-account-taken = This entry is bound to another account, and yours is a staff account; the two cannot be joined. Please ask your administrator.

do-unbind-start = Unbind
do-unbind-ask = Unbind this one
do-unbind-confirm = Yes, unbind
do-unbind-keep = Keep it
unbind-none = You have no home bound now.
unbind-which = Which home should be unbound?
unbind-home = { $room } ({ $relation })
unbind-sure =
    Unbind { $centre } { $room }?
    You will no longer be able to book for it or see its orders. You can bind it again when needed.
unbind-done = { $centre } { $room } is no longer bound.
unbind-kept = All right, nothing was changed.

do-invite-start = Invite family or tenant
do-invite-confirm = Make the code
invite-owners-only = Only owners can invite family or tenants.
invite-home = { $room }
ask-invite-home = Which home is it for?
ask-invite-relation = What are they to this home?
ask-invite-until = Until which day does the tenancy run? For example: 2027-06-30
ask-invite-name = Please type their name.
ask-invite-phone = Please type their phone number.
invite-summary =
    Please check whom you invite:
    Room: { $room }
    Name: { $name } ({ $relation })
    Phone: { $phone }
invite-summary-until = Tenancy until: { $until }
invite-code =
    The code for { $name }: { $code }
    Valid for { $days } days, once. Please send it to nobody else.
    They open this desk, tap or type “Bind my home” and then “I have a code”, and type the code.
no-already-home = { $name } is bound to { $room } already; no code is needed.
