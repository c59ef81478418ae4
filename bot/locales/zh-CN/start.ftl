### 第一句话、菜单、语言、我的数据

do-more-open = 更多
do-language-choose = 语言
do-language-set = 选择语言
do-data-mine = 我的数据

hello-resident =
    { $name }，您好。这里是{ $centre }到家服务台。
    您的房屋：{ $room }
hello-staff =
    { $name }，您好。这里是到家服务台。
    您的岗位：{ $roles }
hello-stranger =
    您好，这里是到家服务台。
    预约和查看订单前，请先绑定房屋；紧急情况现在就可以报修。

help-head = 在这里可以做这些事：
help-resident =
    预约服务：保洁、维修等，选好时间，按时上门。
    紧急报修：爆管、停电、漏水等急事，立即安排人员。
    我的订单、联系客服：查进度、改约、取消，或请客服帮忙。
help-technician =
    我的任务：手上的工单，一单一张卡片，按步骤点按钮。
    上班、下班：告诉系统您能不能接单。
    呼叫控制中心：现场有事，直接说。
help-desk =
    待派单、处理中：要派的单，和正在做的单。
    待办：要打的电话、要核对的绑定、要处理的问题。
    代客登记：业主打电话或到前台来，您来登记。
help-superior =
    待审批：等您同意或驳回的事项。
    处理中：本中心正在做的单。
    待办：升级到您这里的提醒和问题。
    本月指标：及时率、返修率、满意率，点开就是背后的单。
help-stranger =
    紧急报修：不用绑定，现在就能报，人员上门时核对身份。
    绑定房屋：业主、家人、租户核对身份后，可以预约服务、查看订单。
    语言：中文或 English。
centre-phone = { $centre }电话：{ $phone }

more-head = 更多：
menu-changed = 菜单已更新。

language-choose = 请选择语言 / Please choose a language
language-label = { $name }
language-set = 好的，以后用{ $name }和您说话。

data-head =
    我们保存的您的资料：
    语言：{ $language }
data-name = 姓名：{ $name }
data-phone = 电话：{ $phone }
data-home = 房屋：{ $centre } { $room }（{ $relation }）
data-home-until = 租期至：{ $until }
data-roles = 岗位：{ $roles }
data-orders = 订单：{ $count } 个

not-understood-stranger = 没有看懂。紧急情况请点或输入“紧急报修”；其他事情请先“绑定房屋”。
photo-what = 照片看到了。这是要报修吗？请选一项，进入后再把照片发一次。
photo-what-stranger = 照片看到了。紧急情况请点“紧急报修”，进入后再把照片发一次；其他事情请先绑定房屋。
