### 几家报的是同一件事：合并到最早的报修

do-desk-merge = 合并
do-desk-merge-alike = 合并到 { $number }
do-desk-merge-now = 确认合并
merge-label = { $number }

state-merged = 已合并处理
ask-merge = { $number }　{ $title }（{ $place }）和哪一个是同一件事？
merge-choice = · { $number }　{ $title }　{ $place }
    { $at } 报修　{ $state }（{ $who }）
merge-none = 最近几小时没有别的紧急报修在处理，{ $number } 没有可合并的。
ask-merge-sure = 是同一件事吗？{ $later } 将并入较早的 { $earlier }：
    { $later } 结束，报修人会收到通知，以后同样收到 { $earlier } 的进展。
desk-merged = { $number } 已并入 { $other }（{ $who }）。
toast-merged = 已合并
desk-occurred = 发生时间：{ $at }
desk-joined = 合并处理：另有 { $count } 个报修
desk-merged-into = 已并入 { $number }
desk-alike = ⚠️ 可能是同一件事：{ $number }（{ $place }，{ $at } 报修）

job-also = 同时处理：{ $place }　{ $note }
job-joined = ⚠️ { $number } 是同一件事，又有一处报修：{ $place }
job-joined-words = “{ $words }”
job-merged = 工单 { $number } 与 { $other } 是同一件事，已合并处理（{ $who }）。您不用去 { $number } 了。
job-merged-go-on = 工单 { $number } 与 { $other } 是同一件事，已合并。请按 { $other } 继续。

merged-told = 您的报修 { $number } 与更早的报修 { $other } 是同一件事，一起处理。进展会同样告诉您。
merged-nobody = 正在呼叫当班师傅。
merged-coming = { $who } 来处理（{ $state }）。
merged-on-site = { $who } 已在现场（{ $state }）。
merged-expected = 师傅说约 { $at } 到。
merged-due = 最迟 { $due } 到场。
merged-overdue = 应在 { $due } 前到场，已经超时，我们正在催促。
merged-over = 与 { $other } 一起处理，现在是“{ $state }”（{ $who }）。

joined-accepted = { $who } 已接单，正在赶来（{ $number }，与您的报修一起处理）。
joined-expected = { $who } 约 { $at } 到（{ $number }，与您的报修一起处理）。
joined-set-out = { $who } 已出发（{ $number }，与您的报修一起处理）。
joined-arrived = { $who } 已到达（{ $now }，{ $number }，与您的报修一起处理）。
joined-transferred = 原来的师傅来不了，正在安排其他师傅（{ $number }，与您的报修一起处理）。
joined-return-needed = 需要再次上门，客服会安排（{ $number }，与您的报修一起处理）。
joined-downgraded = 核实后不属于紧急情况，转为普通维修（{ $number }，与您的报修一起处理）。如果情况变化，请马上再点“紧急报修”。
joined-cancelled = 客服已取消 { $number }（与您的报修一起处理）。如果您家的险情还在，请马上再点“紧急报修”。
joined-finished-done = 已处理完（{ $number }，与您的报修一起处理）。如果您家还有问题，请再报修或点“联系客服”。
joined-finished-not-solved = 这次没能解决，客服会安排下一步（{ $number }，与您的报修一起处理）。
joined-finished-no-work = 现场没有施工（{ $number }，与您的报修一起处理）。如果您家还有问题，请再报修或点“联系客服”。

no-merged-already = { $number } 已经并入 { $other }，不能再合并。
no-not-one-incident = { $number } 和 { $other } 不能合并：要两个不同的报修，并且是同一个服务中心的。
no-others-joined = 还有别的住户报了同一件事，{ $number } 不能由您一家取消。请告诉我们：
no-only-customer-service = { $number } 是不是紧急情况，只能由客服核实后决定。核实之前按紧急处理。

history-merged = { $at }　并入 { $other }（{ $who }）
history-joined = { $at }　{ $other } 并入（{ $who }）
