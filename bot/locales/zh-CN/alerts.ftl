### 给客服、主管和负责人的提醒

desk-emergency = 🚨 紧急报修：{ $title }。已同时通知 { $called } 位服务人员。
desk-emergency-accepted = 紧急工单 { $number } 已有人接单。
desk-nobody-left = ⚠️ 工单 { $number } 没有人可派，请手工派单。
desk-offer-lapsed = 工单 { $number }：{ $who } 没有在时限内接单，已改问下一位。
desk-transferred = 工单 { $number }：{ $who } 转单，正在改派。
desk-arrival-disputed = ⚠️ 工单 { $number }：业主说 { $who } 还没到，请核实。
desk-ask-caller = 工单 { $number } 报价 { $price }，业主收不到消息，请电话征得同意后代为确认。
desk-price-refused = ⚠️ 工单 { $number }：业主不同意报价 { $price }。
desk-finished-not-solved = ⚠️ 工单 { $number } 没能解决，请联系业主安排下一步。
desk-finished-no-work = 工单 { $number } 没有施工就结束了，请了解原因。
desk-return-needed = 工单 { $number }：{ $who } 需要再次上门，请与业主约时间（改约）。
alert-emergency-untaken = 🚨 紧急工单 { $number } 已 { $since } 无人接单。
alert-emergency-arrival-near = 🚨 紧急工单 { $number } 的到场时限快到了，{ $who } 还没有到达。
alert-emergency-arrival-missed = 🚨 紧急工单 { $number } 超过到场时限仍未到达（{ $who }）。
alert-untaken = ⚠️ 工单 { $number } 已 { $since } 无人接单。
alert-appointment-nobody = ⚠️ 工单 { $number } 还有 { $left }，仍然没有人接单。
alert-minor-near = ⚠️ 工单 { $number } 的 { $within }时限快到了（{ $who }）。
alert-major-near = ⚠️ 大问题 { $number } 的 { $within }答复时限快到了（{ $who }）。
