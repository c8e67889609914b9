"""How the residency packs were drafted: rows of the facts table to dated parameters, and the law that was written by hand."""
