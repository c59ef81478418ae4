### Mishaps: something soiled or damaged, somebody hurt

do-mishap-report = Report a mishap
do-desk-mishap = Report a mishap
do-mishap-confirm = Report it
do-mishap-photos = Add photos

mishap-soiling = soiling
mishap-damage = damage
mishap-injury = somebody hurt
mishap-loss-none = no loss
mishap-loss-small = loss up to ¥1000
mishap-loss-great = loss above ¥1000
mishap-loss-unknown = loss not known yet

ask-mishap-kind = { $number } { $title }: what has happened? If somebody is hurt, help first, and call 120 if need be.
ask-mishap-loss = How great is the loss, roughly?
ask-mishap-words = What exactly happened? Please say it in a sentence; you may send photos as well.
ask-mishap-photos = Please send photos, at most 6.
mishap-summary = Please confirm: { $number } { $title }, { $what }, { $loss }
    “{ $words }”
    Customer service and the supervisor are told at once, and the owner hears an apology.
mishap-reported = Reported: { $number }, nonconformity { $case }. Customer service and the supervisor know, and the owner has heard an apology.
mishap-pictures = Photos of the mishap at { $number } (nonconformity { $case })
owner-mishap = We are very sorry: during { $title } ({ $number }) something went wrong ({ $what }). It is on record; customer service will see to it at once and agree with you what is to be done.

case-fact-mishap = { $at }: { $who } reports { $what }, { $loss }.
case-fact-mishap-words = What happened: { $words }
case-source-soiling = soiling
case-source-damage = damage
history-mishap = { $at } { $who } reports a mishap
