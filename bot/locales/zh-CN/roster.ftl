### 排班：谁在班、为什么转给了别人

alert-passed-up = ⏫ { $asked }无人当班，直接转给{ $to }。
alert-passed-up-mute = ⏫ { $asked }当班的人联系不上，直接转给{ $to }。
alert-off-duty = ⏫ { $asked }及以上现在无人当班，已通知不在班的{ $to }。
alert-off-duty-mute = ⏫ 当班的人都联系不上，已通知不在班的{ $to }（本应通知{ $asked }）。

# 导入排班变动

cli-complete-days = 排班变动不能用 --complete：要恢复照常，请写一行，班次填“照常”。
import-usual = 恢复照常：{ $gone } 天。
import-who = 请写手机号或姓名
import-when = 请写日期，或者开始日期和结束日期
import-bad-end = 结束日期要在开始日期当天或之后，最多一年
import-bad-day-shift = 看不懂班次“{ $given }”，请写 早班、夜班 或 18:00-22:00，休，或 照常
import-colleague-without-swap = 有换班对象，原因只能写换班
import-extra-needs-shift = 加班要写班次
import-no-such-staff = 花名册里没有“{ $given }”，请写姓名或手机号
import-which-staff = 有几个人叫“{ $given }”，请写手机号
import-swap-with-oneself = 不能和自己换班
import-nothing-to-swap = { $name } 这些天没有班可以换

# 排班表

cli-help-roster = 看排班：谁哪天上班，哪天不一样、为什么，现在谁在班。
cli-help-day = 从哪一天开始（2026-10-01），默认今天
cli-help-roster-days = 看几天
cli-bad-day = “{ $given }”不是日期，请写成 2026-10-01
roster-day = { $day } { $kind }
roster-kind-workday = 工作日
roster-kind-rest = 休息日
roster-kind-holiday = 节假日：{ $name }
roster-kind-moved = 调休上班
roster-off = 休
roster-line = {"\u0009"}{ $name }（{ $roles }）{"\u0009"}{ $hours }
roster-line-because = {"\u0009"}{ $name }（{ $roles }）{"\u0009"}{ $hours }{"\u0009"}{ $reason }
roster-reason-leave = 请假
roster-reason-off = 休息
roster-reason-swap = 换班
roster-reason-extra = 加班
roster-now = 现在（{ $at }）在班：
roster-now-nobody = 现在（{ $at }）没有人在班。
roster-said-on = 自己点了上班，到 { $until }

# doorstep check

check-no-decree = { $centre }：日历 { $code } 还没有 { $year } 年的调休安排，只有法定节假日。请更新：pip install -U holidays
