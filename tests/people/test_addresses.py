import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from people.addresses import (
    NAME_MAX_LENGTH,
    AddressError,
    Phone,
    clean_name,
    normalise_email,
    normalise_phone,
    read_email,
    read_name,
    shorten,
)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    "written",
    [
        "+37120033441",
        "+371 20033441",
        "37120033441",
        "0037120033441",
        "00 371 20 033 441",
        "20033441",
        "20 033 441",
        "20-033-441",
        "20.033.441",
        "(+371) 2003-3441",
        "(371) 20033441",
        "+371\N{NO-BREAK SPACE}20\N{NARROW NO-BREAK SPACE}033\N{THIN SPACE}441",
        "\u202a+371 20033441\u202c",
        "'20033441",
        "++37120033441",
        "+20033441",
        "tel:+37120033441",
        "Mob. 20033441",
        "20033441 (mamma)",
        "٢٠٠٣٣٤٤١",
        "２００３３４４１",
        "20033441.0",
        "2.0033441E+07",
        20033441,
        20033441.0,
        37120033441,
        3.7120033441e10,
    ],
)
def test_a_latvian_mobile_is_read_however_it_is_written(written):
    assert normalise_phone(written) == Phone("+37120033441", can_receive_sms=True)


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("67222222", "+37167222222"),
        ("67/222222", "+37167222222"),
        ("+371 67222222 ext. 12", "+37167222222"),
        ("67222222 (iekš. 5)", "+37167222222"),
        ("80000000", "+37180000000"),
        ("+49 30 901820", "+4930901820"),
    ],
)
def test_a_fixed_line_is_valid_and_gets_no_sms(written, e164):
    assert normalise_phone(written) == Phone(e164, can_receive_sms=False)


@pytest.mark.parametrize(
    ("written", "e164"),
    [("+49 151 23456789", "+4915123456789"), ("00370 600 12345", "+37060012345")],
)
def test_a_foreign_mobile_keeps_its_country(written, e164):
    assert normalise_phone(written) == Phone(e164, can_receive_sms=True)


def test_a_foreign_number_without_its_plus_is_read_with_a_warning():
    assert normalise_phone(4915123456789) == Phone(
        "+4915123456789",
        can_receive_sms=True,
        warnings=("“4915123456789” was read as the foreign number +4915123456789. Check it.",),
    )


def test_a_latvian_mobile_from_a_range_not_yet_known_passes_with_a_warning():
    assert normalise_phone("23 017 914") == Phone(
        "+37123017914",
        can_receive_sms=True,
        warnings=("+37123017914 is in a range that is not known to be in use. Check it.",),
    )


@pytest.mark.parametrize(
    ("written", "used", "others"),
    [
        ("29111111, 67222222", "+37129111111", "+37167222222"),
        ("67222222, 29111111", "+37129111111", "+37167222222"),
        ("67222222/29111111", "+37129111111", "+37167222222"),
        ("29111111; +49 151 23456789", "+37129111111", "+4915123456789"),
        ("29111111 vai 29222222", "+37129111111", "+37129222222"),
        ("29111111\n29222222", "+37129111111", "+37129222222"),
        ("29111111 29222222", "+37129111111", "+37129222222"),
        ("12345, 29111111", "+37129111111", "12345"),
        ("67222222, 67333333", "+37167222222", "+37167333333"),
    ],
)
def test_of_several_numbers_the_first_mobile_is_used_and_the_others_named(written, used, others):
    phone = normalise_phone(written)

    assert (phone.e164, phone.warnings) == (
        used,
        (f"The cell holds several numbers: {used} is used, “{others}” is not.",),
    )


def test_the_same_number_twice_in_a_cell_needs_no_warning():
    assert normalise_phone("29111111, +371 29111111") == Phone("+37129111111", True)


@pytest.mark.parametrize(
    "written", ["12345", "nav", "112", "291111112", "2911O111", "+371 2911111"]
)
def test_what_is_not_a_phone_number_is_refused_with_an_example(written):
    with pytest.raises(AddressError) as refused:
        normalise_phone(written)

    assert refused.value.sentence == (
        f"“{written}” is not a valid phone number."
        " Write it with its country code, for example +371 20000000."
    )


