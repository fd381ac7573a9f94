"""The weekly summary: what was asked, what was answered, and how near the help was."""
