test-words = { $words }
