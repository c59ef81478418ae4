"""WeCom (企业微信): staff in the company's app, owners in 微信客服; nobody else speaks its API."""
