### To place, under way, to do, telephone tasks

do-board-waiting = To dispatch
do-board-running = Under way
do-board-todo = To do
do-phone-done = Called

board-page = Next page ({ $page }/{ $pages })
board-label = { $number }
board-label-emergency = 🚨 { $number }

board-waiting-none = No order waits to be placed.
board-waiting-head = To dispatch: { $count }
board-emergency = { $n }. 🚨 { $number }, { $title }, { $place }
    { $minutes } min left{ $joined ->
        [0] {""}
        [one] , one more report joined
       *[other] , { $joined } more reports joined
    }
board-emergency-over = { $n }. 🚨 { $number }, { $title }, { $place }
    { $minutes } min over the limit{ $joined ->
        [0] {""}
        [one] , one more report joined
       *[other] , { $joined } more reports joined
    }
board-place-at = { $n }. ⚠️ { $number }, { $title }, { $place }
    For { $at }: please dispatch
board-place-since = { $n }. ⚠️ { $number }, { $title }, { $place }
    Reported { $at }, no time agreed yet: please dispatch
board-offered-at = { $n }. { $number }, { $title }, { $place }
    For { $at }, technicians are being asked
board-offered-since = { $n }. { $number }, { $title }, { $place }
    Reported { $at }, technicians are being asked

board-running-none = No order is under way.
board-running-head = Under way: { $count }
board-running-at = { $n }. { $number }, { $title }, { $place }
    { $state }, { $who }, for { $at }
board-running-since = { $n }. { $number }, { $title }, { $place }
    { $state }, { $who }, reported { $at }{ $joined ->
        [0] {""}
        [one] , one more report joined
       *[other] , { $joined } more reports joined
    }
board-running-disputed-at = { $n }. ⚠️ { $number }, { $title }, { $place }
    The owner says nobody came: { $state }, { $who }, for { $at }
board-running-disputed-since = { $n }. ⚠️ { $number }, { $title }, { $place }
    The owner says nobody came: { $state }, { $who }, reported { $at }{ $joined ->
        [0] {""}
        [one] , one more report joined
       *[other] , { $joined } more reports joined
    }

board-todo-none = Everything is done.
board-todo-head = To do: { $count }
todo-talk = { $n }. { $who } asks for customer service, waiting since { $at }
todo-control-talk = { $n }. { $who } calls the control centre, waiting since { $at }
todo-claim = { $n }. Claim to { $room } by { $name }, { $at }
todo-major = { $n }. Major issue { $number }, { $title }: answer the owner by { $due }
todo-phone = { $n }. Phone { $name }, { $phone }, { $at }
todo-label-case = Case { $number }
todo-label-talk = Reply to { $who }
todo-label-claim = Check { $room }
todo-label-major = Answer { $number }
todo-label-phone = Phone { $name }

phone-task = Please phone { $name } ({ $phone }) and say the following; no chat could carry it ({ $at }):
phone-task-done = Called: { $name } ({ $phone }), about the message of { $at }.
toast-phone-done = Call recorded
no-phone-done = { $who } made this call at { $at }.

a-stranger = somebody not registered
by-itself = the system
