"""What the server calls, and what it does besides where no worker does it."""

import os
from multiprocessing.util import Finalize

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.project.settings")
rest = get_wsgi_application()

# The rooms can be imported only now that Django knows them.
from regulars.api.quick import QuickDoor  # noqa: E402
from regulars.kernel.garbage import look_seldom  # noqa: E402

application = QuickDoor(rest)
look_seldom()

if os.environ.get("REGULARS_SCHEDULE") == "here":
    # The rooms can be imported only now that Django knows them.
    from regulars.jobs.worker import Worker
    from regulars.project.schedule import in_background

    worker = Worker()
    worker.start()
    # However the process ends in peace, work that is under way is handed on.
    Finalize(None, worker.end, exitpriority=1)
    in_background()
