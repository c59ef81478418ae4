### After the work: satisfied or not, on time or not

do-rate-yes = Satisfied
do-rate-no = Dissatisfied
do-rate-ontime = On time
do-rate-late = Not on time
do-rate-why = Say why
do-rate-change = Change my rating
do-rate-keep = Leave it as it is

rate-ask = Order { $number }, { $title }, is finished. Are you satisfied?
rate-reminder = We have not heard from you about order { $number }, { $title }. Are you satisfied? We remind you only this once.
rate-change = Order { $number }: you said “{ $rating }”. Change it to:
rate-kept-satisfied = Order { $number }, { $title }: you are satisfied. Thank you.
rate-kept-dissatisfied =
    Order { $number }, { $title }: you are dissatisfied. We are sorry.
    Customer service and their supervisor know. Somebody will look into it and tell you the result.
rate-kept-reason = Reason: { $reason }
rate-kept-on-time = Timing: { $on-time }
rate-ask-on-time = Did they come on time?
rate-reason-kept = Noted, and passed on to whoever looks into it.
rate-thanks = All noted, thank you. You will be told the result.

rating-satisfied = satisfied
rating-dissatisfied = dissatisfied
rating-on-time = on time
rating-late = not on time
rating-opinion = other opinions
rating-not-asked = no chat account, not asked
rating-no-answer = no answer
rating-because-quality = skill or quality
rating-because-attitude = attitude
rating-because-late = late
rating-because-price = price
rating-because-hygiene = cleanliness
rating-because-other = something else

ask-dislike-reason = What was wrong? Tap one, or tell us in your own words.
ask-timely-on-time =
    Did they come on time?
    If you have opinions on the centre's other work, just type them here.
ask-timely-opinion = Please write your opinion on the centre's other work.
do-timely-opinion = Other opinions

no-already-rated = Order { $number }: you have said “{ $rating }” already.
no-rating-settled = Order { $number }: you said “{ $rating }”, and the time to change it is over. If there is more to say, please contact us.
no-rating-over = The rating of order { $number } is closed. If something was wrong, please contact us; we will deal with it all the same.
no-not-rated = Order { $number } is not rated yet. Please choose satisfied or dissatisfied first.
