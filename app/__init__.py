"""Sluice: criteria in, a researched, checked, evidenced lead list out."""

__version__ = "0.1.0"
