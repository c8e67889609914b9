"""The rules of local ways to pay, as callers meet them."""
