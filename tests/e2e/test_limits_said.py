"""What personas rest on too little, whom they leave out and who says otherwise stands in every output."""

import csv
import html
import io
import json
import re

import pytest
from serving import Serving

from persona_sdk import PersonaClient

SAID = (
    "I trust the departure times on the app when I go to work.",
    "I do not trust the departure times on the app when I go to work.",
    "The departure times on the app are what I read before I go to work.",
    "I pay for the ticket with my bank card at the machine.",
    "My bank card is refused by the ticket machine every other week.",
    "I want the ticket machine to take my bank card.",
    "Fine.",
)
STUDY = "participant,What goes wrong when you travel?\n" + "".join(
    f'P{n:02},"{words}"\n' for n, words in enumerate(SAID, 1)
)
FEW = "5 participants stand behind"
LEFT_OUT = re.compile(r"P07")
OTHERWISE = SAID[0]


@pytest.fixture
def run(tmp_path, installed):
    """A run folder, and what the command showed."""
    (tmp_path / "study.csv").write_text(STUDY)
    done = installed("generate", "study.csv", "-n", "2", "--out", "run")
    assert done.returncode == 0, done.stderr
    return tmp_path / "run", done.stdout + done.stderr


def plain(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def says_them(text: str) -> None:
    """The three of them."""
    assert FEW in text
    assert LEFT_OUT.search(text)
    assert OTHERWISE in text


def test_every_output_says_them(run, installed, tmp_path):
    """The terminal, the pages, the document, and what is made of a run later."""
    folder, shown = run
    shown = " ".join(shown.split())
    assert f"Fewer than {FEW}" in shown
    assert "Represented by none of them: P07." in shown
    assert re.search(r"Behind [\w ]+, others say otherwise to headline, pain_points\[0\]", shown)
    says_them((folder / "personas.md").read_text())
    says_them(plain((folder / "report.html").read_text()))
    says_them((folder / "personas.json").read_text())
    for form in ("html", "md"):
        says_them(plain(installed("report", "run", "-f", form, "-o", "-").stdout))


def test_a_table_says_who_says_otherwise(run, installed):
    """Rows are claims with their quotes, for and against; what is of the whole set is told beside it."""
    done = installed("report", "run", "-f", "csv", "-o", "-")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [each["quote"] for each in rows if each["stance"] == "against"] == [OTHERWISE] * 2
    assert FEW in done.stderr


def test_measuring_says_them_too(run, installed):
    """Whoever reads a score reads what the personas rest on."""
    assert FEW in installed("score", "run").stderr
    assert FEW in installed("verify", "run").stderr


def test_documents_for_programs_say_them(run, installed, tmp_path):
    """Scores and evidence in every form, and a table beside it."""
    for arguments in (("score", "run", "-o", "json"), ("verify", "run", "--json")):
        warnings = json.loads(installed(*arguments).stdout)["warnings"]
        told = {each["code"]: each["message"] for each in warnings}
        assert FEW in told["few_participants"]
        assert LEFT_OUT.search(told["unrepresented"])
    for form in ("markdown", "junit"):
        said = installed("score", "run", "-o", form).stdout
        assert FEW in said
        assert LEFT_OUT.search(said)
    said = installed("report", "run", "-f", "csv", "-o", "-").stderr
    assert FEW in said
    assert LEFT_OUT.search(said)


def test_a_script_says_on_how_few_it_stands(run, installed):
    """On the terminal and where the form has a place for it; also of personas that say nothing of it themselves."""
    folder, _ = run
    done = installed("script", "generate", "run#persona-001", "-f", "tavern_v2")
    assert FEW in done.stderr
    card = json.loads(done.stdout)["data"]
    assert FEW in card["creator_notes"]
    assert card["extensions"]["persona"]["participants"] < 5
    bare = {"personas": json.loads((folder / "personas.json").read_text())["personas"]}
    (folder.parent / "bare.json").write_text(json.dumps(bare))
    done = installed("score", "bare.json", "-o", "json")
    assert FEW in json.loads(done.stdout)["warnings"][0]["message"]


def test_a_server_and_the_client_say_them(tmp_path):
    """In the job's result, and where a notebook shows it."""
    with Serving(tmp_path / "server") as server, PersonaClient(base_url=server.url) as client:
        made = client.generate([("study.csv", STUDY.encode())], count=2)
        with server.client() as asked:
            says_them(json.dumps(asked.get("generate").json()["data"][0] | _result(asked)))
            sources = [{"name": "study.csv", "content": STUDY}]
            body = {"personas": _result(asked)["result"], "sources": sources}
            for what in ("score", "verify"):
                told = json.dumps(asked.post(what, json=body).json()["warnings"])
                assert FEW in told
                assert LEFT_OUT.search(told)
    says_them(plain(made._repr_html_()))
    assert [row["against"] for row in made.rows() if row["against"]] == [[OTHERWISE]] * 2


def _result(asked):
    job = asked.get("generate").json()["data"][0]["id"]
    return asked.get(f"generate/{job}").json()
