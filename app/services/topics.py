"""Topics: the subjects that the proposal form offers, kept by organizers."""
