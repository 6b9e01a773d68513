# SPDX-License-Identifier: GPL-3.0-or-later
"""Mean and variance along each axis that is no angle, beside the exact ones and, where it differs, (2.35) as printed."""
import tomllib

import numpy as np

from . import drawing, exact


def lines(experiment, tasks):
    """(task, number of an axis): a mean along a periodic axis would depend on where it is cut."""
    try:
        around = {axis["name"] for axis in tomllib.loads(experiment)["axis"] if axis.get("boundary") == "periodic"}
    except (ValueError, KeyError, TypeError):
        around = set()
    return [(task, k) for task in tasks for k, axis in enumerate(task.axes) if axis not in around]


def draw(result, tasks, laws):
    figure, (left, right) = drawing.row(2, 3.0, 2.9, 1.4)
    drawing.title(figure, result.title)
    several = max(task.dimension for task in tasks) > 1
    of_task = {task.name: _of_grid(task) for task in tasks}
    for task, k in lines(result.experiment, tasks):
        mean, variance = of_task[task.name]
        line = drawing.task_line(tasks.index(task)) | ({"color": drawing.COLOURS[k]} if several else {})
        label = drawing.plain(task.name) + (f", ${drawing.letter(list(task.axes)[k])}$" if several else "")
        left.plot(task.times, mean[:, k], label=label, **line)
        right.plot(task.times, variance[:, k], label=label, **line)
    _exact(left, right, result, tasks, laws)
    for axes, label in ((left, "mean"), (right, "variance")):
        axes.set_xlabel("$t$")
        axes.set_ylabel(label)
    drawing.legend(right)
    return figure


def _exact(left, right, result, tasks, laws):
    task = next((task for task in tasks if laws.known(task)), None)
    if task is None:
        return
    law = laws.of(task)
    means, covariances = zip(*(law.moments(index) for index in range(len(task.times))))
    for k in range(task.dimension):
        label = "exact" if k == 0 else None
        left.plot(task.times, np.array(means)[:, k], ":k", linewidth=0.9, label=label)
        right.plot(task.times, np.array(covariances)[:, k, k], ":k", linewidth=0.9, label=label)
    if task.dimension == 1 and not np.any(law.means[0].std()):
        printed, factor = exact.printed_variance(result.experiment, task)
        variance = printed + factor ** 2 * covariances[0][0, 0]
        if np.nanmax(np.abs(variance - np.array(covariances)[:, 0, 0])) > 1e-6:
            right.plot(task.times, variance, color="0.5", linewidth=1, label="(2.35) as printed")


def _of_grid(task):
    density = np.nan_to_num(task.variables["density"])
    means, variances = [], []
    for k, points in enumerate(task.axes.values()):
        others = tuple(axis for axis in range(1, density.ndim) if axis != k + 1)
        marginal = density.sum(axis=others)
        with np.errstate(invalid="ignore"):
            weights = marginal / marginal.sum(axis=1, keepdims=True)
        mean = weights @ points
        means.append(mean)
        variances.append((weights * (points - mean[:, None]) ** 2).sum(axis=1))
    return np.stack(means, axis=1), np.stack(variances, axis=1)
