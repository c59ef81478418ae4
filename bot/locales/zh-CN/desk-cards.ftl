### 客服的工单卡片，和在上面能做的事

do-desk-assign = 派单
do-desk-move = 改约
do-desk-cancel = 取消订单
do-desk-cancel-now = 确认取消
do-desk-downgrade = 转为普通维修
do-desk-agree-for = 代为确认报价
do-desk-agreed = 业主同意
do-desk-disagreed = 业主不同意
do-desk-history = 全部记录
do-desk-note = 加备注
do-desk-back = 返回

desk-state = 状态：{ $state }（{ $who }）
desk-source = 来源：{ $source }　{ $at } 登记
desk-disputed = ⚠️ 业主在 { $at } 说人还没到
desk-deferred = 业主自己选了 24 小时以后的时间
source-owner = 业主
source-phone = 电话（代客登记）
source-stranger = 未绑定用户

ask-assign = 派给谁？{ $number }　{ $title }
assign-free = { $who }（{ $skills }）：有空，手上 { $count } 单
assign-busy = { $who }（{ $skills }）：那时没空或不当班，手上 { $count } 单
assign-doing = { $who }（{ $skills }）：正在做 { $job }（{ $place }），手上 { $count } 单
assign-label-free = { $who }（有空）
assign-label = { $who }
assign-nobody = { $number } 没有服务人员可派，请联系主管。
desk-assigned = 已派给 { $who }：{ $number }，等他接单。
no-asked-already = { $number } 已经派给 { $who } 了（{ $state }）。
no-cannot-assign = { $number } 不能派给这个人：不在本中心，或没有所需的技能。

ask-desk-cancel = 为什么取消 { $number }　{ $title }？
ask-desk-cancel-sure = 要取消 { $number }　{ $title } 吗？
    原因：{ $reason }。业主和服务人员都会收到通知。
cancel-reason-owner = 业主不要了
cancel-reason-duplicate = 重复登记
cancel-reason-mistake = 登记错了
cancel-reason-no-answer = 联系不上业主
cancel-reason-other = 其他
cancel-reason-late = 出发后取消
toast-cancelled = 已取消
owner-cancelled-by-desk = 客服已取消订单：{ $title }（{ $number }）。有疑问请点“联系客服”。

ask-agree-for = 请在电话里向 { $name } 念：{ $title }，报价 { $price }（{ $number }）。
    对方怎么说？
toast-agreed-for = 已记录业主同意
toast-disagreed-for = 已记录业主不同意
no-not-by-phone = { $number } 的业主收得到消息，请由业主自己点选答复。

ask-downgrade-reason = { $number }　{ $title } 为什么不是紧急情况？点一个原因，或直接输入。拿不准就按紧急处理。
downgrade-reason-checked-by-phone = 电话核实不紧急
downgrade-reason-owner-says = 业主说不急
downgrade-reason-no-danger = 没有扩大的危险
desk-downgraded = { $number } 已转为普通维修，24 小时内修好（从报修算起）。请与业主约时间（改约）。
job-downgraded = { $number } 不是紧急情况了，{ $who } 已转为普通维修。
owner-downgraded = { $title }（{ $number }）核实后不属于紧急情况，已转为普通维修，24 小时内修好。客服会跟您约时间。如果情况变化，请马上再点“紧急报修”。

ask-deskmove-slot = { $view ->
    [none] 近期没有别的空闲时间。原来的时间不变。
    [days] 改到哪一天？
    [day] { $wanted } 的空闲时间：
    [near] { $wanted } 没有人有空。最近的空闲时间：
    [past] 这个时间已经过去了。最近的空闲时间：
   *[soon] 改到什么时间？点下面的时间，或直接输入，例如“明天下午3点”。
}
desk-move-summary = 请业主同意改约：{ $number }　{ $title }
    改到：{ $at }
    业主点同意后才会改。
desk-move-summary-phone = 改约：{ $number }　{ $title }
    改到：{ $at }
    业主收不到消息：请先在电话里得到同意，再点确认，系统会记下是您确认的。
