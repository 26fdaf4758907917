"""Leads, deals and contacts: their fields, and how the classic and universal methods write them."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from .encoding import as_float, as_int
from .tables import MULTIFIELDS, Row

UTM = ("UTM_SOURCE", "UTM_MEDIUM", "UTM_CAMPAIGN", "UTM_CONTENT", "UTM_TERM")
COMMON = (
    *("ID", "ASSIGNED_BY_ID", "CREATED_BY_ID", "MODIFY_BY_ID", "DATE_CREATE", "DATE_MODIFY"),
    *("SOURCE_ID", "SOURCE_DESCRIPTION", "OPENED", "COMMENTS", "WEBFORM_ID", "COMPANY_ID"),
    *("ORIGINATOR_ID", "ORIGIN_ID", *UTM),
)
PERSON = ("NAME", "SECOND_NAME", "LAST_NAME", "BIRTHDATE", "HONORIFIC", "POST")
INTEGERS = frozenset(
    {
        *("ID", "ASSIGNED_BY_ID", "CREATED_BY_ID", "MODIFY_BY_ID", "WEBFORM_ID", "COMPANY_ID"),
        *("CONTACT_ID", "LEAD_ID", "CATEGORY_ID"),
    }
)
SEMANTICS = {"CONVERTED": "S", "WON": "S", "JUNK": "F", "LOSE": "F"}


@dataclass(frozen=True)
class EntityType:
    """One kind of CRM record."""

    id: int
    code: str
    table: str
    document: str
    fields: tuple[str, ...]
    stage: str = ""

    @property
    def semantic(self) -> str:
        return self.stage.replace("_ID", "_SEMANTIC_ID")

    @property
    def universal_names(self) -> dict[str, str]:
        """Universal names of fields that do not follow from the classic ones."""
        names = {"createdTime": "DATE_CREATE", "updatedTime": "DATE_MODIFY"}
        names |= {"movedTime": "MOVED_TIME"}
        names |= {"createdBy": "CREATED_BY_ID", "updatedBy": "MODIFY_BY_ID"}
        if self.stage:
            names |= {"stageId": self.stage, "stageSemanticId": self.semantic}
        return names

    def classic_name(self, universal: str) -> str | None:
        """The classic name of a universal field; None if records of this kind have no such."""
        if universal.startswith("ufCrm"):
            return "UF_CRM" + universal[5:].upper()
        name = self.universal_names.get(universal)
        if name is None:
            name = re.sub(r"([A-Z])", r"_\1", universal).upper()
        return name if name in self.fields else None

    def universal_name(self, classic: str) -> str:
        for universal, name in self.universal_names.items():
            if name == classic:
                return universal
        if classic.startswith("UF_CRM"):
            return "ufCrm" + classic[6:].lower()
        first, *rest = classic.lower().split("_")
        return first + "".join(word.capitalize() for word in rest)


LEAD = EntityType(
    id=1,
    code="LEAD",
    table="leads",
    document="CCrmDocumentLead",
    stage="STATUS_ID",
    fields=(
        *("TITLE", "STATUS_ID", "STATUS_SEMANTIC_ID", "MOVED_TIME", "OPPORTUNITY", "CURRENCY_ID"),
        *("IS_RETURN_CUSTOMER", "CONTACT_ID", *PERSON, *COMMON),
    ),
)
DEAL = EntityType(
    id=2,
    code="DEAL",
    table="deals",
    document="CCrmDocumentDeal",
    stage="STAGE_ID",
    fields=(
        *("TITLE", "STAGE_ID", "STAGE_SEMANTIC_ID", "MOVED_TIME", "OPPORTUNITY", "CURRENCY_ID"),
        *("CATEGORY_ID", "IS_RETURN_CUSTOMER", "CONTACT_ID", "LEAD_ID", *COMMON),
    ),
)
CONTACT = EntityType(
    id=3,
    code="CONTACT",
    table="contacts",
    document="CCrmDocumentContact",
    fields=("LEAD_ID", *PERSON, *COMMON),
)
ENTITIES = {entity.id: entity for entity in (LEAD, DEAL, CONTACT)}
ENTITY_BY_CODE = {entity.code: entity for entity in ENTITIES.values()}


def classic_row(entity: EntityType, row: Row, select: list[Any]) -> Row:
    """Write a record for a classic list: text in every field, phones only when asked for."""
    wanted = [str(name) for name in select] or ["*"]
    masks = [name for name in wanted if "*" in name]
    shown: Row = {}
    for name in (*entity.fields, *(key for key in row if key.startswith("UF_"))):
        is_custom = name.startswith("UF_")
        by_mask = any(fnmatchcase(name, mask) for mask in masks if is_custom == ("UF" in mask))
        if name in wanted or by_mask or name == "ID":
            shown[name] = row.get(name)
    for name in MULTIFIELDS:
        if name in wanted and (values := multifield(row, name)):
            shown[name] = values
    return shown


def classic_record(entity: EntityType, row: Row) -> Row:
    """Write a record whole, as the classic `get` methods do."""
    return classic_row(entity, row, ["*", "UF_*", *MULTIFIELDS])


def universal_row(entity: EntityType, row: Row, select: list[Any]) -> Row:
    """Write a record for `crm.item.*`: numbers as numbers; `fm` only when all is selected."""
    wanted = [str(name) for name in select] or ["*"]
    everything = "*" in wanted
    shown: Row = {}
    for name in (*entity.fields, *(key for key in row if key.startswith("UF_"))):
        universal = entity.universal_name(name)
        if everything or universal in wanted or name == "ID":
            shown[universal] = _typed(name, row.get(name))
    if everything:
        shown["fm"] = [
            {
                "id": as_int(item["ID"]),
                "typeId": item["TYPE_ID"],
                "valueType": item["VALUE_TYPE"],
                "value": item["VALUE"],
            }
            for item in row.get("FM", ())
        ]
    return shown


def universal_record(entity: EntityType, row: Row) -> Row:
    """Write a record whole, with the flat names of its first phone and e-mail of each type."""
    shown = universal_row(entity, row, ["*"])
    for item in row.get("FM", ()):
        alias = item["TYPE_ID"].lower() + item["VALUE_TYPE"].capitalize()
        shown.setdefault(alias, item["VALUE"])
    return shown


def multifield(row: Row, name: str) -> list[Row]:
    """The phones or e-mails of a record in the classic form."""
    return [
        {
            "ID": item["ID"],
            "VALUE_TYPE": item["VALUE_TYPE"],
            "VALUE": item["VALUE"],
            "TYPE_ID": item["TYPE_ID"],
        }
        for item in row.get("FM", ())
        if item["TYPE_ID"] == name
    ]


def _typed(name: str, value: Any) -> Any:
    if name in INTEGERS:
        return as_int(value) if value else 0
    if name == "OPPORTUNITY":
        amount = as_float(value)
        return int(amount) if amount.is_integer() else amount
    return value
