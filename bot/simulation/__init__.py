"""A service centre on a virtual clock: people who behave, outages, and a proof of every promise.

The people press what they are shown, through the real services; the real sweep and the real
timetable go by the virtual clock, over a real database. At the end the proof recomputes with
arithmetic of its own what should have become of every promise, and compares it with the books.
"""
