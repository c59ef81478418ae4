### 提醒，以及提醒设置

do-reminders-open = 提醒设置

owner-appointment-near = 提醒：{ $time } { $who } 上门，{ $title }（{ $number }），{ $place }。
reminder-visit = 提醒：{ $at } 上门，{ $title }（{ $number }），{ $place }。
reminder-visits = 提醒：有 { $count } 项约好的上门服务：
reminder-visit-line = { $at }　{ $title }（{ $number }）　{ $place }
reminder-visit-who = 上门人员：{ $who }
reminder-label-move = 改约 { $time } { $title }
reminder-label-cancel = 取消 { $time } { $title }
reminder-jobs = 今天的任务：{ $count } 个
reminder-job = { $at }　{ $title }　{ $place }
reminder-label-job = { $time } { $title }
reminder-todo = 今天的待办：{ $count } 件

reminders-head = 提醒设置：
reminders-none = 您现在没有可以设置的提醒。
reminders-on = ✅ { $what }
reminders-off = ⬜ { $what }（已关闭）
reminders-essential = 工作中必须回答的询问和紧急提醒不能关闭。
reminders-label-on = 打开：{ $what }
reminders-label-off = 关闭：{ $what }
toast-reminder-on = 已打开
toast-reminder-off = 已关闭
reminder-name-evening = 前一天晚上的上门提醒
reminder-name-near = 上门前的提醒
reminder-name-jobs = 上班时的当天任务
reminder-name-todo = 早上的待办
