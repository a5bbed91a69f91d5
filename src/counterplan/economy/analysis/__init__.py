"""Input-output analysis on plain arrays: factor once, then ask.

>>> from counterplan.economy.analysis import LeontiefModel, output_multipliers
>>> model = LeontiefModel.from_flows([[150, 500], [200, 100]], [1000, 2000])
>>> model.output_required([350, 1700]).round(6).tolist()
[1000.0, 2000.0]
>>> output_multipliers(model).round(3).tolist()
[1.518, 1.452]
"""

from counterplan.economy.analysis.coefficients import (
    allocation_coefficients,
    input_coefficients,
    intensities,
)
from counterplan.economy.analysis.footprints import (
    RegionalAccounts,
    footprints,
    footprints_by_origin,
    footprints_by_product,
    regional_accounts,
    summed_by,
)
from counterplan.economy.analysis.ghosh import GhoshModel
from counterplan.economy.analysis.labour_values import LabourValues, labour_layers, labour_values
from counterplan.economy.analysis.leontief import LeontiefModel
from counterplan.economy.analysis.linkages import (
    direct_backward,
    direct_forward,
    extraction,
    extraction_totals,
    normalised,
    purchases_extraction,
    sales_extraction,
    sensitivity,
    spread,
    total_backward,
    total_forward,
)
from counterplan.economy.analysis.make_use import (
    MakeUse,
    commodity_technology,
    commodity_technology_unchecked,
    fixed_sales_structure,
    industry_technology,
    negative_cells,
)
from counterplan.economy.analysis.multipliers import (
    Households,
    effect_ratios,
    multipliers,
    output_multipliers,
    type_two_multipliers,
)
from counterplan.economy.analysis.prices import (
    FixedPriceOutcome,
    cost_prices,
    prices_with_fixed,
    value_added_at,
)
from counterplan.economy.analysis.productivity import Circle, circles, spectral_radius_bounds

__all__ = [
    "Circle",
    "FixedPriceOutcome",
    "GhoshModel",
    "Households",
    "LabourValues",
    "LeontiefModel",
    "MakeUse",
    "RegionalAccounts",
    "allocation_coefficients",
    "circles",
    "commodity_technology",
    "commodity_technology_unchecked",
    "cost_prices",
    "direct_backward",
    "direct_forward",
    "effect_ratios",
    "extraction",
    "extraction_totals",
    "fixed_sales_structure",
    "footprints",
    "footprints_by_origin",
    "footprints_by_product",
    "industry_technology",
    "input_coefficients",
    "intensities",
    "labour_layers",
    "labour_values",
    "multipliers",
    "negative_cells",
    "normalised",
    "output_multipliers",
    "prices_with_fixed",
    "purchases_extraction",
    "regional_accounts",
    "sales_extraction",
    "sensitivity",
    "spectral_radius_bounds",
    "spread",
    "summed_by",
    "total_backward",
    "total_forward",
    "type_two_multipliers",
    "value_added_at",
]
