"""Where a firm is: addresses in the ways of many countries, towns, countries, numbering plans."""
