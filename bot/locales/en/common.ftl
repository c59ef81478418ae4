### Words used everywhere

do-form-back = Back
do-form-cancel = Cancel
do-form-skip = Skip
do-form-more = More
do-share-contact = Share my phone number

form-cancelled = Cancelled. Nothing was saved.
form-expired = What you left unfinished a day ago has been put away. Please start again when you need it.
form-not-understood = I did not understand that. Please answer again, or choose one of the following.
form-choice-gone = That choice has just gone. Here is what is left.
form-too-long = That is too long. Please keep it within { $most } characters.
form-photos-full = { $most } photos at most; that is enough.
form-photo-kept = Photo received ({ $count } so far).
form-no-photo = This step has no use for a photo; it was not kept.

toast-form-over = This form is closed
toast-already-answered = Already answered
toast-button-unknown = This button no longer works

trouble-photo-too-large = The photo is too large. Please send one of at most 10 MB.
trouble-photo-unreadable = This file is not a photo that can be opened. Please send a JPG, PNG or WebP picture.
trouble-kind-not-taken = I can take words and photos only. Please describe it in words, or send a photo.
text-too-long = That is too long. Please send it in parts of at most { $most } characters.
not-understood = I did not understand that. Please choose from the menu (type “Menu” to see it), or type “Contact us”.
incident = Sorry, that did not work and nothing was changed. Please try again; if it fails again, tell customer service the number { $number }.

no-not-yours = Sorry, this matter is not yours to handle, or you have no right to it.
no-not-found = Not found. It may be over already.
no-not-bound = Please bind your home first. In an emergency you can report right away.
no-order-moved = Order { $number } is now “{ $state }” ({ $who }, { $at }), so this button no longer applies.
no-order-taken = Order { $number } was taken by { $who } at { $at }.

nobody-yet = nobody yet
price-on-site = quoted on site
list-joint = |, |
minutes = { $count } min
hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
day-pattern = EEE d MMM
day-pattern-short = EEE
day-today = today { $day }
day-tomorrow = tomorrow { $day }
day-after-tomorrow = { $day }

state-waiting = waiting for a technician
state-accepted = accepted
state-set-out = on the way
state-arrived = arrived
state-explained = waiting for your approval of the price
state-agreed = work in progress
state-finished = finished
state-cancelled = cancelled
result-done = finished
result-not-solved = not solved
result-no-work = no work done

skill-plumber = plumbing
skill-electrician = electrics
skill-handyman = handyman
skill-cleaner = cleaning
skill-appliance = appliances
skill-floor-care = floor care
skill-gardener = gardening
skill-locksmith = locks
skill-pest = pest control
skill-high-work = work at height
skill-front-desk = front desk
skill-concierge = concierge
skill-gas-firm = gas company

role-technician = technician
role-cs = customer service
role-supervisor = supervisor
role-control = control centre
role-head = department head
role-business = business department
