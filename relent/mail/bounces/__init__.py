"""Mail that did not arrive: delivery reports, and what servers wrote before there were any."""
