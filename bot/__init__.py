"""Everything that talks: channels, conversations, words, and the relay that delivers them."""
