### The sample of return visits, where it came to too few

sample-short = Too few return visits: { $where }, { $month }: { $required } households to visit, { $recorded } with a result ({ $households } served)
sample-short-drawn = { $count } households were drawn. Of these
sample-short-refused = · { $count } would not be asked
sample-short-silent = · { $count } did not answer
sample-short-not-made = · { $count } were not visited

figures-satisfied-hit = { $n }. ✅ { $number } { $title }, { $place }
    Visited { $at }; satisfied
figures-satisfied-miss = { $n }. ❌ { $number } { $title }, { $place }, { $who }
    Visited { $at }; not satisfied
figures-visited-hit = { $n }. ✅ { $number } { $title }, { $place }
    Visited { $at }, with a result
figures-visited-refused = { $n }. ❌ { $number } { $title }, { $place }
    Would not be asked, { $at }
figures-visited-silent = { $n }. ❌ { $number } { $title }, { $place }
    No answer until { $at }
figures-visited-not-made = { $n }. ❌ { $number } { $title }, { $place }
    Not visited until { $at }
figures-visited-waiting = { $n }. ▫️ { $number } { $title }, { $place }
    Drawn; no result yet
figures-visited-not-drawn = { $n }. ▫️ { $number } { $title }, { $place }
    Not drawn

cli-help-sample = The monthly sample of return visits
cli-help-sample-show = Where a sample comes from: seed, lists, draws, what came of each household; drawn again from the stored lists.
cli-no-sample = { $code } has no sample of { $month } yet.
cli-sample-seed = Seed { $seed }
cli-sample-running = The month is not drawn finally yet
cli-sample-asks = { $households } households served, at least { $percent }%: { $required } to visit
cli-sample-stands = { $drawn } drawn, { $recorded } with a result
cli-sample-draw = Draw { $n }  { $at }  { $what }: { $drawn } drawn from a list of { $listed }
cli-sample-weekly = weekly
cli-sample-final = final
cli-sample-column-draw = Draw
cli-sample-column-room = Room
cli-sample-column-stratum = Kinds of service
cli-sample-column-rank = Rank %
cli-sample-column-source = Source
cli-sample-column-state = State
cli-sample-column-replaces = In place of
cli-sample-kind-housekeeping = housekeeping
cli-sample-kind-repair = repair
cli-sample-source-sample = sample
cli-sample-source-replacement = replacement
cli-sample-state-drawn = drawn
cli-sample-state-asked = asked
cli-sample-state-task = for a person
cli-sample-state-evidence = lacks evidence
cli-sample-state-done = has a result
cli-sample-state-refused = refused
cli-sample-state-silent = silent
cli-sample-state-not-made = not visited
cli-sample-same = Recomputed from the stored lists: the same
cli-sample-differs = Recomputed from the stored lists: it differs
cli-sample-lacks = Draw { $n }: { $room } should be drawn and is not on record
cli-sample-beside = Draw { $n }: { $room } is on record and should not be drawn
cli-sample-households = Draw { $n }: the number of households on record is not that of the list
cli-sample-required = Draw { $n }: the number required on record is wrong
