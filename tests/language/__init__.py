"""The rule language, construct by construct."""
