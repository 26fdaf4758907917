"""What a view fetches of what was asked for: 404 for what one may not see, 403 for may not do."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.http import StaffRequest
from work.models import Task


def get_task(request: StaffRequest, pk: int) -> Task:
    return get_object_or_404(Task.objects.visible_to(request.user).with_names(), pk=pk)


def permitted(is_permitted: bool) -> None:
    if not is_permitted:
        raise PermissionDenied
