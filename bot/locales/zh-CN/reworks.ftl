### 返修：没修好，再上门一次，不收人工费

do-rework-start = 没修好
do-desk-rework = 没修好（返修）
do-rework-confirm = 确认返修
do-rework-other-time = 选别的时间
do-rework-note = 备注
do-rework-photos = 照片
do-rework-same = 同一故障
do-rework-other = 不是同一故障
do-rework-untold = 看不出来

rework-same = 同一故障
rework-other = 不是同一故障
rework-free = 返修不收人工费。需要换材料的，师傅会先报价，您同意后才换。

rework-summary = 没修好？我们再上门一次：{ $title }　{ $place }
    上次：{ $first }，{ $finished } 完工（{ $did }）
rework-time-by-desk = 时间：客服马上跟您约。
rework-if-urgent = 如果现在还在漏、没电或有危险，请马上点“紧急报修”。
ask-rework-slot = { $view ->
    [none] 近期没有空闲时间，请点“取消”后联系客服安排。
    [days] 哪一天再上门？
    [day] { $wanted } 可约的时间：
    [near] { $wanted } 约不上。最近可约的时间：
    [past] 这个时间已经过去了。最近可约的时间：
   *[soon] 什么时间再上门？点下面的时间，或直接输入，例如“明天下午3点”。
}
ask-rework-note = 现在是什么情况？请输入，师傅会看到。
ask-rework-photos = 请发照片，最多 6 张。

rework-begun-at = 已登记返修：{ $title }，单号 { $number }，{ $at } 上门。
rework-begun-desk = 已登记返修：{ $title }，单号 { $number }。客服马上跟您约时间，24 小时内修好。
desk-rework = ⚠️ 返修 { $number }：业主说 { $first } 没修好，请与业主约时间并优先派单。
desk-rework-begun = 已登记返修 { $number }：{ $title }，不收人工费。
desk-repairs = 最近修好的：{ $count } 单。业主说没修好的，请打开后登记返修。
desk-repair = { $first }　{ $title }　{ $place }　{ $finished } 完工（{ $did }）
desk-repair-label = { $number }
desk-reworked = 没修好：返修 { $number }（{ $state }）
order-rework = 返修：上次 { $first }，{ $finished } 完工（{ $did }）
order-reworked = 没修好：返修 { $number }（{ $state }）
job-rework = 🔁 返修，不收人工费：上次 { $first }，{ $finished } 完工（{ $did }）
job-rework-found = 故障：{ $found }
jobs-line-rework = 返修　{ $at }　{ $title }　{ $place }
board-label-rework = 🔁 { $number }

owner-quote-rework = { $who } 的材料报价：{ $title }　{ $price }（{ $number }）
    这是返修，不收人工费。您同意后才会换材料。
ask-finish-fault = { $number } 是上次没修好的同一故障吗？
toast-rework-found = 已记录
desk-rework-denied = ⚠️ 返修 { $number }：{ $who } 说不是同一故障（上次 { $first }，{ $finished } 完工，{ $did }）。请核实。
desk-rework-untold = ⚠️ 返修 { $number }：{ $who } 看不出是不是同一故障（上次 { $first }，{ $finished } 完工，{ $did }）。请核实后登记。
todo-rework = { $n }. 返修 { $number }　{ $title }　是不是同一故障？师傅看不出来，请核实

case-fact-rework-asked = { $at }：业主说没修好，已登记返修 { $number }。
case-fact-rework = { $at }：返修 { $number }，{ $who } 判断“{ $found }”。

history-rework-asked = { $at }　业主说没修好，返修 { $other }（{ $who }）
history-rework-begun = { $at }　返修 { $other }，不收人工费（{ $who }）
history-rework-confirmed = { $at }　{ $who } 确认是同一故障（{ $other }）
history-rework-denied = { $at }　{ $who } 说不是同一故障（{ $other }）

no-rework-of-this = { $number } 现在是“{ $state }”，不是修好的维修单，不能登记返修。
no-rework-too-late = { $number } 是 { $finished } 完工的，超过 { $days } 天不算返修。请重新预约，或联系客服。
no-rework-under-way = { $first } 的返修已经登记：{ $number } 现在是“{ $state }”（{ $who }，{ $at }）。
no-rework-settled = { $number }：{ $who } 在 { $at } 已登记“{ $found }”。要更改请联系客服。
