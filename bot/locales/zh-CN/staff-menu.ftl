### 企业微信应用底部的菜单（一组不超过 5 个字，一项不超过 13 个字）

staff-menu-work = 我的
staff-menu-desk = 工作台
staff-menu-more = 更多
staff-menu-more-open = 更多设置
