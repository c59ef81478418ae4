### 待派单、处理中、待办、电话任务

do-board-waiting = 待派单
do-board-running = 处理中
do-board-todo = 待办
do-phone-done = 已拨打

board-page = 下一页（{ $page }/{ $pages }）
board-label = { $number }
board-label-emergency = 🚨 { $number }

board-waiting-none = 现在没有待派的单。
board-waiting-head = 待派单：{ $count } 个
board-emergency = { $n }. 🚨 { $number }　{ $title }　{ $place }
    还剩 { $minutes } 分钟{ $joined ->
        [0] {""}
       *[other] 　另有 { $joined } 个报修并入
    }
board-emergency-over = { $n }. 🚨 { $number }　{ $title }　{ $place }
    已超时 { $minutes } 分钟{ $joined ->
        [0] {""}
       *[other] 　另有 { $joined } 个报修并入
    }
board-place-at = { $n }. ⚠️ { $number }　{ $title }　{ $place }
    预约 { $at }，请派单
board-place-since = { $n }. ⚠️ { $number }　{ $title }　{ $place }
    { $at } 报修，还没有约时间，请派单
board-offered-at = { $n }. { $number }　{ $title }　{ $place }
    预约 { $at }，正在问服务人员
board-offered-since = { $n }. { $number }　{ $title }　{ $place }
    { $at } 报修，正在问服务人员

board-running-none = 现在没有处理中的单。
board-running-head = 处理中：{ $count } 个
board-running-at = { $n }. { $number }　{ $title }　{ $place }
    { $state }　{ $who }　预约 { $at }
board-running-since = { $n }. { $number }　{ $title }　{ $place }
    { $state }　{ $who }　{ $at } 报修{ $joined ->
        [0] {""}
       *[other] 　另有 { $joined } 个报修并入
    }
board-running-disputed-at = { $n }. ⚠️ { $number }　{ $title }　{ $place }
    业主说还没到：{ $state }　{ $who }　预约 { $at }
board-running-disputed-since = { $n }. ⚠️ { $number }　{ $title }　{ $place }
    业主说还没到：{ $state }　{ $who }　{ $at } 报修{ $joined ->
        [0] {""}
       *[other] 　另有 { $joined } 个报修并入
    }

board-todo-none = 待办都办完了。
board-todo-head = 待办：{ $count } 件
todo-talk = { $n }. { $who } 找客服　{ $at } 起等待
todo-control-talk = { $n }. { $who } 呼叫控制中心　{ $at } 起等待
todo-claim = { $n }. 绑定核对 { $room }　{ $name }　{ $at }
todo-major = { $n }. 大问题 { $number }　{ $title }　最迟 { $due } 答复业主
todo-phone = { $n }. 电话通知 { $name }　{ $phone }　{ $at }
todo-label-case = 不合格 { $number }
todo-label-talk = 回复 { $who }
todo-label-claim = 核对 { $room }
todo-label-major = 答复 { $number }
todo-label-phone = 电话 { $name }

phone-task = 请给 { $name }（{ $phone }）打电话，告知以下内容（{ $at } 没能发到聊天里）：
phone-task-done = 已拨打：{ $name }（{ $phone }），原定 { $at } 的通知。
toast-phone-done = 已记录拨打
no-phone-done = { $who } 已在 { $at } 打过这个电话。

a-stranger = 未登记的用户
by-itself = 系统