@pytest.mark.parametrize("value", [True, 2.5, float("nan"), float("inf"), object(), "2" * 600])
def test_what_cannot_be_a_phone_number_at_all_is_refused(value):
    with pytest.raises(AddressError, match="is not a phone number"):
        normalise_phone(value)


@pytest.mark.parametrize("value", [None, "", "  ", "'"])
def test_an_empty_phone_is_refused(value):
    with pytest.raises(AddressError, match="The phone number is empty"):
        normalise_phone(value)


def test_a_number_whose_digits_the_spreadsheet_threw_away_is_not_guessed():
    with pytest.raises(AddressError, match=r"has shortened the phone number to “3\.7129E\+10”"):
        normalise_phone("3.7129E+10")


def test_another_region_reads_its_own_national_numbers():
    assert normalise_phone("0151 23456789", region="DE") == Phone("+4915123456789", True)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("  GIRTS.LIEPINS@EXAMPLE.ORG ", "girts.liepins@example.org"),
        ("\N{NO-BREAK SPACE}anna@example.org\N{ZERO WIDTH SPACE}", "anna@example.org"),
        ("anna＠example．org", "anna@example.org"),
        ("mailto:anna@example.org", "anna@example.org"),
        ("MAILTO:anna@example.org?subject=Hi", "anna@example.org"),
        ("Anna Ozola <Anna@Example.org>;", "anna@example.org"),
        ("<anna@example.org>", "anna@example.org"),
        ("anna@example.org.", "anna@example.org"),
        ("'anna@example.org',", "anna@example.org"),
        ("anna @ example.org", "anna@example.org"),
        ("anna@example.org\r\n", "anna@example.org"),
        ("o'konora+diena@example.ie", "o'konora+diena@example.ie"),
        ("anna@bērni.lv", "anna@xn--brni-bva.lv"),
        ("anna@xn--brni-bva.lv", "anna@xn--brni-bva.lv"),
    ],
)
def test_an_email_address_gets_one_form(written, address):
    assert normalise_email(written) == address


@pytest.mark.parametrize(
    "written",
    [
        "nav-epasta",
        "anna@",
        "@example.org",
        "anna@localhost",
        "anna@[127.0.0.1]",
        "anna..b@example.org",
        "anna@inbox,lv",
        "anna ozola@example.org",
        '"anna b"@example.org',
        "anna@example.org\nBcc: eve@example.org",
        "anna@example.org%0aBcc:eve@example.org",
        "=HYPERLINK(anna@example.org)",
    ],
)
def test_what_is_not_an_email_address_is_refused(written):
    with pytest.raises(AddressError) as refused:
        normalise_email(written)

    assert refused.value.sentence == (
        f"“{shorten(written)}” is not a valid e-mail address. Correct it, or leave it empty."
    )


def test_a_latvian_letter_before_the_at_sign_is_named():
    with pytest.raises(AddressError, match="has “ī” before the @"):
        normalise_email("kristīne@example.org")


@pytest.mark.parametrize("value", [None, ""])
def test_an_empty_email_is_refused(value):
    with pytest.raises(AddressError, match="The e-mail address is empty"):
        normalise_email(value)


@pytest.mark.parametrize("value", [5, True, 1.5, "a" * 300 + "@example.org", "a@" + "b" * 600])
def test_what_cannot_be_an_email_at_all_is_refused(value):
    with pytest.raises(AddressError, match="is not a valid e-mail address"):
        normalise_email(value)


