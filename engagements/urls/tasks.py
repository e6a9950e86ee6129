"""Tasks outside any plan."""

from django.urls import path

from engagements.views import tasks

urlpatterns = [
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks.csv", tasks.export_tasks, name="export_tasks"),
    path("tasks/new/", tasks.add_task, name="add_task"),
    path("tasks/<uuid:task_id>/", tasks.edit_task, name="edit_task"),
    path("tasks/<uuid:task_id>/done/", tasks.finish_task, name="finish_task"),
    path("tasks/<uuid:task_id>/reopen/", tasks.reopen_task, name="reopen_task"),
    path("tasks/<uuid:task_id>/snooze/", tasks.snooze_task, name="snooze_task"),
    path("tasks/<uuid:task_id>/delete/", tasks.delete_task, name="delete_task"),
    path("tasks/<uuid:task_id>/restore/", tasks.restore_task, name="restore_task"),
]
