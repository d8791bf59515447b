"""Results kept between runs, and what proves that they still hold: everything that the run could have seen."""
