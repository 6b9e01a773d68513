# SPDX-License-Identifier: GPL-3.0-or-later
"""Which figures fit a result, in the order in which they are drawn."""
import cloud
import error
import exact
import line
import moments
import plane
import style
import totals


def figures(result):
    """Yields (file name without ending, figure)."""
    style.apply()
    laws = {task.name: exact.law(result.experiment, task) for task in result.tasks}
    yield from line.figures(result, [task for task in result.tasks if task.dimension == 1], laws)
    for task in result.tasks:
        if task.dimension == 2:
            yield f"density_{task.name}", plane.density(result, task)
        if task.dimension == 3:
            yield f"slices_{task.name}", cloud.slices(result, task)
        if task.dimension > 1:
            yield f"marginals_{task.name}", cloud.marginals(result, task)
    result.tasks = [task for task in result.tasks if len(task.times) > 1]  # what follows is drawn over time
    if result.tasks:
        yield "moments", moments.draw(result, laws)
        yield from totals.figures(result)
        yield from error.figures(result, laws)
