"""From fired rules to a verdict, one file a domain."""
