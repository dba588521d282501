"""A page, parsed once and read by every extractor."""