do-deskmove-confirm = 确认
desk-move-asked = 已请业主同意改到 { $at }（{ $number }）。业主答复后会告诉您。
desk-moved = 已改约：{ $number }，{ $at }。
no-time-for-emergency = { $number } 是紧急报修，要马上处理，不能改约。核实不紧急的，请先转为普通维修。

history-head = { $number }　{ $title } 的全部记录
history-registered = { $at }　登记（{ $who }）
history-offered = { $at }　已询问 { $to } 位服务人员
history-declined = { $at }　{ $who } 拒单
history-lapsed = { $at }　{ $who } 没有在时限内接单
history-to-desk = { $at }　没有人可问，转客服派单
history-assigned = { $at }　{ $who } 派单给 { $to }
history-accepted = { $at }　{ $who } 接单
history-transferred = { $at }　转单（{ $who }）
history-set-out = { $at }　{ $who } 出发
history-arrived = { $at }　{ $who } 到达
history-arrival-disputed = { $at }　业主说还没到（{ $who }）
history-early-consent = { $at }　业主同意提前上门（{ $who }）
history-explained = { $at }　{ $who } 说明了内容和价格
history-agreed = { $at }　同意报价（{ $who }）
history-price-refused = { $at }　不同意报价（{ $who }）
history-started = { $at }　{ $who } 开始处理
history-return-needed = { $at }　{ $who } 需再次上门
history-held = { $at }　{ $who } 暂停，等到 { $until }
history-resumed = { $at }　继续（{ $who }）
history-finished = { $at }　{ $who } 完工
history-cancelled = { $at }　取消（{ $who }）
history-reschedule-asked = { $at }　{ $who } 提出改到 { $to }
history-rescheduled = { $at }　改约到 { $to }（{ $who }）
history-reschedule-refused = { $at }　不同意改约（{ $who }）
history-downgraded = { $at }　{ $who } 把紧急转为普通维修
history-major-asked = { $at }　{ $who } 提出是大问题
history-major-approved = { $at }　{ $who } 同意按大问题处理
history-major-refused = { $at }　按小问题处理（{ $who }）
history-major-answered = { $at }　{ $who } 答复了业主
history-rated = { $at }　业主评价（{ $who }）
history-rating-closed = { $at }　评价结束
history-escalated = { $at }　超时提醒已上报
history-limit-over = { $at }　时限已过，已记录
history-revealed = { $at }　{ $who } 查看了业主电话
history-note-added = { $at }　备注（{ $who }）
history-called = { $at }　{ $who } 已电话通知业主
history-reason = 　原因：{ $reason }
history-words = 　“{ $words }”
history-answer = 　原因：{ $cause }；方案：{ $plan }；时间或报价：{ $until }
reason-rescheduled = 改了时间
hold-reason-parts = 等配件
hold-reason-owner = 等业主
major-reason-late = 超过 24 小时没有批准

rule-emergency-arrival = 紧急到场
rule-emergency-started = 紧急开始处理
rule-punctuality = 准时到达
rule-minor-completion = 小问题 24 小时修好
rule-major-response = 大问题 72 小时答复
rule-staff-told = 及时通知服务人员
did-not-happen = 未发生
verdict-met = 按时：{ $rule }（时限 { $due }，实际 { $actual }）
verdict-missed = ⚠️ 超时 { $late }：{ $rule }（时限 { $due }，实际 { $actual }）
verdict-waived = 不计（{ $who }，{ $why }）：{ $rule }（时限 { $due }，实际 { $actual }）
verdict-not-applicable = 不适用：{ $rule }（{ $why }）

verdict-left-undone = ⚠️ 没能修好：{ $rule }（时限 { $due }）
verdict-pending = 进行中：{ $rule }（时限 { $due }）
why-early-consent = 业主事先同意提前
why-downgraded = 核实后不是紧急
why-no-emergency = 不是紧急报修
why-is-emergency = 按紧急报修计时
why-no-appointment = 没有预约时间
why-no-repair = 不是维修
why-no-major = 不是大问题
why-became-major = 转为大问题
why-cancelled = 已取消
why-merged = 并入同一事件
why-no-work = 没有施工
why-not-solved = 没能修好
why-finished = 在此之前已完工

ask-note-words = { $number } 的备注写什么？只有工作人员看得到。
desk-noted = 备注已记在 { $number } 里。
