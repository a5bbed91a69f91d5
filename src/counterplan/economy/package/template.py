"""The template: a small economy with every table, to be overwritten in a spreadsheet."""

import csv
from collections.abc import Iterator
from pathlib import Path

from counterplan.economy.economy import Grade
from counterplan.economy.package.columns import TableSchema
from counterplan.economy.package.descriptor import Descriptor, Resource, Statement
from counterplan.economy.package.folder import whole_folder
from counterplan.economy.package.reader import read_package
from counterplan.economy.package.schema import TABLES
from counterplan.economy.package.writer import write_manifest

# Two regions: a sawmill on the hill makes timber and chips, a joinery in the valley furniture.
# The base period balances to the last unit, so that the template passes every check. And it is
# steady: every technique costs what it makes at these prices, everybody works, and what wears out
# is replaced. (Timber in the valley is timber on the hill and the fuel of the road. By hand a piece
# costs 206 of timber, 171.3 of labour and 22.7 of benches; by machine 206, 9 of fuel, 85.7 of
# labour and 99.2 of machines.) So the first plan, in which nothing happens, stays where it is.
SHEETS: dict[str, str] = {
    "products": """\
product,name,unit,region,price
timber-hill,Timber on the hill,m3,hill,100
timber-valley,Timber in the valley,m3,valley,103
chips,Wood chips for heating,t,hill,20
furniture,Furniture,piece,,400
fuel,Fuel,t,,300
machines,Woodworking machines,piece,,7000
""",
    "producers": """\
producer,name,region,branch
sawmill,Sawmill,hill,forestry
joinery,Joinery,valley,manufacturing
""",
    "techniques": """\
technique,name,producer,activity
sawing,Sawing,sawmill,500
joining-by-hand,Joining by hand,joinery,50
joining-by-machine,Joining by machine,joinery,150
""",
    "outputs": """\
technique,product,quantity,unit
sawing,timber-hill,1,m3
sawing,chips,0.5,t
joining-by-hand,furniture,1,piece
joining-by-machine,furniture,1,piece
""",
    "inputs": """\
technique,product,quantity,unit
sawing,fuel,0.02,t
joining-by-hand,timber-valley,2,m3
joining-by-machine,timber-valley,2,m3
joining-by-machine,fuel,0.03,t
""",
    "emissions": """\
emission,unit
co2,t
""",
    "emission_rates": """\
technique,emission,quantity
sawing,co2,0.06
joining-by-machine,co2,0.09
""",
    "skills": """\
skill,name,unit,force
workers,Workers,person,20
joiners,Joiners,person,25
""",
    "labour": """\
technique,skill,quantity
sawing,workers,0.04
joining-by-hand,joiners,0.2
joining-by-machine,joiners,0.1
""",
    "capital": """\
capital,name,producer,asset,capacity,investment,depreciation,lag
saws,Saws,sawmill,machines,500,50,0.1,1
benches,Benches,joinery,machines,50,5,0.1,1
workshop,Machines of the workshop,joinery,machines,150,15,0.1,1
""",
    "capacity_needs": """\
technique,capital,quantity
sawing,saws,1
joining-by-hand,benches,1
joining-by-machine,workshop,1
""",
    "investment_goods": """\
capital,product,quantity,unit
saws,timber-hill,0.2,m3
benches,furniture,0.4,piece
workshop,machines,0.1,piece
""",
    "stocks": """\
product,initial,minimum,loss
timber-hill,50,50,0
fuel,5,5,0
""",
    "groups": """\
group,name
hill,Households on the hill
valley,Households in the valley
""",
    "consumption": """\
group,product,quantity
hill,chips,250
hill,furniture,40
valley,furniture,80
valley,fuel,6
""",
    "final_use": """\
product,collective,other
furniture,40,8
""",
    "trade": """\
product,exports,imports_other,imports_investment,export_price,import_price,export_limit
timber-hill,90,0,0,100,0,200
furniture,30,0,0,400,0,
fuel,0,24.5,0,0,300,
machines,0,0,1.5,0,7000,
""",
    "accounts": """\
item,amount,source,grade
reserves,5000,Bank statement of 31 December,observed
transfers,2150,,
debt_service,1000,,
new_credit,0,,
""",
    "projects": """\
project,name,capital,capacity,lag
second-saw,A second frame saw,saws,100,1
hall,A new hall,workshop,50,2
""",
    "project_costs": """\
project,offset,product,quantity
second-saw,0,timber-hill,25
hall,0,timber-valley,250
hall,1,furniture,30
""",
    "routes": """\
route,origin,destination,limit
road,timber-hill,timber-valley,600
""",
    "route_needs": """\
route,product,quantity
road,fuel,0.01
""",
}

