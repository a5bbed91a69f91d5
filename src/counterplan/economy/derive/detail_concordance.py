"""Which of the 402 commodities an asset is bought as, and whose capital an industry uses.

The Bureau of Economic Analysis counts capital by 96 assets and 63 industries and the flows of
2017 by 402 commodities and 402 industries, and prints no table from one to the other: this one
was made from the names. It decides only a first guess, which is balanced to observed investment
by commodity afterwards.
"""

from collections.abc import Mapping

#: Asset classes, each a capital item of the industries that hold any of it.
CLASSES: Mapping[str, str] = {
    "equipment": "Machinery, vehicles and other equipment",
    "structures": "Buildings and works, mines and wells",
    "intellectual": "Software, research and originals",
    "dwellings": "Dwellings",
}

#: Private industries have the codes of the stock table; these hold what it does not count.
HOUSING = "housing"
DEFENCE, FEDERAL, STATE_LOCAL = "federal defence", "federal other", "state and local"

#: Industries by who invests for them. Enterprises of a government invest with it.
OWNERS: Mapping[str, tuple[str, ...]] = {
    HOUSING: ("531HSO", "531HST"),
    DEFENCE: ("S00500",),
    FEDERAL: ("S00600", "491000", "S00101", "S00102"),
    STATE_LOCAL: ("GSLGE", "GSLGH", "GSLGO", "S00201", "S00202", "S00203"),
}

#: The stock table's industry of each private industry, by the start of its code.
STOCK_INDUSTRY: Mapping[str, str] = {
    **dict.fromkeys(("111", "112"), "110C"),
    **dict.fromkeys(("113", "114", "115"), "113F"),
    "211": "2110",
    "212": "2120",
    "213": "2130",
    "22": "2200",
    "23": "2300",
    **dict.fromkeys(("311", "312"), "311A"),
    **dict.fromkeys(("313", "314"), "313T"),
    **dict.fromkeys(("315", "316"), "315A"),
    **{f"3{k}": f"3{k}0" for k in (21, 22, 23, 24, 25, 26, 27, 31, 32, 33, 34, 35, 37)},
    **dict.fromkeys(("3361", "3362", "3363"), "336M"),
    **dict.fromkeys(("3364", "3365", "3366", "3369"), "336O"),
    "339": "338A",
    "42": "4200",
    **dict.fromkeys(("44", "45", "4B"), "44RT"),
    **{f"48{k}": f"48{k}0" for k in range(1, 7)},
    **dict.fromkeys(("48A", "492"), "487S"),
    "493": "4930",
    "511": "5110",
    "512": "5120",
    **dict.fromkeys(("515", "517"), "5130"),
    **dict.fromkeys(("518", "519"), "5140"),
    **dict.fromkeys(("522", "52A"), "5220"),
    "523": "5230",
    "524": "5240",
    "525": "5250",
    "531ORE": "5310",
    **dict.fromkeys(("532", "533"), "5320"),
    "5411": "5411",
    "5415": "5415",
    **dict.fromkeys(("5412", "5413", "5414", "5416", "5417", "5418", "5419"), "5412"),
    "550": "5500",
    "561": "5610",
    "562": "5620",
    "611": "6100",
    "621": "6210",
    "622": "622H",
    "623": "6230",
    "624": "6240",
    **dict.fromkeys(("711", "712"), "711A"),
    "713": "7130",
    "721": "7210",
    "722": "7220",
    **dict.fromkeys(("811", "812", "813"), "8100"),
}

#: The reserve banks stand with the other banks in the table of flows.
STOCK_MERGED: Mapping[str, str] = {"5210": "5220"}

_COMPUTERS = ("334111", "334112", "334118", "541512")
_OFFICES = ("2332A0",)
_HEALTH = ("233210",)
_POWER = ("233240",)
_WELLS = ("213111", "21311A")
_ROADS = ("2332C0",)
_OTHER_WORKS = ("2332D0",)
_CARRIED = ("336112", "336120", "336211", "336212", "423100", "441000")

