"""The ten worked answers of the procedure, word for word."""

from tests.residency.asking import DPF, NONE, ask, scc


def test_1_a_german_address_with_an_american_host() -> None:
    certified = ask("DE", "contact", "store", "US", region_id="us-east-1", mechanism=DPF)
    assert (certified.verdict, certified.check["mechanism"]) == ("allow_with_mechanism", "adequacy")
    clauses = ask("DE", "contact", "store", "US", mechanism=scc())
    assert (clauses.verdict, clauses.check["mechanism"]) == ("allow_with_mechanism", "scc")
    assert ask("DE", "contact", "store", "US", mechanism=scc(tia_done=False)).said == "deny:mechanism_missing"
    assert ask("DE", "contact", "store", "US", mechanism=NONE).said == "deny:mechanism_missing"
    assert ask("DE", "contact", "store", "US").said == "deny:needs_input"


def test_2_an_indian_payment_scored_in_singapore() -> None:
    def scored(action: str, hours: str | None) -> str:
        clock = {"clock": {"hours_abroad": hours}} if hours else {}
        return ask("IN", "transaction_record", action, "SG", **clock).said

    assert scored("process", "20") == "allow"
    assert scored("process", "48") == "deny:place"
    assert scored("process", None) == "deny:needs_input"
    assert ask("IN", "transaction_record", "store", "SG", transaction="domestic").said == "deny:place"
    assert ask("IN", "transaction_record", "store", "SG").verdict == "deny"
    assert ask("IN", "transaction_record", "store", "IN", region_id="ap-south-1").said == "allow"


def test_3_a_chinese_buyer_in_a_japanese_shop() -> None:
    million = {"sensitive_since_january_1": 5_000_000, "persons_since_january_1": 5_000_000}
    for data_class in ("transaction_record", "contact"):
        order = ask("CN", data_class, "transfer", "JP", purpose="contract", volumes=million)
        assert order.said == "allow"
        assert ask("CN", data_class, "transfer", "JP", purpose="contract").said == "allow"
    copied = ask("CN", "transaction_record", "store", "US", purpose="analytics", volumes=million, mechanism=NONE)
    assert copied.said == "deny:mechanism_missing"
    few = ask("CN", "contact", "store", "US", purpose="analytics", volumes={"persons_since_january_1": 99_999})
    assert few.said == "allow"


def test_4_a_nigerian_payment_record_in_ireland() -> None:
    last_day = ask("NG", "transaction_record", "store", "IE", on="2026-12-31", mechanism=scc())
    assert (last_day.said, last_day.check["valid_until"]) == ("allow_with_mechanism", "2026-12-31")
    assert "move_data_before" in last_day.duties
    assert ask("NG", "transaction_record", "store", "IE", on="2027-01-01", mechanism=scc()).said == "deny:place"


def test_5_an_address_from_rwanda_in_cape_town() -> None:
    consent = ask("RW", "contact", "store", "ZA", mechanism={"kind": "consent"})
    assert consent.said == "deny:mechanism_missing"
    certified = ask(
        "RW", "contact", "store", "ZA", mechanism={"kind": "consent", "also": ["certificate"], "ref": "NCSA-1"}
    )
    assert certified.said == "allow_with_mechanism"


def test_6_a_top_up_of_an_argentine_wallet() -> None:
    assert ask("AR", "transaction_record", "transfer", "US", purpose="bank_transfer").said == "allow"
    assert ask("AR", "contact", "transfer", "US", purpose="marketing", mechanism=NONE).said == "deny:mechanism_missing"


def test_7_toronto_is_not_quebec() -> None:
    toronto = {"region_id": "google:northamerica-northeast2", "subject_subdivision": "CA-QC"}
    assert (
        ask("CA", "contact", "store", None, mechanism={"pia_done": False}, **toronto).said == "deny:mechanism_missing"
    )
    assert ask("CA", "contact", "store", None, **toronto).said == "deny:needs_input"
    assert ask("CA", "contact", "store", None, mechanism={"pia_done": True}, **toronto).said == "allow_with_mechanism"
    assert ask("CA", "contact", "store", None, region_id="ca-central-1", subject_subdivision="CA-QC").said == "allow"


def test_8_purchases_of_americans_in_china() -> None:
    assert ask("US", "transaction_record", "process", "CN", purpose="payment").said == "allow"
    sold = {"purpose": "sale", "recipient": "data_broker", "volumes": {"persons_last_12_months": 20_000}}
    assert ask("US", "transaction_record", "transfer", "CN", **sold).said == "deny:place"


def test_9_an_irish_customer_asks_for_erasure() -> None:
    two_years = {"clock": {"years_since_end": "2"}, "erasure_requested": True}
    assert ask("IE", "kyc_document", "store", "IE", purpose="aml", **two_years).said == "allow"
    assert (
        ask("IE", "contact", "store", "IE", purpose="marketing", erasure_requested=True).said == "deny:retention_over"
    )
    late = {"clock": {"years_since_end": "5.5"}, "purpose": "aml"}
    assert ask("IE", "kyc_document", "store", "IE", on="2028-03-01", **late).said == "deny:retention_over"
    assert ask("IE", "kyc_document", "store", "IE", on="2028-03-01", retention_ordered=True, **late).said == "allow"


def test_10_a_security_code_after_authorisation() -> None:
    code = ask("DE", "sensitive_auth_data", "store", "DE", data_form="encrypted", phase="after_authorisation")
    assert (code.said, code.check["regime"]) == ("deny:form", "PCI-DSS")
