"""A table as a file that a spreadsheet opens in columns, and takes no cell of for a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

_MARK = "\ufeff"
"""Says that a file is UTF-8: without it a spreadsheet guesses another alphabet."""
_SIGN = r"[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]"
_DANGEROUS = re.compile(rf"(^|[;,\t\r\n])(?={_SIGN})|^(?=[\t\r])")
"""Where a formula could begin (OWASP, "CSV Injection"): a program that separates by another sign
than this file does starts a cell in the middle of ours."""


def sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a file with `;` between its cells, as spreadsheets in Dutch expect.

    Cells are written as they are given: what people wrote goes through `safe` first.
    """
    out = StringIO()
    out.write(_MARK)
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def safe(text: str) -> str:
    """Return a text that no spreadsheet reads a formula in, wherever it cuts it."""
    return _DANGEROUS.sub(r"\1'", text)
