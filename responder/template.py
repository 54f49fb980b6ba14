"""What a letter may say with Jinja: which variables exist, and a check before any letter is filled."""

from collections.abc import Iterable, Iterator, Mapping
from traceback import extract_tb

from jinja2 import DictLoader, StrictUndefined, Template, TemplateSyntaxError, UndefinedError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from responder.contact import Listing
from triage.mistakes import Mistake, nearest

# The names that a letter may use, each with what it holds, in the words of those who write letters.
VARIABLES: Mapping[str, str] = {
    "naam": "naam van de schrijver, of leeg",
    "referentie": "ons dossiernummer, zoals KW-2026-00001",
    "ontvangen_op": "dag waarop de mail aankwam, voluit",
    "antwoord_voor": "laatste dag om te antwoorden, voluit; leeg als er geen termijn loopt",
    "verlengd_tot": "laatste dag om te antwoorden als wij de termijn verlengen, voluit",
    "openbaarheid_voor": "laatste dag om op een vraag naar documenten te antwoorden, voluit",
    "openbaarheid_verlengd_tot": "dezelfde dag als wij die termijn verlengen, voluit",
    "samenvatting": "wat de schrijver vertelt, in vaste zinnen (u schrijft dat …); leeg zonder bewijs",
    "thema": "waarover de mail gaat, in gewone woorden, of leeg",
    "soort": "klacht, vraag, melding …",
    "sector": "jeugdhulp, pleegzorg, kinderopvang …",
    "ontbreekt": "wat wij nog nodig hebben, als lijst van gewone woorden",
    "zonder_naam": "waar als de schrijver geen naam gaf",
    "over_opgroeien": "waar als een deel over Opgroeien zelf gaat",
    "over_organisator": "waar als een deel over een erkende of vergunde organisatie gaat",
    "instanties": "de instanties waarnaar de brief verwijst",
    "lijnen": "de instanties die de brief onder `noemt` en `verwijst` opsomt",
    "nummers": "de telefoonnummers van de instanties onder `noemt`, per id",
    "ons_adres": "het mailadres waarvan wij schrijven",
}

# What an entry of `instanties` and of `lijnen` has.
ATTRIBUTES: tuple[str, ...] = ("id", "naam", "wat", "niet", "eerst", "telefoon", "regels")

# Attributes of Jinja's own `loop`.
_LOOP: tuple[str, ...] = ("first", "last", "index", "length")

_EMPTY: dict[str, object] = {
    **dict.fromkeys(VARIABLES, ""),
    "ontbreekt": [],
    "zonder_naam": False,
    "over_opgroeien": False,
    "over_organisator": False,
    "instanties": [],
    "lijnen": [],
    "samenvatting": [],
}


class Sheets:
    """The templates of one language, partial ones included, in a sandbox without loose ends."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = dict(sources)
        self._environment = ImmutableSandboxedEnvironment(
            loader=DictLoader(self._sources),
            undefined=StrictUndefined,
            # The result is our own plain mark-up; `markup.page` escapes it when it becomes HTML.
            autoescape=False,
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def template(self, name: str) -> Template:
        """The compiled template. Raises for one with mistakes; ask `check` first."""
        return self._environment.get_template(name)

    def check(self, name: str, file: str, mentions: tuple[str, ...] | None) -> list[Mistake]:
        """Every mistake of one template: its form, unknown names, a trial with full and with empty values.

        `mentions` is what the letter lists under `noemt`; None stands for a part, which is tried inside its letters.
        """
        try:
            tree = self._environment.parse(self._sources[name])
            # Unknown filters and tests only show when the template is compiled.
            self._environment.compile(self._sources[name])
        except TemplateSyntaxError as error:
            return [Mistake(file, error.lineno, 1, "jinja", error.message or "de brief is niet leesbaar")]
        mistakes = [*_names(tree, file), *_attributes(tree, file, mentions), *self._includes(tree, file)]
        return mistakes if mistakes or mentions is None else self._trial(name, file, mentions)

    def _includes(self, tree: nodes.Template, file: str) -> Iterator[Mistake]:
        parts = sorted(name for name in self._sources if name.startswith("_"))
        for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            asked = node.template.value if isinstance(node.template, nodes.Const) else None  # type: ignore[attr-defined]
            if asked not in parts:
                hint = nearest(str(asked), parts) or f"kies uit {', '.join(parts) or 'niets'}"
                yield Mistake(file, node.lineno, 1, "onbekend-stuk", f"`{asked}` bestaat niet", hint)

    def _trial(self, name: str, file: str, mentions: tuple[str, ...]) -> list[Mistake]:
        for values in ({**_EMPTY, "nummers": dict.fromkeys(mentions, "112")}, sample(mentions)):
            try:
                self.template(name).render(values)
            except (UndefinedError, SecurityError, TypeError, ValueError, ArithmeticError) as error:
                lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == "<template>"]
                line = next((number for number in lines if number), 1)
                return [Mistake(file, line, 1, "proefbrief", f"de brief kan niet ingevuld worden: {error}")]
        return []


def sample(mentions: Iterable[str]) -> dict[str, object]:
    """Made-up values for every variable, for a trial."""
    listing = Listing(
        "voorbeeld", "Naam", "Wat ze doet.", "Wat ze niet doet.", "Eerst dit.", "1234", ("Telefoon: 1234",)
    )
    return {name: f"⟨{name}⟩" for name in VARIABLES} | {
        "ontbreekt": ["iets"],
        "zonder_naam": True,
        "over_opgroeien": True,
        "over_organisator": True,
        "instanties": [listing],
        "lijnen": [listing],
        "samenvatting": ["U schrijft iets."],
        "nummers": dict.fromkeys(mentions, "112"),
    }


def _names(tree: nodes.Template, file: str) -> Iterator[Mistake]:
    unknown = meta.find_undeclared_variables(tree) - set(VARIABLES)
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name in unknown:
            what = f"`{node.name}` is geen veld van een brief"
            yield Mistake(file, node.lineno, 1, "onbekend-veld", what, nearest(node.name, VARIABLES))


def _attributes(tree: nodes.Template, file: str, mentions: tuple[str, ...] | None) -> Iterator[Mistake]:
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        owner = node.node  # type: ignore[attr-defined]
        name = _asked(node)
        if isinstance(owner, nodes.Name) and owner.name == "nummers":
            if mentions is not None and name not in mentions:
                what = f"`{name}` staat niet onder `noemt`"
                yield Mistake(file, node.lineno, 1, "niet-genoemd", what, nearest(str(name), mentions))
            continue
        known = _LOOP if isinstance(owner, nodes.Name) and owner.name == "loop" else ATTRIBUTES
        if isinstance(node, nodes.Getattr) and name not in known:
            what = f"een instantie heeft geen `{name}`"
            yield Mistake(file, node.lineno, 1, "onbekend-veld", what, nearest(str(name), known))


def _asked(node: nodes.Node) -> object:
    if isinstance(node, nodes.Getattr):
        return node.attr
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return node.arg.value
    return None
