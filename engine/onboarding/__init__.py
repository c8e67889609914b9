"""Taking on a merchant, from the application to the last day. Pure: registers and days are handed in."""
