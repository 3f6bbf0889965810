"""The messages: one function each, from values to a finished mail. The words stand in templates/emails/."""
