### 大问题：提出、审批、答复业主；待审批

do-approvals-list = 待审批
do-major-approve = 同意
do-major-refuse = 驳回
do-major-answer = 答复业主

approvals-none = 现在没有待审批的事项。
approvals-head = 待审批：{ $count } 件
approvals-line = { $number }　{ $title }：{ $who } 提出是大问题，请在 { $until } 前决定
approvals-label = { $number }
approvals-more = 另有 { $count } 件，办完上面的再点“待审批”。

ask-major-reason = 为什么 { $number }　{ $title } 是大问题（24 小时内修不好）？请输入原因，主管会看到。
job-major-proposed = 已报主管：{ $number } 按大问题处理。{ $until } 前没有同意，就仍按 24 小时修好。
job-major-lapsed = { $number }　{ $title }：24 小时内没有同意按大问题处理，仍是小问题。
job-major-refused = { $who } 驳回了：{ $number } 仍按小问题处理，24 小时内修好。
job-major-approved = { $who } 同意 { $number }　{ $title } 按大问题处理。请在 { $due } 前答复业主：原因、方案、时间或报价。

major-claim = 大问题申请：{ $number }　{ $title }　{ $place }
    { $who }：{ $reason }
major-claim-times = 报修：{ $reported }
    请在 { $until } 前决定，过时仍按小问题处理。
major-decided = 大问题申请 { $number }　{ $title }：{ $verdict }（{ $who }，{ $at }）
major-agreed = 已同意
major-refused = 已驳回
major-open = 待审批
toast-major-approved = 已同意
toast-major-refused = 已驳回

owner-major = { $title }（{ $number }）问题较大，不能马上修好。我们会在 { $due } 前由专人告诉您原因、方案和时间。
owner-major-answer = { $title }（{ $number }）的答复（{ $by }）：
    原因：{ $cause }
    方案：{ $plan }
    时间或报价：{ $until }

ask-answer-cause = 答复业主 { $number }　{ $title }：原因是什么？这几句话会原样告诉业主。
ask-answer-plan = 打算怎么修？
ask-answer-until = 什么时候修好，或报价多少？
answer-summary = 这样答复业主（{ $number }）：
    原因：{ $cause }
    方案：{ $plan }
    时间或报价：{ $until }
do-answer-confirm = 发给业主
major-answered = 已答复业主：{ $number }。
major-answered-read-out = 已记下对 { $number } 的答复。业主没有聊天账号，请客服电话念给业主听。
desk-major-read-out = { $number } 的业主没有聊天账号，请电话念给业主听：
    原因：{ $cause }
    方案：{ $plan }
    时间或报价：{ $until }

no-major-here = { $number } 现在不能提大问题（{ $state }）：只有到场后的小修可以提。
no-major-too-late = { $number } 报修已超过 24 小时（{ $until }），仍按小问题处理。
no-major-pending = { $number } 已在 { $at } 提过，正在等主管决定。
no-major-decided = { $number } 的大问题申请{ $verdict }（{ $who }，{ $at }）。
no-major-answered = { $number } 已在 { $at } 答复过业主。
