"""Staff, in the company's own app: cards, the app's menu, and letters kept till dealt with."""
