"""Import and export where another model runs than the published one."""

from pathlib import Path
from zoneinfo import ZoneInfo

from moto import mock_aws

from shared.sheets.interpretation import Interpretation
from tests.integration.test_other_models import BY_SIX, SIX, filled, short
from tests.support.clients import dynamodb_client
from tests.support.portfolios import ZONE
from tests.support.service import NOW, in_memory
from tools.transfer.exporting import export
from tools.transfer.lines import files_of, read
from tools.transfer.stored import facts

WORLD = Interpretation.by(SIX, ZoneInfo(ZONE), NOW)


def test_survey_columns_of_the_model_are_imported(tmp_path: Path) -> None:
    rows = (
        "client,answered_at,survey_id,roadmap,governance,innovation_budget,joint_cases,source\n"
        'acme,2026-11-01T10:00:00Z,autumn,yes,quarterly,by_request,"Waterloket; Portaal; portaal",tests\n'
        "acme,2026-11-13T10:15:00Z,later,,monthly,,,tests\n"
    )
    (tmp_path / "surveys.csv").write_text(rows, encoding="utf-8")
    lines = list(read(tmp_path / "surveys.csv", "", WORLD))
    assert [line.faults for line in lines] == [(), ()]
    with mock_aws():
        service = in_memory(model=SIX)
        service.post([line.event for line in lines])
        service.settle()

        told = short(service)
    questions = ("roadmap", "governance", "innovation_budget", "joint_cases")
    assert {key: told[key] for key in questions} == {key: BY_SIX[key] for key in questions}


def test_what_is_exported_is_the_same_service_once_it_is_imported(tmp_path: Path) -> None:
    with mock_aws():
        service = filled(in_memory(model=SIX))
        before = service.get("/v1/clients/acme").json
        done = export(facts(dynamodb_client(), "FactsTable", []), tmp_path, WORLD.kinds)
    assert done.left_out == {}
    lines = [line for file in files_of(tmp_path) for line in read(file, "", WORLD)]
    assert [line.faults for line in lines if line.faults] == []
    with mock_aws():
        again = in_memory(model=SIX)
        again.post([line.event for line in lines])
        again.settle()

        after = again.get("/v1/clients/acme").json
    assert {**after, "version": None, "changed_at": None} == {**before, "version": None, "changed_at": None}
