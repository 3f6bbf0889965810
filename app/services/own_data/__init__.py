"""People's own data: seen, downloaded, corrected and erased by themselves, and forgotten in time.

`SECTIONS` says what we hold about somebody, `ERASED` what becomes of it; a house test walks the tables and fails for a
personal column that either leaves out.
"""

from app.services.own_data.erased import ERASED
from app.services.own_data.gathering import SECTIONS, OwnData, gather
from app.services.own_data.holders import Holder, holder_of, holder_of_address, holder_of_number

__all__ = ["ERASED", "SECTIONS", "Holder", "OwnData", "gather", "holder_of", "holder_of_address", "holder_of_number"]
