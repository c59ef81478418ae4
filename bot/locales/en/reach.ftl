### Who gets no messages now, and the calls that are made instead

do-board-unreached = Not reachable
board-unreached-none = Everybody who waits for something can get messages now.
board-unreached-head = Not reachable: { $count }; please phone them with news
board-unreached-spoken-with = { $n }. { $place }  { $name }  { $title }  { $visit }
    a colleague has been talking to them in WeCom since { $since }; messages wait until that is over ({ $number })
board-unreached-spent = { $n }. { $place }  { $name }  { $title }  { $visit }
    what WeCom lets us send was used up at { $since } ({ $number })
board-unreached-closed = { $n }. { $place }  { $name }  { $title }  { $visit }
    the WeCom window closed at { $since } ({ $number })
board-unreached-gone = { $n }. { $place }  { $name }  { $title }  { $visit }
    the chat has taken no messages since { $since } ({ $number })
board-unreached-no-chat = { $n }. { $place }  { $name }  { $title }  { $visit }
    no chat ({ $number })
board-unreached-others = { $count } more bound residents get no messages now; nothing of theirs is open.
visit-now = emergency
visit-unset = no time agreed
visit-over = finished, a problem is still open

desk-unreached-spoken-with = ⚠️ A colleague is talking to the owner in WeCom (since { $since }); our messages wait until that is over.
desk-unreached-spent = ⚠️ The owner gets no messages now: what WeCom lets us send was used up at { $since }. Please phone.
desk-unreached-closed = ⚠️ The owner gets no messages now: the WeCom window closed at { $since }. Please phone.
desk-unreached-gone = ⚠️ The owner gets no messages now: the chat has taken none since { $since }. Please phone.
desk-unreached-no-chat = ⚠️ The owner has no chat; please phone them with news.
job-unreached = ⚠️ The owner gets none of our messages now. When you meet, ask them to write us a word in the chat first, so that the price can reach them; on the way, call the control centre.
job-price-unreached = ⚠️ The price could not be sent to the owner. Ask them to write us a word in the chat, then tap “Change the price” to send it again; customer service will also phone for their consent.

todo-phone-several = { $n }. Phone { $name }  { $phone }  { $count } texts, the first of { $at }
call-head = Please phone { $name } ({ $phone }) with these { $count } texts, in this order; no chat could carry them:
call-text = —— { $n } —— ({ $at })
call-asks = 👉 Ask the owner: { $choices }?
do-desk-move-agreed = Owner agrees to the new time
do-desk-move-refused = Owner refuses the new time
toast-move-agreed-for = Recorded: the owner agrees to the new time
toast-move-refused-for = Recorded: the owner refuses the new time

rating-not-reached = could not be delivered, so not asked

do-help-show = Help
do-menu-show = Menu
menu-here = Choose one, or type its words:
help-words = Type “Menu” at any time to see what can be done; typing a button's words or number is as good as tapping it.
