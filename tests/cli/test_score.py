"""`persona score`, as it is typed."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from loopback import Loopback

STUDY = Path(__file__).parents[2] / "docs" / "examples" / "study"
STUDY_RUN = ("-n", 2, "--out", "run")
NAMES = ("completeness", "consistency", "evidence", "distinctiveness", "realism")
HEADINGS = ("Complete", "Consistent", "Evidence", "Distinct", "Realistic")


@pytest.fixture
def run(persona, here):
    """A run folder over the example study."""
    assert persona("generate", STUDY, *STUDY_RUN)[0] == 0
    return here / "run"


def lied_to(run, here):
    """The same personas with every quote invented."""
    document = json.loads((run / "personas.json").read_text())
    for each in document["personas"]:
        for facet in ("goals", "needs", "pain_points", "behaviours", "motivations", "context", "quotes"):
            for claim in each.get(facet, ()):
                for evidence in claim["evidence"]:
                    evidence["quote"] = (
                        "I sold my violin to a travelling beekeeper in the spring of that year"
                    )
        each.pop("headline", None)
    (here / "lies.json").write_text(json.dumps(document))
    return "lies.json"


def test_a_table_with_reasons_and_what_scores_are_not(persona, run):
    """A run folder finds its sources by itself."""
    code, out, _ = persona("score", run)
    assert code == 0
    assert all(heading in out for heading in HEADINGS)
    assert "The set" in out
    assert "unscored" not in out
    assert "not whether they are true of a market" in " ".join(out.split())


def test_lies_are_found_and_the_reason_is_said(persona, run, here):
    """Invented quotes cap the score; the gate says no with exit 1."""
    code, out, err = persona("score", lied_to(run, here), "--sources", STUDY, "--min-score", 60)
    assert code == 1
    assert "failing" in out
    assert "cannot pass 39" in " ".join(out.split())
    assert "below 60" in err


def test_the_document_fits_its_schema(persona, run):
    """Also where the gate says no."""
    code, out, _ = persona("score", run, "-o", "json", "--min-score", 100)
    assert code == 1
    schema = json.loads(persona("schema", "scorecard")[1])
    jsonschema.validate(json.loads(out), schema)
    assert json.loads(out)["set"]["gate"]["passed"] is False


def test_junit_for_a_build_server(persona, run, here):
    """A suite a persona, a case a dimension; a failure where the gate said no; saved by its ending."""
    code, out, _ = persona("score", run, "-o", "junit", "--min-score", 100, "--save", "scores.md")
    suites = ElementTree.fromstring(out)  # noqa: S314 - our own
    assert code == 1
    assert {case.get("name") for case in suites.iter("testcase")} >= set(NAMES)
    assert list(suites.iter("failure"))
    assert (here / "scores.md").read_text().startswith("# Scores")


def test_transcripts_stay_out_of_a_gate(persona, run, here):
    """A hashed report scores evidence where the sources are not."""
    code, report, _ = persona("verify", run, "--json", "--hash-quotes")
    assert code == 0
    (here / "evidence.json").write_text(report)
    (here / "alone.json").write_bytes((run / "personas.json").read_bytes())
    assert persona("score", "alone.json", "--min-score", 10)[0] == 1
    code, _, err = persona("score", "alone.json", "--evidence", "evidence.json", "--min-score", 10)
    assert code == 0
    assert "sources" not in err


@pytest.mark.parametrize("way", ["sources", "report"])
def test_one_quote_that_nobody_said_can_be_too_many(persona, run, here, way):
    """A good score does not make up for it where it was asked that no quote be missing, nor under --strict."""
    document = json.loads((run / "personas.json").read_text())
    document["personas"][0]["goals"][0]["evidence"][0]["quote"] = "I sold my violin to a travelling beekeeper"
    (here / "one.json").write_text(json.dumps(document))
    code, report, _ = persona("verify", "one.json", "--sources", STUDY, "--json", "--hash-quotes")
    assert code == 1
    (here / "evidence.json").write_text(report)
    found = ("--sources", STUDY) if way == "sources" else ("--evidence", "evidence.json")
    assert persona("score", "one.json", *found, "--min-score", 75)[0] == 0
    assert persona("score", "one.json", *found, "--max-missing", 1)[0] == 0
    code, out, err = persona("score", "one.json", *found, "--min-score", 75, "--max-missing", 0, "-o", "json")
    assert code == 1
    assert err.splitlines()[-1] == "Below what was asked: 1 quote is not what a participant said."
    assert json.loads(out)["set"]["gate"]["max_missing"] == 0
    assert "1 quote is not" in persona("score", "one.json", *found, "--strict")[2]
    assert persona("score", "one.json", *found, "--strict", "--max-missing", 1)[0] == 0


def test_quotes_that_nobody_looked_up_are_not_found(persona, run, here):
    """Without sources and report the gate says that it cannot know."""
    (here / "alone.json").write_bytes((run / "personas.json").read_bytes())
    code, _, err = persona("score", "alone.json", "--max-missing", 0)
    assert code == 1
    assert "no sources were given" in err


def test_two_sets_are_compared(persona, run, here):
    """What the second lost is negative."""
    code, out, _ = persona("score", run, lied_to(run, here), "--sources", STUDY)
    assert code == 0
    assert re.search(r"The set +-\d", out)
    code, out, _ = persona("score", run, run, "-o", "json")
    assert json.loads(out)["overall"] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--strict", "--lenient"), 2, "give one"),
        (("--evidence", "run/manifest.json"), 2, "is no evidence report"),
        (("--evidence", "run/personas.json", "--sources", "x"), 2, "give either"),
        (("--min-score", "120"), 2, "120"),
        (("--allow-unscored", "charm"), 2, "charm"),
        (("--config", "own.yaml"), 3, "weights"),
        (("run", "--min-score", "3"), 2, "one set"),
        (("--judge", "openai/gpt-5-mini"), 3, "OPENAI_API_KEY"),
    ],
)
def test_wrong_usage_is_one_sentence(persona, run, here, monkeypatch, arguments, code, said):
    """With what to do."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    (here / "own.yaml").write_text("weights: {charm: 1}")
    found, out, err = persona("score", "run", *arguments)
    assert found == code
    assert said in err.splitlines()[-1]
    assert out == ""


