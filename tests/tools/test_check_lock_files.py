from tools.check_lock_files import problems

PINNED = """\
amqp==5.4.2 \\
    --hash=sha256:9362660c \\
    --hash=sha256:e6e756b1
    # via kombu
async-timeout==5.0.1 ; python_full_version < '3.11.3' \\
    --hash=sha256:39e38096
    # via redis
"""


def test_pinned_requirements_with_hashes_pass():
    assert list(problems("base.txt", PINNED)) == []


def test_a_range_or_a_missing_hash_is_named():
    text = f"{PINNED}django>=5.2 \\\n    --hash=sha256:1234\nredis==7.4.1\n    # via celery\n"

    assert list(problems("base.txt", text)) == [
        "not pinned with hashes: django>=5.2 \\",
        "not pinned with hashes: redis==7.4.1",
    ]


def test_a_place_to_install_from_is_named():
    line = "--index-url https://packages.example.org/simple"

    assert f"line 1 says where from: {line}" in problems("base.txt", f"{line}\n{PINNED}")
    assert list(
        problems("package-lock.json", '{\n  "resolved": "https://packages.example.org/x"')
    ) == ['line 2 says where from: "resolved": "https://packages.example.org/x"']
