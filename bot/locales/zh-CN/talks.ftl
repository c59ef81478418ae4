### 找人说话：联系客服、呼叫控制中心、师傅和业主

do-talk-start = 联系客服
do-talk-control = 呼叫控制中心
do-talk-control-about = 呼叫控制中心
do-talk-owner = 联系业主
do-talk-worker = 联系师傅
do-talk-customer = 联系业主
do-talk-take = 回复
do-talk-close = 结束
do-talk-end = 结束对话
do-order-reveal = 查看业主电话

talk-which-centre = 您要找哪个服务中心？
talk-centre = { $centre }
talk-asked-desk =
    已通知{ $centre }的{ $role }，有人接起会告诉您。
    现在就可以打字或发照片，接起的人都能看到。
talk-asked-control =
    已通知{ $centre }的{ $role }，有人接起会告诉您。
    现在就可以打字或发照片，接起的人都能看到。
talk-nobody-on-duty = 现在没有人在班，可能要等一会儿。
talk-hours = 客服时间 { $hours }，其余时间由控制中心值班。急事也可以打电话 { $phone }。
talk-kept = 已记下您发的 { $count } 条，不会丢。
talk-answered-desk = 客服 { $who } 已接起，请直接打字或发照片。
talk-answered-control = 控制中心 { $who } 已接起，请直接打字或发照片。
talk-open = 现在您打的字和发的照片会转给 { $who }（{ $about }）。
talk-ended = 这段对话已结束。
talk-ended-by = { $who } 结束了对话。
talk-still-waiting-desk = 抱歉，还没有人接起，已再请主管来看。急事请打电话 { $phone }，或点“紧急报修”。
talk-still-waiting-control = 还没有人接起，已再请主管来看。急事请打电话 { $phone }。

talk-alert-desk = { $who }（{ $about }）找客服
talk-alert-control = 服务人员 { $who }（{ $about }）呼叫控制中心
talk-alert-words = “{ $words }”
talk-alert-since = { $at } 起在等。
talk-alert-taken = { $who } 在 { $at } 接起了。
talk-alert-given-up = 对方已结束对话，没有等到人接起。
talk-untaken = ⚠️ 十分钟没有人接起

talk-line-resident = { $who }（{ $about }）：{ $words }
talk-line-technician = 服务人员 { $who }（{ $about }）：{ $words }
talk-line-desk = 客服 { $who }：{ $words }
talk-line-control = 控制中心 { $who }：{ $words }
talk-picture = [照片]
talk-visitor = 未绑定的访客
talk-no-room = 未绑定房号
talk-no-job = 没有指明订单
talk-which = 您同时有几段对话，刚才的话还没有转出。请先选回复谁，再发一次。
talk-reply-to = 回复 { $who }
talk-sent-to = 已转给 { $who }。
talk-not-sent = 和 { $who } 的对话已经结束，刚才的话没有转出。
talk-none = 您现在没有进行中的对话。
talk-urgent = 🚨 听起来是紧急情况。点“紧急报修”，或输入这四个字，马上派人上门。

number-revealed = 订单 { $number }，{ $name }：{ $phone }。这次查看已记录。

no-talk-taken = { $who } 在 { $at } 接起了。
no-talk-over = 这段对话在 { $at } 结束了。
no-talk-no-job = 订单 { $number } 现在没有师傅在办，不能转话。
no-talk-no-chat = 订单 { $number } 的业主是电话登记的，没有聊天账号，只能由客服打电话。
no-number-closed = 订单 { $number } 已经结束，不能再查看业主电话。
