"""Measures the triage on mails kept apart, beside two floors, and writes `docs/quality.md`.

Floors: (a) TF-IDF over letters and words with logistic regression, trained on the same mails; (b) the words of the
rules alone, without any training. Run: `.venv/bin/python -m bench.quality` (needs `make install-dev`).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from klachtwijzer.evaluate import THRESHOLDS, evaluate
from klachtwijzer.labelled import Labelled, labelled
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.scores import MAIN, score
from klachtwijzer.settings import CHECKOUT
from triage.vocabulary import ACUUT

CORPUS = CHECKOUT / "tests" / "corpus"
LEARN = (CORPUS / "learn", CORPUS / "eigen" / "learn")
APART = {"fold": CORPUS / "fold", "eigen/fold": CORPUS / "eigen" / "fold"}
PAGE = CHECKOUT / "docs" / "quality.md"
GOALS: Mapping[str, str] = {
    "sector": "≥ 0.92", "decreet": "≥ 0.90", "soort": "≥ 0.92", "betrokkene": "≥ 0.88", "uitkomst": "≥ 0.88",
    "uitkomst_macro_f1": "≥ 0.85", "instanties": "≥ 0.85", "taal": "≥ 0.99", "danger_recall": "≥ 0.98",
    "escalation_precision": "≥ 0.80", "silent_harm": "0", "wrong_letter_rate": "≤ 0.02", "coverage": "≥ 0.85",
    "dringendheid": "–", "sector_macro_f1": "–", "danger_mails": "–", "letters": "–", "wrong_letters": "–",
}  # fmt: skip
Said = dict[str, dict[str, Any]]


class Floor:
    """What a municipal system would do: one classifier a field, over letters and words."""

    FIELDS = ("soort", "sector", "betrokkene", "uitkomst", "dringendheid", "taal")

    def __init__(self, mails: Sequence[Labelled]) -> None:
        self.words = FeatureUnion(
            [
                ("letters", TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True)),
                ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
            ]
        )
        rows = self.words.fit_transform([_text(one) for one in mails])
        self.fields = {name: _fit(rows, [one.label[name] for one in mails]) for name in self.FIELDS}
        self.danger = _fit(rows, [bool(ACUUT & set(one.label["gevaar"])) for one in mails])
        referred = [i for i, one in enumerate(mails) if one.label["uitkomst"] == "doorverwijzen"]
        self.bodies = _fit(rows[referred], [mails[i].label["instanties"][0] for i in referred])

    def say(self, mails: Sequence[Labelled]) -> Said:
        rows = self.words.transform([_text(one) for one in mails])
        columns = {name: model.predict(rows) for name, model in self.fields.items()}
        danger, bodies = self.danger.predict(rows), self.bodies.predict(rows)
        said: Said = {}
        for i, one in enumerate(mails):
            line = {name: str(values[i]) for name, values in columns.items()}
            referred = line["uitkomst"] == "doorverwijzen"
            said[one.file] = {
                **line,
                "decreten": list(MAIN[line["sector"]][:1]),
                "instanties": [str(bodies[i])] if referred else [],
                "gevaar": ["D1"] if danger[i] else [],
            }
        return said


def _text(one: Labelled) -> str:
    return f"{one.message.subject}\n{one.message.own}"


def _fit(rows: Any, answers: Sequence[Any]) -> LogisticRegression:
    return LogisticRegression(C=10, class_weight="balanced", max_iter=300).fit(rows, answers)


def measure(folder: Path, floor: Floor) -> dict[str, Mapping[str, float | int]]:
    """The scores of the three columns on one folder."""
    mails = list(labelled(folder))
    gold = {one.file: one.label for one in mails}
    rules = CHECKOUT / "rules"
    ours = evaluate(folder, Ruleset(rules).now().pipeline)
    words = evaluate(folder, Ruleset(rules, trained=False).now().pipeline)
    return {"klachtwijzer": ours.scores, "tf-idf": score(gold, floor.say(mails)), "words alone": words.scores}


def page(results: Mapping[str, Mapping[str, Mapping[str, float | int]]], curves: Mapping[str, list[str]]) -> str:
    """The measured part of `docs/quality.md`."""
    lines: list[str] = []
    for name, columns in results.items():
        mails = next(iter(columns.values()))["mails"]
        lines += [f"### {name} ({mails} mails)", "", f"| score | goal | {' | '.join(columns)} |"]
        lines.append("| --- | --- |" + " --- |" * len(columns))
        for key, goal in GOALS.items():
            shown = (f"{v:.3f}" if isinstance(v := column[key], float) else str(v) for column in columns.values())
            lines.append(f"| {key} | {goal} | {' | '.join(shown)} |")
        lines += ["", "Coverage and errors, were every letter less certain than the threshold left to a person:", ""]
        lines += ["| threshold | coverage | wrong letters |", "| --- | --- | --- |", *curves[name], ""]
    return "\n".join(lines)


def main() -> None:
    floor = Floor([one for folder in LEARN for one in labelled(folder)])
    results = {name: measure(folder, floor) for name, folder in APART.items()}
    pipeline = Ruleset(CHECKOUT / "rules").now().pipeline
    curves = {
        name: [f"| {t:.2f} | {c:.3f} | {w:.3f} |" for t, c, w in evaluate(folder, pipeline).curve()]
        for name, folder in APART.items()
    }
    assert len(THRESHOLDS) == len(curves["fold"])
    before, _, _ = PAGE.read_text(encoding="utf-8").partition("<!-- measured -->")
    PAGE.write_text(f"{before}<!-- measured -->\n\n{page(results, curves)}", encoding="utf-8")
    print(page(results, curves))


if __name__ == "__main__":
    main()
