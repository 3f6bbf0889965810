"""What comes in from elsewhere, read into plain values: no table, no clock, nothing written."""
