"""Bring the catalogues up to date, sorted and without line numbers, and compile them."""

import sys

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from tools import compile_translations
from tools.catalogues import catalogue_path, forms, fresh_catalogues, is_old, read


def main() -> int:
    with fresh_catalogues() as catalogues:
        for language, catalogue in catalogues.items():
            _write(language, catalogue)
    return compile_translations.main()


def _write(language: str, catalogue: Catalog) -> None:
    path = catalogue_path(language)
    if path.exists():
        # Else each run would change the file, if only by its date.
        catalogue.creation_date = read(path).creation_date
    for message in catalogue:
        # What a message was like before is in the repository's history.
        message.user_comments = [each for each in message.user_comments if not is_old(each)]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(
            file, catalogue, width=100, no_location=True, sort_output=True, ignore_obsolete=True
        )
    missing = sum(
        not any(forms(message.string)) or message.fuzzy for message in catalogue if message.id
    )
    print(f"{language}: {len(catalogue)} messages, {missing} to translate or to confirm.")


if __name__ == "__main__":
    sys.exit(main())
