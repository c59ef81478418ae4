### 回访抽样：没抽够、没访够的时候

sample-short = 回访数不够：{ $where } { $month }应回访 { $required } 户，有结果 { $recorded } 户（当月服务 { $households } 户）
sample-short-drawn = 共抽取 { $count } 户，其中：
sample-short-refused = · 谢绝回访 { $count } 户
sample-short-silent = · 没有回应 { $count } 户
sample-short-not-made = · 没有去访 { $count } 户

figures-satisfied-hit = { $n }. ✅ { $number }　{ $title }　{ $place }
    { $at } 回访，满意
figures-satisfied-miss = { $n }. ❌ { $number }　{ $title }　{ $place }　{ $who }
    { $at } 回访，不满意
figures-visited-hit = { $n }. ✅ { $number }　{ $title }　{ $place }
    { $at } 回访，有结果
figures-visited-refused = { $n }. ❌ { $number }　{ $title }　{ $place }
    { $at } 谢绝回访
figures-visited-silent = { $n }. ❌ { $number }　{ $title }　{ $place }
    没有回应，{ $at } 为止
figures-visited-not-made = { $n }. ❌ { $number }　{ $title }　{ $place }
    没有去访，{ $at } 为止
figures-visited-waiting = { $n }. ▫️ { $number }　{ $title }　{ $place }
    抽中，还没有结果
figures-visited-not-drawn = { $n }. ▫️ { $number }　{ $title }　{ $place }
    没有抽中

cli-help-sample = 每月回访的抽样
cli-help-sample-show = 抽样的来历：种子、名单、每次抽取、每户的结果；并按保存的名单重新抽一遍，看是否一致。
cli-no-sample = { $code } 还没有 { $month } 的抽样。
cli-sample-seed = 种子 { $seed }
cli-sample-running = 当月还没有最后抽取
cli-sample-asks = 当月服务 { $households } 户，至少 { $percent }%，应回访 { $required } 户
cli-sample-stands = 已抽取 { $drawn } 户，有结果 { $recorded } 户
cli-sample-draw = 第 { $n } 次　{ $at }　{ $what }　名单 { $listed } 户，抽取 { $drawn } 户
cli-sample-weekly = 每周抽取
cli-sample-final = 最后抽取
cli-sample-column-draw = 次
cli-sample-column-room = 房号
cli-sample-column-stratum = 服务种类
cli-sample-column-rank = 签位 %
cli-sample-column-source = 来源
cli-sample-column-state = 结果
cli-sample-column-replaces = 补谁
cli-sample-kind-housekeeping = 家政
cli-sample-kind-repair = 维修
cli-sample-source-sample = 抽样
cli-sample-source-replacement = 补抽
cli-sample-state-drawn = 抽中
cli-sample-state-asked = 已问
cli-sample-state-task = 待人工
cli-sample-state-evidence = 待凭据
cli-sample-state-done = 有结果
cli-sample-state-refused = 谢绝
cli-sample-state-silent = 没有回应
cli-sample-state-not-made = 没有去访
cli-sample-same = 按保存的名单重新抽取：一致
cli-sample-differs = 按保存的名单重新抽取：不一致
cli-sample-lacks = 第 { $n } 次：应抽中 { $room }，记录里没有
cli-sample-beside = 第 { $n } 次：记录里有 { $room }，不应抽中
cli-sample-households = 第 { $n } 次：记录的户数和名单不符
cli-sample-required = 第 { $n } 次：记录的应回访户数不对
