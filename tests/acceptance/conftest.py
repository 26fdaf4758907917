"""The rules of a new installation hold, and Bitrix24 is a sandbox, in every test of this folder."""

import pytest

from tests.factories import arm_rules


@pytest.fixture(autouse=True)
def rules(db):
    arm_rules()