def test_of_several_email_addresses_the_first_is_used_and_the_others_named():
    email = read_email("anna@example.org; ANNA@example.org, anna@college.example")

    assert (email.address, email.warnings) == (
        "anna@example.org",
        (
            "The cell holds several e-mail addresses: anna@example.org is used,"
            " “anna@college.example” is not.",
        ),
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Kristīne", "Kristīne"),
        ("  Anna \N{NO-BREAK SPACE} Marija\t", "Anna Marija"),
        ("BĒRZIŅŠ", "Bērziņš"),
        ("ņina", "Ņina"),
        ("briede-kalna", "Briede-Kalna"),
        ("BRIEDE-KALNA", "Briede-Kalna"),
        ("O'Konora", "O'Konora"),
        ("O'KONORA", "O'Konora"),
        ("O&#39;Konora", "O'Konora"),
        ("van der Berg", "van der Berg"),
        ("McDonald", "McDonald"),
        ("Be\N{COMBINING MACRON}rzina", "Bērzina"),
        ("An\N{SOFT HYPHEN}na\x07", "Anna"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}Anna", "Anna"),
        ("-", ""),
        ("", ""),
        (None, ""),
        (7, "7"),
    ],
)
def test_a_name_is_tidied_and_mixed_case_is_left_alone(written, name):
    assert read_name(written) == (name, ())
    assert clean_name(written) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("<b>Ozols</b>", "Ozols"),
        ("&lt;b&gt;Ozols&lt;/b&gt;", "Ozols"),
        ("<img src=x onerror=alert(1)>Ozols", "Ozols"),
        ("Ozols<script", "Ozols script"),
    ],
)
def test_of_markup_in_a_name_only_the_text_stays_and_it_is_said(written, name):
    warning = f"“{shorten(written)}” holds markup; only its text is kept."

    assert read_name(written) == (name, (warning,))


@pytest.mark.parametrize(
    "written",
    ['=HYPERLINK("http://evil.example","x")', " =1+1", "@SUM(A1)", "+1+1", "<b>=1+1</b>", "-=1+1"],
)
def test_a_formula_is_never_a_name(written):
    with pytest.raises(AddressError, match="is a formula, not a name"):
        clean_name(written)


@pytest.mark.parametrize("value", [True, 1.5, object()])
def test_what_is_not_text_is_not_a_name(value):
    with pytest.raises(AddressError, match="is not a name"):
        clean_name(value)


def test_a_name_too_long_is_cut_and_it_is_said():
    name = read_name("Anna " * 60)

    assert len(name.text) <= NAME_MAX_LENGTH
    assert name.warnings == (
        "The name “Anna Anna Anna Anna Anna Anna Anna Anna…” is too long"
        " and was cut to 100 characters.",
    )


def test_a_wrong_value_is_shown_short_and_on_one_line():
    assert shorten("a\nb\x00" + "c" * 100, limit=10) == "a bcccccc…"


def accepted(read, written):
    try:
        return read(written)
    except AddressError:
        return None


phones_like = st.one_of(
    st.text(max_size=40),
    st.text("+0123456789 ()-/.,;ext\N{NO-BREAK SPACE}٢E'", max_size=30),
    st.from_regex(r"(\+|00)?371 ?2\d{7}", fullmatch=True),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
)
emails_like = st.one_of(
    st.text(max_size=60),
    st.emails(),
    st.text("abĀß@.<>;, \n\"'mailto:-İ\u202e", max_size=30).map(lambda text: f"a@b.lv{text}"),
    st.text("aā.-ßİ。", min_size=1, max_size=20).map(lambda host: f"a@{host}.lv"),
    st.integers(),
    st.none(),
)


@given(phones_like)
def test_any_phone_is_refused_or_gets_a_form_that_stays(written):
    phone = accepted(normalise_phone, written)
    if phone is None:
        return

    assert phone.e164[0] == "+"
    assert phone.e164[1:].isdecimal()
    assert 8 <= len(phone.e164) <= 16
    again = normalise_phone(phone.e164)
    assert (again.e164, again.can_receive_sms) == (phone.e164, phone.can_receive_sms)


@given(emails_like)
def test_any_email_is_refused_or_gets_a_form_that_stays(written):
    address = accepted(normalise_email, written)
    if address is None:
        return

    assert address.isascii()
    assert address.isprintable()
    assert " " not in address
    assert address == address.lower()
    assert read_email(address) == (address, ())


@given(st.one_of(st.text(), st.text("aA <>&lt;gamp#39-'=@+İßŉ\n\u0304"), st.integers(), st.none()))
def test_any_name_is_refused_or_gets_a_form_that_stays(written):
    name = accepted(clean_name, written)
    if name is None:
        return

    assert not name.startswith(("=", "+", "-", "@"))
    assert not set(name) & set("<>\n\t\x00")
    assert len(name) <= NAME_MAX_LENGTH
    assert clean_name(name) == name
