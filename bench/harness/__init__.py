"""The bench: Voxanne, its limit, and what a reader would otherwise use, in one run on one database."""
