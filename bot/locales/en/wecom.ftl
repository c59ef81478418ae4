### WeCom: words for administrators

cli-help-check-wecom = Only WeCom: ask it point by point, and say where in the console to mend what is wrong
cli-help-invite-wecom = Make links to 微信客服, by which owners are bound in WeChat
cli-help-kf = The 微信客服 account (open_kfid) for the links; the first of wecom.kf_accounts if not given
cli-no-wecom = The settings have no section [wecom]. Take it over from config.example.toml.
cli-no-such-kf = The account { $account } is not among wecom.kf_accounts.
cli-no-kf-link = There is no link to 微信客服, so there are codes without it; they can be typed into the chat.
cli-kf-link-for-owners = Staff have no link to 微信客服: they open the app in WeCom and type the code.
cli-invites-wecom = Room or role{"\u0009"}Name{"\u0009"}Phone{"\u0009"}Code{"\u0009"}WeChat link
cli-invites-both = Room or role{"\u0009"}Name{"\u0009"}Phone{"\u0009"}Code{"\u0009"}Telegram link{"\u0009"}WeChat link

wecom-busy = WeCom is busy ({ $code }), so this was not checked. Try again in a minute.
wecom-silent = WeCom’s API cannot be reached, or its answer cannot be read ({ $reason }). Check the network and, with a gateway of your own, wecom.api_base.
wecom-refused = WeCom refuses (error code { $code }). Look the code up at https://open.work.weixin.qq.com/devtool/query?e={ $code }
wecom-secret = WeCom takes the corp id and the secret.
wecom-corp-bad = WeCom does not know this corp id ({ $code }). Copy it from the foot of 我的企业 → 企业信息 in the console into wecom.corp_id.
wecom-secret-bad = WeCom does not take the secret ({ $code }): it is not this app’s, was renewed, or the app is off. Look at 应用管理 → the app → Secret, and put it into wecom.secret. Do not try again and again within an hour, or WeCom shuts out this server’s address.
wecom-ip-bad = WeCom does not trust this server’s address { $ip }. Add { $ip } at 应用管理 → the app → 企业可信IP; it takes about a minute after saving.
wecom-ip-bad-unnamed = WeCom does not trust this server’s address. Add the public address it goes out by at 应用管理 → the app → 企业可信IP; it takes about a minute after saving.
wecom-app-off = The app is switched off ({ $code }). Switch it on at 应用管理 → the app.
wecom-agent = The app { $agent } is good.
wecom-agent-bad = AgentId and secret are not of the same app ({ $code }). Put both from one page, 应用管理 → the app, into wecom.agent_id and wecom.secret.
wecom-kf-none = No 微信客服 account is set, so owners are not served in WeChat. To serve them, put its open_kfid into wecom.kf_accounts.
wecom-kf-not-permitted = The app may not use the interface of 微信客服 ({ $code }). At 应用管理 → 微信客服, add the app to 可调用接口的应用, then give it the account at 通过API管理微信客服账号.
wecom-kf-unknown = There is no 微信客服 account { $account }, or it is another company’s. Compare the open_kfid at 应用管理 → 微信客服 with wecom.kf_accounts.
wecom-kf-not-ours = The 微信客服 account { $account } ({ $name }) is not given to this app. Do so at 应用管理 → 微信客服 → 通过API管理微信客服账号.
wecom-kf = The 微信客服 account { $account } ({ $name }) is good.
wecom-kf-servicers = The 微信客服 account { $account } ({ $name }) has { $count ->
    [one] one servicer or department that is
   *[other] { $count } servicers or departments that are
} receiving: WeCom hands owners to them at once, and then this system cannot answer. Remove them at 微信客服 → the account → 接待人员, or let them stop receiving.
wecom-callback = The callback address { $url } answers rightly, in { $millis } ms.
wecom-callback-unset = wecom.callback_url is not set, so the callback was not tried. Fill in the public address at 应用管理 → the app → 接收消息 → API接收, let a reverse proxy pass it on to { $listening }, tick 微信客服消息和事件, and put the address into wecom.callback_url.
wecom-callback-silent = The callback address { $url } cannot be reached ({ $reason }). Check its name, certificate and proxy; some networks cannot reach their own public address from within: then try from another machine.
wecom-callback-bad = The callback address { $url } does not answer rightly (HTTP { $status }): it may lead to another program, redirect or rewrite, or wecom.token and wecom.aes_key differ from those of the running service.
wecom-callback-slow = The callback address { $url } answers rightly, but in { $millis } ms; WeCom waits a second when the address is saved. Check the proxy and the network.
