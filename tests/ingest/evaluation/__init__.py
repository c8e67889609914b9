"""What the ingester is measured on: items as regulators publish them, labelled by hand, and the measures."""
