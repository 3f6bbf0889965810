"""Fetching what others write: the only room that asks other people's servers, and never within a request (ADR 0083)."""
