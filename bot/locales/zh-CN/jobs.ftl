### 服务人员的工单、业主看到的进度

do-order-accept = 接单
do-order-decline = 拒单
do-order-keep = 返回
do-order-set-out = 出发
do-order-arrive = 已到达
do-order-start = 开始处理
do-order-explain = 已说明内容和价格
do-order-requote = 改报价
do-order-finish = 完工
do-order-transfer = 转单
do-order-return-needed = 需再次上门
do-order-ask-early = 问业主可否提前
do-order-agree = 同意报价
do-order-disagree = 不同意
do-order-not-here = 还没到
do-order-early-ok = 可以提前
do-order-early-no = 请准时来
do-jobs-mine = 我的任务
do-duty-on = 上班
do-duty-off = 下班
do-major-propose = 大问题

job-head = 工单 { $number }　{ $title }
job-head-emergency = 🚨 紧急 { $number }　{ $title }
    { $limit } 分钟内到场：最迟 { $due }
job-place = 房号：{ $place }　{ $owner }
job-time = 预约：{ $at }
job-quantity = 数量：{ $count }
job-price = 价格：{ $price }
job-note = 备注：{ $note }
job-photos = 照片：{ $count } 张（见上方）
job-tools = 出发即确认已带：{ $tools }
job-state = 状态：{ $state }
job-pictures = 工单 { $number } 业主发来的照片
job-gone = 工单 { $number }　{ $title }
    现在是“{ $state }”：{ $who }，{ $at }。您不用去了。
job-lapsed = 工单 { $number }　{ $title }
    接单时间已过，已改问其他同事。
job-declined = 已拒单：{ $number }。已改问其他同事。
job-transferred = 已转单：{ $number }。业主和客服已收到通知。
job-asked-early = 已问业主，请稍等。没有同意之前请按约定时间敲门。
job-early-ok = 业主同意提前（{ $number }），可以敲门了。
job-early-no = 业主希望按约定时间（{ $number }），请稍等。
job-arrival-disputed = ⚠️ 业主说还没看到您（{ $number }）。请确认房号，或联系业主。
job-quote-sent = 报价 { $price } 已发给业主（{ $number }）。业主同意后再开工。
job-price-agreed = 业主已同意报价 { $price }（{ $number }），可以开工。
job-price-refused = ⚠️ 业主不同意报价 { $price }（{ $number }）。请再沟通，客服已知道。
job-finished = 已完工：{ $number }，收费 { $amount }。
job-limit-near = ⚠️ { $number } 的到场时限快到了
job-not-started = ⚠️ { $number } 已到时限：开始处理了吗？请点“开始处理”。
job-appointment-near = { $number } 还有 { $left }
job-appointment-now = { $number } 约定时间到了，您到了吗？
job-late = ⚠️ { $number } 已超过约定时间 2 分钟，业主已收到通知。到了请马上点“已到达”。
job-minor-near = ⚠️ { $number } 的 { $within }时限快到了

tool-toolbox = 工具箱
tool-tool-bag = 工具包
tool-work-mat = 垫布
tool-shoe-covers = 鞋套
tool-cleaning-kit = 保洁工具
tool-cloths = 抹布

ask-decline-reason = 拒单的原因？
ask-transfer-reason = 转单的原因？
ask-return-reason = 为什么需要再次上门？
reason-busy = 手头有活
reason-far = 赶不过来
reason-skill = 不会做这项
reason-off-duty = 不当班
reason-time = 时间不够
reason-other = 其他
# said by histories from before a job could be held
reason-parts = 等配件
reason-owner = 业主另约时间
reason-desk = 客服改派

ask-quote-price = { $number }　{ $title }：报价多少？点下面的价格，或直接输入金额（元）。
choice-price = { $price }
ask-finish-result = { $number } 完工结果？收费 { $amount }{ $photos ->
    [0] {""}
   *[other] ，照片 { $photos } 张
}。
ask-finish-photos = 请发完工照片。
ask-finish-amount = 实际收费多少元？不能超过业主同意的报价。
do-finish-photos = 加完工照片
do-finish-amount = 改金额
choice-result-done = 已修好／已做完
choice-result-not-solved = 没能解决
choice-result-no-work = 没有施工

jobs-none = 现在没有未完成的任务。
jobs-head = 未完成的任务：{ $count } 个
jobs-line = { $at }　{ $title }　{ $place }
do-jobs-show = 查看
duty-on = 已上班，会收到派单和紧急报修。
duty-off = 已下班，不再派新单给您。
duty-open-jobs = 您手上还有 { $count } 个未完成的任务，请完成或转单。

toast-accepted = 已接单
toast-set-out = 已告诉业主您出发了
toast-arrived = 已记录到达
toast-started = 已记录开始处理
toast-return-needed = 已告诉业主和客服
toast-early-ok = 已告诉师傅
toast-early-no = 已告诉师傅

owner-accepted = { $who } 已接单：{ $title }（{ $number }）。出发时会告诉您。
owner-accepted-emergency = { $who } 已接单，正在赶来：{ $title }（{ $number }）。
owner-set-out = { $who } 已出发：{ $title }（{ $number }）。
owner-arrived = { $who } 已到达（{ $now }）：{ $title }（{ $number }）。开工前会先向您说明内容和价格。
owner-ask-early = { $who } 到得早了一些，约定时间是 { $at }。可以提前开始吗？
owner-early-ok = 好的，已告诉师傅可以提前。
owner-early-no = 好的，师傅会按约定时间敲门。
owner-quote = { $who } 的报价：{ $title }　{ $price }（{ $number }）
    您同意后才会开工收费。
owner-agreed = 已同意报价 { $price }（{ $number }），师傅开始施工。
owner-disagreed = 已记录您不同意这个报价（{ $number }）。师傅会再跟您沟通，客服也已知道。
owner-dispute-noted = 已记录：师傅还没到（{ $number }）。客服已收到，会马上核实。
owner-finished-done = 已完工：{ $title }（{ $number }），收费 { $amount }。
owner-finished-not-solved = { $title }（{ $number }）这次没能解决，收费 { $amount }。客服会跟您联系安排下一步。
owner-finished-no-work = { $title }（{ $number }）没有施工，不收费。
owner-after-photos = 完工照片（{ $number }）
owner-return-needed = { $title }（{ $number }）需要再次上门，客服会跟您约时间。
owner-transferred = { $title }（{ $number }）原来的师傅来不了，正在安排其他师傅，约定时间不变。
owner-late = ⚠️ 抱歉，{ $who } 没有按约定时间到达：{ $title }（{ $number }）。我们正在问师傅什么时候到，知道了马上告诉您；客服会跟进。{ $movable ->
    [0] {""}
   *[other] 您也可以改约。
}

no-too-early = 还不到时间（{ $number }）：最早 { $earliest } 才能登记到达。想早到，请先征得业主同意。
no-not-agreed = { $number } 的价格业主还没有同意。请先说明内容和价格，业主同意后再完工。
no-above-quote = { $number } 业主同意的是 { $price }，不能多收。要加价，请先说明新的价格。
