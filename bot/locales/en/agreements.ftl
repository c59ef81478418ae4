### Taking in agreements

cli-complete-agreements = --complete is not for agreements: where one ended early, write the day into the column “ended on”.
import-no-such-room = there is no room “{ $given }” on the roll
import-no-such-item = there is no item “{ $given }” in the catalogue
import-ends-before-start = the end lies on or after the start
import-ended-outside = the day it was ended lies between start and end
