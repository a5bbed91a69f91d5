"""Joint production against the textbook, its axioms, and its negatives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.economy.analysis import (
    LeontiefModel,
    MakeUse,
    commodity_technology,
    commodity_technology_unchecked,
    fixed_sales_structure,
    industry_technology,
    negative_cells,
)
from counterplan.errors import InputError


@pytest.fixture
def textbook() -> MakeUse:
    """Miller and Blair (2009), section 5.3: two products, two branches, one by-product."""
    return MakeUse(
        make=np.array([[90.0, 0.0], [10.0, 100.0]]), use=np.array([[12.0, 8.0], [10.0, 7.0]])
    )


def test_the_textbook_coefficients(textbook: MakeUse) -> None:
    # B = U g^-1, D = V q^-1; BD by hand: 12/90 * 0.9 + 8/110 * 0.1 and so on.
    assert textbook.product_output.tolist() == [100.0, 100.0]
    assert textbook.inputs_per_output == pytest.approx(
        np.array([[12 / 90, 8 / 110], [10 / 90, 7 / 110]])
    )
    assert textbook.market_shares.tolist() == [[0.9, 0.0], [0.1, 1.0]]
    industry = industry_technology(textbook)
    assert industry.round(4).tolist() == [[0.1273, 0.0727], [0.1064, 0.0636]]
    assert industry[0, 0] == pytest.approx(0.12 + 0.8 / 110)
    # U (V^T)^-1 with V^T = [[90, 10], [0, 100]] by hand.
    commodity = commodity_technology(textbook)
    assert commodity.round(4).tolist() == [[0.1333, 0.0667], [0.1111, 0.0589]]
    assert commodity[1] == pytest.approx([10 / 90, (7 - 10 * 10 / 90) / 100])
    by_branch = fixed_sales_structure(textbook)
    assert by_branch == pytest.approx(
        np.array([[0.12, 7.2 / 110], [1.2 / 90 + 10 / 90, 0.8 / 110 + 7 / 110]])
    )


def test_both_technologies_reproduce_the_observed_output(textbook: MakeUse) -> None:
    # Miller and Blair: final demand 80 and 83, product output 100 and 100, branches 90 and 110.
    demand = [80.0, 83.0]

    for coefficients in (industry_technology(textbook), commodity_technology(textbook)):
        assert LeontiefModel(coefficients).output_required(demand) == pytest.approx([100.0, 100.0])
    wanted = textbook.market_shares @ demand
    branches = LeontiefModel(fixed_sales_structure(textbook)).output_required(wanted)
    assert branches == pytest.approx([90.0, 110.0])


@settings(max_examples=50, deadline=None)
@given(size=st.integers(1, 8), seed=st.integers(0, 2**32 - 1))
def test_commodity_technology_recovers_the_recipes(size: int, seed: int) -> None:
    # Where products really are made in one way each, U = A V^T, and A must come back.
    generator = np.random.default_rng(seed)
    recipes = generator.uniform(0.0, 1.0, (size, size)) * (generator.random((size, size)) < 0.7)
    units = np.exp(generator.uniform(-9.0, 9.0, size))
    recipes = recipes * units / units[:, np.newaxis]
    make = (generator.uniform(0.0, 0.2 / size, (size, size)) + np.eye(size)) / units
    tables = MakeUse(make=make, use=recipes @ make.T)

    found = commodity_technology_unchecked(tables)

    in_value = found * units[:, np.newaxis] / units
    assert in_value == pytest.approx(recipes * units[:, np.newaxis] / units, abs=1e-9)


def test_without_by_products_all_agree() -> None:
    use = np.array([[12.0, 8.0], [10.0, 7.0]])
    tables = MakeUse(make=np.diag([90.0, 110.0]), use=use)

    expected = pytest.approx(use / [90.0, 110.0])
    assert industry_technology(tables) == expected
    assert commodity_technology(tables) == expected
    assert fixed_sales_structure(tables) == expected


def test_negative_coefficients_are_reported_with_their_place() -> None:
    # The dairy makes 10 of cheese's product with its own inputs; the by-product needs 0.5 of milk
    # by the cheesemaker's recipe, more milk than the dairy takes in.
    tables = MakeUse(
        make=np.array([[90.0, 10.0], [0.0, 100.0]]),
        use=np.array([[2.0, 50.0], [20.0, 5.0]]),
        products=("milk", "cheese"),
        branches=("dairy", "cheesemaker"),
    )

    with pytest.raises(InputError) as caught:
        commodity_technology(tables)

    message = str(caught.value)
    assert "makes 1 coefficients negative ('milk' in 'milk': -0.0333333)" in message
    assert "use the industry technology" in caught.value.mend
    unchecked = commodity_technology_unchecked(tables)
    assert unchecked[0, 0] == pytest.approx((2 - 0.5 * 10) / 90)
    assert negative_cells(unchecked) == ((0, 0, unchecked[0, 0]),)
    assert (industry_technology(tables) >= 0.0).all()


def test_negative_cells_come_largest_first_and_without_rounding() -> None:
    cells = negative_cells([[1.0, -0.2], [-1e-15, -0.5]])

    assert [(row, column) for row, column, _ in cells] == [(1, 1), (0, 1)]
    assert negative_cells(np.empty((0, 0))) == ()


def test_more_products_than_branches() -> None:
    # One branch makes both products: the industry technology gives both the same recipe.
    tables = MakeUse(make=[[60.0, 40.0]], use=[[10.0], [20.0]])

    assert industry_technology(tables) == pytest.approx(np.array([[0.1, 0.1], [0.2, 0.2]]))
    with pytest.raises(InputError, match="there are 1 branches and 2 products"):
        commodity_technology(tables)


def test_a_product_that_is_only_imported() -> None:
    tables = MakeUse(make=[[50.0, 0.0]], use=[[10.0], [5.0]], products=("bread", "coffee"))

    assert industry_technology(tables).tolist() == [[0.2, 0.0], [0.1, 0.0]]
    with pytest.raises(InputError, match="product 'coffee' is used, and no branch makes it"):
        fixed_sales_structure(tables)


def test_branch_output_in_other_units() -> None:
    # Make in tonnes, use in money: the output in money has to be given.
    tables = MakeUse(make=[[2.0]], use=[[30.0]], branch_output=[100.0])

    assert tables.inputs_per_output.tolist() == [[0.3]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"use": [[1.0]]}, r"shape \(2, 2\) and a use table of shape \(1, 1\)"),
        ({"make": [[1.0, -2.0], [0.0, 1.0]]}, "make table: row 'x', column 'b' is -2"),
        ({"use": [[1.0, 1.0], [np.nan, 1.0]]}, "use table: row 'b', column 'x' is nan"),
        ({"make": [[0.0, 0.0], [0.0, 1.0]]}, "branch 'x' has inputs but makes nothing"),
        ({"branch_output": [1.0]}, "1 branch outputs for 2 branches"),
        ({"products": ("a",)}, "1 labels for 2 branches"),
    ],
)
def test_tables_that_cannot_be_are_refused(change: dict[str, object], message: str) -> None:
    tables = {
        "make": [[1.0, 0.0], [0.0, 1.0]],
        "use": [[0.1, 0.1], [0.1, 0.1]],
        "products": ("a", "b"),
        "branches": ("x", "y"),
    }

    with pytest.raises(InputError, match=message):
        MakeUse(**{**tables, **change})


def test_branches_that_make_the_same_mix_cannot_be_told_apart() -> None:
    tables = MakeUse(make=[[1.0, 1.0], [2.0, 2.0]], use=[[0.1, 0.2], [0.3, 0.4]])

    with pytest.raises(InputError, match="products in the same proportions"):
        commodity_technology(tables)
