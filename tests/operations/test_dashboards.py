"""The dashboards' files are sound: what Grafana would refuse or show badly is found here."""

import re
from itertools import combinations

import pytest
import yaml

from tests.operations.dashboards import GRAFANA, NAMES, dashboard, panels, targets

SCHEMA = 41
"""Grafana 12.0's, which later ones (@grafana/schema 13.2 has 42) bring up to their own."""
COLUMNS = 24


def provisioned(kind):
    return yaml.safe_load((GRAFANA / f"provisioning/{kind}/p2p.yml").read_text("utf-8"))


@pytest.fixture(params=NAMES)
def board(request):
    return dashboard(request.param)


def sources(board):
    """Every data source that a dashboard names."""
    for panel in panels(board):
        yield panel["datasource"]
        yield from (target["datasource"] for target in panel["targets"])
    yield from (variable["datasource"] for variable in board["templating"]["list"])


def test_every_dashboard_is_tested():
    there = sorted(path.stem for path in (GRAFANA / "dashboards").glob("*.json"))
    assert there == sorted(NAMES)


def test_uids_and_titles_differ():
    boards = [dashboard(name) for name in NAMES]
    for key in ("uid", "title"):
        assert len({board[key] for board in boards}) == len(boards)


def test_ids_are_unique_and_titles_too(board):
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)
    titles = [panel["title"] for panel in board["panels"]]
    assert len(set(titles)) == len(titles)


def test_it_is_of_the_right_schema_and_belongs_to_its_file(board):
    assert board["schemaVersion"] == SCHEMA
    assert board.get("id") is None
    assert board["editable"] is False
    assert board["timezone"] == "utc"


def covered(panel):
    """The cells of the grid below a panel."""
    at = panel["gridPos"]
    return {
        (x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])
    }


def test_no_panel_covers_another_and_none_leaves_the_grid(board):
    for panel in board["panels"]:
        assert 0 <= panel["gridPos"]["x"] < panel["gridPos"]["x"] + panel["gridPos"]["w"] <= COLUMNS
    for one, other in combinations(board["panels"], 2):
        assert not covered(one) & covered(other), (one["title"], other["title"])


def test_no_line_of_the_grid_has_a_gap(board):
    cells = set().union(*map(covered, board["panels"]))
    lines = {y for _, y in cells}
    assert lines == set(range(max(lines) + 1))
    assert len(cells) == COLUMNS * len(lines)


def test_every_panel_says_what_it_is_of_and_in_what_unit(board):
    for panel in panels(board):
        assert panel["title"]
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        refs = [target["refId"] for target in panel["targets"]]
        assert len(set(refs)) == len(refs) > 0


def test_every_stat_has_colours_for_good_and_bad():
    for panel in panels(dashboard("operations")):
        if panel["type"] == "stat" and panel["options"]["colorMode"] == "background":
            steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
            assert steps[0]["value"] is None
            assert {"green"} < {step["color"] for step in steps}, panel["title"]
            values = [step["value"] for step in steps[1:]]
            assert values == sorted(values)


def test_it_asks_the_provisioned_sources(board):
    there = {(each["type"], each["uid"]) for each in provisioned("datasources")["datasources"]}
    assert {(each["type"], each["uid"]) for each in sources(board)} <= there


def test_secrets_are_taken_from_the_environment():
    for source in provisioned("datasources")["datasources"]:
        given = [source["url"], *source.get("secureJsonData", {}).values()]
        assert all(re.fullmatch(r"\$GRAFANA_[A-Z_]+", each) for each in given), source["name"]
        assert source["editable"] is False


def test_the_dashboards_cannot_be_changed_beside_their_files():
    (provider,) = provisioned("dashboards")["providers"]
    assert provider["allowUiUpdates"] is False


def test_every_variable_that_is_used_is_there(board):
    names = {variable["name"] for variable in board["templating"]["list"]}
    asked = [target.get("expr") or target["rawSql"] for _, target in targets(board)]
    used = set(re.findall(r"\$\{?([a-z]\w*)", " ".join([*asked, *map(str, board["panels"])])))
    assert used == names


def test_every_metric_has_the_right_job():
    for panel, target in targets(dashboard("operations")):
        selectors = re.findall(r"p2p_\w+(\{[^}]*\})?", target["expr"])
        assert all('job="$job"' in each for each in selectors), panel["title"]
