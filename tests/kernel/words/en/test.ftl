test-words = { $words }
trial-begun = 开始
trial-choice = Choice { $name }
trial-day = Day { $day }
ask-trial-item = Which?
ask-trial-day = Which day?
ask-trial-note = 请写备注。
ask-trial-photos = 请发照片。
ask-short-size = 多大？{ $photos ->
    [0] {""}
   *[other] （照片 { $photos } 张）
}
ask-short-amount = 多少元？
do-trial-confirm = Confirm trial
do-trial-note = Add note
do-trial-photos = 加照片
do-short-amount = 改金额
do-short-photos = 发图
ask-short-photos = 请发图。
do-trial-start = Trial
do-short-start = 小试
do-trial-boom = 出错
do-trial-refuse = 拒绝
do-trial-count = 数一数
trial-summary = Trial: { $item }, day { $day }, note "{ $note }", { $photos } photos
trial-done = Tried: { $item }
trial-refused = 不行：{ $why }
trial-full = 这天已满，请换一天。
trial-counted = 数了
trial-heard = Heard: { $words }
trial-seen = 看到照片
trial-reached = 收到号码
brief-many = { $count }:
do-choose = 确定
card-closed = 已处理
do-choices-more = 更多
choices-further = 还有：
choices-gone = 过时了
