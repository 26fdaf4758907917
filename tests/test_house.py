"""What the papers and files around the application say is true of the application."""

import ast
import re
import shlex
from pathlib import Path

import pytest
import yaml

from tools.check_lock_files import problems

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = (ROOT / ".env.example").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
APPLICATION = ("web", "worker", "beat", "watch", "migrate")


def settings_variables():
    """Return the names that settings.py reads from the environment."""
    tree = ast.parse((ROOT / "smmprocess" / "settings.py").read_text())
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
    }


def example_variables():
    return set(re.findall(r"(?m)^#?([A-Z][A-Z0-9_]+)=", EXAMPLE))


def compose_variables():
    text = (ROOT / "docker-compose.yml").read_text()
    return set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", text))


def test_the_example_names_each_variable_of_the_settings_and_of_compose_and_no_other():
    assert "SECRET_KEY" in settings_variables()
    assert example_variables() == settings_variables() | compose_variables()


def test_the_example_explains_each_variable():
    blocks = EXAMPLE.split("\n\n")
    bare = [block for block in blocks if re.match(r"#?[A-Z][A-Z0-9_]+=", block)]

    assert bare == []


@pytest.mark.parametrize("name", ["base.txt", "dev.txt"])
def test_lock_files_pin_everything_with_hashes(name):
    text = (ROOT / "requirements" / name).read_text()

    assert text.count("==") > 30
    assert list(problems(name, text)) == []


def test_both_lock_files_pin_the_same_versions():
    base, dev = (
        set(re.findall(r"(?m)^(\S+==\S+)", (ROOT / "requirements" / name).read_text()))
        for name in ("base.txt", "dev.txt")
    )

    assert base - dev == set()


def test_compose_has_each_part_of_the_system():
    assert set(COMPOSE["services"]) == {*APPLICATION, "postgres", "redis"}


@pytest.mark.parametrize("name", ["web", "worker", "beat", "watch"])
def test_compose_starts_after_the_migrations_and_starts_again_by_itself(name):
    service = COMPOSE["services"][name]

    assert {part: needed["condition"] for part, needed in service["depends_on"].items()} == {
        "postgres": "service_healthy",
        "redis": "service_healthy",
        "migrate": "service_completed_successfully",
    }
    assert service["restart"] == "unless-stopped"
    assert "stop_grace_period" in service


@pytest.mark.parametrize("name", ["worker", "beat", "postgres", "redis"])
def test_compose_checks_the_health_of(name):
    assert COMPOSE["services"][name]["healthcheck"]["test"]


def test_compose_uses_only_volumes_that_it_declares_and_the_folder_of_keys():
    mounted = {
        volume.split(":")[0]
        for service in COMPOSE["services"].values()
        for volume in service["volumes"]
    }

    assert mounted == {*COMPOSE["volumes"], "./secrets"}


@pytest.mark.parametrize("name", [".gitignore", ".dockerignore"])
def test_keys_get_neither_into_the_repository_nor_into_the_image(name):
    ignored = {line.strip("/") for line in (ROOT / name).read_text().split()}

    assert {".env", "secrets"} <= ignored


def test_the_log_of_the_web_server_has_no_addresses_of_pages():
    """Personal links are keys: r, U, q and f would write down address, query and referrer."""
    [format_] = re.findall(r'"--access-logformat", "(.+?)"', DOCKERFILE)

    assert not {"r", "U", "q", "f"} & set(re.findall(r"%\((.+?)\)s", format_))


@pytest.mark.parametrize("name", ["migrate", "worker", "beat", "watch"])
def test_commands_of_compose_exist(name):
    service = COMPOSE["services"][name]
    checks = service.get("healthcheck", {}).get("test", [])
    commands = [service["command"]]
    if checks:
        commands.append(shlex.split(checks[1]) if checks[0] == "CMD-SHELL" else checks[1:])

    for command in commands:
        assert_exists(command)


def test_commands_of_the_image_exist():
    commands = [
        ast.literal_eval(text) for text in re.findall(r"(?m)CMD (\[(?:.|\\\n)+?\])$", DOCKERFILE)
    ]

    assert [command[0] for command in commands] == ["gunicorn", "python"]
    for command in commands:
        assert_exists(command)


def test_what_the_image_copies_exists_and_is_not_ignored():
    copied = re.findall(r"(?m)^COPY (?!--from)(\S+) ", DOCKERFILE)
    ignored = (ROOT / ".dockerignore").read_text().split()

    assert copied == ["requirements/base.txt", "."]
    assert (ROOT / copied[0]).exists()
    needed = {
        "accounts",
        "locale",
        "manage.py",
        "requirements",
        "smmprocess",
        "static",
        "templates",
        "tools",
    }
    assert needed.isdisjoint(ignored)
    assert {".env", ".git", ".venv", "var"} <= set(ignored)


def test_the_image_runs_without_rights():
    last_stage = DOCKERFILE.rpartition("FROM ")[2]

    assert re.findall(r"(?m)^USER (\S+)", last_stage) == ["smm"]


def assert_exists(command):
    """Check that a command line names programs, modules and options that there are."""
    from django.core.management import get_commands

    from smmprocess.celery import app

    match command:
        case ["python", "manage.py", name, *_]:
            assert name in get_commands()
        case ["python", "-m", module]:
            assert (ROOT / f"{module.replace('.', '/')}.py").exists()
        case ["celery", "-A", package, ("worker" | "beat" | "inspect"), *_]:
            assert package == app.main
        case ["gunicorn", "smmprocess.wsgi", *_]:
            from smmprocess.wsgi import application

            assert callable(application)
        case _:
            raise AssertionError(f"An unknown command: {command}")
