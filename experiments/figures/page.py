# SPDX-License-Identifier: GPL-3.0-or-later
"""A page of one-dimensional fields: a column a task, the map over (x, t) above the profiles at chosen times."""
import numpy as np
from matplotlib import pyplot

import choose
import style

COLUMNS = 3  # tasks beside each other on a page
PROFILES = 6


def split(tasks):
    """(tasks, ending of the file name), a page each."""
    for first in range(0, len(tasks), COLUMNS):
        yield tasks[first:first + COLUMNS], f"_{first // COLUMNS + 1}" if len(tasks) > COLUMNS else ""


def over_time(tasks):
    return all(len(task.times) > 1 and np.all(np.diff(task.times) > 0) for task in tasks)


class Page:
    """Colour bar and legend at the right. `fields`, one a task, decide which times are shown."""

    def __init__(self, result, tasks, fields, with_map):
        self.tasks, self.image = tasks, None
        self.shown = [choose.times(field, PROFILES) for field in fields]
        for number, task in enumerate(tasks):  # one legend: the same times where there are the same
            if np.array_equal(task.times, tasks[0].times):
                self.shown[number] = self.shown[0]
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
        for panels, task, _ in self.columns():
            panels[0].set_title(style.plain(task.name))
            panels[-1].set_xlabel(f"${self.letter}$")
            for panel in panels[:-1]:
                panel.sharex(panels[-1])
                panel.tick_params(labelbottom=False)

    def columns(self):
        """(panels, task, indices of the times shown)"""
        return zip(self.panels.T[:-1], self.tasks, self.shown)

    def map(self, panels, task, shown, values, colours, low, high):
        if len(panels) == 1:
            return
        panel = panels[0]
        panel.set_facecolor(style.OUTSIDE)
        self.image = panel.pcolormesh(next(iter(task.axes.values())), task.times, values, cmap=colours,
                                      vmin=low, vmax=high,
                                      shading="nearest", rasterized=True)
        panel.set_ylim(task.times[0], task.times[-1])
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


def profiles(panel, task, shown, values, law=None):
    """The values at the chosen times, with the exact ln P where a law is given."""
    points = next(iter(task.axes.values()))
    for index, colour in zip(shown, style.time_colours(len(shown))):
        panel.plot(points, values[index], color=colour, label=style.time_label(task.times[index]))
    for index in shown if law is not None else []:
        panel.plot(points, law.log_density(index, points[:, None]), color="black", linestyle=":",
                   linewidth=0.9,
                   label="exact" if index == shown[0] else None)
