"""Secrets are kept so that a copy of the database tells none."""

from regulars.kernel.sealing import seal, unseal


def test_what_is_sealed_is_opened_by_the_same_secret_for_the_same_use_alone():
    sealed = seal("flat white", secret="ours", use="mail")
    assert "flat" not in sealed
    assert sealed != seal("flat white", secret="ours", use="mail")
    assert unseal(sealed, secret="ours", use="mail") == "flat white"
    assert unseal(sealed, secret="theirs", use="mail") is None
    assert unseal(sealed, secret="ours", use="else") is None
    assert unseal("ä" + sealed[1:], secret="ours", use="mail") is None
