"""Importing: what was kept elsewhere is planned, applied and, if need be, undone as one step. Nobody is mailed."""

IMPORT_WAITS = "touchpoints.import-waits"
"""Set in `session.info` when a worker has an import to go on with: the commit rings the bell."""
