### The return visit in chat: satisfied or not, on time or not, and why not

do-questionnaire-opinion = Our other services
do-questionnaire-change = Change my answer
do-questionnaire-keep = Back

visit-about = Return visit: { $title } on { $at } ({ $number })
visit-about-who = Carried out by { $who }
visit-about-agreement = Return visit: the regular service of your agreement
visit-card-answered = This return visit has its answer. Thank you.
visit-card-over = This return visit is over; there is nothing left to answer.

questionnaire-ask = Were you satisfied with this service?
questionnaire-reminder = We have not heard from you yet: were you satisfied with this service? We remind you only this once.
questionnaire-satisfied = You were satisfied. Thank you.
questionnaire-dissatisfied = You were dissatisfied. We are sorry. Customer service and their supervisor know. Somebody will look into it and tell you the result.
questionnaire-ask-why = What was wrong? Tap one, or tell us in your own words.
questionnaire-invite = If you have opinions on our other services, you can tell us, too.
questionnaire-ask-opinion = Please type your opinion on our other services.
questionnaire-opinion-kept = Your opinion on our other services is noted.
questionnaire-change = You said “{ $answer }”. Change it to:

no-questionnaire-answered = Your household has answered this return visit already: “{ $answer }”.
no-questionnaire-taken = A colleague has noted your household's answer to this return visit: “{ $answer }”. If there is more to say, please contact us.
no-questionnaire-settled = Your household said “{ $answer }”, and the time to change it is over. If there is more to say, please contact us.
no-questionnaire-over = This questionnaire is over; there is nothing left to answer. If there is anything to say, please contact us.
no-questionnaire-not-answered = Please say first whether you were satisfied.

reminder-name-questionnaire = the reminder of a questionnaire

visit-why-no-chat = no chat account
visit-why-gone = their chat takes no messages any more
visit-why-closed = their WeCom window is closed
visit-why-spent = all messages of their WeCom window are used
visit-why-spoken-with = a colleague is talking with them in WeCom
visit-why-unreached = the questionnaire could not be delivered
visit-why-recent = asked not long ago
visit-why-late = too late for a questionnaire
visit-why-silent = no answer to the questionnaire and its reminder
