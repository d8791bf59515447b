"""The report as one page for a browser, which needs nothing else and asks for nothing."""
