### 谁现在收不到消息，和替他们打的电话

do-board-unreached = 联系不上
board-unreached-none = 有事要办的业主，现在都能收到消息。
board-unreached-head = 联系不上：{ $count } 位，有消息请打电话
board-unreached-spoken-with = { $n }. { $place }　{ $name }　{ $title }　{ $visit }
    { $since } 起同事正在微信客服里跟业主说话，消息等说完再发（{ $number }）
board-unreached-spent = { $n }. { $place }　{ $name }　{ $title }　{ $visit }
    微信客服能发的条数在 { $since } 用完了（{ $number }）
board-unreached-closed = { $n }. { $place }　{ $name }　{ $title }　{ $visit }
    微信客服窗口在 { $since } 关闭（{ $number }）
board-unreached-gone = { $n }. { $place }　{ $name }　{ $title }　{ $visit }
    { $since } 起聊天账号不收消息了（{ $number }）
board-unreached-no-chat = { $n }. { $place }　{ $name }　{ $title }　{ $visit }
    没有聊天账号（{ $number }）
board-unreached-others = 另有 { $count } 位已绑定的住户现在也收不到消息，他们没有要办的事。
visit-now = 紧急
visit-unset = 没有约时间
visit-over = 已完工，问题还没处理完

desk-unreached-spoken-with = ⚠️ 同事正在微信客服里跟业主说话（{ $since } 起），系统的消息等说完再发。
desk-unreached-spent = ⚠️ 业主现在收不到消息：微信客服能发的条数在 { $since } 用完了，请打电话。
desk-unreached-closed = ⚠️ 业主现在收不到消息：微信客服窗口已于 { $since } 关闭，请打电话。
desk-unreached-gone = ⚠️ 业主现在收不到消息：聊天账号在 { $since } 起不收消息了，请打电话。
desk-unreached-no-chat = ⚠️ 业主没有聊天账号，有消息请打电话。
job-unreached = ⚠️ 业主现在收不到我们的消息。见面时请业主先在聊天里发一句话，报价才送得到；路上有事请呼叫控制中心。
job-price-unreached = ⚠️ 报价没能发给业主。请业主先在聊天里发一句话，您再点“改报价”重发；客服也会打电话征得同意。

todo-phone-several = { $n }. 电话通知 { $name }　{ $phone }　{ $count } 条，最早 { $at }
call-head = 请给 { $name }（{ $phone }）打电话，依次告知以下 { $count } 条没能发到聊天里的内容：
call-text = —— { $n } ——（{ $at }）
call-asks = 👉 请问业主：{ $choices }？
do-desk-move-agreed = 业主同意改约
do-desk-move-refused = 业主不同意改约
toast-move-agreed-for = 已记录业主同意改约
toast-move-refused-for = 已记录业主不同意改约

rating-not-reached = 消息没能送到，不算问过

do-help-show = 帮助
do-menu-show = 菜单
menu-here = 请选一项，或直接输入它的文字：
help-words = 随时可以输入“菜单”看能做什么；输入按钮上的字或编号，和点按钮一样。
