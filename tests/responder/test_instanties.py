"""The bodies in `rules/instanties`: all of the policy's, each with a way to reach it or honestly without."""

from pathlib import Path

import pytest

from tests.responder.cases import BODIES, bodies

# The policy's §4, in its order.
POLICY = """
vlaamse-ombudsdienst kinderrechtencommissariaat commissie-van-toezicht mensenrechteninstituut unia
vlaamse-toezichtcommissie gegevensbeschermingsautoriteit raad-van-state beroepsinstantie-openbaarheid
federale-ombudsman consumentenombudsdienst politie noodcentrale parket jeugdrechter familierechtbank
hoge-raad-justitie korpsoverste balie juridische-bijstand comite-p justitie-en-handhaving
zorgcentrum-seksueel-geweld 1712 vertrouwenscentrum crisismeldpunt zelfmoordlijn tele-onthaal awel jac
child-focus nupraatikerover stop-it-now kind-en-gezin-lijn organisator departement-zorg woonzorglijn vaph caw
cgg ziekenhuis-ombudsdienst patientenrechten orde-der-artsen ocmw gemeente binnenlands-bestuur one iriscare
uitbetaler klachtendienst-groeipakket geschillencommissie-groeipakket school clb leerlingenrechten lop
zorgvuldig-bestuur vlaamse-bemiddelingscommissie onderwijsinspectie fedasil federale-centrale-autoriteit
afstammingscentrum steunpunt-adoptie minister 1700 buitenland bezwaarprocedure
"""

# Nobody has confirmed how to reach these, or whether they are competent at all: a letter to them waits.
UNCONFIRMED = {
    "afstammingscentrum",
    "binnenlands-bestuur",
    "consumentenombudsdienst",
    "crisismeldpunt",
    "familierechtbank",
    "fedasil",
    "federale-centrale-autoriteit",
    "gegevensbeschermingsautoriteit",
    "iriscare",
    "juridische-bijstand",
    "justitie-en-handhaving",
    "lop",
    "mensenrechteninstituut",
    "onderwijsinspectie",
    "one",
    "orde-der-artsen",
    "patientenrechten",
    "stop-it-now",
    "vlaamse-bemiddelingscommissie",
    "woonzorglijn",
    "zorgcentrum-seksueel-geweld",
    "zorgvuldig-bestuur",
}


def test_every_body_of_the_policy_has_its_file_and_no_other() -> None:
    assert set(bodies()) == set(POLICY.split())
    assert {path.stem for path in BODIES.glob("*.yaml")} == set(POLICY.split())


def test_the_bodies_without_a_confirmed_way_are_those_that_we_know_of() -> None:
    assert {id for id, body in bodies().items() if not set(body.checked) - {"uren"}} == UNCONFIRMED


@pytest.mark.parametrize("path", sorted(BODIES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_file_begins_by_saying_what_it_is(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert lines[0].endswith(".")


def test_emergency_numbers_are_as_everyone_knows_them() -> None:
    numbers = {
        id: bodies()[id].checked["telefoon"] for id in ("noodcentrale", "politie", "zelfmoordlijn", "tele-onthaal")
    }
    assert numbers == {"noodcentrale": "112", "politie": "101", "zelfmoordlijn": "1813", "tele-onthaal": "106"}
    assert bodies()["awel"].checked["telefoon"] == "102"
    assert bodies()["child-focus"].checked["telefoon"] == "116 000"
