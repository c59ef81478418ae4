"""The kernel: units of work, queues, deadlines, forms, and what they promise after a crash."""
