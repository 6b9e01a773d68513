# SPDX-License-Identifier: GPL-3.0-or-later
"""Two dimensions: the density at chosen times with the score as arrows where there is density."""
import numpy as np
from matplotlib import colormaps, pyplot

import choose
import style

MAPS = 6
ARROWS = 14           # along an axis of the region shown
ARROW_DENSITY = 1e-2  # of the maximum


def density(result, task):
    shown = choose.times(task.variables["density"], MAPS)
    columns = min(3, len(shown))
    rows = -(-len(shown) // columns)
    figure, axes = pyplot.subplots(rows, columns, figsize=(2.3 * columns + 1.0, 2.3 * rows + 0.5),
                                   squeeze=False,
                                   sharex=True, sharey=True)
    figure.suptitle(f"{style.plain(result.title)}: {style.plain(task.name)}", fontsize=11)
    (first, x), (second, y) = task.axes.items()
    window, aspect = choose.square(choose.window(task, shown))
    for number, (panel, index) in enumerate(zip(axes.flat, shown)):
        values = task.variables["density"][index]
        image = panel.pcolormesh(x, y, values.T, cmap=style.DENSITY_MAP, shading="nearest", rasterized=True,
                                 vmin=0)
        _arrows(panel, task, index, window)
        panel.set_title(style.time_label(task.times[index]))
        panel.set(xlim=window[0], ylim=window[1], aspect=aspect, facecolor=colormaps[style.DENSITY_MAP](0.0))
        style.frame(panel)
        bar = figure.colorbar(image, ax=panel, pad=0.02, aspect=16, fraction=0.06)
        bar.ax.tick_params(labelsize=7.5)
        if number % columns == columns - 1 or index == shown[-1]:
            bar.set_label(f"$P({style.letter(first)}, {style.letter(second)}, t)$")
    for panel in axes.flat[len(shown):]:
        panel.remove()
    figure.supxlabel(f"${style.letter(first)}$", fontsize=10)
    figure.supylabel(f"${style.letter(second)}$", fontsize=10)
    if f"score_{first}" in task.variables:
        figure.text(0.995, 0.005, r"arrows: $S = \nabla \ln P$", ha="right", va="bottom", fontsize=8,
                    color="0.3")
    return figure


def _arrows(panel, task, index, window):
    names = [f"score_{axis}" for axis in task.axes]
    if any(name not in task.variables for name in names):
        return
    picks = []
    for points, (low, high) in zip(task.axes.values(), window):
        inside = np.flatnonzero((points >= low) & (points <= high))
        picks.append(inside[::max(1, len(inside) // ARROWS)])
    chosen = np.ix_(*picks)
    values = task.variables["density"][index]
    with np.errstate(invalid="ignore"):
        enough = values[chosen] > ARROW_DENSITY * np.nanmax(np.nan_to_num(values))
    if not enough.any():
        return
    x, y = np.meshgrid(*(points[pick] for points, pick in zip(task.axes.values(), picks)), indexing="ij")
    u, v = (task.variables[name][index][chosen] for name in names)
    panel.quiver(x[enough], y[enough], u[enough], v[enough], color="white", width=0.006, pivot="mid")
