"""Shocks: dated changes to an economy, laid over it; the original stays as it is.

When they may be dated is written in :mod:`counterplan.plan.dates`.
"""

from typing import Annotated, Literal

from pydantic import Field

from counterplan.plan.strict import Strict

Factor = Annotated[float, Field(ge=0, le=100)]
Names = Annotated[tuple[str, ...], Field(min_length=1)]


class Dated(Strict):
    """A shock holds from ``start`` to ``end``, both included; open ends hold for ever."""

    start: int | None = None
    end: int | None = None
    note: str = ""


class PriceShock(Dated):
    """World prices of products change by a factor."""

    kind: Literal["export_price", "import_price"]
    products: Names
    factor: Factor


class QuantityShock(Dated):
    """No more than a share of the observed trade on its trend can pass; 0 is a ban."""

    kind: Literal["export_limit", "import_limit"]
    products: Names
    share: Factor
    use: Literal["all", "investment", "other"] = "all"


class DebtShock(Strict):
    """Debt service beyond what was observed falls due, foreign currency by period."""

    kind: Literal["debt_service"]
    amounts: Annotated[dict[int, Annotated[float, Field(ge=0)]], Field(min_length=1)]
    note: str = ""


class CreditShock(Dated):
    """The credit that was observed comes only at a factor: 0 is a credit line lost."""

    kind: Literal["credit"]
    factor: Factor


class CapacityShock(Dated):
    """Only a share of the capacity of branches can be used: an outage, a lost supplier."""

    kind: Literal["capacity"]
    branches: Names
    share: Annotated[float, Field(ge=0, le=1)]


class OutageShock(Dated):
    """Only a share of the capacity of single producers can be used; their branches go on."""

    kind: Literal["outage"]
    producers: Names
    share: Annotated[float, Field(ge=0, le=1)]


class LabourShock(Dated):
    """The labour force changes by a factor."""

    kind: Literal["labour"]
    skills: Names
    factor: Factor


class ReserveShock(Strict):
    """A part of the reserves cannot be used any more."""

    kind: Literal["reserves"]
    lost: Annotated[float, Field(ge=0)]
    note: str = ""


Shock = Annotated[
    PriceShock
    | QuantityShock
    | DebtShock
    | CreditShock
    | CapacityShock
    | OutageShock
    | LabourShock
    | ReserveShock,
    Field(discriminator="kind"),
]
