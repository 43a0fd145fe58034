"""Door: the pages. They translate, read the clock, make one call, and answer."""
