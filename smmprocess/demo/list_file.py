"""An Excel list as colleagues send them, for trying the import: eight ways to write a phone."""

from pathlib import Path

from openpyxl import Workbook

from smmprocess.demo.people import Invented, invent

HEADERS = ["Vārds", "Uzvārds", "E-pasts", "Tālrunis", "Piekrītu saņemt piedāvājumus"]


def write_list(path: Path, count: int = 60) -> None:
    """Write the list, with the faults such lists have, unless it is there."""
    if path.exists():
        return
    book = Workbook()
    sheet = book.create_sheet("Dalībnieki", 0)
    del book["Sheet"]
    sheet.append(HEADERS)
    for number, person in enumerate(invent(count, seed=311)):
        sheet.append(_row(person, number))
        if number == 20:
            sheet.append([None] * len(HEADERS))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def _row(person: Invented, number: int) -> list[object]:
    digits = person.phone.removeprefix("+371")
    phones: list[object] = [
        person.phone,
        f"+371 {digits}",
        f"371{digits}",
        f"00371{digits}",
        f"{digits[:2]} {digits[2:5]} {digits[5:]}",
        f"(+371) {digits[:4]}-{digits[4:]}",
        int(digits) if digits else None,
        digits,
    ]
    email: object = person.email
    phone = phones[number % len(phones)] if digits else None
    match number:
        case 5:
            email = f"  {person.email.upper()} "
        case 11:
            email, phone = None, None
        case 12:
            email = "nav-epasta"
        case 13:
            phone = "12345"
        case 14:
            phone = "+49 151 23456789"
    consent = ["jā", True, "x", "nē", "", False, 1, "Jā"][number % 8]
    return [person.first_name, person.last_name, email, phone, consent]
