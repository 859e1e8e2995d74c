"""The key and the pseudonym: what levels two spellings, what does not, and where a key may come from."""

import hashlib
import hmac
from dataclasses import replace
from datetime import date

import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.pseudonym import enrolment_id, key_for, pseudonymise
from edp_analysis.problems import UserError

DAY = date(2004, 5, 17)


@pytest.fixture
def campaign(monkeypatch, tmp_path):
    campaign = load_campaign("2024")
    monkeypatch.delenv(campaign.key_variable, raising=False)
    return replace(campaign, root=tmp_path / "projet", simulated=True, simulation_key="publique")


def test_is_the_documented_hmac():
    """RFC 2104 HMAC of « letters|letters|ISO date », computed here from its definition: H(k^opad, H(k^ipad, m))."""
    key = b"cle".ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in key) + b"leveranec|maelle|2004-05-17").digest()
    expected = hashlib.sha256(bytes(b ^ 0x5C for b in key) + inner).hexdigest()[:16]
    assert pseudonymise("Le Véranec", "Maëlle", DAY, b"cle") == expected
    assert hmac.new(b"cle", b"leveranec|maelle|2004-05-17", "sha256").hexdigest()[:16] == expected


@pytest.mark.parametrize(
    ("last", "first"),
    [
        ("LE VERANEC", "Maelle"),
        ("Le\u00a0Véranec ", " MAËLLE"),
        ("Le-Véranec", "Mae\u0308lle"),
        ("le veranec", "maëlle"),
    ],
)
def test_spelling_does_not_count(last, first):
    assert pseudonymise(last, first, DAY, b"k") == pseudonymise("Le Véranec", "Maëlle", DAY, b"k")


@pytest.mark.parametrize(
    ("last", "first", "day"),
    [("Le Véranec", "Maël", DAY), ("Véranec", "Maëlle", DAY), ("Le Véranec", "Maëlle", date(2004, 5, 18))],
)
def test_another_person_counts(last, first, day):
    assert pseudonymise(last, first, day, b"k") != pseudonymise("Le Véranec", "Maëlle", DAY, b"k")


def test_first_and_last_name_are_not_interchangeable():
    assert pseudonymise("Martin", "Paul", DAY, b"k") != pseudonymise("MartinPaul", "", DAY, b"k")


def test_enrolment_identifier():
    assert enrolment_id("0123456789abcdef", "EDP-10", date(2024, 1, 8)) == "0123456789abcdef-EDP-10-20240108"


def test_simulated_data_use_the_campaign_file(campaign):
    assert key_for(campaign) == b"publique"


def test_real_data_without_a_key_are_refused(campaign):
    with pytest.raises(UserError, match=campaign.key_variable):
        key_for(replace(campaign, simulated=False))


def test_environment_wins(campaign, monkeypatch):
    monkeypatch.setenv(campaign.key_variable, "s" * 32)
    assert key_for(replace(campaign, simulated=False)) == b"s" * 32


@pytest.mark.parametrize("key", ["abc", "s" * 31])
@pytest.mark.parametrize("in_a_file", [False, True])
def test_a_key_that_can_be_guessed_is_refused_with_what_makes_one(campaign, monkeypatch, tmp_path, key, in_a_file):
    """31 characters are one too few; simulated data do not excuse a key that was chosen."""
    path = tmp_path / "cle.txt"
    path.write_text(key, encoding="utf-8")
    monkeypatch.setenv(campaign.key_variable, str(path) if in_a_file else key)
    with pytest.raises(UserError, match=f"n'a que {len(key)} caractères") as caught:
        key_for(campaign)
    assert "secrets.token_hex(32)" in caught.value.remedy
    assert key not in caught.value.remedy


def test_key_file_outside_the_project(campaign, monkeypatch, tmp_path):
    path = tmp_path / "cle.txt"
    path.write_text("secret du fichier, long de trente-deux lettres\n", encoding="ascii")
    monkeypatch.setenv(campaign.key_variable, str(path))
    assert key_for(campaign) == b"secret du fichier, long de trente-deux lettres"


def test_key_file_inside_the_project_is_refused(campaign, monkeypatch):
    path = campaign.root / "cle.txt"
    path.parent.mkdir()
    path.write_text("secret", encoding="utf-8")
    monkeypatch.setenv(campaign.key_variable, str(path))
    with pytest.raises(UserError, match="dans le dossier du projet"):
        key_for(campaign)


def test_path_that_leads_nowhere_is_not_a_key(campaign, monkeypatch, tmp_path):
    monkeypatch.setenv(campaign.key_variable, str(tmp_path / "absent.txt"))
    with pytest.raises(UserError, match="n'est pas un fichier"):
        key_for(campaign)


def test_empty_key_file_is_refused(campaign, monkeypatch, tmp_path):
    path = tmp_path / "vide.txt"
    path.write_text("  \n", encoding="utf-8")
    monkeypatch.setenv(campaign.key_variable, str(path))
    with pytest.raises(UserError, match="vide"):
        key_for(campaign)
