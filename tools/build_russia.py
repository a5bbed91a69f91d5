"""Write the packaged example russia-2014 from the tables beside the project.

Run from the repository: ``python tools/build_russia.py ../shared``.
"""

import sys
from pathlib import Path

from counterplan.economy.derive.rounding import rounded
from counterplan.economy.derive.russia import DISCOUNT, russia_2014
from counterplan.economy.economy import Economy
from counterplan.economy.package import write_package

TARGET = Path(__file__).parent.parent / "src" / "counterplan" / "examples" / "russia-2014"


def packaged_economy(shared: Path) -> Economy:
    """Return Russia 2014 as it is packaged: five significant digits, identities exact."""
    return rounded(russia_2014(shared), discount=DISCOUNT)


if __name__ == "__main__":
    write_package(packaged_economy(Path(sys.argv[1])), TARGET)
    sys.stdout.write(f"wrote {TARGET}\n")
