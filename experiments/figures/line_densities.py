# SPDX-License-Identifier: GPL-3.0-or-later
"""One dimension: density, score S = d_x ln P and tails ln P, a column a task."""
from functools import partial

import numpy as np

from . import drawing, ranges
from .line_page import Page, over_time, profiles, split
from .result_file import TRUSTED

ROUND_OFF = 1e-14  # of its maximum: below, the density of these methods holds no digit
NOISY = ("fourier", "path-integral")


def figures(result, tasks):
    for page, ending in split(tasks):
        yield "density" + ending, partial(density, result, page)
        scored = [task for task in page if f"score_{next(iter(task.axes))}" in task.variables]
        if scored:
            yield "score" + ending, partial(score, result, scored)
        yield "tails" + ending, partial(tails, result, page)


def _page(result, tasks, with_map):
    return Page(result, tasks, [task.variables["density"] for task in tasks], with_map)


def density(result, tasks):
    page = _page(result, tasks, over_time(tasks))
    top, extend = ranges.top([task.variables["density"] for task in tasks])
    for panels, task, shown in page.columns():
        page.map(panels, task, shown, task.variables["density"], drawing.DENSITY_MAP, 0, top)
        profiles(panels[-1], task, shown, task.variables["density"])
        panels[-1].set_ylim(bottom=min(0, panels[-1].get_ylim()[0]))
        panels[-1].set_xlim(ranges.window(task, range(len(task.times)), 1e-5)[0])
    return page.finish(f"$P({page.letter}, t)$", extend)


def score(result, tasks):
    page = _page(result, tasks, over_time(tasks))
    name = f"score_{next(iter(tasks[0].axes))}"
    fields = [np.where(task.trusted(), task.variables[name], np.nan) for task in tasks]
    limit = max(ranges.quantile(np.abs(field), 0.97) for field in fields)
    for (panels, task, shown), field in zip(page.columns(), fields):
        page.map(panels, task, shown, field, drawing.SIGNED_MAP, -limit, limit)
        panels[-1].axhline(0, color="0.7", linewidth=0.6)
        profiles(panels[-1], task, shown, field)
    return page.finish(rf"$S = \partial_{{{page.letter}}} \ln P({page.letter}, t)$", extend="both")


def tails(result, tasks):
    page = _page(result, tasks, False)
    logs = [_log_density(task) for task in tasks]
    peak = max(ranges.largest(values) for values in logs)
    lowest = min(-ranges.largest(-values) for values in logs)
    for (panels, task, shown), values in zip(page.columns(), logs):
        profiles(panels[0], task, shown, values, task.numbers.get("exact_log_density"))
        panels[0].axhspan(lowest - 1e3, peak + np.log(TRUSTED), color="0.94", linewidth=0, zorder=0,
                          label=r"$P < 10^{-10}\,\max P$")
        panels[0].set_ylim(max(lowest, peak - 60) - 1, peak + 2)
    return page.finish(rf"$\ln P({page.letter}, t)$")


def _log_density(task):
    """Without what is not finite, and without the round-off of methods that subtract."""
    values = np.where(np.isfinite(task.log_density()), task.log_density(), np.nan)
    if task.attributes.get("method") not in NOISY:
        return values
    peaks = np.nan_to_num(values, nan=-np.inf).max(axis=1, keepdims=True)
    return np.where(values > peaks + np.log(ROUND_OFF), values, np.nan)
