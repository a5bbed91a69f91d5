"""From flows to coefficients, and the degenerate branches of real tables."""

import numpy as np
import pytest
from scipy import sparse

from counterplan.economy.analysis import (
    allocation_coefficients,
    input_coefficients,
    intensities,
)
from counterplan.errors import InputError
from tests.economy.analysis.conftest import Accounts


def test_the_textbook_coefficients(two_sectors: Accounts) -> None:
    # Miller and Blair (2009), sections 2.3 and 12.1.
    inputs = input_coefficients(two_sectors.flows, two_sectors.output)
    shares = allocation_coefficients(two_sectors.flows, two_sectors.output)
    value_added = intensities(two_sectors.value_added, two_sectors.output)

    assert inputs.tolist() == [[0.15, 0.25], [0.20, 0.05]]
    assert shares.tolist() == [[0.15, 0.50], [0.10, 0.05]]
    assert value_added.tolist() == [0.65, 0.70]


def test_sparse_flows_give_sparse_coefficients(two_sectors: Accounts) -> None:
    flows = sparse.coo_array(two_sectors.flows)

    inputs = input_coefficients(flows, two_sectors.output)
    shares = allocation_coefficients(flows, two_sectors.output)

    assert sparse.issparse(inputs)
    assert sparse.issparse(shares)
    assert inputs.toarray().tolist() == [[0.15, 0.25], [0.20, 0.05]]
    assert shares.toarray().tolist() == [[0.15, 0.50], [0.10, 0.05]]


@pytest.mark.parametrize("form", [np.array, sparse.csr_array])
def test_a_branch_with_nothing_at_all_is_a_branch_with_zeros(form: type) -> None:
    flows = form(np.array([[1.0, 0.0], [0.0, 0.0]]))

    for matrix in (input_coefficients(flows, [4.0, 0.0]), allocation_coefficients(flows, [4.0, 0])):
        dense = matrix.toarray() if sparse.issparse(matrix) else matrix
        assert dense.tolist() == [[0.25, 0.0], [0.0, 0.0]]
    assert intensities([[2.0, 0.0], [1.0, 0.0]], [4.0, 0.0]).tolist() == [[0.5, 0.0], [0.25, 0.0]]


def test_a_product_without_a_branch_may_be_used() -> None:
    # Imported only: a row of uses, an empty column, no output.
    flows = np.array([[0.0, 3.0], [0.0, 1.0]])

    assert input_coefficients(flows, [0.0, 4.0]).tolist() == [[0.0, 0.75], [0.0, 0.25]]


def test_flows_without_output_are_refused() -> None:
    flows = np.array([[1.0, 2.0], [0.0, 3.0]])
    labels = ("coal", "steel")

    with pytest.raises(InputError) as caught:
        input_coefficients(flows, [4.0, 0.0], labels=labels, place="flows.csv")
    assert str(caught.value).startswith(
        "flows.csv: branch 'steel' has inputs of 5 but no output; give its output"
    )
    with pytest.raises(InputError, match=r"'coal' has sales of 3 but no output \(and 1 more\)"):
        allocation_coefficients(flows, [0.0, 0.0], labels=labels)
    with pytest.raises(InputError, match="branch 'steel' has 7 but no output"):
        intensities([[1.0, 7.0]], [4.0, 0.0], labels=labels)


def test_a_negative_output_is_refused() -> None:
    with pytest.raises(InputError, match="output of branch 'steel' is -2"):
        input_coefficients(np.eye(2), [4.0, -2.0], labels=("coal", "steel"))
    with pytest.raises(InputError, match=r"output has shape \(3,\), and there are 2 branches"):
        input_coefficients(np.eye(2), [4.0, 2.0, 1.0])
