"""`python -m api`: the same as `lexgate`, for a checkout that is not installed."""

from api.cli import main

main()
