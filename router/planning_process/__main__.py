"""What `PlannerProcess` runs."""

import sys

from router.planning_process.service import main

main(int(sys.argv[1]))
