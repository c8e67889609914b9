"""The law of a place as people read it: sentences, values by their days, sources and doubts, under any release, on any day."""
