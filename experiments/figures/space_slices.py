# SPDX-License-Identifier: GPL-3.0-or-later
"""Three dimensions: central slices over time. Two and three: the marginal of each axis."""
from itertools import combinations

import numpy as np
from matplotlib import colormaps

from . import drawing, ranges

TIMES = 5


def slices(result, task):
    """A row a plane, a column a time; each plane cuts the third axis at the mean of its marginal."""
    density = task.variables["density"]
    shown = ranges.times(density, 2 if drawing.narrow() else 4)
    tops = [np.nanmax(np.nan_to_num(density[index])) or 1.0 for index in shown]
    cuts = [[_centre(density[index], points, k) for k, points in enumerate(task.axes.values())] for index in shown]
    return _slices(result, task, density, shown, cuts, ranges.square(ranges.window(task, shown)), "P",
                   [(drawing.DENSITY_MAP, 0, top, "neither") for top in tops])


def values(result, task, letter):
    """The same of the value J or lambda, cut in the middle."""
    field = task.variables["value"]
    shown = ranges.times(field, 2 if drawing.narrow() else 4)
    middle = [len(points) // 2 for points in task.axes.values()]
    colours = []
    for index in shown:
        low, high, extend = ranges.span([field[index]])
        colours.append((*drawing.values_map(low, high), extend))
    return _slices(result, task, field, shown, [middle] * len(shown), ranges.whole(task), letter, colours)


def _slices(result, task, field, shown, cuts, window, letter, colours):
    """`window` is (limits, scale); a time has its (colours, low, high, open end)."""
    planes = list(combinations(range(3), 2))
    figure = drawing.figure(2.0 * len(shown) + 0.8, 7.0)
    axes = figure.subplots(3, len(shown), squeeze=False, sharex="row", sharey="row")
    drawing.title(figure, result.title, task.name)
    names, points = list(task.axes), list(task.axes.values())
    window, aspect = window
    for column, index in enumerate(shown):
        colour_map, low, high, extend = colours[column]
        axes[0, column].set_title(drawing.time_label(task.times[index]))
        for row, (a, b) in enumerate(planes):
            other = 3 - a - b
            panel = axes[row, column]
            cut = cuts[column][other]
            image = panel.pcolormesh(points[a], points[b], np.take(field[index], cut, axis=other).T, vmin=low,
                                     vmax=high, cmap=colour_map, shading="nearest", rasterized=True)
            panel.text(0.04, 0.95, f"${drawing.letter(names[other])} = {points[other][cut]:.2f}$",
                       color="white" if colour_map == drawing.DENSITY_MAP else "black",
                       transform=panel.transAxes, fontsize=drawing.small(), va="top")
            panel.set_xlabel(f"${drawing.letter(names[a])}$")
            panel.set(xlim=window[a], ylim=window[b], aspect=aspect,
                      facecolor=colormaps[colour_map](0.0))
            drawing.frame(panel)
        bar = figure.colorbar(image, ax=list(axes[:, column]), location="bottom", pad=0.01, aspect=14,
                              extend=extend, label=f"${letter}({', '.join(map(drawing.letter, names))}, t)$")
        bar.ax.tick_params(labelsize=drawing.small())
    for row, (a, b) in enumerate(planes):
        axes[row, 0].set_ylabel(f"${drawing.letter(names[b])}$")
    return figure


def _centre(values, points, axis):
    marginal = np.nan_to_num(values).sum(axis=tuple(k for k in range(3) if k != axis))
    if not marginal.sum() > 0:
        return len(marginal) // 2
    return int(np.argmin(np.abs(points - (marginal @ points) / marginal.sum())))


def marginals(result, task):
    shown = ranges.times(task.variables["density"], TIMES)
    figure, row = drawing.row(task.dimension, 2.5, 2.9, 1.0)
    drawing.title(figure, result.title, task.name)
    names, points = list(task.axes), list(task.axes.values())
    window = ranges.window(task, shown, 1e-5)
    widths = [x[1] - x[0] if len(x) > 1 else 1.0 for x in points]
    for k, axes in enumerate(row):
        others = [j for j in range(task.dimension) if j != k]
        cell = np.prod([widths[j] for j in others])
        for index, colour in zip(shown, drawing.time_colours(len(shown))):
            marginal = task.variables["density"][index].sum(axis=tuple(others)) * cell
            axes.plot(points[k], marginal, color=colour, label=drawing.time_label(task.times[index]))
        axes.set_xlabel(f"${drawing.letter(names[k])}$")
        axes.set_ylabel(f"$P({drawing.letter(names[k])}, t)$")
        axes.set(ylim=(0, None), xlim=window[k])
    drawing.legend(row[-1], columns=3, handlelength=1.4)
    return figure
