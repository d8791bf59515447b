"""Report formats: each module has `render(report, ...) -> str` and needs nothing but the model."""
