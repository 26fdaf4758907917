"""Addresses of results."""

from django.urls import path

from results.views import decision, evaluation, export, review
from results.views import results as page

app_name = "results"
urlpatterns = [
    path("", page.intake_list, name="intake_list"),
    path("<int:intake>/", page.intake_results, name="intake_results"),
    path("<int:intake>/mine/", page.own_results, name="own_results"),
    path("<int:intake>/print/", page.intake_print, name="intake_print"),
    path("<int:intake>/presentation/", page.intake_presentation, name="intake_presentation"),
    path("<int:intake>/enrolled/<slug:kind>/", page.enrolled_update, name="enrolled_update"),
    path("frozen/<int:pk>/", page.snapshot_detail, name="snapshot_detail"),
    path("frozen/<int:pk>/report.pdf", export.snapshot_pdf, name="snapshot_pdf"),
    path("frozen/<int:pk>/results.xlsx", export.snapshot_xlsx, name="snapshot_xlsx"),
    path("<int:intake>/report.pdf", export.report_pdf, name="report_pdf"),
    path("<int:intake>/results.xlsx", export.results_xlsx, name="results_xlsx"),
    # Review
    path("<int:intake>/review/", review.review_detail, name="review_detail"),
    path("<int:intake>/review/begin/", review.review_begin, name="review_begin"),
    path("<int:intake>/review/meeting/", review.meeting_update, name="meeting_update"),
    path("<int:intake>/review/steps/<slug:step>/", review.review_step, name="review_step"),
    path("review/notes/<int:pk>/", review.note_update, name="note_update"),
    path("<int:intake>/review/decisions/", decision.decision_create, name="decision_create"),
    path("review/decisions/<int:pk>/take-out/", decision.decision_delete, name="decision_delete"),
    path("review/decisions/<int:pk>/task/", decision.decision_task, name="decision_task"),
    path("review/decisions/<int:pk>/goal/", decision.decision_goal, name="decision_goal"),
    # Evaluation forms
    path("forms/", evaluation.evaluation_list, name="evaluation_list"),
    path("forms/new/", evaluation.evaluation_begin, name="evaluation_begin"),
    path("forms/<int:pk>/", evaluation.evaluation_detail, name="evaluation_detail"),
    path("forms/<int:pk>/write/", evaluation.evaluation_update, name="evaluation_update"),
    path("forms/<int:pk>/versions/", evaluation.evaluation_versions, name="evaluation_versions"),
    path("forms/<int:pk>/manager/", evaluation.evaluation_manager, name="evaluation_manager"),
    path("forms/<int:pk>/steps/<slug:step>/", evaluation.evaluation_step, name="evaluation_step"),
    path("forms/<int:pk>/form.pdf", evaluation.evaluation_pdf, name="evaluation_pdf"),
    path("forms/<int:pk>/form.xlsx", evaluation.evaluation_xlsx, name="evaluation_xlsx"),
]
