test-words = { $words }
trial-begun = 开始
trial-choice = 选项 { $name }
trial-day = { $day } 日
ask-trial-item = 选哪一项？
ask-trial-day = 哪一天？
ask-trial-note = 请写备注。
ask-trial-photos = 请发照片。
ask-short-size = 多大？{ $photos ->
    [0] {""}
   *[other] （照片 { $photos } 张）
}
ask-short-amount = 多少元？
do-trial-confirm = 确认试单
do-trial-note = 写备注
do-trial-photos = 加照片
do-short-amount = 改金额
do-short-photos = 发图
ask-short-photos = 请发图。
do-trial-start = 试单
do-short-start = 小试
do-trial-boom = 出错
do-trial-refuse = 拒绝
do-trial-count = 数一数
trial-summary = 试单：{ $item }，{ $day } 日，备注“{ $note }”，照片 { $photos } 张
trial-done = 已试：{ $item }
trial-refused = 不行：{ $why }
trial-full = 这天已满，请换一天。
trial-counted = 数了
trial-heard = 听到：{ $words }
trial-seen = 看到照片
trial-reached = 收到号码
brief-many = { $count }:
do-choose = 确定
card-closed = 已处理
do-choices-more = 更多
choices-further = 还有：
choices-gone = 过时了
