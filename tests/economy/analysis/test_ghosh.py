"""The supply-side model against textbooks and its duality with the quantity model."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from counterplan.economy.analysis import GhoshModel, LeontiefModel, arrays, total_forward
from counterplan.errors import InputError, LimitError
from tests.economy.analysis.conftest import GERMANY_BRANCHES, Accounts
from tests.economy.analysis.economies import Array, productive_coefficients


def test_the_textbook_output_inverse(two_sectors: Accounts) -> None:
    # Miller and Blair (2009), section 12.1: B, G and x' = v'G.
    model = GhoshModel.from_flows(two_sectors.flows, two_sectors.output)

    assert model.coefficients.tolist() == [[0.15, 0.50], [0.10, 0.05]]
    assert model.inverse().round(3).tolist() == [[1.254, 0.660], [0.132, 1.122]]
    assert model.output_supported([650.0, 1400.0]) == pytest.approx([1000.0, 2000.0])
    assert model.output_supported(np.eye(2)) == pytest.approx(model.inverse())


@pytest.mark.shared
def test_germany_1995_forward(germany: pd.DataFrame) -> None:
    # Eurostat manual (2008), pp. 505-508: the first column of the output inverse, and the
    # forward linkages 2.1126, 1.6691, 1.3558, 1.5848, 2.1037, 1.2106. The second is a misprint
    # for 1.6910: the manual's own inverse (table 15.10) and outputs, weighted, give 1.6910.
    branches = list(GERMANY_BRANCHES)
    model = GhoshModel.from_flows(
        germany.loc[branches, branches].to_numpy(float), germany.loc["output", branches].to_numpy()
    )

    first = model.inverse()[:, 0].round(4).tolist()
    assert first == [1.0339, 0.0118, 0.0037, 0.0103, 0.0117, 0.0043]
    forward = total_forward(model).round(4).tolist()
    assert forward == [2.1126, 1.6910, 1.3558, 1.5848, 2.1037, 1.2106]


@settings(max_examples=50, deadline=None)
@given(coefficients=productive_coefficients(), seed=st.integers(0, 2**32 - 1))
def test_ghosh_and_leontief_are_similar(coefficients: Array, seed: int) -> None:
    # B = x^-1 A x and G = x^-1 L x, so that v'G = x' whenever x = L y.
    demand = np.random.default_rng(seed).uniform(0.1, 5.0, len(coefficients))
    quantity = LeontiefModel(coefficients)
    output = quantity.output_required(demand)
    supply = GhoshModel.from_flows(coefficients * output, output)

    similar = quantity.inverse() * output / output[:, np.newaxis]
    assert supply.inverse() == pytest.approx(similar, rel=1e-8, abs=1e-10)
    value_added = output - (coefficients * output).sum(axis=0)
    assert supply.output_supported(value_added) == pytest.approx(output, rel=1e-8)
    assert supply.input_multipliers() == pytest.approx(similar.sum(axis=1), rel=1e-8)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(InputError, match="is not square"):
        GhoshModel(np.zeros((1, 2)))
    with pytest.raises(InputError, match="branch 'a' uses 2 units of its own product"):
        GhoshModel(np.diag([2.0, 0.0]), labels=("a", "b")).inverse()
    with pytest.raises(InputError, match="value added of branch number 1 is inf"):
        GhoshModel(np.zeros((2, 2))).output_supported([1.0, np.inf])
    assert GhoshModel(np.zeros((2, 2))).size == 2


def test_a_large_inverse_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "DENSE_BRANCHES_MAX", 2)

    with pytest.raises(LimitError, match="inverse of 3 branches is over the limit of 2"):
        GhoshModel(sparse.csr_array((3, 3))).inverse()
