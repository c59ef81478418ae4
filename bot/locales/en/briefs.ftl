### Many alerts that wait at once, as one message

brief-many = 📋 { $count } alerts:
brief-open = Open { $number }
