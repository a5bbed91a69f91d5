"""Grades counted: how many figures of an economy were observed, derived or estimated."""

from counterplan.economy.economy import Economy, Grade
from counterplan.economy.package.rows import KEY_JOINT
from counterplan.economy.package.schema import TABLES
from counterplan.economy.package.sheets import sheets_of

UNSTATED = "without a grade"


def figures_by_grade(economy: Economy) -> dict[str, int]:
    """Return how many figures carry each grade, as its tables would hold them.

    Zeros and absent limits are not counted. Grades of which there are none are left out; figures
    that nobody speaks for come last, under :data:`UNSTATED`.
    """
    found = dict.fromkeys([*(grade.value for grade in Grade), UNSTATED], 0)
    sheets = sheets_of(economy)
    for schema in TABLES:
        sheet = sheets[schema.name]
        keys = zip(*(sheet[name] for name in schema.key), strict=True)
        labels = [KEY_JOINT.join(map(str, key)) for key in keys]
        for column in schema.figures:
            if column.name not in sheet:
                continue
            stated = economy.provenance.get(column.fills) or economy.provenance.get(
                column.fills.partition(".")[0]
            )
            for label, value in zip(labels, sheet[column.name], strict=True):
                if value in (0, float("inf")):
                    continue
                found[stated.of(label)[1].value if stated else UNSTATED] += 1
    return {grade: count for grade, count in found.items() if count}
