### doorstep explain：一张工单的时间线

explain-head = { $number }　{ $title }　{ $place }（{ $state }）
explain-set = { $at }　⏱ 定下时限 { $due }：{ $what }
explain-fired = { $at }　⏰ 时限到：{ $what }
explain-fired-late = { $at }　⏰ 时限到，晚了 { $late } 才处理（原定 { $due }）：{ $what }
explain-dropped = { $at }　✓ 不用再等（原定 { $due }）：{ $what }
explain-pending = { $at }　… 还在等：{ $what }
explain-pause = 暂停（{ $reason }）：{ $since } 至 { $until }；时限照常计算，业主本人改期的除外（读法 14）
explain-verdicts = 判定（按记录重新推算）：
explain-differs = 　⚠️ 当时记下的是“{ $verdict }”
so-far = 现在
kept-met = 按时
kept-missed = 超时
kept-waived = 不计
kept-not-applicable = 不适用

due-emergency-accept-1 = 紧急无人接单，第 1 级：叫全体当班（§3.5）
due-emergency-accept-2 = 紧急无人接单，第 2 级（§3.5）
due-emergency-accept-3 = 紧急无人接单，第 3 级（§3.5）
due-emergency-arrival-1 = 紧急到场，时限前提醒（§5.2.7，§3.5）
due-emergency-arrival-2 = 紧急到场时限（§5.2.7，读法 8–10）
due-accept-2 = 无人接单，第 2 级（§3.5）
due-accept-3 = 无人接单，第 3 级（§3.5）
due-appointment-1 = 预约前提醒（§3.5）
due-appointment-2 = 约定时间，询问服务人员（§3.5）
due-appointment-3 = 最晚到达（§5.2.2，读法 12）
due-minor-completion-1 = 小问题，第 1 次提醒（§5.2.2，§3.5）
due-minor-completion-2 = 小问题，第 2 次提醒（§5.2.2，§3.5）
due-minor-completion-3 = 小问题完成时限（§5.2.2，读法 14）
due-major-response-1 = 大问题，第 1 次提醒（§5.2.2，§3.5）
due-major-response-2 = 大问题，第 2 次提醒（§5.2.2，§3.5）
due-major-response-3 = 大问题答复时限（§5.2.2，读法 15）
due-offer-lapse = 等这一位接单，再问下一位（§3.5）
due-major-review = 上班后请主管审批大问题（读法 15）
due-major-lapse = 大问题须在此前批准（读法 15）
due-hold-over = 暂停到期，询问能否继续
due-reminder-near = 上门前提醒业主（§3.6）
due-rating-remind = 提醒评价（§3.6）
due-rating-close = 评价结束（§3.6）

clause-emergency-arrival = 　§5.2.7，读法 8、9、11：按上报（或发生）的分钟定 10 或 30 分钟，从收到第一次上报起算，定了不变
clause-emergency-started = 　§5.2.7，读法 10：到场并开始处理
clause-punctuality = 　§5.2.2，读法 12、13：早到不超过 5 分钟，迟到不超过 2 分钟；事后改约不抵消
clause-minor-completion = 　§5.2.2，读法 14：上报后 24 小时内修好；业主本人要求更晚的，按他的时间
clause-major-response = 　§5.2.2，读法 15：上报后 72 小时内由人答复原因、方案、时间或报价
clause-staff-told = 　§5.1.2，读法 23：5 分钟内通知员工，紧急 1 分钟内
