"""The names of places and actors in the sentences compared by tests."""

from domain.values import ActorId, LocationId, LocationKind

_ACTORS = {
    "fama": "FAMa",
    "wagner": "Wagner",
    "csp": "CSP",
    "jnim": "JNIM",
    "minusma": "MINUSMA",
    "mali": "Mali",
    "france": "France",
    "russia": "Russia",
}
_PLACES = {"kidal": "Kidal", "gao": "Gao", "mali": "Mali"}


class Called:
    """The names of a few places and actors of the north of Mali."""

    def actor(self, actor: ActorId) -> str:
        return _ACTORS[actor]

    def location(self, location: LocationId) -> str:
        return _PLACES[location]

    def kind(self, location: LocationId) -> LocationKind:
        return LocationKind.REGION if location == "mali" else LocationKind.TOWN
