### 师傅几分钟后到，和业主听到的

minutes-away = { $minutes }分钟后到
toast-expected = 已告诉业主
job-when = 还没到？点几分钟后到，业主马上会收到。
job-expected = 已告诉业主：约 { $at } 到
desk-expected = 师傅说约 { $at } 到

owner-expected = { $who } 约 { $at } 到：{ $title }（{ $number }）。
owner-expected-again = { $who } 改说约 { $at } 到（先前说的是 { $before }）：{ $title }（{ $number }）。
owner-late-expected = ⚠️ 抱歉，{ $who } 没有按约定时间到达：{ $title }（{ $number }）。师傅说约 { $at } 到，客服会跟进。您也可以改约。
owner-late-nobody = ⚠️ 抱歉，约定的时间到了，还没有师傅接单：{ $title }（{ $number }）。客服正在安排，有人接单马上告诉您。您也可以改约。
no-not-at-hand = { $number } 的约定时间是 { $at }，还不用说几分钟后到。

history-expected = { $at }　{ $who } 说约 { $to } 到
