### 同时等着的许多提醒，合成一条

brief-many = 📋 { $count } 条提醒：
brief-open = 查看 { $number }
