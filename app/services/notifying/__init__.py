"""Telling people: one function per mail. Each joins the caller's transaction and adds rows to the outbox."""
