"""What sort of place is a feature of GeoNames?

The feature codes are those of geonames.org/export/codes.html. The class decides, and codes
that say otherwise are listed.
"""

from domain.values import LocationKind

_TOWN, _BASE, _REGION = LocationKind.TOWN, LocationKind.BASE, LocationKind.REGION
_ROUTE, _SITE = LocationKind.ROUTE, LocationKind.SITE

BY_CLASS = {
    "A": _REGION,  # countries, states, regions
    "H": _SITE,  # streams, lakes
    "L": _REGION,  # parks, areas
    "P": _TOWN,  # cities, villages
    "R": _ROUTE,  # roads, railways
    "S": _SITE,  # spots, buildings, farms
    "T": _SITE,  # mountains, hills, rocks
    "U": _SITE,  # undersea
    "V": _REGION,  # forests, heaths
}
"""The kind of most features of a class."""

_LISTED = {
    (_BASE, "L"): "MILB NVB",
    (_BASE, "S"): "AIRB FT INSM PSTP",
    (_SITE, "L"): "CLG CST CTRB DEVH GASF INDS LCTY MNA MVA OAS OILF PRT RNGA SALT",
    (_SITE, "P"): "PPLH PPLQ PPLW",  # no longer there, left, or destroyed
    (_SITE, "R"): "RDJCT RJCT RYD",
    (_SITE, "V"): "GRVE OCH TREE VIN",
    (_REGION, "H"): "GULF OCN SEA",
    (_REGION, "T"): "DSRT ERG ISL ISLS MESA MTS PEN PLAT PLN RDGE UPLD",
    (_ROUTE, "H"): "CNLN",
    (_ROUTE, "S"): "TNL TNLRD TNLRR",
    (_ROUTE, "T"): "PASS",
}
BY_CODE = {
    (feature_class, code): kind
    for (kind, feature_class), codes in _LISTED.items()
    for code in codes.split()
}
"""The kind of a feature, where the class has another kind."""


def kind_of(feature_class: str, code: str) -> LocationKind:
    """The kind; a feature without a class is a site."""
    return BY_CODE.get((feature_class, code)) or BY_CLASS.get(feature_class, _SITE)
