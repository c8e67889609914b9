"""The law as stories: a payment, a day, a place, and what the shipped law says. Written to be read by an officer."""
