"""Values that every JSON reader reads exactly."""

import json
from decimal import Decimal

Cell = None | bool | int | float | str | list["Cell"] | dict[str, "Cell"]

_EXACT_INTEGERS = 2**53
_EXACT_DIGITS = 15


def cells(text: str) -> list[list[Cell]]:
    """Rows from JSON text. What a JSON number does not carry exactly everywhere is text, with the column's type beside.

    That is: NaN and the infinities, integers from 2^53 on (`series_id`), decimals that no double equals. DuckDB has
    written times, intervals and blobs as text already.
    """
    rows: list[list[Cell]] = json.loads(text, parse_int=_integer, parse_float=_number, parse_constant=str)
    return rows


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < 20 and abs(int(digits)) < _EXACT_INTEGERS else digits


def _number(digits: str) -> float | str:
    value = float(digits)
    is_exact = len(digits) <= _EXACT_DIGITS or Decimal(digits) == Decimal(repr(value))
    return value if is_exact else digits
