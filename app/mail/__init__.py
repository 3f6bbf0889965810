"""Messages from values, and the ways they leave the house."""