#: The commodities that each asset is bought as; the rest of the commodities is spread evenly.
ASSET_PRODUCTS: Mapping[str, tuple[str, ...]] = {
    **{f"EP1{k}": _COMPUTERS for k in "ABCDEFGH"},
    "EP20": ("334210", "334220", "334290", "334300", "335920", "517110"),
    "EP34": ("339112", "339113", "339114"),
    "EP35": ("334510", "334517"),
    "EP36": ("334511", "334513", "334514", "334515", "334516", "33451A", "333314"),
    "EP31": ("333316",),
    "EP12": ("333318",),
    "EI11": ("325180",),
    "EI12": ("332200", "332310", "332320", "332420", "332430", "33291A", "332996", "332999"),
    "EI21": ("333611", "332410"),
    "EI22": ("333618",),
    "EI30": ("333511", "333514", "333517", "33351B"),
    "EI40": ("33329A", "333242"),
    "EI50": ("333912", "333914", "333920", "333991", "333993", "333994", "33399A", "333413"),
    "EI60": ("335311", "335313"),
    "ET11": ("336112", "423100", "441000"),
    "ET12": _CARRIED[1:],
    "ET20": ("336111", "423100", "441000"),
    "ET30": ("336411", "336412", "336414"),
    "ET40": ("336611", "336612"),
    "ET50": ("336500",),
    "EO11": ("337121", "337122"),
    "EO12": ("337127", "33712N", "337215", "33721A", "339950"),
    **dict.fromkeys(("EO21", "EO30"), ("333111", "333112")),
    **dict.fromkeys(("EO22", "EO40"), ("333120",)),
    "EO50": ("333130",),
    "EO60": ("333318", "333415"),
    "EO71": ("335210", "335220"),
    "EO72": ("335312", "335314", "335999", "335120"),
    "EO80": ("339920", "339990", "332500"),
    **dict.fromkeys(("SOO1", "SC01", "SC02", "SC03", "SC04", "SB41"), _OFFICES),
    **dict.fromkeys(("SOO2", "SB31", "SB32"), _HEALTH),
    "SOMO": ("3219A0",),
    "SI00": ("233230",),
    **dict.fromkeys(("SU20", "SU30", "SU40", "SU50", "SU60"), _POWER),
    **dict.fromkeys(("SM01", "SM02"), _WELLS),
    "SB20": ("233262",),
    **dict.fromkeys(("SB10", "SB42", "SN00", "SO01", "SO02", "SO03"), _OTHER_WORKS),
    **dict.fromkeys(("SB43", "SB44", "SB45", "SB46", "SU11", "SU12", "SO04"), _ROADS),
    "ENS1": ("511200",),
    **dict.fromkeys(("ENS2", "ENS3"), ("541511", "518200")),
    **dict.fromkeys(
        (
            *("RD11", "RD12", "RD21", "RD22", "RD23", "RD24", "RD25", "RD31", "RD32", "RDOM"),
            *("RD40", "RD50", "RD60", "RD70", "RD80", "RD91", "RD92"),
        ),
        ("541700",),
    ),
    "AE10": ("512100",),
    "AE20": ("515100", "515200"),
    "AE30": ("511130",),
    "AE40": ("512200",),
    "AE50": ("711100", "711500", "541920", "5111A0", "511120"),
}


def class_of_asset(asset: str) -> str:
    """Return the class of an asset of the stock table, by the first letters of its code."""
    if asset.startswith("S"):
        return "structures"
    return "intellectual" if asset.startswith(("ENS", "RD", "AE")) else "equipment"


def holder_of(industry: str) -> str:
    """Return whose capital an industry uses, '' where it is nobody's."""
    for owner, industries in OWNERS.items():
        if industry in industries:
            return owner
    for length in range(len(industry), 1, -1):
        if industry[:length] in STOCK_INDUSTRY:
            return STOCK_INDUSTRY[industry[:length]]
    return ""
