"""Pure rules: no clock, no input or output, no framework; `now` is an argument."""
