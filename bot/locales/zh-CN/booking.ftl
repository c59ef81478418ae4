### 预约服务

do-book-start = 预约服务
do-book-confirm = 确认预约
do-book-quantity = 数量
do-book-note = 备注
do-book-photos = 照片
do-book-other-room = 换房屋
do-book-not-listed = 没有我要的

ask-book-room = 为哪套房屋预约？
ask-book-category = 请选服务类别，也可以直接输入项目名称，例如“换水龙头”。
ask-book-item = { $why ->
    [review] { $item }：需业务部门评估后才能提供，目前不能预约。有需要请联系客服。
        { $category }：请选其他项目。
    [refer] { $item }：不属于我们的服务范围，请联系专业单位（燃气请找燃气公司），客服可以告诉您怎么找。
        { $category }：请选其他项目。
   *[none] { $category }：请选项目。
}
ask-book-slot = { $view ->
    [none] 这一项近期没有可约的时间。请点“返回”换一项，或联系客服安排。
    [days] 请选日期。
    [day] { $wanted } 可约的时间：
    [near] { $wanted } 约不上。最近可约的时间：
    [past] 这个时间已经过去了。最近可约的时间：
   *[soon] 什么时间上门？点下面的时间，或直接输入，例如“明天下午3点”。
}
ask-book-quantity = { $item }：要多少{ $unit }？点下面的数字，或直接输入。
ask-book-note = 有什么要提前告诉师傅的？请输入。
ask-book-photos = 请发照片，最多 6 张。
ask-book-other-room = 为哪套房屋预约？

choice-room = { $room }
choice-quantity = { $count }{ $unit }
slot-start = { $at }
slot-day = { $day }
slot-other-days = 其他日期
slot-just-taken = { $at } 约不上了：刚被约走，或时间不够。请再选一个时间。

item-priced = { $item } { $price }/{ $unit }
item-quoted = { $item } 现场报价
item-free = { $item } 免费
item-closed = { $item }（暂不可约）

category-cleaning = 保洁
category-appliance = 家电清洗
category-care = 地面养护
category-pest = 消杀
category-green = 绿化
category-plumbing = 水暖
category-electric = 电工
category-door = 门窗
category-install = 安装
category-gas = 燃气
category-agency = 代办
category-other = 其他

unit-hour = 小时
unit-m2 = ㎡
unit-metre = 米
unit-room = 间
unit-trip = 车
unit-unit = 台
unit-seat = 座
unit-visit = 次
unit-month = 月
unit-piece = 个
unit-set = 套
unit-point = 处
unit-time = 次

book-summary = 请确认：{ $item }
book-room = 房屋：{ $room }
book-time = 时间：{ $at }
book-duration = 大约需要：{ $minutes }
book-price = 价格：{ $price }
book-price-free = 价格：免费
book-price-measured = 价格：{ $each }/{ $unit }，按实际数量计
book-price-counted = 价格：{ $each }/{ $unit } × { $count } = { $total }
book-note = 备注：{ $note }
book-photos = 照片：{ $count } 张
book-price-agreed-first = 动工前师傅会当面说明内容和最终价格，您同意后才开始。

booked = 已预约，单号 { $number }
booked-what = { $item }　{ $room }　{ $at }
booked-asking = 正在请师傅接单。
booked-desk = 客服正在为您安排师傅。
booked-next = 接单、出发、到达时都会告诉您，不用来电询问。
nothing-to-book = 您的服务中心目前没有可以预约的项目，请联系客服。

no-slot-taken = { $at } 约不上了，请换一个时间。
no-under-review = { $item }：需业务部门评估后才能提供，目前不能预约。
no-referred = { $item }：不属于我们的服务范围，请联系专业单位，客服可以告诉您怎么找。
no-not-offered = 这一项目前不提供，请看现在可以预约的项目。
