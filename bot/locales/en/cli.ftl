### The command line: words for administrators

cli-help = Doorstep: the chat desk for home services. Owners book in chat, technicians work from cards, customer service steps in.
cli-help-run = Start the service. Without a real channel, it opens the demonstration page on this machine.
cli-help-import = Take in a sheet (CSV or XLSX): centres, residents, staff, days (of the roster), catalogue or agreements.
cli-help-invite = Make one-time codes for residents or staff.
cli-help-check = Check settings and data; say what is wrong and how to mend it.
cli-help-explain = Explain an order: what happened; when each deadline was set, by which clause, what became of it; how each promise was judged.
cli-help-number = The order's number
cli-help-config = The settings file; config.toml in the present folder by default
cli-help-host = Address of the demonstration page (this machine only)
cli-help-port = Port of the demonstration page
cli-help-kind = The kind of sheet
cli-help-file = The sheet
cli-help-centre = Code of the service centre; not needed where there is only one
cli-help-skip-bad = Leave bad lines out and take in the others
cli-help-complete = The sheet is complete: residents who are not on it have moved out, staff have left, items are no longer sold
cli-help-room = Room number: for its residents who are not bound yet
cli-help-name = Only this name (also if bound, to add an account)
cli-help-staff = Name of a member of staff
cli-help-all-owners = For every owner who is not bound yet
cli-help-days = Days for which the code is good
cli-help-bot = User name of the Telegram bot, for the links; asked of Telegram if not given

cli-no-such-order = There is no order { $number }.
cli-page = Demonstration page: { $url }
cli-already-running = Another process uses the data folder { $folder }; a second one cannot start.
cli-port-taken = The port cannot be opened ({ $reason }). Choose another, or stop the program that has it.
cli-no-database = The database cannot be opened: { $reason }. Please check database.url in the settings.
cli-complete-or-skip = --complete and --skip-bad do not go together: the lines left out would count as gone.
cli-complete-centres = --complete is not for centres; ask your maintainer to close one.
cli-one-of = Give exactly one of --room, --staff and --all-owners.
cli-which-centre = There are several centres ({ $codes }); say which with --centre.
cli-no-such-centre = There is no centre with the code { $code }.
cli-no-centre = There is no centre yet. First: doorstep import centres FILE
cli-nobody = Nobody was found; residents who are bound get no code unless --name names them.
cli-no-link = Telegram did not tell the bot's user name ({ $reason }), so there are codes without links.
cli-invites = Room or role{"\u0009"}Name{"\u0009"}Phone{"\u0009"}Code{"\u0009"}Link
cli-invites-valid = { $count ->
    [one] One code
   *[other] { $count } codes
}, good for { $days ->
    [one] one day
   *[other] { $days } days
}, each for one use.

setting-no-file = { $where }: there is no such file.
setting-not-toml = { $where }: this is not readable TOML: { $detail }
setting-unknown = { $where }: there is no setting { $key }.
setting-unknown-near = { $where }: there is no setting { $key }; did you mean { $detail }?
setting-missing = { $where }: { $key } is missing.
setting-wrong = { $where }: { $key } cannot be so: { $detail }
setting-see-example = All settings are in config.example.toml.

sheet-no-file = The file is not there, or cannot be opened: { $file }
sheet-empty = There is nothing in the file: { $file }
sheet-not-text = The file's encoding is not known: { $file }. Save it as CSV in UTF-8, or as XLSX.
sheet-not-csv = This is not a whole CSV file (a quotation mark without its pair?): { $file }
sheet-not-xlsx = This is not an XLSX file that can be opened: { $file }. Save an old XLS file as XLSX.

import-doing = Taking in { $file }
import-done = Taken in: { $added } added, { $changed } changed, { $unchanged } unchanged.
import-gone = Not on the sheet, and closed: { $gone }.
import-nothing = Nothing was taken in: { $count ->
    [one] there is one problem
   *[other] there are { $count } problems
}. Mend the sheet and try again, or add --skip-bad to leave the bad lines out.
import-nothing-columns = Nothing was taken in: something is wrong with the headings.
import-skipped = { $count ->
    [one] One problem; its line was
   *[other] { $count } problems; their lines were
} not taken in.
import-ignored = Columns that were not used: { $columns }
import-more = … and { $count } more
import-problem = Line { $line }, { $column }: { $reason }
import-problem-line = Line { $line }: { $reason }

import-no-column = this column is missing
import-column-twice = this column is there twice
import-bad-value = cannot be read
import-empty = must not be empty
import-too-long = too long, { $most } characters at most
import-not-a-choice = “{ $given }” is not known; write one of: { $choices }
import-bad-phone = “{ $given }” is not a telephone number
import-bad-room = “{ $given }” is not a room number
import-bad-date = “{ $given }” is not a date; write 2028-06-30
import-bad-shift = “{ $given }” is not a shift; write early, late, night, day, desk, all, or Mon-Fri 08:30-17:30
import-bad-zone = “{ $given }” is not a time zone; write Asia/Shanghai
import-bad-price = “{ $given }” is not a price; write yuan, with two decimals at most
import-bad-minutes = “{ $given }” is not a number of minutes
import-bad-centre-code = “{ $given }”: write 1 to 8 letters or digits
import-bad-item-code = “{ $given }”: write 1 to 16 letters, digits or dashes
import-bad-telegram = “{ $given }” is not the number of a Telegram account
import-tenant-needs-date = a tenant needs an end date, on which the binding ends
import-owner-has-no-date = an owner has no end date; clear it, or make them a tenant
import-quote-has-no-price = what is quoted on site has no price here
import-repeated = the same as line { $line }
import-account-taken = this account is { $name }’s already
import-no-such-centre = there is no centre with the code “{ $code }”
import-which-centre = there are several centres; add a column “centre”, or use --centre
import-bad-standard = cannot be so: { $reason }

check-good = Nothing is wrong.
check-bad = { $count ->
    [one] One thing needs
   *[other] { $count } things need
} your attention.
check-settings = The settings are good.
check-folder = The data folder { $folder } can be written to.
check-folder-bad = The data folder { $folder } cannot be written to ({ $reason }). Change its permissions, or data.folder.
check-database = The database is there, at schema { $version }.
check-database-new = The database is not there yet; the first start or import makes it.
check-database-older = The database is at schema { $version }; the next start brings it to { $newest }.
check-database-newer = The database is at schema { $version }, newer than this program. Please use the newer program.
check-database-bad = The database cannot be opened: { $reason }. Check database.url, and that the database is running.
check-telegram = Telegram takes the token: @{ $name }.
check-telegram-bad = Telegram did not take the token, or cannot be reached: { $reason }. Check telegram.token and the network.
check-sandbox = No real channel is set up: the start opens the demonstration page, with its data.
check-no-centres = There is no service centre yet. Do: doorstep import centres FILE
check-no-residents = { $centre }: there is no room roll, so no owner can be bound. Do: doorstep import residents FILE --centre { $centre }
check-no-staff = { $centre }: there is no roster. Do: doorstep import staff FILE --centre { $centre }
check-no-catalogue = { $centre }: there is no catalogue, so nothing can be booked. Do: doorstep import catalogue FILE --centre { $centre }
check-no-role = { $centre }: nobody is { $role }; their alerts go to the next one up. Add one to the roster.
check-no-skill = { $centre }: no technician can do { $items } ({ $skills }). Add the skill to the roster, or take the items out.
check-centre = { $centre }: { $residents } residents, { $staff } staff, { $items } items.
check-looser-company = The company’s settings are looser than the standard: { $names }
check-looser-centre = { $centre } is looser than the standard: { $names }
