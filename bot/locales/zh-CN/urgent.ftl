### 紧急报修

do-urgent-start = 紧急报修
do-urgent-rooms = 换房屋
do-urgent-confirm = 紧急报修
do-urgent-confirm-kind = 紧急报修：{ $kind }
do-urgent-confirm-since = 紧急报修：{ $kind }（{ $at } 发生）
do-urgent-not = 不是紧急情况
do-urgent-photos = 照片
choice-centre = { $centre }

urgent-which = 🚨 发生了什么？点一下就会立即派人。
urgent-room = 房屋：{ $room }
urgent-which-room = 是哪套房屋？
urgent-sounds-like = 听起来是紧急情况：{ $kind }。点一下就会立即派人。
urgent-occurred = 发生时间：{ $at }
urgent-joined = 🚨 这件事已经报过了，与更早的报修 { $other } 一起处理。
urgent-not = 好的，没有报修。需要预约上门或找客服，请点一项，或直接输入。
ask-urgent-centre = 您在哪个小区的服务中心？
ask-urgent-words = 发生了什么？请用一句话说明，我们马上派人。
ask-urgent-place = 在哪里？请输入楼栋和房号，也可以附上联系电话。
ask-urgent-photos = 请发照片，最多 6 张。

urgent-advice-first = 请先做好这几件事：
urgent-reported = 🚨 已报修：{ $kind }　{ $place }　单号 { $number }
urgent-running = 🚨 这件事已经报过了，正在处理：{ $kind }　{ $place }　单号 { $number }
    现在是“{ $state }”：{ $who }。
urgent-calling = { $called ->
    [0] 已通知客服和控制中心马上派人。
   *[other] 正在同时呼叫 { $called } 位当班师傅，客服也已收到。
}
urgent-limit = { $limit } 分钟内到场：最迟 { $due }。
urgent-more = 可以继续发照片或文字，会转给师傅。也可以直接拨打 { $phone }。
urgent-checked-at-door = 师傅上门时会核对您的身份。
urgent-words-added = 已记在 { $number } 里，师傅会看到。
urgent-photo-added = 照片已记在 { $number } 里，师傅会看到。

advice-close-valve = · 关上总水阀，远离有水的电器和插座。
advice-close-taps = · 关上水龙头，以免来水时溢出。
advice-stop-using-drains = · 先不要用水和冲马桶。
advice-breaker-off = · 关掉总电闸，手湿时不要碰。
advice-no-switch-open-windows-gas-company = · 不要碰任何开关和电器，不要用明火；开窗，关燃气阀，到室外拨打燃气公司电话。
advice-call-119 = · 立即拨打 119。
advice-leave-at-once = · 所有人马上离开，不要坐电梯。
advice-keep-calm-lift = · 保持镇定，按轿厢里的呼叫按钮，不要扒门。
advice-keep-distance = · 远离危险处，让家人也不要靠近。
advice-call-119-if-life-at-risk = · 有生命危险时立即拨打 119。

emergency-burst-pipe = 水管爆裂
emergency-critical-leak = 关键部位漏水
emergency-power-outage = 停电
emergency-electric-hazard = 漏电/冒烟
emergency-no-water = 断水
emergency-sewage-backflow = 污水返溢
emergency-gas-smell = 燃气异味
emergency-lockout-risk = 反锁且有老幼或明火
emergency-falling-risk = 门窗/玻璃/外墙松动
emergency-fire-smoke = 火情
emergency-elevator-trap = 电梯困人
emergency-other = 其他

job-more-words = { $number } 业主补充：{ $words }
job-more-photo = { $number } 业主补充了照片
desk-emergency-other = 🚨 紧急报修 { $number } 种类不明，请看说明并协助派人。
desk-emergency-cancelled = 紧急工单 { $number } 已取消。
