"""One file per noun: the views behind the pages."""
