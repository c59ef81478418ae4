"""Return visits by a person: on site, by telephone, by intercom (§5.4.1)."""
