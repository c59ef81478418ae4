### 各处通用的词

do-form-back = 返回
do-form-cancel = 取消
do-form-skip = 跳过
do-form-more = 更多
do-share-contact = 分享我的手机号

form-cancelled = 已取消，没有保存任何内容。
form-expired = 您一天前没有填完的内容已经放下，需要时请重新开始。
form-not-understood = 没有看懂，请再答一次，或选下面的一项。
form-choice-gone = 这个选项刚刚没有了，请看现在可选的。
form-too-long = 太长了，请控制在 { $most } 字以内。
form-photos-full = 最多 { $most } 张照片，已经够了。
form-photo-kept = 已收到照片（共 { $count } 张）。
form-no-photo = 这一步用不到照片，刚才的照片没有保存。

toast-form-over = 这张表单已经结束
toast-already-answered = 这一步已经答过了
toast-button-unknown = 这个按钮已经失效

trouble-photo-too-large = 照片太大了，请发 10 MB 以内的照片。
trouble-photo-unreadable = 这个文件不是能打开的照片，请发 JPG、PNG 或 WebP 格式的照片。
trouble-kind-not-taken = 目前只能接收文字和照片，请用文字说明，或发照片。
text-too-long = 内容太长了，请分几次发，每次 { $most } 字以内。
not-understood = 没有看懂。请从菜单里选（随时输入“菜单”就能看到），或输入“联系客服”。
incident = 抱歉，这一步没有成功，什么都没有改动。请稍后再试；如果还不行，请把编号 { $number } 告诉客服。

no-not-yours = 抱歉，这件事不归您办理，或者您没有这个权限。
no-not-found = 没有找到，可能已经结束了。
no-not-bound = 请先绑定房屋，再办理这项业务。紧急情况可以直接报修。
no-order-moved = 订单 { $number } 现在是“{ $state }”（{ $who }，{ $at }），这个按钮已经不能用了。
no-order-taken = 订单 { $number } 已由 { $who } 在 { $at } 接下。

nobody-yet = 暂无人接单
price-on-site = 现场报价
list-joint = |、|
minutes = { $count } 分钟
hours = { $count } 小时
day-pattern = M月d日 EEE
day-pattern-short = EEE
day-today = 今天 { $day }
day-tomorrow = 明天 { $day }
day-after-tomorrow = 后天 { $day }

state-waiting = 待派单
state-accepted = 已接单
state-set-out = 已出发
state-arrived = 已到达
state-explained = 等待同意报价
state-agreed = 施工中
state-finished = 已完工
state-cancelled = 已取消
result-done = 已完工
result-not-solved = 未能解决
result-no-work = 未施工

skill-plumber = 水暖
skill-electrician = 电工
skill-handyman = 杂修
skill-cleaner = 保洁
skill-appliance = 家电
skill-floor-care = 地面养护
skill-gardener = 绿化
skill-locksmith = 开锁
skill-pest = 消杀
skill-high-work = 高空作业
skill-front-desk = 前台
skill-concierge = 管家
skill-gas-firm = 燃气公司

role-technician = 服务人员
role-cs = 客服
role-supervisor = 主管
role-control = 控制中心
role-head = 部门负责人
role-business = 业务管理部
