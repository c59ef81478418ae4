### 企业微信：给管理员看的话

cli-help-check-wecom = 只检查企业微信：向它逐项核对，说明在管理后台的哪里改
cli-help-invite-wecom = 生成微信客服的链接；业主在微信里点开就能绑定
cli-help-kf = 用哪个微信客服账号（open_kfid）生成链接；不写就用 wecom.kf_accounts 里的第一个
cli-no-wecom = 配置里没有 [wecom] 这一段。请照 config.example.toml 补上。
cli-no-such-kf = wecom.kf_accounts 里没有微信客服账号 { $account }。
cli-no-kf-link = 没有微信客服的链接，只有绑定码，可以在聊天里直接输入。
cli-kf-link-for-owners = 员工没有微信客服的链接：请在企业微信里打开应用，直接输入绑定码。
cli-invites-wecom = 房号或岗位{"\u0009"}姓名{"\u0009"}手机{"\u0009"}绑定码{"\u0009"}微信链接
cli-invites-both = 房号或岗位{"\u0009"}姓名{"\u0009"}手机{"\u0009"}绑定码{"\u0009"}Telegram 链接{"\u0009"}微信链接

wecom-busy = 企业微信现在很忙（{ $code }），这一项没能核对。请过一分钟再试。
wecom-silent = 连不上企业微信的接口，或者回答读不懂（{ $reason }）。请检查网络；用了自建网关的，检查 wecom.api_base。
wecom-refused = 企业微信拒绝了（错误码 { $code }）。可在 https://open.work.weixin.qq.com/devtool/query?e={ $code } 查这个错误码。
wecom-secret = 企业微信接受了企业ID和 Secret。
wecom-corp-bad = 企业微信不认识这个企业ID（{ $code }）。请到管理后台 我的企业 → 企业信息 最下方复制企业ID，填入 wecom.corp_id。
wecom-secret-bad = 企业微信不接受这个 Secret（{ $code }）：它不是这个应用的、已经重置，或者应用停用了。请到 应用管理 → 自建应用 → Secret 重新查看，填入 wecom.secret。一小时内不要反复尝试，否则企业微信会封锁这台服务器的地址。
wecom-ip-bad = 企业微信不信任这台服务器的地址 { $ip }。请到 应用管理 → 自建应用 → 企业可信IP 里加上 { $ip }，保存后约一分钟生效。
wecom-ip-bad-unnamed = 企业微信不信任这台服务器的地址。请到 应用管理 → 自建应用 → 企业可信IP 里加上它的公网出口地址，保存后约一分钟生效。
wecom-app-off = 这个应用停用了（{ $code }）。请到 应用管理 → 自建应用 启用它。
wecom-agent = 应用 { $agent } 可用。
wecom-agent-bad = AgentId 和 Secret 不是同一个应用的（{ $code }）。请到 应用管理 → 自建应用，把同一页上的 AgentId 和 Secret 填入 wecom.agent_id 和 wecom.secret。
wecom-kf-none = 没有配置微信客服账号，业主不能在微信里使用。需要时在 wecom.kf_accounts 里填上 open_kfid。
wecom-kf-not-permitted = 这个应用不能调用微信客服的接口（{ $code }）。请到 应用管理 → 微信客服：在“可调用接口的应用”里加上这个应用，再在“通过API管理微信客服账号”里把账号授权给它。
wecom-kf-unknown = 没有微信客服账号 { $account }，或者它属于别的企业。请到 应用管理 → 微信客服 核对 open_kfid，改 wecom.kf_accounts。
wecom-kf-not-ours = 微信客服账号 { $account }（{ $name }）没有授权给这个应用。请到 应用管理 → 微信客服 → 通过API管理微信客服账号 里授权。
wecom-kf = 微信客服账号 { $account }（{ $name }）可用。
wecom-kf-servicers = 微信客服账号 { $account }（{ $name }）有 { $count } 个接待人员或部门正在接待：企业微信会把业主直接分给他们，那时本系统不能回复。请到 微信客服 → 该账号 → 接待人员 里移除，或让他们停止接待。
wecom-callback = 回调地址 { $url } 能正确应答，用了 { $millis } 毫秒。
wecom-callback-unset = 没有配置 wecom.callback_url，没有试回调。请到 应用管理 → 自建应用 → 接收消息 → API接收 填上公网地址，让反向代理转到 { $listening }，勾选“微信客服消息和事件”，再把这个地址写进 wecom.callback_url。
wecom-callback-silent = 回调地址 { $url } 打不开（{ $reason }）。请检查域名、证书和反向代理；有的网络不能从里面访问自己的公网地址，这时请换一台机器试。
wecom-callback-bad = 回调地址 { $url } 应答不对（HTTP { $status }）：可能转到了别的程序、被跳转或改写，或者 wecom.token、wecom.aes_key 和正在运行的服务不一致。
wecom-callback-slow = 回调地址 { $url } 应答正确，但用了 { $millis } 毫秒；企业微信保存地址时只等一秒。请检查反向代理和网络。
