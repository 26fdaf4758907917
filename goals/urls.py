"""Addresses of goals."""

from django.urls import path

from goals.views import goal, indicator, year

app_name = "goals"
urlpatterns = [
    path("", year.year_list, name="year_list"),
    path("new/", year.year_create, name="year_create"),
    path("<int:number>/", year.year_detail, name="year_detail"),
    path("<int:number>/print/", year.year_print, name="year_print"),
    path("<int:number>/strategy/", year.year_update, name="year_update"),
    path("<int:number>/strategy/file/", year.strategy_file, name="strategy_file"),
    path("<int:number>/versions/", year.year_versions, name="year_versions"),
    path("<int:number>/steps/<str:step>/", year.year_step, name="year_step"),
    path("<int:number>/add/", goal.goal_create, name="goal_create"),
    path("goal/<int:pk>/", goal.goal_detail, name="goal_detail"),
    path("goal/<int:pk>/edit/", goal.goal_update, name="goal_update"),
    path("goal/<int:pk>/move/", goal.goal_move, name="goal_move"),
    path("goal/<int:pk>/take-out/", goal.goal_delete, name="goal_delete"),
    path("goal/<int:pk>/add/", indicator.indicator_create, name="indicator_create"),
    path("indicator/<int:pk>/edit/", indicator.indicator_update, name="indicator_update"),
    path("indicator/<int:pk>/move/", indicator.indicator_move, name="indicator_move"),
    path("indicator/<int:pk>/take-out/", indicator.indicator_delete, name="indicator_delete"),
    path("indicator/<int:pk>/check-in/", indicator.check_in_create, name="check_in_create"),
    path("check-in/<int:pk>/correct/", indicator.check_in_correct, name="check_in_correct"),
]
