# SPDX-License-Identifier: GPL-3.0-or-later
"""How far each task is from the exact law over time or, where none is known, the tasks from each other.

Relative L1 for the density (finite volumes: of cell means), and for the score the L2 weighted by P where the
density exceeds 1e-10 of its maximum, as `umkehr compare` measures them.
"""
import numpy as np

from . import drawing, exact, method_differences


def figures(result, tasks, laws):
    known = [task for task in tasks if laws.known(task)]
    pairs = [] if known else method_differences.pairs([task for task in tasks if task.solve == "fokker-planck"])
    if known:
        yield "error", lambda: _errors(result, known, laws)
    if pairs:
        yield "difference", lambda: _differences(result, pairs)


def _errors(result, tasks, laws):
    return _draw(result, [(task.name, task.times, *_against_law(task, laws.of(task))) for task in tasks], "error")


def _differences(result, pairs):
    lines = [(f"{a.name},\n{b.name}", a.times, *_between(a, b)) for a, b in pairs]
    return _draw(result, lines, "difference")


def _draw(result, lines, measure):
    with_score = any(np.isfinite(score).any() for _, _, _, score in lines)
    figure, row = drawing.row(2 if with_score else 1, 3.0, 2.9, 1.4)
    drawing.title(figure, result.title)
    for number, (name, times, density, score) in enumerate(lines):
        for axes, values in zip(row, (density, score)):
            axes.semilogy(times, drawing.above_epsilon(values), label=drawing.plain(name), marker="o",
                          markersize=2,
                          **drawing.task_line(number))
    row[0].set_ylabel(f"density, relative $L^1$ {measure}")
    if with_score:
        row[1].set_ylabel(f"score, relative $L^2(P)$ {measure}")
    for axes in row:
        drawing.machine_epsilon(axes)
        axes.set_xlabel("$t$")
    drawing.legend(row[-1])
    return figure


def _against_law(task, law):
    centres = list(task.axes.values())
    points = exact.grid_points(centres)
    errors, score_errors = [], []
    for index, density in enumerate(task.variables["density"]):
        at_centres = np.exp(law.log_density(index, points)).reshape(density.shape)
        truth = law.cell_means(index, centres) if _holds_cell_means(task) else at_centres
        errors.append(np.abs(density - truth).sum() / truth.sum())
        score_errors.append(_score_error(task, index, law.score(index, points).T, at_centres))
    return np.array(errors), np.array(score_errors)


def _score_error(task, index, truth, weight):
    names = [f"score_{axis}" for axis in task.axes]
    if any(name not in task.variables for name in names):
        return np.nan
    weight = np.where(task.trusted()[index], weight, 0).ravel()
    found = np.stack([task.variables[name][index].ravel() for name in names])
    size = (weight * truth ** 2).sum()
    return np.sqrt((weight * (found - truth) ** 2).sum() / size) if size > 0 else np.nan


def _between(a, b):
    """Both as cell means where one of them holds these."""
    means = _holds_cell_means(a) or _holds_cell_means(b)
    first, second = (_cell_means(task) if means and not _holds_cell_means(task) else task.variables["density"]
                     for task in (a, b))
    axes = tuple(range(1, first.ndim))
    errors = np.abs(first - second).sum(axis=axes) / np.abs(second).sum(axis=axes)
    names = [f"score_{axis}" for axis in a.axes]
    if any(name not in task.variables for name in names for task in (a, b)):
        return errors, np.full(len(errors), np.nan)
    truths = np.stack([b.variables[name].reshape(len(errors), -1) for name in names], axis=1)
    return errors, np.array([_score_error(a, k, truths[k], b.variables["density"][k])
                             for k in range(len(errors))])


def _holds_cell_means(task):
    return task.attributes.get("method") == "finite-volume"


def _cell_means(task):
    """Of values at the centres, by quintic splines."""
    from scipy.interpolate import make_interp_spline  # slow to import
    values = task.variables["density"]
    for k, centres in enumerate(task.axes.values()):
        width = centres[1] - centres[0]
        edges = np.append(centres - width / 2, centres[-1] + width / 2)
        degree = min(5, len(centres) - 1)
        spline = make_interp_spline(centres, values, k=degree, axis=k + 1)
        values = np.diff(spline.antiderivative()(edges), axis=k + 1) / width
    return values
