"""Money laundering law, told as stories and held against its table of facts."""
