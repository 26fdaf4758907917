"""Addresses of tasks, of where they come from, and of who does them."""

from django.urls import path

from work.views import calendar, event_tasks, hand_over, my_day, recurring, task, team, template

app_name = "work"

urlpatterns = [
    path("", my_day.my_day, name="my_day"),
    path("tasks/", task.task_list, name="task_list"),
    path("tasks/new/", task.task_create, name="task_create"),
    path("tasks/<int:pk>/", task.task_detail, name="task_detail"),
    path("tasks/<int:pk>/edit/", task.task_update, name="task_update"),
    path("tasks/<int:pk>/done/", my_day.task_complete, name="task_complete"),
    path("tasks/<int:pk>/take/", my_day.task_take, name="task_take"),
    path("tasks/<int:pk>/not-done/", my_day.task_reopen, name="task_reopen"),
    path("tasks/<int:pk>/why-late/", my_day.task_explain, name="task_explain"),
    path("tasks/<int:pk>/close/", task.task_close, name="task_close"),
    path("tasks/<int:pk>/comment/", task.comment_create, name="comment_create"),
    path("tasks/<int:pk>/file/", task.file_create, name="file_create"),
    path("files/<int:pk>/", task.file_detail, name="file_detail"),
    path("events/<int:pk>/make/", event_tasks.event_tasks_make, name="event_tasks_make"),
    path("events/<int:pk>/move/", event_tasks.event_tasks_move, name="event_tasks_move"),
    path("templates/", template.template_list, name="template_list"),
    path("templates/<slug:kind>/", template.template_list, name="template_list"),
    path("templates/<slug:kind>/new/", template.template_create, name="template_create"),
    path("template/<int:pk>/", template.template_update, name="template_update"),
    path("recurring/", recurring.recurring_list, name="recurring_list"),
    path("recurring/new/", recurring.recurring_create, name="recurring_create"),
    path("recurring/<int:pk>/", recurring.recurring_update, name="recurring_update"),
    path("week/", team.team_week, name="team_week"),
    path("workload/", team.workload, name="workload"),
    path("away/", hand_over.hand_over_list, name="hand_over_list"),
    path("away/new/", hand_over.hand_over_create, name="hand_over_create"),
    path("away/<int:pk>/back/", hand_over.hand_over_take_back, name="hand_over_take_back"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/renew/", calendar.calendar_renew, name="calendar_renew"),
    path("calendar/off/", calendar.calendar_off, name="calendar_off"),
    path("calendar/<slug:token>.ics", calendar.calendar_of_tasks, name="calendar_of_tasks"),
    path("calendar/<slug:token>/plan.ics", calendar.calendar_of_plan, name="calendar_of_plan"),
]
