"""Owners, in WeChat, writing to a 微信客服 account: news pulled, messages counted."""
