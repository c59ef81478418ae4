case-fact-visit-dissatisfied = { $at } 回访：住户不满意
no-visit-over = 这次回访已经有结果，或已经结束。
