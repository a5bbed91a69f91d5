"""Constraint families: how one is declared, and the list of all of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from counterplan.economy.economy import Codes
from counterplan.errors import CounterplanError
from counterplan.plan.linear import Block, Expression, Rows, of_block
from counterplan.plan.outlook import Outlook
from counterplan.plan.periods import Periods

RowMaker = Callable[[Outlook, "Variables"], Rows]
BlockMaker = Callable[[Outlook], Block]


@dataclass(frozen=True)
class Family:
    """One rule of the economy.

    Attributes
    ----------
    name
        The name of its function, module, page and test.
    rows
        Its equation.
    dual
        What one more unit on its right-hand side is worth, in words and units.
    unit
        Of its rows.
    variables
        The variables it brings in.
    """

    name: str
    rows: RowMaker
    dual: str
    unit: str
    variables: tuple[BlockMaker, ...]


class Variables:
    """The plan's variables by name, each as an expression: ``plan.activity``."""

    def __init__(self, blocks: Iterable[Block], periods: Periods) -> None:
        self.periods = periods
        self.blocks: dict[str, Block] = {}
        for block in blocks:
            if block.name in self.blocks:
                raise CounterplanError(f"two families bring in a variable named '{block.name}'")
            self.blocks[block.name] = block
        self._expressions = {name: of_block(b, periods) for name, b in self.blocks.items()}

    def __getattr__(self, name: str) -> Expression:
        try:
            return self.__dict__["_expressions"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(f"no variable named '{name}' in the plan") from None

    def items(self, name: str) -> Codes:
        """Return the item labels of a variable."""
        return self.blocks[name].items


REGISTRY: dict[str, Family] = {}


def family(
    *, dual: str, unit: str, variables: tuple[BlockMaker, ...] = ()
) -> Callable[[RowMaker], Family]:
    """Declare a constraint family that is part of every plan."""

    def declare(rows: RowMaker) -> Family:
        made = own_family(rows, dual=dual, unit=unit, variables=variables)
        if made.name in REGISTRY:
            raise CounterplanError(f"two constraint families are named '{made.name}'")
        REGISTRY[made.name] = made
        return made

    return declare


def own_family(
    rows: RowMaker, *, dual: str, unit: str, variables: tuple[BlockMaker, ...] = ()
) -> Family:
    """Make a family of one's own, to be passed to :func:`counterplan.plan.make_plan`."""
    name = str(getattr(rows, "__name__", "rule"))
    return Family(name=name, rows=rows, dual=dual, unit=unit, variables=variables)
