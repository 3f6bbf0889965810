"""Read models: what one page needs, in a number of queries that does not grow with rows."""
