"""The rule language: parse, types, check, and the executors that must agree."""
