### 不合格处理：纠正措施、验证、业主答复、关闭

do-case-action = 记录原因和纠正措施
do-case-verify = 有效
do-case-fail = 无效
do-case-told-settled = 已告知：已解决
do-case-told-unsettled = 已告知：没解决
do-case-reveal = 查看住户电话
do-settle-yes = 已解决
do-settle-no = 没解决
do-settle-why = 说说哪里没解决

case-home = 回访 { $place }，{ $owner }
case-action-due = 要记录原因和纠正措施，最迟 { $due }。
case-action = 原因：{ $cause }
    纠正措施：{ $action }
case-customer-settled = 业主说已解决。
case-is-verified = { $who } 在 { $at } 验证：有效。
case-is-closed = ✅ 已在 { $at } 关闭。
case-action-recorded = { $number } 的原因和纠正措施已记下。
case-number-revealed = { $number }，{ $place } { $name }：{ $phone }。这次查看已记录。

case-fact-again = 本月第 { $count } 起“{ $source }”：上一起 { $other }，这一起 { $number }。须记录原因和纠正措施。
case-fact-unsettled = { $at }：告知处理结果后，业主说没解决。
case-fact-failed = { $who } 验证无效：{ $words }

case-overdue = ⚠️ { $number } 从 { $at } 起还没有处理完，已超过处理时限。
case-unplanned = ⚠️ { $number }（{ $found } 发现）到期还没有记录原因和纠正措施。
case-unverified = ⚠️ { $number }（{ $found } 发现）到期还没有验证。
case-untold = ⚠️ { $number } 处理完已过一天，业主收不到消息，也还没有人打电话告知。请安排。

case-owner-taken-home = { $place }：{ $about }，客服 { $who } 正在跟进，有结果会告诉您。
case-owner-result-home = { $place }：{ $about }处理好了。
case-owner-ask = 解决了吗？
case-owner-settled = 您说已解决，谢谢您告诉我们。
case-owner-unsettled = 订单 { $number } { $title }：对不起，问题没有解决。主管、部门负责人和业务管理部都已知道，会重新处理，再把结果告诉您。
case-owner-unsettled-home = { $place }：对不起，问题没有解决。主管、部门负责人和业务管理部都已知道，会重新处理，再把结果告诉您。
case-owner-explained = 您的话已转给处理的人。

ask-explain-words = 哪里没解决？请用一句话说明，处理的人会看到。
ask-act-cause = 为什么会这样？
ask-act-action = 怎样做才不会再发生？谁来做，什么时候做完？
ask-fail-reason = 哪里无效？原因会留在记录里，请处理人看到。

no-case-action = { $number } 现在没有要记录的纠正措施。
no-case-not-corrected = { $number } 还没有处理完，处理完才能验证。
no-case-action-first = { $number } 要先记录原因和纠正措施，才能验证。
no-case-verifier = { $number } 是{ $grade }不合格，由{ $roles }验证。
no-case-own-work = { $number } 是您经手的，要请别人验证。
no-case-verified = { $number } 已由 { $who } 在 { $at } 验证。
no-case-nothing-to-settle = 这件事正在处理，有结果会告诉您。
no-case-nothing-to-explain = 现在没有要补充的。要找我们，请点“联系客服”。

todo-case-take = { $n }. 不合格 { $number }（{ $grade }）　还没有人处理，最迟 { $due } 处理完
todo-case-correct = { $n }. 不合格 { $number }（{ $grade }）　最迟 { $due } 处理完
todo-case-act = { $n }. 不合格 { $number }（{ $grade }）　最迟 { $due } 记录原因和纠正措施
todo-case-verify = { $n }. 不合格 { $number }（{ $grade }）　最迟 { $due } 验证
todo-case-tell = { $n }. 不合格 { $number }（{ $grade }）　{ $due } 已处理，请电话告知业主
