### 指标：本月指标、指标背后的单、趋势图

do-figures-show = 本月指标
do-figures-trend = 趋势图
do-figures-month = 返回指标

figure-emergency = 急修及时率
figure-minor = 小修及时率
figure-minor-deferred = 小修及时率（业主另约）
figure-major = 大问题 72 小时答复率
figure-punctual = 家政准时上门率
figure-punctual-repair = 维修准时上门率
figure-staff-told = 第一时间通知率
figure-rework = 返修率
figure-felt-on-time = 业主感受准时率
figure-rated = 完工评价满意率
figure-satisfaction = 回访满意率
figure-visited = 回访率

figures-label-emergency = 急修
figures-label-minor = 小修
figures-label-minor-deferred = 业主另约
figures-label-major = 大问题
figures-label-punctual = 家政准时
figures-label-punctual-repair = 维修准时
figures-label-staff-told = 通知
figures-label-rework = 返修
figures-label-felt-on-time = 感受准时
figures-label-rated = 完工评价
figures-label-satisfaction = 回访满意
figures-label-visited = 回访

figures-head = { $month }指标　{ $where }
figures-so-far = 截至 { $at }
figures-together = 各服务中心合计
figures-line = { $mark } { $name }　{ $rate }（{ $hits }/{ $total }）
figures-line-least = { $mark } { $name }　{ $rate }（{ $hits }/{ $total }）　目标 { $target }%
figures-line-most = { $mark } { $name }　{ $rate }（{ $hits }/{ $total }）　目标不超过 { $target }%
figures-waived = 　　另有 { $count } 单免计
figures-few = 　　完工不足 100 单：返修 { $count } 单
figures-rated-apart = 完工评价是业主完工后当场的评价，不是回访满意率。
figures-mark-met = ✅
figures-mark-missed = ❌
figures-mark-none = ▫️
figures-earlier = ← { $month }
figures-later = { $month } →
figures-centre = { $where }

figures-open-head = { $name }　{ $month }　{ $where }
    { $rate }（{ $hits }/{ $total }）
figures-open-none = 没有相关的单。

figures-promise-hit = { $n }. ✅ { $number }　{ $title }　{ $place }
    应于 { $at }　实际 { $actual }
figures-promise-miss = { $n }. ❌ { $number }　{ $title }　{ $place }　{ $who }
    应于 { $at }　实际 { $actual }　相差 { $late }
figures-promise-waived = { $n }. ▫️ { $number }　{ $title }　{ $place }
    应于 { $at }　实际 { $actual }　免计
figures-spoiled-emergency-started = { $n }. ❌ { $number }　{ $title }　{ $place }　{ $who }
    应于 { $at }　到达 { $actual }，但没有按时开始处理
figures-spoiled-punctuality = { $n }. ❌ { $number }　{ $title }　{ $place }　{ $who }
    应于 { $at }　实际 { $actual }，但上门不准时
figures-felt-hit = { $n }. ✅ { $number }　{ $title }　{ $place }
    { $at } 完工，业主认为准时
figures-felt-miss = { $n }. ❌ { $number }　{ $title }　{ $place }　{ $who }
    { $at } 完工，业主认为不准时
figures-rated-hit = { $n }. ✅ { $number }　{ $title }　{ $place }
    { $at } 完工，满意
figures-rated-miss = { $n }. ❌ { $number }　{ $title }　{ $place }　{ $who }
    { $at } 完工，不满意
figures-rework = { $n }. ❌ { $number }　{ $title }　{ $place }
    { $at } 再次报修；上次 { $earlier }，{ $finished } 完工
figures-completed = { $n }. ✅ { $number }　{ $title }　{ $place }
    { $at } 完工

figures-trend = { $where }　近 { $count } 个月的趋势
figures-trend-key = 虚线是目标，绿色达标，红色未达标，蓝色没有目标；没有单的月份不画点。返修率越低越好。
chart-title = 服务指标趋势　{ $where }
chart-now = { $rate }（{ $hits }/{ $total }）
chart-aim-least = 目标 { $target }%
chart-aim-most = 目标 ≤ { $target }%
chart-month-pattern = M月
month-pattern = yyyy年M月

cli-help-figures = 指标：及时率、准时率、返修率、满意率，按服务中心和合计。
cli-help-figures-centre = 服务中心编码；不写就是全部
cli-help-month = 哪个月，如 2026-11
cli-help-from = 从哪天起，如 2026-11-01
cli-help-to = 到哪天为止（含当天）
cli-help-open = 列出一个指标背后的单，如 emergency
cli-help-json = 输出 JSON
cli-figures-figure = 指标
cli-figures-target = 目标
cli-figures-least = { $target }%
cli-figures-most = ≤{ $target }%
cli-figures-waived = 免计 { $count }{"　"}
cli-figures-together = 全部服务中心合计
cli-no-such-figure = 没有 { $name } 这个指标；有：{ $names }
cli-not-a-month = { $text } 不是月份，请写成 2026-11 这样。
cli-not-a-day = { $text } 不是日期，请写成 2026-11-01 这样。
cli-month-or-days = --month 和 --from/--to 请只用一种；--from 和 --to 要一起写，起止不能颠倒。
