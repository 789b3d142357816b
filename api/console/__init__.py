"""The console: the page in a browser, which shows who held what at both times."""
