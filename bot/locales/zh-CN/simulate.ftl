### 模拟的服务中心：数字和证明

cli-help-simulate = 让一个模拟的服务中心在几分钟里过完许多天（包括停机），并逐条核对每一项承诺。
cli-help-seed = 种子：种子相同，结果相同
cli-help-sim-days = 模拟多少天
cli-help-sim-rooms = 房间数
cli-help-sim-staff = 员工数
cli-help-sim-database = 一个空的数据库，sqlite:///路径 或 postgresql://…；默认用临时文件
cli-help-sim-json = 用 JSON 输出报告

sim-not-empty = 数据库里已经有服务中心；模拟要从空的数据库开始。
sim-no-such-database = 数据库请写成 sqlite:///路径 或 postgresql://用户:密码@主机/库名。
sim-doing = 正在模拟 { $days } 天
sim-head = { $days } 天，{ $rooms } 间房，{ $staff } 名员工，种子 { $seed }
sim-orders = 订单：{ $count }，其中完工 { $finished }，取消 { $cancelled }
sim-kind = · { $kind }：{ $count }
sim-kind-housekeeping = 家政
sim-kind-repair = 维修
sim-kind-other = 其他
sim-kind-emergency = 急修
sim-emergencies = 急修在时限内到场：{ $met }/{ $of }
sim-minor = 小修在 24 小时内（或业主自选的更晚时间）完成：{ $met }/{ $of }
sim-punctual = 准时上门：{ $met }/{ $of }
sim-majors = 大问题在 72 小时内答复：{ $met }/{ $of }
sim-staff = 拒单：{ $refusals }；接单超时：{ $lapsed }；转单：{ $handed }
sim-held = 等配件或等业主：{ $holds } 次，其中业主自己要求改晚的 { $wanted } 次；并入先前报修的：{ $merged }
sim-reworks = 没修好、返修的：{ $count } 次
sim-escalations = 升级提醒：{ $count }
sim-count = · { $name }：{ $count }
sim-cases = 不合格记录：{ $count }
sim-outages = 停机：{ $count } 次，共 { $minutes } 分钟；因此晚触发的时限 { $late } 个，最长 { $longest } 分钟
sim-presses = 操作：{ $count } 次，其中被规则拒绝 { $refused } 次
sim-proof = { $promises } 项承诺：{ $met } 项兑现，{ $missed } 项未兑现且已升级，{ $waived } 项豁免，{ $none } 项到期前已结束，{ $open } 项未到期，{ $unexplained } 项无法解释
sim-stages = 承诺未兑现时到期的升级步骤 { $count } 个，已逐个核对
sim-nothing-wrong = 没有发现问题。
sim-wrong = { $count ->
   *[other] 发现 { $count } 处问题：
}
sim-more-wrong = ……还有 { $count } 处
sim-speed = 每秒 { $orders } 个模拟订单；用时 { $seconds } 秒

sim-fault-verdict = { $number }：{ $what } 应为 { $expected }，记录为 { $found }
sim-fault-length = { $number }：{ $what } 超时应为 { $expected } 秒，记录为 { $found } 秒
sim-fault-case = { $number }：应有不合格记录（{ $what }，{ $expected }）；实际：{ $found }
sim-fault-not-fired = { $number }：{ $what } 应在 { $expected } 触发，没有触发（{ $found }）
sim-fault-fired-twice = { $number }：{ $what } 触发了 { $found } 次，应为 { $expected } 次
sim-fault-fired-late = { $number }：{ $what } 应在 { $expected } 触发，实际在 { $found }
sim-fault-not-told = { $number }：{ $what } 应在 { $expected } 提醒一次，实际 { $found } 次
sim-fault-told-twice = { $number }：{ $what } 提醒了 { $found } 次，触发只有 { $expected } 次
sim-fault-no-owner = { $number }（{ $what }）：下一步没有人负责{ $expected }{ $found }
sim-fault-two-hands = { $number }：{ $what }：同时在 { $expected } 和 { $found } 手里
sim-fault-overdue = { $number }：{ $what } 应在 { $expected } 触发，到 { $found } 还在等
sim-fault-message-twice = { $number }：同一条消息发了两次：{ $what }{ $expected }{ $found }
sim-fault-unknown-order = { $number }：没有人要求过这个{ $what }{ $expected }{ $found }
