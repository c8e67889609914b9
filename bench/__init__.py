"""The benchmark: the same rules and payments through Lexgate and through other engines."""
