### 回访问卷：满意不满意，准时不准时，不满意的原因

do-questionnaire-opinion = 对其他服务的意见
do-questionnaire-change = 修改回答
do-questionnaire-keep = 返回

visit-about = 服务回访：{ $at } { $title }（{ $number }）
visit-about-who = 服务人员：{ $who }
visit-about-agreement = 服务回访：协议约定的定点服务
visit-card-answered = 这次回访已有结果，谢谢您。
visit-card-over = 这次回访已经结束，不用再答了。

questionnaire-ask = 您对这次服务满意吗？
questionnaire-reminder = 还没有收到您的回答：您对这次服务满意吗？这件事只提醒这一次。
questionnaire-satisfied = 您的回答是满意，谢谢。
questionnaire-dissatisfied = 您的回答是不满意，抱歉没有让您满意。客服和主管已经收到，会有人跟进，并把结果告诉您。
questionnaire-ask-why = 哪里不满意？点一个，或者直接打字告诉我们。
questionnaire-invite = 对我们其他服务有意见，也可以告诉我们。
questionnaire-ask-opinion = 请打字写下您对我们其他服务的意见。
questionnaire-opinion-kept = 您对其他服务的意见已经记下。
questionnaire-change = 您的回答是“{ $answer }”，要改成：

no-questionnaire-answered = 您家对这次回访的回答已经记下：“{ $answer }”。
no-questionnaire-taken = 同事已经记下您家对这次回访的回答：“{ $answer }”。有话要说，请联系客服。
no-questionnaire-settled = 您家的回答是“{ $answer }”，超过了可以修改的时间。有话要说，请联系客服。
no-questionnaire-over = 这份问卷已经结束，不用再答了。有话要说，请联系客服。
no-questionnaire-not-answered = 请先回答满意或不满意。

reminder-name-questionnaire = 回访问卷的提醒

visit-why-no-chat = 没有聊天账号
visit-why-gone = 聊天账号不收消息了
visit-why-closed = 微信客服窗口已关闭
visit-why-spent = 微信客服能发的条数用完了
visit-why-spoken-with = 同事正在微信客服里跟住户说话
visit-why-unreached = 问卷没能送到
visit-why-recent = 不久前刚发过问卷
visit-why-late = 发问卷来不及了
visit-why-silent = 问卷和提醒都没有回答
