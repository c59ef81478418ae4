### 完工以后：满意不满意，准时不准时

do-rate-yes = 满意
do-rate-no = 不满意
do-rate-ontime = 准时
do-rate-late = 不准时
do-rate-why = 补充原因
do-rate-change = 修改评价
do-rate-keep = 不改了

rate-ask = 订单 { $number } { $title } 已完工，您满意吗？
rate-reminder = 订单 { $number } { $title } 还没有收到您的评价，您满意吗？这件事只提醒这一次。
rate-change = 订单 { $number } 您评的是“{ $rating }”，要改成：
rate-kept-satisfied = 订单 { $number } { $title }：您评了满意，谢谢。
rate-kept-dissatisfied =
    订单 { $number } { $title }：您评了不满意，抱歉没有让您满意。
    客服和主管已经收到，会有人跟进，并把结果告诉您。
rate-kept-reason = 原因：{ $reason }
rate-kept-on-time = 时间：{ $on-time }
rate-ask-on-time = 人来得准时吗？
rate-reason-kept = 原因已记下，转给跟进的人了。
rate-thanks = 都记下了，谢谢。处理结果会告诉您。

rating-satisfied = 满意
rating-dissatisfied = 不满意
rating-on-time = 准时
rating-late = 不准时
rating-opinion = 其他意见
rating-not-asked = 没有聊天账号，未询问
rating-no-answer = 未答复
rating-because-quality = 技术或质量
rating-because-attitude = 态度
rating-because-late = 迟到
rating-because-price = 价格
rating-because-hygiene = 卫生
rating-because-other = 其他

ask-dislike-reason = 哪里不满意？点一个，或者直接打字告诉我们。
ask-timely-on-time =
    人来得准时吗？
    对服务中心的其他工作有意见，也可以直接打字写在这里。
ask-timely-opinion = 请写下您对服务中心其他工作的意见。
do-timely-opinion = 其他意见

no-already-rated = 订单 { $number } 您已经评了“{ $rating }”。
no-rating-settled = 订单 { $number } 您评了“{ $rating }”，超过了可以修改的时间。有话要说，请联系客服。
no-rating-over = 订单 { $number } 的评价已经截止。有不满意的地方，请联系客服，我们照样处理。
no-not-rated = 订单 { $number } 还没有评价，请先选满意或不满意。
