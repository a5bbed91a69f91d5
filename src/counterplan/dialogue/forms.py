"""The forms of offers and proposals: which keys there are, and what stands in them."""

from typing import Annotated, Any, Literal

from pydantic import Field

from counterplan.plan.strict import Strict

OFFER, PROPOSAL = "counterplan-offer/1", "counterplan-proposal/1"
ENTRIES_MAX = 100_000
#: List of a form -> what its entries are about, and the kinds of lines that stand in each.
LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "products": ("product", ("made", "used", "built")),
    "skills": ("skill", ("work",)),
    "emissions": ("emission", ("emitted",)),
    "capital": ("capital", ("room", "handed")),
}

Path = Annotated[dict[str, float], Field(description="a number for each period of the offer")]
Code = Annotated[str, Field(min_length=1, max_length=200)]


class Entry(Strict):
    """Lines about one product, skill, emission or capital item."""

    name: str | None = Field(default=None, description="what it is called; not read")
    unit: str | None = Field(default=None, description="refused where it is not that of the offer")


class ProductEntry(Entry):
    """Lines about one product."""

    product: Code
    made: Path | None = None
    used: Path | None = None
    built: Path | None = Field(default=None, description="what goes into new capacity")


class SkillEntry(Entry):
    """Lines about one skill."""

    skill: Code
    work: Path | None = None


class EmissionEntry(Entry):
    """Lines about one emission or natural resource."""

    emission: Code
    emitted: Path | None = None


class CapitalEntry(Entry):
    """Lines about capital that others use too, or that projects enlarge."""

    capital: Code
    room: Path | None = Field(default=None, description="offered to others, less taken of theirs")
    handed: Path | None = Field(default=None, description="counted on from projects")


Number = Annotated[int, Field(ge=0, le=10_000_000)]


class Form(Strict):
    """What offers and proposals have in common."""

    offer: Number = Field(description="number of the offer")
    producer: Code
    products: Annotated[tuple[ProductEntry, ...], Field(max_length=ENTRIES_MAX)] = ()
    skills: Annotated[tuple[SkillEntry, ...], Field(max_length=ENTRIES_MAX)] = ()
    emissions: Annotated[tuple[EmissionEntry, ...], Field(max_length=ENTRIES_MAX)] = ()
    capital: Annotated[tuple[CapitalEntry, ...], Field(max_length=ENTRIES_MAX)] = ()


class ProposalForm(Form):
    """A producer's answer to an offer: quantities in the units of the offer."""

    form: Literal["counterplan-proposal/1"]
    own_cost: Path = Field(
        description="what changing output and investment costs, base-period money"
    )
    bound: float | None = Field(
        default=None,
        description="proved most that any proposal of the producer is worth at this offer",
    )


class OfferForm(Form):
    """An offer to one producer: what one more unit is worth, base-period money of the period."""

    form: Literal["counterplan-offer/1"]
    branch: str
    region: str
    currency: str
    own_costs: float = Field(description="weight of the own cost; 0 asks what is possible")
    weights: Path
    foreign_currency: str
    foreign_valuation: Path


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schemas of both forms by their names."""
    return {OFFER: OfferForm.model_json_schema(), PROPOSAL: ProposalForm.model_json_schema()}