def test_own_weights_and_levels(persona, run, here):
    """From a file."""
    (here / "own.yaml").write_text(
        "weights: {completeness: 0, consistency: 0, evidence: 0, distinctiveness: 0, realism: 1}\nlevels: {excellent: 100, good: 99.95}\n"
    )
    code, out, _ = persona("score", run, "--config", "own.yaml", "-o", "json")
    assert code == 0
    document = json.loads(out)
    assert document["weights"]["realism"] == 1
    assert document["personas"][0]["overall"] == document["personas"][0]["dimensions"]["realism"]["value"]


def judge(request):
    """Support every claim but the first, and find one contradiction."""
    task = request.messages[1]["content"]
    claims = re.findall(r"^\[(C\d+)\]", task, re.MULTILINE)
    verdicts = [
        {"claim": each, "verdict": "unsupported" if each == "C1" else "supported", "reason": "it says less"}
        for each in claims
    ]
    clash = {"first": "C1", "second": "D", "reason": "both cannot be"}
    return json.dumps({"verdicts": verdicts, "contradictions": [clash]})


def test_a_judge_stands_beside_the_scores(persona, run, monkeypatch):
    """Two labelled scores with their reasons; the others stay as they are, and interviewers' words are not sent."""
    plain = json.loads(persona("score", run, "-o", "json")[1])
    with Loopback(answer=judge) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", model.url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
        code, out, err = persona("score", run, "-o", "json", "--judge", "openai/loop")
    assert code == 0, err
    document = json.loads(out)
    for each, before in zip(document["personas"], plain["personas"], strict=True):
        assert 50 < each["judged"]["groundedness"]["value"] < 100
        assert each["judged"]["consistency"]["value"] == 75
        assert "headline against demographics: both cannot be" in each["judged"]["consistency"]["reason"]
        assert each.pop("judged")
        before.pop("judged")
        assert each == before
    assert len(model.requests) == len(document["personas"])
    assert "Interviewer" not in str([request.messages for request in model.requests])
