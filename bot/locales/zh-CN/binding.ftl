### 绑定房屋、核对、解除绑定

relation-owner = 业主
relation-family = 家人
relation-tenant = 租户

do-bind-start = 绑定房屋
do-bind-code = 我有验证码
do-bind-claim = 填写信息，请客服核对
do-bind-approve = 同意
do-bind-reject = 驳回

bind-share = 业主：如果看到“分享我的手机号”这个按钮，点它就行，与登记的手机号一致即可绑定。没有这个按钮时，请用下面的办法。
bind-ways =
    点一项，或直接输入它的文字：
    我有验证码：向客服索取的一次性验证码，家人和租户用这个最快。
    填写信息，请客服核对：报房号、姓名和手机号，核对后绑定。
bind-done = { $name }，房屋已绑定，现在可以预约服务了。
bind-done-home = { $centre } { $room }（{ $relation }）
bind-done-until = 租期至 { $until }，到期自动解除绑定。
bind-done-staff =
    { $name }，您的员工身份已确认。
    岗位：{ $roles }

ask-code-code = 请输入验证码。
code-wrong = 验证码不对，或者已经用过、已经过期。一小时内还可以试 { $left } 次。
code-wait =
    一小时内最多试 { $most } 次，请等 { $wait }再试。
    也可以致电服务中心：

contact-not-own = 这不是您本人的手机号，不能用来绑定。请分享您自己的号码；或点“绑定房屋”，用验证码，或填写信息请客服核对。
contact-unreadable = 这个手机号无法识别，请改用验证码，或填写信息请客服核对。
contact-kept = 已收到您的手机号 { $phone }。只凭它还不能确定房屋，请再答几个问题。

ask-claim-centre = 您住在哪个服务中心的小区？
ask-claim-relation = 您是这套房屋的什么人？
ask-claim-until = 租期到哪一天？例如：2027-06-30
ask-claim-room = 请输入房号，例如：3-1201
ask-claim-name = 请输入您的姓名。
ask-claim-phone = 请输入您的手机号，客服核对时会用到。
claim-centre = { $name }
claim-summary =
    请确认，提交后由客服核对：
    服务中心：{ $centre }
    身份：{ $relation }
    房号：{ $room }
    姓名：{ $name }
    手机号：{ $phone }
claim-summary-until = 租期至：{ $until }
do-claim-confirm = 提交核对
claim-sent =
    已提交，客服核对 { $room } 后会在这里告诉您结果。
    紧急情况不用等，现在就可以报修。
claim-approved =
    核对通过，房屋已绑定，现在可以预约服务了。
    { $centre } { $room }（{ $relation }）
claim-rejected = { $room } 没有通过核对。请检查房号、姓名和手机号后再试，或致电服务中心 { $phone }。

claim-card =
    房屋绑定待核对：{ $centre } { $room }
    姓名：{ $name }（{ $relation }）
    电话：{ $phone }（{ $proof }）
claim-card-until = 租期至：{ $until }
claim-phone-proven = 平台已验证
claim-phone-typed = 自己填写，未验证
claim-compared = 与名册比较：姓名{ $name }，电话{ $phone }
claim-match = 一致
claim-mismatch = 不一致
claim-two-lines = 注意：姓名和电话在名册里不是同一个人。
claim-line = 名册登记身份：{ $relation }
claim-line-until = 名册登记租期至：{ $until }
claim-line-ended = 注意：名册里此人已搬离，或租期已满。
claim-line-taken = 注意：名册里此人已绑定另一个账号。
claim-room-unknown = 注意：名册里没有这个房号。
claim-card-approved =
    已同意绑定：{ $room } { $name }
    { $who }，{ $at }
claim-card-rejected =
    已驳回绑定：{ $room } { $name }
    { $who }，{ $at }
claim-agreed = 同意
claim-refused = 驳回

no-claim-pending = 您在{ $at }提交的 { $room } 绑定申请还在核对，请等结果。着急的话请致电服务中心 { $phone }。
no-claim-decided = { $room } 的绑定申请已由{ $who }在{ $at }{ $verdict }。
no-room-on-roll = 名册里没有 { $room }，无法绑定。请先请管理员登记房号，或驳回。
no-line-taken = 名册里此人已绑定另一个账号，手机号又未经验证，不能直接绑定。请核实后发一次性验证码，或驳回。
no-tenancy-over = 申请里的租期已经过了，无法绑定。请驳回，让对方重新填写。
no-account-taken = 这条登记已绑定另一个账号，您现在的账号又是员工账号，不能合并。请联系管理员。

do-unbind-start = 解除绑定
do-unbind-ask = 解除这一套
do-unbind-confirm = 确认解除
do-unbind-keep = 保留
unbind-none = 您现在没有绑定房屋。
unbind-which = 要解除哪一套房屋？
unbind-home = { $room }（{ $relation }）
unbind-sure =
    确认解除 { $centre } { $room } 的绑定？
    解除后不能再为这套房屋预约、查看订单；需要时可以重新绑定。
unbind-done = 已解除 { $centre } { $room } 的绑定。
unbind-kept = 好的，没有改动。

do-invite-start = 邀请家人或租户
do-invite-confirm = 生成验证码
invite-owners-only = 只有业主可以邀请家人或租户。
invite-home = { $room }
ask-invite-home = 邀请对方绑定哪一套房屋？
ask-invite-relation = 对方是您的？
ask-invite-until = 租期到哪一天？例如：2027-06-30
ask-invite-name = 请输入对方的姓名。
ask-invite-phone = 请输入对方的手机号。
invite-summary =
    请确认要邀请的人：
    房号：{ $room }
    姓名：{ $name }（{ $relation }）
    手机号：{ $phone }
invite-summary-until = 租期至：{ $until }
invite-code =
    { $name }的验证码：{ $code }
    { $days } 天内有效，只能用一次，请只发给本人。
    对方打开到家服务台，依次点或输入“绑定房屋”“我有验证码”，再输入验证码即可。
no-already-home = { $name }已经绑定 { $room }，不用再邀请。
