"""The same jobs shared by many processes and machines, on PostgreSQL, through the task engine Procrastinate 3.

Any number of schedulers ask the archive what is due, as the daemon does, and queue it; any number of workers do it.
What is queued is never the truth, only a hint to somebody: the archive's rows say what is due, so a queue that was
lost, or a job that was queued twice, changes nothing.

- A key (``poll bao``, ``article 17``, ``channel desk``) waits in the queue once and is worked on by one at a time.
- New links and messages are queued in the transaction that stores them, so that workers take them up at once.
- A host's turns are rows of the archive: a job whose turn is seconds away is queued anew for that moment, and keeps no
  thread waiting. (The engine's own locks hand on one job per poll interval, too slow to pace a host by.)
- Jobs of a worker that died are given to others when its heartbeat has been missing for half a minute.
"""

from scraper.workers.scheduler import run_scheduler
from scraper.workers.worker import run_worker

__all__ = ["run_scheduler", "run_worker"]
