"""Columns: what stands in the tables of an experiment, with units."""

SHARE, COUNT, NONE = "share", "count", ""
MEASURED = {
    "loss": (
        SHARE,
        "loss of the mandate's value, of the observed baskets of all periods counted, those after "
        "the horizon included",
    ),
    "floor": (SHARE, "what lies unused, at the full-information plan's valuations, likewise"),
    "ceiling": (
        SHARE,
        "what liars would claim on the best course, at the misled plan's valuations",
    ),
    "consumption": (
        SHARE,
        "change of households' consumption in the planned periods, at base prices",
    ),
    "goods": (
        SHARE,
        "liars' surplus goods, of their output, at the valuations of the plan in force",
    ),
    "work": (SHARE, "liars' people who are not needed, of those assigned to them"),
    "room": (SHARE, "liars' idle capacity beyond what idles under full information, of their own"),
    "place": (SHARE, "change of the liars' place in their branch by stated inputs, 1 the most"),
    "activity": (SHARE, "change of the liars' activity at base prices"),
    "others": (SHARE, "change of the honest workplaces' activity at base prices"),
    "per_head": (
        SHARE,
        "surplus goods and unneeded work for each of the liars' people, of consumption per head",
    ),
    "lost_per_head": (SHARE, "households' consumption that each person loses"),
}
TRIED = {
    "kind": (NONE, "what is lied about"),
    "degree": (SHARE, "of the true need claimed on top, or of the capacity held back"),
    "draw": (NONE, "seed of the draw of the liars"),
    "liars": (COUNT, "workplaces that lie"),
    "share_of_output": (SHARE, "their output under full information, at its valuations"),
    "planned": (NONE, "whether a plan keeps the mandate on these reports"),
    "loss_at_most": (SHARE, "the loss as far as the certificates' gaps allow"),
    "goods_floor": (SHARE, "goods in the floor"),
    "work_floor": (SHARE, "work in the floor"),
    "plant_floor": (SHARE, "capacity in the floor"),
    "loss_of_reported_years": (SHARE, "the loss against the planned periods' baskets alone"),
    "gap": (
        SHARE,
        "of the certificate of the plan from the reports, of the planned periods' baskets",
    ),
}
FOUND = {
    "lie": (NONE, "what is lied about"),
    "ratio": (NONE, "what is stated per unit of output: work (people) or goods (base prices)"),
    "spread": (NONE, "of honest ratios: as split, or with productivity differences on top"),
    "years": (COUNT, "years of stocktaking, or on record"),
    "allowed": (SHARE, "of the honest that a normal distribution lets the threshold suspect"),
    "caught": (SHARE, "of the liars that are suspected"),
    "suspected": (SHARE, "of the honest that are suspected"),
    "predicted": (SHARE, "of the liars that a normal distribution says are suspected"),
    "chance": (SHARE, "of the liars, in closed form"),
}
EXTREMES = {"_least": "; least of the draws", "_most": "; most of the draws"}


def meaning(column: str) -> tuple[str, str]:
    """Return the unit and the meaning of a column of any table.

    Raises
    ------
    KeyError
        For a column that no table has.
    """
    known = {**MEASURED, **TRIED, **FOUND, "plans": (COUNT, "draws with a plan")}
    for ending, words in EXTREMES.items():
        bare = column.removesuffix(ending)
        if bare != column and bare in MEASURED:
            unit, text = MEASURED[bare]
            return unit, f"{text}{words}"
    return known[column]
