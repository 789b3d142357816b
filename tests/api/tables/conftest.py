"""The demo, and after it words that a spreadsheet takes for formulas, a fight and a retraction."""

import json
from collections.abc import Iterator

import pytest

from api.node import Node, open_node
from domain.events import ControlReported
from tests.command_line import CommandLine

MORE = """\
- {type: SourceRegistered, source: first, name: "+First", reliability: B}
- {type: SourceRegistered, source: second, name: Second, reliability: B}
- {type: ReportFiled, report: first-1, source: first, published: 2024-01-10, title: "-1+1"}
- {type: ReportFiled, report: second-1, source: second, published: 2024-02-10, title: "@SUM(A1)"}
- {type: LocationRegistered, location: formula, name: "=HYPERLINK(\\"x\\";\\"y\\")", kind: town}
- {type: ActorRegistered, actor: minus, name: "-2+3", kind: armed-group}
- {type: ActorRegistered, actor: number, name: "-23", kind: armed-group}
- type: ControlReported
  location: formula
  holders: [minus, number]
  occurred: 2024-01-09
  report: first-1
  credibility: 2
  summary: "=1+1\\nwith a second line, \\"quoted\\", and déjà vu كيدال"
- {type: LocationContested, location: formula, between: [fama, minus], occurred: 2024-02-01,
   report: second-1, credibility: 2}
- {type: ClashReported, location: formula, sides: [[fama, wagner], [minus]], occurred: 2024-02-02,
   report: second-1, credibility: 2, deaths: {low: 3, high: 5}, uncertain: wagner}
"""


@pytest.fixture(scope="session")
def mali(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    cli = CommandLine(tmp_path_factory.mktemp("tables"))
    assert cli.run("demo", "--no-serve").code == 0
    assert cli.run("record", cli.write("more.yaml", MORE)).code == 0
    with open_node(cli.settings) as node:
        said = node.ledger.of_type(ControlReported)
        event = next(each.statement.id for each in said if "formula" in str(each.event))
    retraction = {"event": event, "report": "second-1", "reason": 'It was "elsewhere"'}
    line = json.dumps({"type": "EventRetracted", **retraction})
    assert cli.run("record", cli.write("retraction.jsonl", line)).code == 0
    return cli


@pytest.fixture
def node(mali: CommandLine) -> Iterator[Node]:
    with open_node(mali.settings) as node:
        node.projector.catch_up()
        yield node
