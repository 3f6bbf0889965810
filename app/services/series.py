"""Series as organizers keep them: the form, cadence rules, exceptions, the agenda template, the join link."""
