"""The mandate: what the councils ask of the plan.

Every number has a default that stands for "as observed"; where the numbers come from and how
much they matter is written in ``docs/plan/sensitivity.md``.
"""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from counterplan.plan.strict import Strict

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, le=1e6)]
Cost = Annotated[float, Field(ge=0, le=100)]


class Bands(Strict):
    """A rising cost: the first ``widths[0]`` of the reference costs ``costs[0]``, and so on.

    Widths are shares of the reference quantity, costs shares of its price; ``beyond`` is the
    cost of anything after the last band.
    """

    widths: tuple[Positive, ...]
    costs: tuple[Cost, ...]
    beyond: Cost

    @model_validator(mode="after")
    def each_band_has_a_cost_and_costs_rise(self) -> Self:
        """Refuse bands that a plan would not fill in their order."""
        if len(self.widths) != len(self.costs):
            raise PydanticCustomError(
                "bands",
                "{widths} widths and {costs} costs are given; every band needs one of each",
                {"widths": len(self.widths), "costs": len(self.costs)},
            )
        if any(low > high for low, high in pairwise((*self.costs, self.beyond))):
            raise PydanticCustomError(
                "bands", "the costs fall from one band to the next; write them rising"
            )
        return self


class Group(Strict):
    """What is asked for one consumption group."""

    weight: Positive = Field(1.0, description="weight of its satisfaction")
    growth: Annotated[float, Field(gt=-0.5, lt=0.5)] = Field(
        0.0, description="growth of its basket per period, above the trend"
    )


class Need(Strict):
    """A floor under consumption, as a share of the observed basket on its trend."""

    group: str = Field("*", description="consumption group, or * for all households")
    product: str = Field("*", description="product, or * for all")
    share: Annotated[float, Field(ge=0, le=3)]


class InvestmentGoal(Strict):
    """Investment in branches is at least ``factor`` times what was observed, on trend."""

    kind: Literal["investment"]
    branches: Annotated[tuple[str, ...], Field(min_length=1)]
    factor: Annotated[float, Field(ge=0, le=20)]
    start: int | None = None
    end: int | None = None


class SelfRelianceGoal(Strict):
    """Imports of a product are at most ``share`` of its domestic use."""

    kind: Literal["self_reliance"]
    product: str
    share: Share
    start: int | None = None
    end: int | None = None


class EmissionGoal(Strict):
    """Emissions, or the use of a natural resource, are at most ``factor`` times the observed."""

    kind: Literal["emission"]
    emission: str
    factor: Annotated[float, Field(ge=0, le=20)]
    start: int | None = None
    end: int | None = None


Goal = Annotated[InvestmentGoal | SelfRelianceGoal | EmissionGoal, Field(discriminator="kind")]


class Quota(Strict):
    """A firm assignment: what a producer makes, uses or employs, for a time that ends."""

    producer: Annotated[str, Field(min_length=1, max_length=200)]
    line: Literal["made", "used", "work"] = Field(
        "made", description="made or used: of a product; work: of a skill"
    )
    item: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        description="code of the product or skill"
    )
    least: Annotated[float, Field(ge=0)] | None = Field(
        None, description="at least so much per period, in the unit of the product or skill"
    )
    most: Annotated[float, Field(ge=0)] | None = Field(
        None, description="at most so much per period"
    )
    start: int | None = Field(None, description="first period; the plan's first when left out")
    end: int = Field(description="last period; a quota ends within the plan")
    reason: Annotated[str, Field(max_length=200)] = ""


class Satisfaction(Strict):
    """How the benefit of consumption falls as the basket fills."""

    sigma: Annotated[float, Field(gt=0.05, le=5)] = Field(
        0.5, description="elasticity of substitution of the isoelastic benefit"
    )
    kink: Annotated[float, Field(ge=0, le=0.5)] = Field(
        0.075, description="fall of the marginal benefit at the observed basket"
    )
    segment: Annotated[float, Field(ge=0.005, le=0.1)] = Field(
        0.03, description="width of the linear pieces near the observed basket"
    )


class Rules(Strict):
    """What moving things costs: the plan's answer to the corners of a bare linear programme."""

    imports: Bands = Bands(
        widths=(0.02, 0.03, 0.05, 0.10, 0.15), costs=(0.05, 0.10, 0.20, 0.35, 0.80), beyond=0.8
    )
    exports: Bands = Bands(
        widths=(0.02, 0.03, 0.05, 0.08), costs=(0.05, 0.15, 0.35, 0.80), beyond=1.6
    )
    output: Bands = Bands(
        widths=(0.02, 0.03, 0.04, 0.05), costs=(0.02, 0.08, 0.20, 0.50), beyond=2.0
    )
    investment: Bands = Bands(
        widths=(0.07, 0.08, 0.15, 0.20), costs=(0.03, 0.08, 0.18, 0.35), beyond=0.8
    )
    width_growth: Annotated[float, Field(ge=0, le=2)] = Field(
        0.7, description="trade bands widen with (years since the base) to this power"
    )


class LabourRules(Strict):
    """Hours, overtime and how fast people move between branches."""

    hours: dict[int, Positive] = Field(
        default_factory=dict, description="hours per person against the observed, from a period on"
    )
    overtime_share: Share = Field(0.0, description="most overtime, share of the force")
    overtime_cost: Cost = Field(0.5, description="extra cost, share of the labour's value")
    moving_share: Share = Field(
        0.05, description="most people who change branch in a period, share of the force"
    )
    moving_cost: Cost = Field(0.1, description="retraining, share of a period's labour value")


class ForeignRules(Strict):
    """Reserves, credit and the trade surplus."""

    reserves_floor: Annotated[float, Field(ge=0)] | None = Field(
        None, description="least reserves; the observed reserves when left out"
    )
    surplus: Share = Field(
        1.0, description="share of the observed net outflow (transfers) that goes on"
    )
    credit: dict[int, Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict, description="most new credit by period, foreign currency"
    )
    interest: Annotated[float, Field(ge=0, le=0.5)] = Field(
        0.05, description="interest per period on new credit"
    )
    debt_limit: Annotated[float, Field(ge=0)] = Field(
        0.0, description="most new foreign debt outstanding"
    )


class Mandate(Strict):
    """What the plan is for, with the rules it must keep."""

    discount: Annotated[float, Field(gt=0.5, lt=1)] = Field(
        0.96, description="weight of the next period against this one (beta)"
    )
    worst_year: Annotated[float, Field(ge=0, le=100)] = Field(
        0.0, description="extra weight, in base baskets, on the satisfaction of the worst year"
    )
    groups: dict[str, Group] = Field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    collective_floor: Annotated[float, Field(ge=0, le=3)] = Field(
        1.0, description="floor of collective consumption, share of the observed on trend"
    )
    satisfaction: Satisfaction = Satisfaction()
    goals: tuple[Goal, ...] = ()
    quotas: tuple[Quota, ...] = ()
    labour: LabourRules = LabourRules()
    foreign: ForeignRules = ForeignRules()
    rules: Rules = Rules()
