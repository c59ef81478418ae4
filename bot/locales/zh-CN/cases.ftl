### 不合格处理

do-case-show = 查看
do-case-take = 我来处理
do-case-correct = 记录处理结果
do-case-told = 已告知：没表态

case-head = ⚠️ 不合格 { $number } · { $grade } · { $source }
case-order = 订单 { $number } { $title }，{ $place }，{ $owner }
case-technician = 服务人员：{ $who }
case-is-opened = { $at } 起还没有人处理，先请 { $who } 跟进。最迟 { $due } 处理完。
case-is-taken = { $who } 在 { $at } 接手。最迟 { $due } 处理完。
case-is-corrected = { $who } 在 { $at } 处理完。
case-result = 处理：{ $disposition }。{ $words }
case-customer-told = 已在 { $at } 告知业主。
case-tell-by-phone = 业主收不到消息，请打电话告知处理结果，再点业主的答复。
case-awaits-verification = 还要在 { $at } 前验证，验证后才能关闭。
case-recorded = { $number } 的处理结果已记下。
case-nobody = 暂无

case-untouched = ⚠️ { $number } 从 { $at } 起一直没有人处理，请安排。
case-uncorrected = ⚠️ { $number } 从 { $at } 起还没有处理完，报业务管理部。

case-fact-dissatisfied = { $at }：业主评不满意。
case-fact-now-satisfied = { $at }：业主改评满意，仍须处理完。
case-fact-reason = 业主说的原因：{ $reason }
case-fact-words = 业主原话：{ $words }
case-fact-opinion = 对其他工作的意见：{ $words }

case-source-internal-slip = 内部差错
case-source-dissatisfied = 业主不满意
case-source-late-arrival = 到达超时
case-source-missed-deadline = 超过时限
case-source-missed-emergency-limit = 急修超时
case-source-rework = 返修
case-source-loss = 造成损失
case-source-injury = 有人受伤

case-about-dissatisfied = 您反映的问题
case-about-internal-slip = 我们工作中的差错
case-about-late-arrival = 我们上门迟到的事
case-about-missed-deadline = 我们没按时办完的事
case-about-missed-emergency-limit = 急修到得太晚的事
case-about-rework = 上次没修好的事
case-about-loss = 给您造成损失的事
case-about-injury = 有人受伤的事
case-about-soiling = 弄脏东西的事
case-about-damage = 损坏东西的事

grade-minor = 轻微
grade-general = 一般
grade-serious = 严重

disposition-redo = 重做
disposition-repair = 修复
disposition-apology = 道歉说明
disposition-fee-reduction = 减免费用
disposition-compensation = 赔偿
disposition-concession = 让步接收

ask-correct-disposition = 是怎么处理的？
ask-correct-words = 具体做了什么？这句话会原样告诉业主。

case-owner-taken = 订单 { $number } { $title }：{ $about }，客服 { $who } 正在跟进，有结果会告诉您。
case-owner-result = 订单 { $number } { $title }：{ $about }处理好了。
case-owner-done = 处理：{ $disposition }。{ $words }

no-case-taken = { $number } 已由 { $who } 在 { $at } 接手。
no-case-not-taken = { $number } 还没有可以记录或告知的结果，请先接手并处理。
no-case-corrected = { $number } 已由 { $who } 在 { $at } 处理完，结果已记录。
