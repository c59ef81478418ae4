### 等配件、等业主

do-hold-over = 继续
do-hold-longer = 再等
do-hold-yes = 是，改到这个时间
do-hold-no = 不是，请尽快
hold-until = { $at }
ask-hold-until = { $number }　{ $title }：{ $reason }，等到什么时候？点下面的时间，或直接输入（如 周五上午10点）。
job-held = { $number } 已暂停，等到 { $until }。业主和客服都已知道。24 小时时限照常计算。
job-hold-over = { $number } 的等待到期了（{ $reason }，原定 { $until }）。可以继续了吗？
job-hold-contradicted = { $number }：业主说没有要求改时间，请尽快继续。
desk-held = 工单 { $number } 暂停：{ $who } { $reason }，到 { $until }。
desk-hold-over = ⚠️ 工单 { $number } 的等待到期了：{ $who } { $reason }，原定 { $until }。
desk-hold-contradicted = ⚠️ 工单 { $number }：师傅说等业主，业主说没有要求改时间，请跟进。
owner-held-parts = { $title }（{ $number }）需要等配件，{ $who } 预计 { $until } 再来。有变化会告诉您。
owner-held-owner = { $title }（{ $number }）：{ $who } 说您希望改到 { $until } 再继续，对吗？
owner-hold-confirmed = 好的，{ $number } 改到 { $at }。
owner-hold-refused = 知道了，{ $number } 会尽快继续，客服会跟进。
owner-resumed = { $title }（{ $number }）可以继续了，{ $who } 会再次上门。
card-held-until = 等到：{ $until }
toast-resumed = 已继续
no-hold-past = 这个时间已经过了，请选以后的时间。
state-held-parts = 暂停（等配件）
state-held-owner = 暂停（等业主）
