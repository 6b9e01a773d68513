# SPDX-License-Identifier: GPL-3.0-or-later
"""Which figures fit a result, in the order in which they are drawn."""
import bridge
import cells
import cloud
import difference
import error
import exact
import gap
import killing
import line
import moments
import noise
import pairing
import path
import plane
import reverse
import sliced
import spectrum
import style
import totals
import value


def figures(result):
    """Yields (file name without ending, figure)."""
    style.apply()
    yield from _densities(result)
    yield from value.figures(result, "backward-kolmogorov", "value", "J")
    yield from pairing.figures(result)
    yield from difference.figures(result, "backward-kolmogorov", "value", "J")
    yield from spectrum.figures(result)
    yield from noise.figures(result)
    yield from value.figures(result, "hjb", "lambda", r"\lambda")
    yield from difference.figures(result, "hjb", "lambda", r"\lambda")
    yield from path.figures(result)
    yield from bridge.figures(result)
    yield from cells.figures(result)
    yield from gap.figures(result)
    yield from killing.figures(result)
    yield from reverse.figures(result)


def _densities(result):
    yield from sliced.figures(result)
    tasks = sliced.finest(result.tasks)
    laws = {task.name: exact.law(result.experiment, task) for task in tasks}
    yield from line.figures(result, [task for task in tasks if task.dimension == 1], laws)
    for task in tasks:
        if task.dimension == 2:
            yield f"density_{task.name}", plane.density(result, task)
        if task.dimension == 3:
            yield f"slices_{task.name}", cloud.slices(result, task)
        if task.dimension > 1:
            yield f"marginals_{task.name}", cloud.marginals(result, task)
    tasks = [task for task in tasks if len(task.times) > 1]  # what follows is drawn over time
    if tasks:
        yield "moments", moments.draw(result, tasks, laws)
        yield from totals.figures(result, tasks)
        yield from error.figures(result, tasks, laws)
