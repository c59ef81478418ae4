### The simulated centre: its figures and its proof

cli-help-simulate = Let a simulated centre live through many days in minutes, outages included, and prove every promise of it.
cli-help-seed = The seed: the same one gives the same result
cli-help-sim-days = Days to simulate
cli-help-sim-rooms = Rooms of the centre
cli-help-sim-staff = Members of staff
cli-help-sim-database = An empty database, sqlite:///PATH or postgresql://…; a temporary file by default
cli-help-sim-json = Print the report as JSON

sim-not-empty = The database holds a centre already; a simulation begins with an empty one.
sim-no-such-database = Write the database as sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME.
sim-doing = Simulating { $days } days
sim-head = { $days } days, { $rooms } rooms, { $staff } staff, seed { $seed }
sim-orders = Orders: { $count }, of them { $finished } finished, { $cancelled } cancelled
sim-kind = · { $kind }: { $count }
sim-kind-housekeeping = housekeeping
sim-kind-repair = repair
sim-kind-other = other
sim-kind-emergency = emergency
sim-emergencies = Emergencies on site within the limit: { $met }/{ $of }
sim-minor = Minor repairs done within 24 hours, or the later time the owner chose: { $met }/{ $of }
sim-punctual = Punctual arrivals: { $met }/{ $of }
sim-majors = Large problems answered within 72 hours: { $met }/{ $of }
sim-staff = Jobs declined: { $refusals }; offers lapsed: { $lapsed }; handed over: { $handed }
sim-held = Held for parts or for the owner: { $holds } times, of them { $wanted } by the owner's own wish; joined to an earlier report: { $merged }
sim-reworks = Not mended, and done again: { $count } times
sim-escalations = Escalated to somebody: { $count }
sim-count = · { $name }: { $count }
sim-cases = Cases: { $count }
sim-outages = Outages: { $count }, { $minutes } minutes in all; late because of them: { $late } deadlines, { $longest } minutes at most
sim-presses = Presses: { $count }, of them { $refused } refused by the rules
sim-proof = { $promises } promises: { $met } met, { $missed } missed and escalated, { $waived } waived, { $none } ended before they were due, { $open } still open, { $unexplained } unexplained
sim-stages = { $count } stages of ladders fell due on an unmet promise; every one was checked
sim-nothing-wrong = Nothing is wrong.
sim-wrong = { $count ->
    [one] One thing is
   *[other] { $count } things are
} wrong:
sim-more-wrong = … and { $count } more
sim-speed = { $orders } simulated orders a second; { $seconds } seconds

sim-fault-verdict = { $number }: { $what } should be { $expected } and is { $found }
sim-fault-length = { $number }: { $what } was missed by { $expected } s, the books say { $found } s
sim-fault-case = { $number }: a case ({ $what }) is demanded ({ $expected }); found: { $found }
sim-fault-not-fired = { $number }: { $what }, due { $expected }, never took effect ({ $found })
sim-fault-fired-twice = { $number }: { $what } took effect { $found } times, not { $expected }
sim-fault-fired-late = { $number }: { $what } should take effect at { $expected } and did at { $found }
sim-fault-not-told = { $number }: { $what } should speak once at { $expected } and did { $found } times
sim-fault-told-twice = { $number }: { $what } spoke { $found } times and took effect { $expected } times
sim-fault-no-owner = { $number } ({ $what }): nobody has its next step{ $expected }{ $found }
sim-fault-two-hands = { $number }: { $what }: in the hands of { $expected } and of { $found }
sim-fault-overdue = { $number }: { $what }, due { $expected }, still waits at { $found }
sim-fault-message-twice = { $number }: the same message twice: { $what }{ $expected }{ $found }
sim-fault-unknown-order = { $number }: nobody asked for this { $what }{ $expected }{ $found }
