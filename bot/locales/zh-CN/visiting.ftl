### 由人来做的回访：电话、上门、对讲；抽查；每季度的协议回访

do-board-visits = 回访
do-visiting-show = 查看回访
do-visiting-phone = 电话
do-visiting-on-site = 上门
do-visiting-intercom = 对讲
do-visiting-otherwise = 换方式
do-visiting-satisfied = 满意
do-visiting-dissatisfied = 不满意
do-visiting-ontime = 准时
do-visiting-late = 不准时
do-visiting-why = 记下原因
do-visiting-nobody = 没接通／没人
do-visiting-declined = 拒访
do-visiting-photo = 发照片
do-visited-confirm = 确认
do-visited-wrong = 不对
do-spot-check = 抽查
do-spot-list = 抽查保洁

board-label-visit = { $room }
board-visits-none = 现在没有等人做的回访。
board-visits-head = 等人回访：{ $count } 户，最急的在前
board-visits-recorded = 本月已有结果 { $recorded } 户；要回访多少户，月底抽定。
board-visits-standing = 本月已有结果 { $recorded } 户，须达到 { $required } 户。
board-visit = { $n }. { $room }　{ $title }　{ $why }
    最迟 { $due }　{ $who }{ $tries ->
        [0] {""}
       *[other] 　已找过 { $tries } 次
    }
board-visit-overdue = { $n }. ⚠️ 逾期 { $room }　{ $title }　{ $why }
    应在 { $due } 做完　{ $who }{ $tries ->
        [0] {""}
       *[other] 　已找过 { $tries } 次
    }
board-visit-evidence = { $n }. { $room }　{ $title }　{ $why }
    最迟 { $due }　{ $who }　已记录，等上门凭据
todo-visit = { $n }. 回访 { $room }　{ $title }　最迟 { $due }（{ $why }，{ $who }）{ $tries ->
        [0] {""}
       *[other] 　已找过 { $tries } 次
    }
todo-visit-overdue = { $n }. ⚠️ 回访逾期 { $room }　{ $title }　应在 { $due } 做完（{ $why }，{ $who }）{ $tries ->
        [0] {""}
       *[other] 　已找过 { $tries } 次
    }
todo-visit-evidence = { $n }. 回访 { $room }　{ $title }　已记录，等上门凭据　最迟 { $due }（{ $why }，{ $who }）

visiting-head = 回访 { $room }　{ $name }　{ $phone }（{ $source }）
visiting-source-sample = 月度抽样
visiting-source-replacement = 月度抽样，补抽
visiting-source-spot-check = 保洁抽查，不计入抽样
visiting-source-quarterly = 协议季度回访，须上门
visiting-order = 服务：{ $title }，{ $at } 完工，服务人员 { $who }（{ $number }）
visiting-order-running = 服务：{ $title }，{ $at } 开始，正在做，服务人员 { $who }（{ $number }）
visiting-agreement = 协议 { $number }：{ $title }，固定服务人员 { $who }
visiting-late-signed = 上季度最后几天才签的协议，第一次回访在本季度。
visiting-some-service = 特约服务
visiting-why-person = 由人回访：{ $why }。最迟 { $due }。
visit-why-sample = 月度抽样
visit-why-replacement = 补抽
visit-why-spot-check = 保洁抽查
visit-why-quarterly = 协议季度回访
visit-why-disputed = 住户说记录不对，重新回访
visiting-overdue = ⚠️ 已经逾期，请尽快做完。
visiting-named = 回访人：{ $who }
visiting-household = 住户
visiting-nobody = 还没有人
visiting-tried = 已找过 { $tries } 次，没接通或没人。
visiting-try-again = 这次没接通或没人，已记下。{ $at } 以后再试比较合适。

visiting-script =
    请照着念：
    「您好，我是{ $centre }的{ $me }。{ $at } 我们为您家做了{ $title }，想请您评价：
    1. 这次服务您满意还是不满意？
    2. 服务人员来得准时还是不准时？
    （不满意时）3. 不满意的原因是什么？对我们其他服务还有什么意见？
    谢谢您。」
