"""Return visits (回访, §5.4): whom they are made to, how they are made, what is written down.

`record` is what one asks and answers, whoever makes it. `samples` draws the month's households,
`retracing` draws them again from what was kept; `questionnaires` asks in chat; `visiting` is visits
by people, `visitors` who may make them, `cards` what they see; `spot_checks` and `quarterly` are
visits beside the sample.
"""