README, SCENARIO = "README.md", "scenario.yaml"
PLAN = """\
# What to plan for. Lines that begin with # are remarks; take the # away to use what they say.
# All keys: docs/reference/scenario.md. To make the plan:
#   counterplan plan scenario.yaml --out plan

name: first-plan            # small letters, digits and hyphens
title: The first plan, in which nothing happens
economy: .                  # the folder with datapackage.json: this one

horizon:
  first: 2026               # the period after the one that the tables show, or that one
  periods: 5                # one more stands for all the years after

# What the plan is for. Left out, everything goes on as it was observed.
# mandate:
#   needs:
#     - {group: hill, product: chips, share: 1.0}     # at least what was consumed
#   groups:
#     valley: {growth: 0.01}                          # wants 1% more in each period
#   goals:
#     - {kind: investment, branches: [manufacturing], factor: 1.5, start: 2027}

# What happens, and the plan cannot decide. It is laid over the tables, which stay as they are.
# shocks:
#   - {kind: import_price, products: [fuel], factor: 1.5, start: 2027, note: dearer fuel}
#   - {kind: capacity, branches: [forestry], share: 0.9, start: 2027, end: 2027, note: a storm}
"""
DESCRIPTOR = Descriptor(
    name="my-economy",
    title="A sawmill and a joinery (an invented example: put your own figures here)",
    base_period=2025,
    period="year",
    currency="franc",
    foreign_currency="dollar",
    statement=Statement("invented for the template", Grade.ESTIMATED),
    resources=tuple(Resource(schema.name, f"{schema.name}.csv") for schema in TABLES),
)

INTRODUCTION = """\
# How to fill in this folder

This folder describes one economy in one base period (a year, say): what is made, from what,
with whose labour and which capacity, and what was consumed, invested and traded. Every table
is a file that a spreadsheet opens. The figures in it are invented and belong together: a
sawmill on a hill, a joinery in the valley.

1. Copy the folder and check that everything works: `counterplan check .`, and
   `counterplan plan scenario.yaml --out plan`. Nothing happens in `scenario.yaml`, and the
   figures are steady, so the plan stays where the economy is: consumption, output, investment
   and trade at 1.000 of their trend.
2. Replace the rows by your own, starting with products, producers, techniques, outputs and
   inputs. The other tables may stay away: delete the file *and* its entry in
   `datapackage.json`.
3. Save each sheet as "CSV UTF-8 (comma delimited)". Numbers have a decimal point, no
   thousands separators, no percent signs. An empty cell stands for what the table below says.
4. In `datapackage.json` write, under "counterplan", the base period, the currencies, and where
   your figures come from ("source") with their grade: observed, derived or estimated. Where a
   single row differs, write it into its columns `source` and `grade` (add the two columns to
   any table that has numbers).
5. Run `counterplan check .` again after each step. It names the file, the row and the mend,
   and says which balances of the base period do not close and by how much.

In the base period, for every product: what was made and imported equals what was used up,
invested, consumed and exported. If it does not, the check tells you where and how much.

"""


def write_template(path: Path | str) -> None:
    """Write a folder with every table, a scenario, and a README.md in plain words.

    Raises
    ------
    InputError
        Where something else stands in the folder already, or it cannot be written.
    """
    with whole_folder(Path(path)) as folder:
        headers = {}
        for name, text in SHEETS.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="\n")
            headers[name] = next(csv.reader([text.partition("\n")[0]]))
        write_manifest(folder, DESCRIPTOR, headers)
        (folder / README).write_text(template_readme(), encoding="utf-8", newline="\n")
        (folder / SCENARIO).write_text(PLAN, encoding="utf-8", newline="\n")
        read_package(folder)


def template_readme() -> str:
    """Return the README.md of the template, with every table and column."""
    return INTRODUCTION + "".join(line + "\n" for line in _reference())


def _reference() -> Iterator[str]:
    yield "## The tables"
    for schema in TABLES:
        yield ""
        yield f"### {schema.name}.csv ({'required' if schema.required else 'optional'})"
        yield schema.meaning
        yield ""
        yield from column_lines(schema)


def column_lines(schema: TableSchema) -> Iterator[str]:
    """Yield a Markdown table of a table's columns."""
    yield "| column | what | unit | if empty |"
    yield "|---|---|---|---|"
    for column in schema.columns:
        if column.required:
            empty = "not allowed"
        elif isinstance(column.default, str):
            empty = column.default or "allowed"
        else:
            empty = "no limit" if column.default == float("inf") else f"{column.default:g}"
        yield f"| {column.name} | {column.meaning} | {column.unit} | {empty} |"
