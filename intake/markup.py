"""HTML to plain text: the words with their lines, tables and lists, and "> " before what another mail said."""

import html
import re

import lxml.html  # type: ignore[import-untyped]
from inscriptis import Inscriptis
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from lxml import etree

from intake.charset import clean

# Beyond these sizes the tree would cost more than it tells; the crude reading stays linear.
_LENGTH = 1_000_000
_TAGS = 40_000

_CONFIG = ParserConfig(css=CSS_PROFILES["strict"])
_CRUDE_DROP = re.compile(r"<(script|style|head|title)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
_CRUDE_BREAK = re.compile(
    r"<(?:br|/p|/div|/tr|/li|/h[1-6]|p|div|li|tr|blockquote|/blockquote)\b[^<>]{0,2000}>", re.IGNORECASE
)
_CRUDE_TAG = re.compile(r"<[^<>]{0,4000}>")
_BLANKS = re.compile(r"\n{4,}")
_CITED = ("gmail_quote", "protonmail_quote", "yahoo_quoted_begin", "tutanota_quote")
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")

# Up to these sizes the structured reading takes some tens of milliseconds at most, whatever stands in the page.
LIGHT_BYTES = 100_000
_LIGHT_TAGS = 1_500

# Below this line stand the words that the layout hides from the reader; `quoting` gives them the role of quoted ones.
HIDDEN = "[Verborgen in de opmaak:]"
_HIDDEN_LETTERS = 20
# White, and what is so near to it that nobody reads it on white.
_WHITE = r"(?:#(?:f[0-9a-f]){3}|#f{3}|white(?:smoke)?|snow|ivory|rgb\((?:2[45]\d,){2}2[45]\d\))(?![0-9a-z])"
_UNSEEN = re.compile(
    r"display:none|visibility:hidden|(?:^|;)font-size:0(?:\.\d{1,3})?(?:px|pt|em|%)?(?:!important)?(?:;|$)"
    r"|(?:^|;)font-size:[01](?:\.\d{1,3})?px|(?:^|;)opacity:0(?:\.0\d{0,3})?(?:;|$|!)|mso-hide:all"
)
_PALE = re.compile(rf"(?:^|;)color:{_WHITE}")
_GROUND = re.compile(r"(?:^|;)background(?:-color|-image)?:([^;]{1,200})")
_BLANK_GROUND = re.compile(rf"^(?:{_WHITE}|transparent|none|inherit|initial)(?:!important)?$")
_ANCESTORS = 40
_RAW_WORDS = frozenset({"script", "style", "title", "head", "noscript", "template", "input", "br", "img"})

# Marks of the private use area: they travel through the conversion unchanged and no mail means anything by them.
_OPEN, _CLOSE = "\ue0f1", "\ue0f2"


def text(source: str) -> str:
    """The words of an HTML body as text with LF line ends. Never raises; what is too large is read crudely."""
    source = source[:_LENGTH].replace("\x00", "").replace(_OPEN, "").replace(_CLOSE, "")
    if source.count("<") > _TAGS:
        return crude(source)
    try:
        words = _structured(source)
    except (etree.LxmlError, ValueError, TypeError, RecursionError, AssertionError, AttributeError, IndexError):
        return crude(source)
    return words if words.strip() else crude(source)


def crude(source: str) -> str:
    """The words without any structure but line ends, in linear time."""
    source = _CRUDE_BREAK.sub("\n", _CRUDE_DROP.sub(" ", source[:_LENGTH]))
    words = html.unescape(_CRUDE_TAG.sub(" ", source))
    return _tidy(re.sub(r"[ \t]{2,}", " ", words))


def is_large(source: str) -> bool:
    """Whether a page is too large to be read outside the sandbox."""
    return len(source) > LIGHT_BYTES or source.count("<") > _LIGHT_TAGS


def _structured(source: str) -> str:
    parser = lxml.html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    tree = lxml.html.document_fromstring(_XML_HEAD.sub("", source), parser=parser)
    unseen = [element for element in tree.iter(etree.Element) if _prepare(element)]
    hidden = [words for words in map(_taken, unseen) if words]
    words = _cited(Inscriptis(tree, _CONFIG).get_text())
    told = "\n".join(dict.fromkeys(hidden))
    # A preview line that only repeats the text hides nothing.
    if len(told) < _HIDDEN_LETTERS or " ".join(told.split()) in " ".join(words.split()):
        return words
    return f"{words}\n\n{HIDDEN}\n{told}".lstrip("\n")


def _taken(element: etree._Element) -> str:
    """Take a hidden element out of its tree, and give its words; nothing when it lay in one that is out already."""
    parent = element.getparent()
    if parent is None or element.tag in ("html", "body"):
        return ""
    tail, before = element.tail, element.getprevious()
    element.tail = None
    words = "" if element.tag in _RAW_WORDS else " ".join(element.itertext())
    parent.remove(element)
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    return " ".join(clean(words).split())


def _prepare(element: etree._Element) -> bool:
    """Leave only the styling that changes which words a reader sees, and mark what is cited; tells what is hidden."""
    attributes = element.attrib
    style = str(attributes.pop("style", "")).lower().replace(" ", "").replace("\n", "")
    unseen = "hidden" in attributes
    keep = ""
    if style:
        # Margins and paddings are dropped because they could order a hundred thousand blank lines.
        keep = "white-space:pre" if "white-space:pre" in style else ""
        unseen = unseen or bool(_UNSEEN.search(style)) or (bool(_PALE.search(style)) and _on_white(element, style))
        ground = _GROUND.search(style)
        if ground and not _BLANK_GROUND.match(ground[1]):
            attributes["bgcolor"] = "x"
    if element.tag == "font" and re.fullmatch(_WHITE, str(attributes.get("color", "")).lower()):
        unseen = unseen or _on_white(element, "")
    if element.tag == "p" and "mso" in str(attributes.get("class", "")).lower():
        # Outlook sets no room between its paragraphs and writes blank lines as paragraphs of their own.
        keep = keep or "margin-top:0em;margin-bottom:0em"
        if len(element) == 0 and not (element.text or "").strip():
            element.tag, element.text = "br", None
            return False
    if keep:
        attributes["style"] = keep
    if element.tag == "blockquote" and _is_citation(element):
        element.text = f"{_OPEN}{element.text or ''}"
        mark = etree.SubElement(element, "span")
        mark.text = _CLOSE
    return unseen


def _on_white(element: etree._Element, style: str) -> bool:
    """Whether pale words stand on the white of the page and not on a ground of their own."""
    ground = _GROUND.search(style)
    if ground:
        return bool(_BLANK_GROUND.match(ground[1]))
    one: etree._Element | None = element
    for _ in range(_ANCESTORS):
        if one is None:
            return True
        # Elements further up were prepared before, and a ground of theirs was noted there.
        own = str(one.get("bgcolor", "")).lower().strip()
        if own:
            return bool(re.fullmatch(_WHITE, own))
        if one.get("background"):
            return False
        one = one.getparent()
    return False


def _is_citation(element: etree._Element) -> bool:
    # A bare blockquote is how several programs indent the writer's own words, so it proves nothing.
    names = str(element.get("class", "")).lower()
    return str(element.get("type", "")).lower() == "cite" or any(name in names for name in _CITED)


def _cited(words: str) -> str:
    """Turn the marks around citations into "> " before each line between them."""
    if _OPEN not in words:
        return _tidy(words)
    depth, lines = 0, []
    for line in words.split("\n"):
        opened, closed = line.count(_OPEN), line.count(_CLOSE)
        level = depth + opened
        depth = max(0, level - closed)
        bare = line.replace(_OPEN, "").replace(_CLOSE, "")
        if (opened or closed) and not bare.strip():
            continue
        lines.append(f"{'> ' * min(level, 9)}{bare}" if level else bare)
    return _tidy("\n".join(lines))


def _tidy(words: str) -> str:
    lines = [line.rstrip() for line in words.replace("\u00a0", " ").split("\n")]
    return _BLANKS.sub("\n\n\n", "\n".join(lines)).strip("\n")
