"""Frozen data that travels between the parts. No behaviour beyond validation, no I/O."""
