### The menu at the foot of the WeCom app (16 bytes a group, 40 an entry)

staff-menu-work = My work
staff-menu-desk = Desk
staff-menu-more = More
staff-menu-more-open = More settings
