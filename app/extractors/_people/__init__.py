"""What app/extractors/people.py is made of. Page -> outline -> mentions -> cards -> people."""
