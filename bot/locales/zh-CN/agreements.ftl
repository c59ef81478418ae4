### 协议的导入

cli-complete-agreements = 协议不能用 --complete：协议提前终止，请在“终止日期”一列写明。
import-no-such-room = 住户名册里没有“{ $given }”这个房号
import-no-such-item = 服务目录里没有“{ $given }”这个编码
import-ends-before-start = 到期日要在开始日期当天或之后
import-ended-outside = 终止日期要在开始日期和到期日之间
