"""Importing: what was kept elsewhere comes into the archive, once, in one transaction, and mails nobody."""
