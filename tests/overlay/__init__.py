"""A house's own law upon what came with the software."""
