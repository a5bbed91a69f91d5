from dataclasses import replace

import pytest

from counterplan.economy.derive import Assumptions
from counterplan.errors import InputError


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"discount": 0.0}, "discount is 0.0"),
        ({"depreciation": -0.1}, "depreciation is -0.1"),
        ({"capital_output": 0.0}, "capital_output is 0.0"),
        ({"growth": 0.05}, "growth of 0.05 is not below the discount rate"),
        ({"user_cost_share": 1.0}, "user_cost_share is 1.0"),
        ({"mixing": 0.0}, "mixing is 0.0"),
        ({"capital_range": (5.0, 2.0)}, "capital_range is 5.0 to 2.0"),
    ],
)
def test_assumptions_that_make_no_sense_are_refused(change: dict[str, object], message: str):
    with pytest.raises(InputError, match=message):
        replace(Assumptions(), **change)
