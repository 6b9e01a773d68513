# SPDX-License-Identifier: GPL-3.0-or-later
"""Two dimensions: a field at chosen times with a vector field as arrows; the density with its score."""
import numpy as np
from matplotlib import colormaps

from . import drawing, ranges

MAPS = 6
ARROWS = 14           # along an axis of the region shown
ARROW_DENSITY = 1e-2  # of the maximum


def density(result, task):
    values = task.variables["density"]
    name, meaning = (("control", r"arrows: $u = D\,\nabla \ln \chi$") if task.solve == "schroedinger-bridge" else
                     ("score", r"arrows: $S = \nabla \ln P$"))
    shown = ranges.times(values, MAPS)
    arrows = [task.variables.rows(f"{name}_{axis}", shown) if f"{name}_{axis}" in task.variables else None
              for axis in task.axes]
    page = Maps(result, task, [drawing.time_label(task.times[index]) for index in shown],
                ranges.square(ranges.window(task, shown)))
    for panel, index in zip(page.panels, shown):
        page.map(panel, values[index], vmin=0)
        with np.errstate(invalid="ignore"):
            enough = values[index] > ARROW_DENSITY * np.nanmax(np.nan_to_num(values[index]))
        page.arrows(panel, arrows, index, enough)
    return page.finish(f"$P({page.letters}, t)$", "" if arrows[0] is None else meaning)


def _neighbourhood(points, limits):
    """The cells of an axis that are seen, whole or in part."""
    first, last = np.searchsorted(points, limits)
    return slice(max(first - 1, 0), min(last + 1, len(points)))


class Maps:
    """Panels with a title each, every one with its own scale of colours; `window` is (limits, scale)."""

    def __init__(self, result, task, titles, window, colours=drawing.DENSITY_MAP):
        self.colours, self.columns = colours, min(2 if drawing.narrow() else 3, len(titles))
        rows = -(-len(titles) // self.columns)
        self.window, aspect = window
        across, along = (high - low for low, high in self.window)
        height = 2.3 * min(max(along / across, 0.6), 1.6) if aspect == "equal" else 2.3
        self.figure = drawing.figure(2.3 * self.columns + 1.0, height * rows + 0.5)
        axes = self.figure.subplots(rows, self.columns, squeeze=False, sharex=True, sharey=True)
        drawing.title(self.figure, result.title, task.name)
        names = [drawing.letter(name) for name in task.axes]
        self.letters = ", ".join(names)
        self.points = list(task.axes.values())
        self.panels, self.bars = list(axes.flat[:len(titles)]), []
        for panel, title in zip(self.panels, titles):
            panel.set_title(title)
            panel.set(xlim=self.window[0], ylim=self.window[1], aspect=aspect,
                      facecolor=colormaps[colours](0.0))
            drawing.frame(panel)
        for panel in axes.flat[len(titles):]:
            panel.remove()
        self.figure.supxlabel(f"${names[0]}$", fontsize=drawing.small(1))
        self.figure.supylabel(f"${names[1]}$", fontsize=drawing.small(1))

    def map(self, panel, values, vmin=None, vmax=None, extend="neither"):
        inside = [_neighbourhood(points, limits) for points, limits in zip(self.points, self.window)]
        image = panel.pcolormesh(*(points[part] for points, part in zip(self.points, inside)),
                                 values[tuple(inside)].T, cmap=self.colours, shading="nearest",
                                 rasterized=True, vmin=vmin, vmax=vmax)
        self.bars.append(self.figure.colorbar(image, ax=panel, pad=0.02, aspect=16, fraction=0.06,
                                              extend=extend))
        self.bars[-1].ax.tick_params(labelsize=drawing.small())

    def arrows(self, panel, components, index, enough, colour="white"):
        """Of the components at a time, where there is enough of the density."""
        if any(component is None for component in components):
            return
        picks = []
        for points, (low, high) in zip(self.points, self.window):
            inside = np.flatnonzero((points >= low) & (points <= high))
            picks.append(inside[::max(1, len(inside) // ARROWS)])
        chosen = np.ix_(*picks)
        enough = enough[chosen]
        if not enough.any():
            return
        x, y = np.meshgrid(*(points[pick] for points, pick in zip(self.points, picks)), indexing="ij")
        u, v = (component[index][chosen] for component in components)
        panel.quiver(x[enough], y[enough], u[enough], v[enough], color=colour, width=0.006, pivot="mid")

    def finish(self, symbol, note=""):
        for number, bar in enumerate(self.bars):
            if number % self.columns == self.columns - 1 or number == len(self.bars) - 1:
                bar.set_label(symbol)
        if note:
            self.figure.text(0.995, 0.005, note, ha="right", va="bottom", fontsize=drawing.small(0.8), color="0.3")
        return self.figure
