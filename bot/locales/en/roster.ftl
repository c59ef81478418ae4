### The roster: who is on duty, and why somebody else was told

