# A few words that channels need for themselves

do-choices-more = More choices
choices-further = More choices:
choices-gone = These choices are out of date; please choose from the newest message.
do-choose = OK
card-closed = Dealt with
place-said = Location: { $label } ({ $at })
place-said-unnamed = Location: { $at }
place-not-asked = Location received. To pass it on, start a conversation first, then send it again.
joined-line = ————
