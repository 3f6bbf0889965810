"""The community's Markdown agendas: read tolerantly, with the place of each value, and judged by rules (ADR 0084)."""
