### Talking to people: customer service, the control centre, technician and customer

do-talk-start = Contact us
do-talk-control = Call control centre
do-talk-control-about = Call control centre
do-talk-owner = Message customer
do-talk-worker = Message technician
do-talk-customer = Message customer
do-talk-take = Reply
do-talk-close = End
do-talk-end = End conversation
do-order-reveal = Show customer's number

talk-which-centre = Which service centre do you mean?
talk-centre = { $centre }
talk-asked-desk =
    { $centre } ({ $role }) has been told; you will hear when somebody answers.
    You can type or send photos now. Whoever answers will see them.
talk-asked-control =
    { $centre } ({ $role }) has been told; you will hear when somebody answers.
    You can type or send photos now. Whoever answers will see them.
talk-nobody-on-duty = Nobody is on duty just now, so it may take a while.
talk-hours = Customer service: { $hours }; the control centre answers at other times. If it is urgent you can also phone { $phone }.
talk-kept = Kept so far: { $count }. Nothing is lost.
talk-answered-desk = { $who } from customer service is here. Just type or send photos.
talk-answered-control = { $who } from the control centre is here. Just type or send photos.
talk-open = What you type or send now goes to { $who } ({ $about }).
talk-ended = This conversation is over.
talk-ended-by = { $who } ended the conversation.
talk-still-waiting-desk = Sorry, nobody has answered yet. A supervisor has been asked too. If it is urgent please phone { $phone }, or tap “Emergency”.
talk-still-waiting-control = Nobody has answered yet. A supervisor has been asked too. If it is urgent please phone { $phone }.

talk-alert-desk = { $who } ({ $about }) asks for customer service
talk-alert-control = Technician { $who } ({ $about }) calls the control centre
talk-alert-words = “{ $words }”
talk-alert-since = Waiting since { $at }.
talk-alert-taken = { $who } answered at { $at }.
talk-alert-given-up = They ended the conversation before anybody answered.
talk-untaken = ⚠️ Nobody has answered for ten minutes

talk-line-resident = { $who } ({ $about }): { $words }
talk-line-technician = Technician { $who } ({ $about }): { $words }
talk-line-desk = { $who }, customer service: { $words }
talk-line-control = { $who }, control centre: { $words }
talk-picture = [photo]
talk-visitor = a visitor
talk-no-room = no room bound
talk-no-job = no order named
talk-which = You have several conversations, and this was not passed on. Please choose whom to reply to, then send it again.
talk-reply-to = Reply to { $who }
talk-sent-to = Passed on to { $who }.
talk-not-sent = The conversation with { $who } is over; this was not passed on.
talk-none = You are in no conversation now.
talk-urgent = 🚨 This sounds like an emergency. Tap or type “Emergency” and somebody is sent at once.

number-revealed = Order { $number }, { $name }: { $phone }. This look is on record.

no-talk-taken = { $who } answered at { $at }.
no-talk-over = This conversation ended at { $at }.
no-talk-no-job = No technician is on order { $number } now, so nothing can be passed on.
no-talk-no-chat = The customer of order { $number } ordered by phone and has no chat; only customer service can phone them.
no-number-closed = Order { $number } is over; the customer's number is no longer shown.
