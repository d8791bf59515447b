"""Comparing code with what runs: pairs of resources, their differences, and what those mean beside the document.

Pure: resources, what the document states of them and facts about types come in as data, lines of the table go out.
"""
