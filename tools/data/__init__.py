"""Where numbers come from: panels and their one as-of cut, files, databases, the demo data."""
