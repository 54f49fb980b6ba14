"""The schemas that editors use agree with what the rules hold and with what the loader refuses."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.triage.made import ROOT
from tests.triage.schema_pages import FOLDER, KINDS, editor, schemas

SCHEMAS = {name: json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) for name, *_ in KINDS}


class _Words(yaml.SafeLoader):
    """As editors read YAML: a day is a word, and so are `no` and `on`."""


_Words.yaml_implicit_resolvers = {
    letter: [
        (tag, re.compile("true|false") if tag.endswith(":bool") else pattern)
        for tag, pattern in found
        if not tag.endswith(":timestamp")
    ]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(text: str) -> Any:
    return yaml.load(text, Loader=_Words)


def errors(name: str, content: object) -> list[str]:
    found = Draft202012Validator(SCHEMAS[name]).iter_errors(content)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in found]


def test_the_schemas_are_those_of_the_shapes() -> None:
    drawn = dict(schemas())
    assert {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")} == drawn, (
        "run python -m tests.triage.schema_pages"
    )
    assert (ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8") == editor()


@pytest.mark.parametrize(("name", "files"), [kind[:2] for kind in KINDS], ids=lambda one: str(one).rpartition("/")[2])
def test_every_file_of_the_rules_fits_its_schema(name: str, files: str) -> None:
    paths = sorted(ROOT.glob(files))
    assert paths
    wrong = [f"{path.name}: {one}" for path in paths for one in errors(name, read(path.read_text(encoding="utf-8")))]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "slip"),
    [
        ("uitkomsten", ("uitkomst: beoordelen", "uitkomst: beoordeln")),
        ("uitkomsten", ("omdat:", "omdta:")),
        ("uitkomsten", ("automatisch: false", "automatisch: nee")),
        ("signalen", ("betekent:", "betekend:")),
        ("instellingen", ("brief_tussentijd_dagen: 14", "brief_tussentijd_dagen: veertien")),
    ],
)
def test_a_slip_is_seen_while_one_types(name: str, slip: tuple[str, str]) -> None:
    files = next(kind[1] for kind in KINDS if kind[0] == name)
    text = next(found for path in sorted(ROOT.glob(files)) if slip[0] in (found := path.read_text(encoding="utf-8")))
    assert errors(name, read(text)) == []
    assert errors(name, read(text.replace(slip[0], slip[1], 1)))


def test_a_modeline_leads_to_its_schema() -> None:
    lines = {
        path: path.read_text(encoding="utf-8").splitlines()[0]
        for kind in KINDS
        for path in sorted(ROOT.glob(kind[1]))
        if kind[0] in {"uitkomsten", "signalen", "kwalificaties", "feiten", "gevaren", "instellingen"}
    }
    wrong: list[Path] = []
    for path, line in lines.items():
        found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", line)
        if found is None or not (path.parent / found[1]).is_file():
            wrong.append(path)
    assert wrong == []
