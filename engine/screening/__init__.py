"""Names against lists: formats of lists, names, matching. Pure: streams, days and lists are handed in."""
