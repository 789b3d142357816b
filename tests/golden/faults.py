"""Faulty files: situation files, claims tables, a key and a ledger to be refused."""

FAULTS = {
    "not-a-database.db": "This is a text.\n" * 100,
    "broken.key": "PRIVATE+KEY+nothing\n",
    "unknown-place.yaml": "- {type: TownSeized, location: ostrell, by: army, occurred: 2023-09-01,"
    " report: gazette-1, credibility: 2}\n",
    "unknown-event.yaml": "- {type: TownTaken, location: ostrel}\n",
    "unknown-field.jsonl": '{"type": "SourceRegistered", "source": "a", "name": "A",'
    ' "reliability": "B", "colour": "red"}\n',
    "bad-date.yaml": "- {type: TownSeized, location: ostrel, by: army, occurred: last week,"
    " report: gazette-1, credibility: 2}\n",
    "bad-grade.yaml": "- {type: SourceRegistered, source: a, name: A, reliability: G}\n",
    "in-the-future.yaml": "- {type: ReportFiled, report: r, source: gazette, published: 2031-01-01,"
    " title: R}\n",
    "after-its-report.yaml": "- {type: TownSeized, location: ostrel, by: army,"
    " occurred: 2023-07-01, report: gazette-1, credibility: 2}\n",
    "registered-otherwise.yaml": "- {type: LocationRegistered, location: ostrel, name: Other,"
    " kind: town}\n",
    "broken.yaml": "- {type: [\n",
    "broken.jsonl": '{"type": \n',
    "empty.yaml": "",
    "situation.txt": "Ostrel fell.\n",
    "columns.csv": "place,holder\nostrel,army\n",
    "doubtful.csv": "location_id,name,lat,lon,known_at,as_of,controller,note,source_link\n"
    "ostrel,Ostrel,34.5,69.25,2023-09-20,,Army / League,,\n"
    "ostrel,Ostrel,134.5,69.25,2023-09-21,soon,Army,,\n",
}
"""Contents, by the names of the files."""
