"""Which sources are social networks, and which visits are paid for."""

import pytest

from integrations.ga4.networks import is_paid, network_of, social_network_of


@pytest.mark.parametrize(
    "source",
    [
        "l.facebook.com",
        "lm.facebook.com",
        "m.facebook.com",
        "www.facebook.com",
        "fb",
        "Facebook",
        " facebook. ",
        "l.messenger.com",
        "facebook_ads",
    ],
)
def test_every_name_of_facebook_is_one_network(source):
    assert network_of(source) == "facebook"


@pytest.mark.parametrize("source", ["l.instagram.com", "ig", "Instagram", "instagram.com"])
def test_every_name_of_instagram_is_one_network(source):
    assert network_of(source) == "instagram"


@pytest.mark.parametrize("source", ["t.co", "draugiem.lv", "www.linkedin.com", "m.youtube.com"])
def test_other_networks_are_social_too(source):
    assert network_of(source) == "other_social"


@pytest.mark.parametrize(
    "source",
    [
        "digital.lv",
        "notfacebook.com",
        "facebook.com.example.org",
        "campaign",
        "google",
        "(direct)",
        "(other)",
        "(not set)",
        "meta",
        "",
    ],
)
def test_what_only_looks_like_a_network_is_none(source):
    assert network_of(source) == ""


def test_meta_is_facebook_only_where_somebody_named_a_medium():
    assert network_of("meta", "paid_social") == "facebook"
    assert network_of("meta", "Referral ") == network_of("meta", "(none)") == ""


def test_what_google_calls_social_is_social_without_a_known_name():
    assert social_network_of("Organic Social", "reddit.com", "referral") == "other_social"
    assert social_network_of("Referral", "delfi.lv", "referral") == ""
    assert social_network_of("Unassigned", "newsletter", "social") == "other_social"


@pytest.mark.parametrize(
    ("channel_group", "medium", "paid"),
    [
        ("Paid Social", "paid_social", True),
        ("Unassigned", "cpc", True),
        ("Unassigned", "retargeting", True),
        ("Organic Social", "social", False),
        ("Organic Search", "organic", False),
    ],
)
def test_paid_visits_are_told_from_others(channel_group, medium, paid):
    assert is_paid(channel_group, medium) is paid
