"""The faces, seen from outside."""
