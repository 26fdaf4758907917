"""From a role to a person."""

from accounts.models import User


def default_assignees() -> dict[str, int]:
    """Map each role that exactly one active person has to that person's number.

    Where several have it, nobody is chosen: the task is for whoever of them takes it.
    """
    people: dict[str, list[int]] = {}
    for role, number in User.objects.active().values_list("role", "pk"):
        people.setdefault(role, []).append(number)
    return {role: numbers[0] for role, numbers in people.items() if len(numbers) == 1}
