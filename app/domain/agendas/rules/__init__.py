"""The rules of lint, one module for each thing that they look at."""
