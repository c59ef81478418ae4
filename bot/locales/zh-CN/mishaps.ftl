### 意外：弄脏、损坏、受伤

do-mishap-report = 报告意外
do-desk-mishap = 报告意外
do-mishap-confirm = 确认上报
do-mishap-photos = 加照片

mishap-soiling = 弄脏
mishap-damage = 损坏
mishap-injury = 有人受伤
mishap-loss-none = 没有损失
mishap-loss-small = 损失不超过 ¥1000
mishap-loss-great = 损失超过 ¥1000
mishap-loss-unknown = 还不清楚损失

ask-mishap-kind = { $number }　{ $title }：发生了什么？有人受伤先救人，必要时打 120。
ask-mishap-loss = 估计损失多少？
ask-mishap-words = 具体是什么情况？请用一句话说明；照片也可以发来。
ask-mishap-photos = 请发照片，最多 6 张。
mishap-summary = 请确认：{ $number }　{ $title }　{ $what }，{ $loss }
    “{ $words }”
    确认后马上通知客服和主管，并向业主致歉。
mishap-reported = 已上报：{ $number }，不合格 { $case }。客服和主管已知道，业主已收到致歉。
mishap-pictures = { $number } 的意外照片（不合格 { $case }）
owner-mishap = 非常抱歉：{ $title }（{ $number }）上门服务时发生了意外（{ $what }）。我们已经登记，客服会马上跟进，并和您商量怎么处理。

case-fact-mishap = { $at }：{ $who } 报告 { $what }，{ $loss }。
case-fact-mishap-words = 情况：{ $words }
case-source-soiling = 弄脏
case-source-damage = 损坏
history-mishap = { $at }　{ $who } 报告意外
