import numpy as np
import pytest
from scipy.optimize import minimize

from counterplan.economy.derive.composition import (
    balanced,
    first_guess,
    recorded_product,
    recorded_profile,
)
from counterplan.economy.derive.evidence import Profile
from counterplan.errors import InputError

PROFILE = Profile(
    branches=("A01", "F"),
    products=("B", "C28", "F", "J62_J63", "M72"),
    weight=np.array([1.0, 1.0]),
    capital_output=np.array([3.0, 1.0]),
    share=np.array([[0.1, 0.3, 0.4, 0.1, 0.1], [0.0, 0.6, 0.4, 0.0, 0.0]]),
    depreciation=np.array([[0.05, 0.10, 0.02, 0.33, 0.16], [0.0, 0.15, 0.02, 0.0, 0.0]]),
)


def test_balancing_finds_the_nearest_matrix_in_information():
    guess = np.array([[2.0, 1.0, 4.0], [1.0, 3.0, 1.0]])
    rows, columns = np.array([10.0, 6.0]), np.array([5.0, 4.0, 7.0])
    found = balanced(guess, rows=rows, columns=columns)

    # RAS minimises sum m log(m / guess) under both sums: solved here by a general solver.
    def distance(flat):
        return float(np.sum(flat * np.log(flat / guess.ravel())) - flat.sum())

    sums = [
        {"type": "eq", "fun": lambda flat, i=i: flat.reshape(2, 3)[i].sum() - rows[i]}
        for i in range(2)
    ] + [
        {"type": "eq", "fun": lambda flat, j=j: flat.reshape(2, 3)[:, j].sum() - columns[j]}
        for j in range(2)  # the third follows from the others
    ]
    best = minimize(
        distance,
        np.full(6, 16 / 6),
        constraints=sums,
        bounds=[(1e-9, None)] * 6,
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert found.ravel() == pytest.approx(best.x, rel=1e-5)


def test_rows_are_exact_and_columns_nearly():
    random = np.random.default_rng(3)
    guess = random.uniform(0.01, 1, (40, 30))
    rows, columns = random.uniform(1, 9, 40), random.uniform(1, 9, 30)
    columns *= rows.sum() / columns.sum()
    found = balanced(guess, rows=rows, columns=columns)
    assert found.sum(axis=1) == pytest.approx(rows, rel=1e-15)
    assert found.sum(axis=0) == pytest.approx(columns, rel=1e-12)


def test_sums_that_differ_are_refused():
    with pytest.raises(InputError, match="rows sum to 3 and columns to 4"):
        balanced(np.ones((1, 2)), rows=np.array([3.0]), columns=np.array([2.0, 2.0]))


def test_zeros_that_leave_no_solution_are_refused():
    with pytest.raises(InputError, match="cannot both be met"):
        balanced(np.eye(2), rows=np.array([1.0, 3.0]), columns=np.array([3.0, 1.0]))


@pytest.mark.parametrize(
    ("asset", "found"), [("C28", "C28"), ("B", "F"), ("J58", "N"), ("C24", "C28"), ("M72", "")]
)
def test_an_asset_is_looked_for_where_the_country_records_it(asset: str, found: str):
    assert recorded_product(asset, frozenset({"F", "C28", "N"})) == found


def test_the_profile_is_seen_through_the_products_that_the_country_records():
    stock, loss = recorded_profile(
        PROFILE, codes=("C28", "F", "G46"), investment=np.array([30.0, 60.0, 10.0])
    )
    # B (wells) is recorded under F; software and research nowhere, so they are left out.
    assert stock == pytest.approx(np.array([[0.3, 0.6], [0.5, 0.4], [0.0, 0.0]]))
    assert loss[1, 0] == pytest.approx(0.1 * 0.05 + 0.4 * 0.02)


def test_products_without_assets_are_spread_evenly():
    investment = np.array([30.0, 60.0, 10.0])
    stock, loss = recorded_profile(PROFILE, codes=("C28", "F", "G46"), investment=investment)
    guess = first_guess(
        stock, loss, scale=np.ones(2), growth=0.01, investment=investment, mixing=1e-12
    )
    assert guess.sum(axis=0) == pytest.approx([1.0, 1.0])
    assert guess[2] == pytest.approx([0.1, 0.1])
    # Builders: machines flow at (0.15 + 0.01) 0.6, structures at (0.02 + 0.01) 0.4.
    assert guess[0, 1] == pytest.approx(0.9 * 0.096 / (0.096 + 0.012))


def test_mixing_keeps_every_observed_product_possible():
    investment = np.array([30.0, 60.0, 0.0])
    stock = np.array([[0.0, 0.6], [1.0, 0.4], [0.0, 0.0]])
    guess = first_guess(
        stock, 0.05 * stock, scale=np.ones(2), growth=0.0, investment=investment, mixing=0.1
    )
    assert np.all(guess[:2] > 0)
    assert np.all(guess[2] == 0)
    assert guess[0, 0] == pytest.approx(0.1 * 30 / 90)
