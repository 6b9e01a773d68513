# SPDX-License-Identifier: GPL-3.0-or-later
"""Convergence of the path integral (2.11, 2.32) in its step, beside the order that it should have."""
import numpy as np

from . import drawing
from .method_differences import ACCURATE, same_grid

FEWEST = 3  # steps of an order that make a line


def series(tasks):
    """Order -> tasks, from the longest step to the shortest."""
    orders = {}
    for task in tasks:
        if task.attributes.get("method") == "path-integral" and _step(task) is not None:
            orders.setdefault(task.attributes.get("order", "2"), []).append(task)
    longest_first = {order: sorted(some, key=_step, reverse=True) for order, some in sorted(orders.items())}
    return {order: some for order, some in longest_first.items() if len({_step(task) for task in some}) >= FEWEST}


def finest(tasks):
    """Without those of a series that have longer steps than another of their order."""
    coarse = [task for some in series(tasks).values() for task in some[:-1]]
    return [task for task in tasks if not any(task is other for other in coarse)]


def figures(result):
    lines = series(result.tasks)
    others = sorted((task for task in result.tasks if task.attributes.get("method") in ("fourier", "hermite")),
                    key=lambda task: ACCURATE.index(task.attributes["method"]))
    if lines and others and all(same_grid(task, others[0]) for some in lines.values() for task in some):
        yield "path_integral", lambda: _draw(result, lines, others[0])


def _step(task):
    steps = task.attributes.get("steps", "")
    return (task.times[-1] - task.times[0]) / int(steps) if steps.isdigit() and int(steps) > 0 else None


def _draw(result, lines, reference):
    figure, (axes,) = drawing.row(1, 4.4, 3.4)
    drawing.title(figure, result.title)
    truth = reference.variables["density"][-1]
    for number, (order, tasks) in enumerate(lines.items()):
        steps = np.array([_step(task) for task in tasks])
        errors = np.array([np.abs(task.variables["density"][-1] - truth).sum() for task in tasks])
        errors /= np.abs(truth).sum()
        found = np.log(errors[-2] / errors[-1]) / np.log(steps[-2] / steps[-1])
        axes.loglog(steps, drawing.above_epsilon(errors), marker="os^D"[number % 4], markersize=4,
                    label=f"order {order}: {found:.2f} at the shortest steps", **drawing.task_line(number))
        slope = int(order) if order.isdigit() else 2
        axes.loglog(steps, 0.45 * errors[-1] * (steps / steps[-1]) ** slope, color="0.4", linewidth=0.8,
                    linestyle=["--", ":"][number % 2], label=rf"$\Delta t^{{{slope}}}$")
    every = sorted({_step(task) for tasks in lines.values() for task in tasks})
    axes.set_xticks(every, [_fraction(step) for step in every])
    axes.minorticks_off()
    axes.set_xlabel(r"step $\Delta t$")
    time = drawing.time_label(reference.times[-1]).strip("$")
    axes.set_ylabel(f"density at ${time}$, relative $L^1$ error\nagainst {drawing.plain(reference.name)}")
    axes.legend(loc="best")
    return figure


def _fraction(step):
    return f"1/{round(1 / step)}" if step < 1 and abs(1 / step - round(1 / step)) < 1e-6 / step else f"{step:.3g}"
