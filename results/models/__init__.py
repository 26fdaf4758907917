"""What is kept of an intake: the review, the frozen page, the evaluation of each one's work."""

from results.models.enrolled import Enrolled
from results.models.evaluation import Evaluation, EvaluationStateError, EvaluationVersion
from results.models.evaluation_lines import Competence, NextGoal, PlannedResult, Score
from results.models.notes import Decision, GoalNote
from results.models.review import Confirmation, Review, ReviewStateError
from results.models.snapshot import Snapshot, SnapshotFile

__all__ = [
    "Competence",
    "Confirmation",
    "Decision",
    "Enrolled",
    "Evaluation",
    "EvaluationStateError",
    "EvaluationVersion",
    "GoalNote",
    "NextGoal",
    "PlannedResult",
    "Review",
    "ReviewStateError",
    "Score",
    "Snapshot",
    "SnapshotFile",
]
