"""Every number that the derivation of an economy takes from outside the table."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from counterplan.economy.derive.evidence import Profile, capital_profile
from counterplan.economy.economy import Grade
from counterplan.errors import InputError


@dataclass(frozen=True)
class Wages:
    """Pay by branch and the number of people, which split labour into skills.

    Attributes
    ----------
    by_branch
        Average pay of each branch; only the ratios matter [any one unit].
    persons
        Everybody at work in the base period [thousand persons].
    skills
        Codes of the skills, lowest pay first.
    skill_names
        Their names.
    skill_pay
        Pay of each skill over the average of the whole. A third, one and three: wide enough
        to hold every branch's average between the lowest and the highest, and no more is
        claimed for it.
    source, licence
        Where ``by_branch`` and ``persons`` come from, and on what terms.
    """

    by_branch: Mapping[str, float]
    persons: float
    source: str
    licence: str = ""
    skills: tuple[str, ...] = ("low", "middle", "high")
    skill_names: tuple[str, ...] = (
        "Labour, low pay grade",
        "Labour, middle pay grade",
        "Labour, high pay grade",
    )
    skill_pay: tuple[float, ...] = (1 / 3, 1.0, 3.0)


@dataclass(frozen=True)
class Emission:
    """One emission or natural resource: what each branch gave off or used in the base period."""

    code: str
    unit: str
    by_branch: Mapping[str, float]
    source: str
    licence: str = ""


@dataclass(frozen=True)
class Assumptions:
    r"""What a table does not say. The defaults are stated conventions, not observations.

    Attributes
    ----------
    discount
        :math:`\rho`, per year, in the user cost :math:`(\rho + \delta_j) K_j`. The plan must
        use the same: :math:`\beta = 1 / (1 + \rho)`. Default: :math:`\beta = 0.96`, the usual
        choice of yearly models since Kydland and Prescott (1982).
    growth, labour_growth
        The balanced growth rate g and the part of it that comes from more people. Default
        0.015: a round figure below the world's growth of income per head.
    depreciation
        Average depreciation that sets the capital stock when none is stated. Default 0.040:
        about the middle of the Penn World Table's countries in 2014.
    capital_output
        Capital over gross domestic product where a source states it (Russia 2014: 3.5425,
        Penn World Table 9.1, rnna / rgdpna). None: GFCF / (depreciation + growth).
    capital_range
        Least and most capital over value added that a derived total may take. 2.2: below it
        rents take up values no branch table shows (trial runs on 43 tables); 5.0: above it the
        user cost would leave too little for labour where investment is exceptional (China).
    user_cost_share
        Most of a branch's value added that its user cost may take: the rest is labour. 0.8
        holds back dwellings, power and pipelines, as trial runs on 43 tables needed.
    least_value_added
        Value added over output that is reckoned where the table shows less (a branch at a
        loss), so that it still needs labour and capital. 0.005: a convention.
    mixing
        Share of the country's own average mix in each branch's first guess of what new
        capital is made of: keeps every observed product possible everywhere. 0.1.
    reserves
        Foreign reserves at the end of the base period [million USD].
    storage_loss
        Share of a stored good lost per year. 0.1: a convention; stocks themselves are not in
        the table and start at nothing.
    exports_bounded
        Codes of products of which the world takes no more than the observed volume on trend:
        wholesale trade, say, whose exports are the margins on exported goods. Default: none.
    profile
        Capital by branch as observed elsewhere.
    wages, emissions
        Where known; without wages there is one skill, counted in its own cost.
    notes
        Remarks that the economy carries with it.
    """

    discount: float = 1 / 0.96 - 1
    growth: float = 0.015
    labour_growth: float = 0.0
    depreciation: float = 0.040
    capital_output: float | None = None
    capital_source: str = "assumed: investment over depreciation plus growth"
    capital_range: tuple[float, float] = (2.2, 5.0)
    user_cost_share: float = 0.8
    least_value_added: float = 0.005
    mixing: float = 0.1
    reserves: float = 0.0
    reserves_source: str = "not given: none assumed"
    reserves_grade: Grade = Grade.ESTIMATED
    storage_loss: float = 0.1
    exports_bounded: tuple[str, ...] = ()
    profile: Profile = field(default_factory=capital_profile)
    wages: Wages | None = None
    emissions: tuple[Emission, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        positive = {
            "discount": self.discount,
            "depreciation": self.depreciation,
            "capital_output": 1.0 if self.capital_output is None else self.capital_output,
        }
        for name, value in positive.items():
            if not 0 < value < math.inf:
                raise InputError(f"{name} is {value}", place="assumptions", mend="give more than 0")
        if not -1 < self.growth < self.discount:
            raise InputError(
                f"growth of {self.growth} is not below the discount rate of {self.discount}",
                place="assumptions",
                mend="lower growth: otherwise the years after the plan count without end",
            )
        low, high = self.capital_range
        if not 0 < low <= high:
            raise InputError(
                f"capital_range is {low} to {high}", place="assumptions", mend="least first"
            )
        for name, value in {
            "user_cost_share": self.user_cost_share,
            "least_value_added": self.least_value_added,
            "mixing": self.mixing,
        }.items():
            if not 0 < value < 1:
                raise InputError(
                    f"{name} is {value}", place="assumptions", mend="give a share between 0 and 1"
                )
