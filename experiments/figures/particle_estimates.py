# SPDX-License-Identifier: GPL-3.0-or-later
"""What particles say of means, weights and walls over time, with bars of two standard errors."""
from functools import partial

import numpy as np

from . import drawing

LEAST_WEIGHT = 1 - 1e-9  # above, nobody was killed
MOST_PANELS = 6
WALLS = ("lower", "upper")


def figures(result):
    tasks = [task for task in result.of("particles") if len(task.times) > 1]
    if tasks:
        yield "particle_moments", partial(_moments, result, tasks)
    for task in tasks:
        if "first_passage" in task.variables:
            yield f"first_passage_{task.name}", partial(_passage, result, task)


def _estimates(tasks):
    """Names of what has an error and is worth a panel, in the order of means, variances, others and weights."""
    names = [name for task in tasks for name in task.variables
             if f"{name}_error" in task.variables and np.ndim(task.variables[name]) == 1]
    kinds = ("mean_", "covariance_", "observable_", "weight")
    chosen = [name for kind in kinds for name in dict.fromkeys(names) if name.startswith(kind)]
    if all(np.min(task.variables["weight"], initial=1) > LEAST_WEIGHT for task in tasks if "weight" in task.variables):
        chosen = [name for name in chosen if name != "weight"]
    return chosen[:MOST_PANELS]


def _label(name):
    kind, _, rest = name.partition("_")
    axes = rest.split("_")
    if kind == "mean":
        return rf"$\langle {drawing.letter(rest)} \rangle$"
    if kind == "covariance" and len(axes) == 2:
        return f"variance of ${drawing.letter(axes[0])}$" if axes[0] == axes[1] else \
            f"covariance of ${drawing.letter(axes[0])}$, ${drawing.letter(axes[1])}$"
    if kind == "weight":
        return r"weight, $\langle e^{-\int V}; \mathrm{alive}\rangle$"
    return drawing.plain(rest or name)


def bars(panel, points, values, errors, **look):
    """Of two standard errors."""
    return panel.errorbar(points, values, yerr=2 * np.asarray(errors), elinewidth=0.8, capsize=1.5, markersize=2.5,
                          marker="o", **look)


def _moments(result, tasks):
    names = _estimates(tasks)
    columns = min(len(names), 1 if drawing.narrow() else 3)
    rows = -(-len(names) // columns)
    figure = drawing.figure(2.9 * columns + 1.2, 2.5 * rows + 0.4)
    drawing.title(figure, result.title)
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True)
    for panel, name in zip(panels.flat, names):
        for number, task in enumerate(tasks):
            if name in task.variables:
                bars(panel, task.times, task.variables[name], task.variables[f"{name}_error"],
                     label=drawing.plain(task.name), **drawing.task_line(number) | {"linewidth": 1})
        panel.set(ylabel=_label(name))
        panel.tick_params(labelbottom=True)
    for panel in panels.flat[len(names):]:
        panel.axis("off")
    for panel in list(panels.flat[:len(names)])[-columns:]:
        panel.set_xlabel("$t$")
    handles, labels = panels[0, 0].get_legend_handles_labels()
    drawing.legend(panels[-1 if drawing.narrow() else 0, -1], handles=handles, labels=labels, title=r"$\pm 2$ errors")
    return figure


def _passage(result, task):
    values, errors = task.variables["first_passage"], task.variables["first_passage_error"]
    outflow = task.numbers.get("outflow")
    figure, (axes,) = drawing.row(1, 4.4, 3.2, 1.4)
    drawing.title(figure, result.title, task.name)
    for wall in range(values.shape[1]):
        if not values[:, wall].any():
            continue
        if outflow is not None:
            axes.plot(task.times[1:], outflow[1:, wall], color="0.72", linewidth=3.5,
                      label=drawing.plain(task.numbers["density"]) if wall == 0 else None)
        bars(axes, task.times[1:], values[1:, wall], errors[1:, wall], label=_wall(task, wall),
             **drawing.task_line(wall) | {"linewidth": 1})
    axes.set(xlabel="$t$", ylabel="left since the time before")
    axes.set_ylim(bottom=0)
    drawing.legend(axes, title=r"$\pm 2$ errors")
    return figure


def _wall(task, number):
    names = list(task.axes)
    axis = f" of ${drawing.letter(names[number // 2])}$" if number // 2 < len(names) else ""
    return f"{WALLS[number % 2]} wall{axis}"
