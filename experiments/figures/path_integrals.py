# SPDX-License-Identifier: GPL-3.0-or-later
"""Convergence of the path integral (2.11, 2.32) in its step, beside the order that it should have."""
from functools import partial

import numpy as np

from . import drawing

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
    """Of the series whose tasks are all held against one spectral method."""
    references = {pair.first.name: pair.second for pair in result.pairs
                  if pair.of == "density" and pair.second.attributes.get("method") in ("fourier", "hermite")}
    lines = series(result.tasks)
    found = {references[task.name].name if task.name in references else None
             for some in lines.values() for task in some}
    if len(found) == 1 and None not in found:
        yield "path_integral", partial(_draw, result, lines, found.pop())


def _step(task):
    steps = task.attributes.get("steps", "")
    return (task.times[-1] - task.times[0]) / int(steps) if steps.isdigit() and int(steps) > 0 else None


def _draw(result, lines, reference):
    figure, (axes,) = drawing.row(1, 4.0, 3.4, 1.8)
    drawing.title(figure, result.title)
    last = {pair.first.name: pair.numbers["difference"][-1] for pair in result.pairs
            if pair.of == "density" and pair.second.name == reference}
    for number, (order, tasks) in enumerate(lines.items()):
        steps = np.array([_step(task) for task in tasks])
        errors = np.array([last[task.name] for task in tasks])
        found = np.log(errors[-2] / errors[-1]) / np.log(steps[-2] / steps[-1])
        axes.loglog(steps, drawing.above_epsilon(errors), marker="os^D"[number % 4], markersize=4,
                    label=f"order {order}: {found:.2f}\nat the shortest steps", **drawing.task_line(number))
        slope = int(order) if order.isdigit() else 2
        axes.loglog(steps, 0.45 * errors[-1] * (steps / steps[-1]) ** slope, color="0.4", linewidth=0.8,
                    linestyle=["--", ":"][number % 2], label=rf"$\Delta t^{{{slope}}}$")
    every = sorted({_step(task) for tasks in lines.values() for task in tasks})
    axes.set_xticks(every, [_fraction(step) for step in every])
    axes.minorticks_off()
    axes.set_xlabel(r"step $\Delta t$")
    time = drawing.time_label(tasks[-1].times[-1]).strip("$")
    axes.set_ylabel(f"density at ${time}$, relative $L^1$ error\nagainst {drawing.plain(reference)}")
    drawing.legend(axes, labelspacing=0.8)
    return figure


def _fraction(step):
    return f"1/{round(1 / step)}" if step < 1 and abs(1 / step - round(1 / step)) < 1e-6 / step else f"{step:.3g}"
