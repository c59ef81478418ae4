"""WeCom's HTTP API as a client sees it: requests, tokens, media, and what its codes mean."""
