# SPDX-License-Identifier: GPL-3.0-or-later
"""One dimension: density, score S = d_x ln P and tails ln P, a column a task."""
import numpy as np
from matplotlib import pyplot

import choose
import style
from result import TRUSTED

COLUMNS = 3  # tasks beside each other on a page
PROFILES = 6


def figures(result, tasks, laws):
    for first in range(0, len(tasks), COLUMNS):
        page = tasks[first:first + COLUMNS]
        ending = f"_{first // COLUMNS + 1}" if len(tasks) > COLUMNS else ""
        yield "density" + ending, density(result, page)
        scored = [task for task in page if f"score_{next(iter(task.axes))}" in task.variables]
        if scored:
            yield "score" + ending, score(result, scored)
        yield "tails" + ending, tails(result, page, laws)


def density(result, tasks):
    page = _Page(result, tasks, with_map=_over_time(tasks))
    top = max(_largest(task.variables["density"]) for task in tasks)
    for panels, task in page.columns():
        page.map(panels, task, task.variables["density"], style.DENSITY_MAP, 0, top)
        _profiles(panels[-1], task, task.variables["density"])
        panels[-1].set_ylim(bottom=min(0, panels[-1].get_ylim()[0]))
        panels[-1].set_xlim(choose.window(task, range(len(task.times)), 1e-5)[0])
    return page.finish(f"$P({page.letter}, t)$")


def score(result, tasks):
    page = _Page(result, tasks, with_map=_over_time(tasks))
    name = f"score_{next(iter(tasks[0].axes))}"
    fields = [np.where(task.trusted(), task.variables[name], np.nan) for task in tasks]
    limit = max(_quantile(np.abs(field), 0.97) for field in fields)
    for (panels, task), field in zip(page.columns(), fields):
        page.map(panels, task, field, style.SIGNED_MAP, -limit, limit)
        panels[-1].axhline(0, color="0.7", linewidth=0.6)
        _profiles(panels[-1], task, field)
    return page.finish(rf"$S = \partial_{{{page.letter}}} \ln P({page.letter}, t)$", extend="both")


def tails(result, tasks, laws):
    page = _Page(result, tasks, with_map=False)
    logs = [np.where(np.isfinite(task.log_density()), task.log_density(), np.nan) for task in tasks]
    peak = max(_largest(values) for values in logs)
    lowest = min(-_largest(-values) for values in logs)
    for (panels, task), values in zip(page.columns(), logs):
        _profiles(panels[0], task, values, laws[task.name])
        panels[0].axhspan(lowest - 1e3, peak + np.log(TRUSTED), color="0.94", linewidth=0, zorder=0,
                          label=r"$P < 10^{-10}\,\max P$")
        panels[0].set_ylim(max(lowest, peak - 60) - 1, peak + 2)
    return page.finish(rf"$\ln P({page.letter}, t)$")


class _Page:
    """A column a task, the map over (x, t) above the profiles; colour bar and legend at the right."""

    def __init__(self, result, tasks, with_map):
        self.tasks, self.image = tasks, None
        self.letter = style.letter(next(iter(tasks[0].axes)))
        rows = 2 if with_map else 1
        self.figure = pyplot.figure(figsize=(max(2.9 * len(tasks), 3.4) + 1.2, 5.4 if with_map else 3.2))
        grid = self.figure.add_gridspec(rows, len(tasks) + 1, width_ratios=[1] * len(tasks) + [0.05])
        self.panels = grid.subplots(squeeze=False)
        for row in self.panels:
            for panel in row[1:-1]:
                panel.sharey(row[0])
                panel.tick_params(labelleft=False)
        self.figure.suptitle(style.plain(result.title), fontsize=11)
        for panels, task in self.columns():
            panels[0].set_title(style.plain(task.name))
            panels[-1].set_xlabel(f"${self.letter}$")
            for panel in panels[:-1]:
                panel.sharex(panels[-1])
                panel.tick_params(labelbottom=False)

    def columns(self):
        return zip(self.panels.T[:-1], self.tasks)

    def map(self, panels, task, values, colours, low, high):
        if len(panels) == 1:
            return
        panel = panels[0]
        panel.set_facecolor(style.OUTSIDE)
        self.image = panel.pcolormesh(next(iter(task.axes.values())), task.times, values, cmap=colours,
                                      vmin=low, vmax=high,
                                      shading="nearest", rasterized=True)
        panel.set_ylim(task.times[0], task.times[-1])
        shown = choose.times(task.variables["density"], PROFILES)
        for index, colour in zip(shown, style.time_colours(len(shown))):
            panel.plot(1.025, task.times[index], marker="<", markersize=5, color=colour, clip_on=False,
                       transform=panel.get_yaxis_transform())
        style.frame(panel)

    def finish(self, symbol, extend="neither"):
        if self.image is not None:
            self.panels[0, 0].set_ylabel("$t$")
            self.figure.colorbar(self.image, cax=self.panels[0, -1], label=symbol, extend=extend)
        self.panels[-1, 0].set_ylabel(symbol)
        self.panels[-1, -1].axis("off")
        handles, labels = self.panels[-1, 0].get_legend_handles_labels()
        self.panels[-1, -1].legend(handles, labels, loc="center left", bbox_to_anchor=(-1.0, 0.5),
                                   handlelength=1.4)
        return self.figure


def _over_time(tasks):
    return all(len(task.times) > 1 and np.all(np.diff(task.times) > 0) for task in tasks)


def _profiles(panel, task, values, law=None):
    """The values at chosen times, with the exact ln P where a law is given."""
    points = next(iter(task.axes.values()))
    shown = choose.times(task.variables["density"], PROFILES)
    for index, colour in zip(shown, style.time_colours(len(shown))):
        panel.plot(points, values[index], color=colour, label=style.time_label(task.times[index]))
    for index in shown if law is not None else []:
        panel.plot(points, law.log_density(index, points[:, None]), color="black", linestyle=":",
                   linewidth=0.9,
                   label="exact" if index == shown[0] else None)


def _largest(values):
    finite = values[np.isfinite(values)]
    return float(finite.max()) if finite.size else 1.0


def _quantile(values, share):
    finite = values[np.isfinite(values)]
    return float(np.quantile(finite, share)) if finite.size else 1.0
