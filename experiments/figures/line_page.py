# SPDX-License-Identifier: GPL-3.0-or-later
"""A page of one-dimensional fields: a column a task, the map over (x, t) above the profiles at chosen times."""
import numpy as np

from . import drawing, ranges

COLUMNS = 3  # tasks beside each other on a page
PROFILES = 6


def split(tasks):
    """(tasks, ending of the file name), a page each."""
    for first in range(0, len(tasks), COLUMNS):
        yield tasks[first:first + COLUMNS], f"_{first // COLUMNS + 1}" if len(tasks) > COLUMNS else ""


def over_time(tasks):
    return all(len(task.times) > 1 and np.all(np.diff(task.times) > 0) for task in tasks)


class Page:
    """Colour bar and legend at the right, or narrow: a row a task, and the legend below. `fields`, one a task, decide
    which times are shown."""

    def __init__(self, result, tasks, fields, with_map):
        self.tasks, self.image = tasks, None
        self.shown = [ranges.times(field, PROFILES) for field in fields]
        for number, task in enumerate(tasks):  # one legend: the same times where there are the same
            if np.array_equal(task.times, tasks[0].times):
                self.shown[number] = self.shown[0]
        self.letter = drawing.letter(next(iter(tasks[0].axes)))
        (self._stack if drawing.narrow() else self._line_up)(len(tasks), 2 if with_map else 1)
        drawing.title(self.figure, result.title)
        for panels, task, _ in self.columns():
            if len(tasks) > 1:
                panels[0].set_title(drawing.plain(task.name))
            for panel in panels[:-1]:
                panel.sharex(panels[-1])

    def _line_up(self, count, rows):
        """A column a task."""
        self.figure = drawing.figure(max(2.9 * count, 3.4) + 1.2, 5.4 if rows == 2 else 3.2)
        panels = self.figure.add_gridspec(rows, count + 1, width_ratios=[1] * count + [0.05]).subplots(squeeze=False)
        for row in panels:
            for panel in row[1:-1]:
                panel.sharey(row[0])
                panel.tick_params(labelleft=False)
        for panel in panels[:-1, :-1].flat:
            panel.tick_params(labelbottom=False)
        self.panels, self.bar, self.place = list(panels.T[:-1]), panels[0, -1], panels[-1, -1]
        self.labelled, self.lowest = [panels[0, 0], panels[-1, 0]], list(panels[-1, :-1])

    def _stack(self, count, columns):
        """A row a task."""
        self.figure = drawing.sized(drawing.width(), 1.55 * count + 0.6)
        grid = self.figure.add_gridspec(count + 1, columns + 1, width_ratios=[1] * columns + [0.05],
                                        height_ratios=[1] * count + [0.3])
        panels = np.array([[self.figure.add_subplot(grid[row, column]) for column in range(columns)]
                           for row in range(count)])
        for column in panels.T:
            for panel in column[1:]:
                panel.sharey(column[0])
        self.panels, self.bar = list(panels), self.figure.add_subplot(grid[:count, -1])
        # An axis below all columns would give all of them the same margins.
        self.place, self.lowest = self.figure.add_subplot(grid[-1, 0]), list(panels[-1])
        self.labelled = [panels[count // 2, 0], panels[count // 2, -1]]

    def columns(self):
        """(panels, task, indices of the times shown)"""
        return zip(self.panels, self.tasks, self.shown)

    def map(self, panels, task, shown, values, colours, low, high):
        if len(panels) == 1:
            return
        panel = panels[0]
        panel.set_facecolor(drawing.OUTSIDE)
        self.image = panel.pcolormesh(next(iter(task.axes.values())), task.times, values, cmap=colours,
                                      vmin=low, vmax=high,
                                      shading="nearest", rasterized=True)
        panel.set_ylim(task.times[0], task.times[-1])
        for index, colour in zip(shown, drawing.time_colours(len(shown))):
            panel.plot(1.025, task.times[index], marker="<", markersize=5, color=colour, clip_on=False,
                       transform=panel.get_yaxis_transform())
        drawing.frame(panel)

    def finish(self, symbol, extend="neither"):
        for panel in self.lowest:
            panel.set_xlabel(f"${self.letter}$")
        if self.image is not None:
            self.labelled[0].set_ylabel("$t$")
            self.figure.colorbar(self.image, cax=self.bar, label=symbol, extend=extend)
        elif self.bar is not self.place:
            self.bar.axis("off")
        self.labelled[-1].set_ylabel("" if drawing.narrow() and self.image is not None else symbol)
        self.place.axis("off")
        handles, labels = self.panels[0][-1].get_legend_handles_labels()
        if drawing.narrow():
            self.figure.legend(handles, labels, loc="lower center", ncol=4, handlelength=1.2, columnspacing=1)
        else:
            self.place.legend(handles, labels, loc="center left", bbox_to_anchor=(-1.0, 0.5), handlelength=1.4)
        return self.figure


def profiles(panel, task, shown, values, exact=None):
    """The values at the chosen times, and the exact ones where they are given."""
    points = next(iter(task.axes.values()))
    for index, colour in zip(shown, drawing.time_colours(len(shown))):
        panel.plot(points, values[index], color=colour, label=drawing.time_label(task.times[index]))
    for index in shown if exact is not None else []:
        panel.plot(points, exact[index], color="black", linestyle=":", linewidth=0.9,
                   label="exact" if index == shown[0] else None)
