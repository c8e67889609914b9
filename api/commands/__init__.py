"""The commands of `lexgate`, one module a noun."""
