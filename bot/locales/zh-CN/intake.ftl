### 代客登记

do-intake-start = 代客登记
do-intake-confirm = 确认登记
do-intake-quantity = 数量
do-intake-occurred = 发生时间
do-intake-note = 备注
do-intake-callback = 换回电号码

ask-intake-centre = 哪个服务中心？
ask-intake-room = 房号是多少？直接输入，例如“3栋1201”。
ask-intake-place = 具体在哪里？请输入地址。不在名册上的地方只能登记紧急报修。
ask-intake-caller = { $room }：来电的是谁？
ask-intake-name = 来电人怎么称呼？
ask-intake-phone = 回电号码是多少？
ask-intake-need = 是紧急情况，还是预约服务？
ask-intake-emergency = 发生了什么？
ask-intake-occurred = 什么时候发生的？点一个，或直接输入，例如“昨晚10点”“21:40”。不能晚于现在，最多往前 24 小时。
ask-intake-category = 哪一类服务？也可以直接输入项目编号，例如 PL01。
ask-intake-item = 哪一项？
ask-intake-slot = { $view ->
    [none] 这一项近期没有可约的时间。请点“返回”换一项。
    [days] 请选日期。
    [day] { $wanted } 可约的时间：
    [near] { $wanted } 约不上。最近可约的时间：
    [past] 这个时间已经过去了。最近可约的时间：
   *[soon] 什么时间上门？点下面的时间，或直接输入，例如“明天下午3点”。
}
ask-intake-quantity = 要多少？请输入数字。
ask-intake-note = 具体要求是什么？请输入。
ask-intake-callback = 请输入回电号码。

choice-centre-name = { $centre }
choice-elsewhere = 不在名册上的地方
choice-caller = { $name } { $relation } { $phone }
choice-somebody-else = 其他人
choice-ago = { $ago }前
choice-need-urgent = 🚨 紧急报修
choice-need-visit = 预约服务

intake-summary = 请核对：{ $place }　{ $name }　{ $phone }
intake-emergency = 🚨 紧急报修：{ $kind }
intake-occurred = 发生时间：{ $at }
intake-read-out = 请先转告来电人：
intake-visit = 服务：{ $item }
    时间：{ $at }
intake-note = 要求：{ $note }
intake-chat = 来电人绑定了聊天，会同时收到消息。
intake-no-chat = 来电人没有聊天账号，进展请电话告知。
intake-registered = 已登记：{ $number }　{ $place }。正在请服务人员接单。
intake-registered-emergency = 🚨 已登记紧急报修：{ $number }　{ $place }。正在呼叫当班人员。
intake-running-already = 🚨 这件事已经报过了：{ $number }　{ $place }，正在处理。
no-cannot-have-occurred = 没有看懂发生的时间。请输入过去 24 小时之内的时间，例如“昨晚10点”“21:40”“半小时前”。
no-room-known = { $centre }没有“{ $room }”这个房号。请核对后再输入一次；确实不在名册上的，请点“不在名册上的地方”。

owner-registered = 客服已按您的电话登记：{ $title }（{ $number }）
    { $place }　{ $at }　价格：{ $price }
    时间不合适可以改约。
owner-registered-emergency = 🚨 客服已按您的电话登记紧急报修：{ $title }（{ $number }），{ $place }。正在派人。
