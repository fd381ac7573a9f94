"""When people work: hours a week, closed days, and how many working minutes pass. Pure."""