visiting-script-agreed =
    请照着念：
    「您好，我是{ $centre }的{ $me }。我们为您家做的{ $title }，想请您评价：
    1. 服务您满意还是不满意？
    2. 服务人员来得准时还是不准时？
    （不满意时）3. 不满意的原因是什么？对我们其他服务还有什么意见？
    谢谢您。」

visiting-next-method = 怎么回访？点了方式，就是您来回访。
visiting-next-result = 住户怎么说？
visiting-next-timely = 服务人员来得准时吗？
visiting-next-reason = 还要记下不满意的原因，才算做完。
visiting-next-evidence = 上门要有凭据：发一张照片；住户用聊天的，也可以由住户点“确认”。
visiting-recorded = 已记录（{ $method }）：{ $result }
visiting-recorded-timing = 时间：{ $timing }
visiting-recorded-reason = 原因：{ $reason }
visiting-recorded-words = 住户原话：{ $words }
visiting-recorded-opinion = 对其他服务的意见：{ $words }
visiting-evidence-photo = 凭据：现场照片
visiting-evidence-tap = 凭据：住户在聊天里确认
visiting-method-phone = 电话
visiting-method-on-site = 上门
visiting-method-intercom = 对讲
visiting-method-questionnaire = 聊天问卷
visiting-over = 这次回访：{ $how }（{ $who }，{ $at }）
visiting-is-at-method = 等人回访
visiting-is-at-result = 有人正在回访
visiting-is-at-timely = 已记下满意与否
visiting-is-at-reason = 还差不满意的原因
visiting-is-at-said = 都已记下
visiting-is-at-evidence = 已记录，等上门凭据
visiting-is-answered-in-chat = 住户已在聊天里回答
visiting-is-drawn = 已抽到，还没有问
visiting-is-asked = 正在聊天里问住户
visiting-is-done = 已做完
visiting-is-refused = 住户拒访
visiting-is-silent = 找不到人，按未答复结束
visiting-is-not-made = 没有做，已结束

ask-visitwhy-reason = 住户为什么不满意？点一个，或直接打字写原话。
ask-visitwhy-opinion = 住户对我们其他服务有什么意见？
do-visitwhy-opinion = 其他意见
do-visitwhy-confirm = 记下
visiting-complaint-more = 住户对其他服务有意见的，直接打字写在这里。
visiting-complaint-kept = 原因已记下，转给处理的人了。
ask-visitphoto-photos = 请发一张现场照片。
visiting-photo-kept = 照片已收到。

visiting-confirm-ask = { $who } 在 { $at } 到您家（{ $room }）回访了 { $title }，记录如下。请您确认：
visiting-confirmed = 已确认，谢谢您。
visiting-not-so = 已转告客服，会有人再跟您核实。
visiting-disputed = ⚠️ { $room } 的住户说上门回访的记录不对，请重新回访。
case-fact-visit-disputed = { $at }：住户说回访的记录不对，正在重新回访

quarterly-left = 本季度还有 { $count } 户协议没有上门回访，最迟 { $day }：
quarterly-overdue = ⚠️ 协议 { $number }（{ $room }）的季度上门回访应在 { $day } 做完，还没有做。

spot-none = 近 30 天没有可以抽查的保洁。
spot-head = 抽查哪一单保洁？
spot-line = { $n }. { $number }　{ $title }　{ $place }
    { $who }　{ $at }

no-visit-stands = { $room } 的回访现在是“{ $how }”（{ $who }，{ $at }），这个按钮已经不能用了。
no-visit-of-another = 这次回访由 { $who } 在做。要换您来，请先打开回访点方式。
no-visit-on-site-only = 协议的季度回访必须上门。
no-visit-own-work = 您做过或正在处理这单服务，不能由您回访，请同事来做。
no-spot-check = { $number } 现在不能抽查：只抽查正在做的，或 30 天内完工的保洁。

visiting-wait-for-you = 有 { $count } 户等您回访，最早 { $due } 截止。
