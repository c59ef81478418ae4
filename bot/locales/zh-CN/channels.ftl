# 各渠道自己需要的几个词

do-choices-more = 更多选项
choices-further = 更多选项：
choices-gone = 这份选项已经过时，请从最新的消息里选。
do-choose = 确定
card-closed = 已处理
place-said = 位置：{ $label }（{ $at }）
place-said-unnamed = 位置：{ $at }
place-not-asked = 收到位置。要发给对方，请先点「联系师傅」或「联系客服」，再发一次。
joined-line = ————
