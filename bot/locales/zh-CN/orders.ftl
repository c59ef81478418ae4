### 我的订单、改约、取消

do-orders-mine = 我的订单
do-orders-past = 以前的订单
do-orders-earlier = 更早的
do-order-row = { $title } { $at }
do-order-move = 改约
do-order-cancel = 取消
do-order-cancel-yes = 确认取消
do-cancel-no = 不取消
do-move-agree = 同意改约
do-move-refuse = 不同意

orders-open = 未完成的订单：{ $count } 个
orders-none-open = 现在没有未完成的订单。
orders-past = 以前的订单
orders-none-past = 没有更早的订单了。
order-line = { $number }　{ $title }　{ $at }　{ $state }
order-line-with = { $number }　{ $title }　{ $at }　{ $state }（{ $who }）

order-head = 订单 { $number }　{ $title }
order-place = 房屋：{ $place }
order-time = 时间：{ $at }
order-reported = 报修：{ $at }
order-state = 状态：{ $state }
order-state-with = 状态：{ $state }（{ $who }）
order-price = 价格：{ $price }
order-note = 备注：{ $note }

ask-move-slot = { $view ->
    [none] 这一项近期没有别的可约时间。原来的时间不变；需要帮助请联系客服。
    [days] 改到哪一天？
    [day] { $wanted } 可约的时间：
    [near] { $wanted } 约不上。最近可约的时间：
    [past] 这个时间已经过去了。最近可约的时间：
   *[soon] 改到什么时间？点下面的时间，或直接输入，例如“明天下午3点”。没选之前原来的时间不变。
}
moved = 已改约：{ $title }（{ $number }）
    新的时间：{ $at }
moved-same-worker = 还是 { $who } 上门，已告诉师傅。
ask-move-consent = { $title }（{ $number }）想跟您改时间：
    原来：{ $old }
    改到：{ $new }
    您同意才会改，不同意就按原来的时间。
move-refused = 好的，不改时间，还是 { $at }（{ $number }）。

ask-cancel = 要取消 { $title }（{ $number }，{ $at }）吗？
cancel-free = 取消后师傅会收到通知，这个时间会让给其他业主。
cancel-late = { $who } 已经出发，这次会记为临时取消。
cancel-emergency = 如果险情还没有排除，请不要取消。误报可以取消。
cancelled = 已取消：{ $title }（{ $number }）
cancelled-emergency = 如果又发生险情，请马上重新报修。
owner-cancelled-by-household = 您家人取消了订单：{ $title }（{ $number }）。

no-too-late-to-move = { $number } 的师傅已经在路上，或是紧急报修，不能自己改时间。请直接联系：
no-too-late-to-cancel = { $number } 的师傅已经到达，不能自己取消。请直接联系：
no-proposal-over = 这个改约已经处理过，或时间已过。请看订单里现在的时间。

desk-move-agreed = 业主同意改约：{ $number }，{ $new }。
desk-move-refused = ⚠️ 业主不同意改约：{ $number }（{ $new }），仍按原来的时间。
desk-time-moved = { $number } 业主改了时间，请按新的时间派单。
job-time-moved = ⚠️ { $number } 业主改了时间：{ $new }
job-cancelled = { $number } 已取消：{ $title }　{ $place }。您不用去了。
job-cancelled-late = ⚠️ { $number } 临时取消：{ $title }　{ $place }。已记录您出发过，不用去了。
