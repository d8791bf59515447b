"""The traceability matrix for people and spreadsheets."""
