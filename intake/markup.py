"""HTML to plain text: the words with their lines, tables and lists, and "> " before what another mail said."""

import html
import re

import lxml.html  # type: ignore[import-untyped]
from inscriptis import Inscriptis
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from lxml import etree

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


def _structured(source: str) -> str:
    parser = lxml.html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    tree = lxml.html.document_fromstring(_XML_HEAD.sub("", source), parser=parser)
    for element in tree.iter(etree.Element):
        _prepare(element)
    return _cited(Inscriptis(tree, _CONFIG).get_text())


def _prepare(element: etree._Element) -> None:
    """Leave only the styling that changes which words a reader sees, and mark what is cited."""
    attributes = element.attrib
    style = str(attributes.get("style", "")).lower().replace(" ", "") if "style" in attributes else ""
    keep = ""
    if style:
        # Margins and paddings are dropped because they could order a hundred thousand blank lines.
        keep = "display:none" if "display:none" in style else "white-space:pre" if "white-space:pre" in style else ""
        attributes.pop("style")
    if element.tag == "p" and "mso" in str(attributes.get("class", "")).lower():
        # Outlook sets no room between its paragraphs and writes blank lines as paragraphs of their own.
        keep = keep or "margin-top:0em;margin-bottom:0em"
        if len(element) == 0 and not (element.text or "").strip():
            element.tag, element.text = "br", None
            return
    if keep:
        attributes["style"] = keep
    if element.tag == "blockquote" and _is_citation(element):
        element.text = f"{_OPEN}{element.text or ''}"
        mark = etree.SubElement(element, "span")
        mark.text = _CLOSE


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
