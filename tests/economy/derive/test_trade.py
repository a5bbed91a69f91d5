from dataclasses import replace

import numpy as np
import pytest

from counterplan.economy.derive.flows import column_gaps, flows_of
from counterplan.economy.derive.trade import final_use, foreign_flow
from counterplan.economy.tables.axes import FinalKind
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError


def test_final_use_is_told_apart(small: Table):
    use = final_use(flows_of(small))
    assert use.households == pytest.approx([60.0, 85.0, 0.0])
    assert use.collective == pytest.approx([0.0, 35.0, 0.0])  # nonprofit and government
    assert use.investment == pytest.approx([0.0, 50.0, 8.0])
    assert use.exports == pytest.approx([15.0, 10.0, 0.0])
    assert use.other == pytest.approx([-5.0, 0.0, 1.0])
    assert use.imports_investment == pytest.approx([0.0, 0.0, 8.0])
    assert use.imports_other == pytest.approx([0.0, 0.0, 4.0])


def test_negative_cells_become_exogenous(small: Table):
    final = small.domestic_final.copy()
    final[0, 3] = -3.0  # farms sell off breeding stock ...
    final[0, 0] = 63.0  # ... to households
    use = final_use(flows_of(replace(small, domestic_final=final)))
    assert use.investment[0] == 0.0
    assert use.other[0] == pytest.approx(-5.0 - 3.0)


def test_negative_imported_cells_become_exogenous_too(small: Table):
    final = small.imported_final.copy()
    final[2, 0], final[2, 3] = 10.0, -2.0  # used machines, imported before, go to households
    use = final_use(flows_of(replace(small, imported_final=final)))
    assert use.imports_investment[2] == use.investment[2] == 0.0
    assert use.imports_other[2] == pytest.approx(3.0 + 10.0 - 2.0 + 1.0)
    assert use.other[2] == pytest.approx(1.0 - 2.0)


def test_imports_that_an_inventory_turns_negative_are_refused(small: Table):
    final = small.imported_final.copy()
    final[2, 4] = -5.0
    with pytest.raises(InputError, match="imports of 'C28' for other uses"):
        final_use(flows_of(replace(small, imported_final=final)))


def test_the_foreign_flow_adds_up(small: Table):
    flows = flows_of(small)
    flow = foreign_flow(flows, final_use(flows))
    assert flow.surplus == pytest.approx(25.0 - 12.0)
    assert (flow.margins, flow.travel) == (0.0, 4.0)
    assert flow.margins + flow.travel + flow.rest == pytest.approx(flow.surplus)


def test_columns_that_miss_their_output_are_named(small: Table):
    assert column_gaps(flows_of(small), least=0.5) == ()
    assert column_gaps(
        flows_of(replace(small, output=np.array([100.0, 203.0, 0.0]))), least=0.5
    ) == (("F", 3.0),)


def test_gross_domestic_product_counts_taxes_on_products(small: Table):
    assert flows_of(small).gross_domestic_product() == pytest.approx(242.0 + 12.0)


def test_a_branch_that_makes_two_products_is_refused(small: Table):
    make = small.make.copy()
    make[0, 1] = 1.0
    with pytest.raises(InputError, match="makes the product of another"):
        flows_of(replace(small, make=make))


def test_final_demand_of_no_known_kind_is_refused(small: Table):
    kinds = (*small.final.kinds[:5], FinalKind.ADJUSTMENT)
    with pytest.raises(InputError, match="final demand 'EXP' is none of"):
        flows_of(replace(small, final=replace(small.final, kinds=kinds)))
