case-fact-visit-dissatisfied = { $at } return visit: the household is dissatisfied
no-visit-over = This return visit has its result already, or is over.
