# SPDX-License-Identifier: GPL-3.0-or-later
"""Most probable paths (2.11) over the density of the paths that arrive, P J / <P, J>, or else over P."""
from functools import partial

import numpy as np
from matplotlib import colormaps, patheffects

from . import drawing, ranges
from .line_page import over_time

MARKED = 9  # points of a path in the plane
PATH_COLOURS = ["white", "#E69F00", "#56B4E9", "#CC79A7"]
OUTLINE = [patheffects.Stroke(linewidth=2.6, foreground="black"), patheffects.Normal()]


def figures(result):
    paths = result.of("most-probable-path")
    for dimension in sorted({len(_components(task)) for task in paths}):
        some = [task for task in paths if len(_components(task)) == dimension]
        ending = f"_{dimension}" if len(some) < len(paths) else ""
        if dimension == 2:
            yield "most_probable_path_plane", partial(_in_the_plane, result, some)
        yield "most_probable_path" + ending, partial(_over_time, result, some)


def _components(task):
    return [name for name in task.variables if name.startswith("path_")]


def _axes(task):
    return [name.removeprefix("path_") for name in _components(task)]


def _density(result, names):
    """Of the axes of the path, over time; or None."""
    return next((task for task in result.tasks
                 if [f"path_{axis}" for axis in task.axes] == names and over_time([task])), None)


def _label(task):
    action = task.variables.get("action")
    return drawing.plain(task.name) + ("" if action is None else rf", $A = {float(action):.4g}$")


def _over_time(result, paths):
    names = _components(paths[0])
    density = _density(result, names)
    figure, row = drawing.row(len(names), 3.4, 3.6, 1.6, sharey=True)
    drawing.title(figure, result.title)
    image = symbol = None
    if density is not None:
        field, symbol = _bridged(result, density)
        image = _marginals(row, density, field)
    for axes, name in zip(row, names):
        for task, colour in zip(paths, PATH_COLOURS):
            axes.plot(task.variables[name], task.times, color=colour, linewidth=1.4, path_effects=OUTLINE,
                      label=_label(task))
        axes.set_xlabel(f"${drawing.letter(name.removeprefix('path_'))}$")
        drawing.frame(axes)
    for axes in row if drawing.narrow() else row[:1]:
        axes.set_ylabel("$t$")
    if image is not None:
        figure.colorbar(image, ax=row, label=symbol, extend="max", pad=0.02)
    row[0].legend(loc="upper left", facecolor="0.75", frameon=True, edgecolor="none")
    return figure


def _in_the_plane(result, paths):
    """Over the mean in time of the density, over lines of the potential, or alone; points at equal times."""
    names = _components(paths[0])
    figure, (axes,) = drawing.row(1, 5.2, 4.4)
    drawing.title(figure, result.title)
    limits = [_reach([task.variables[name] for task in paths]) for name in names]
    density = _density(result, names)
    dark = density is not None
    if dark:
        _mean_density(figure, axes, *_bridged(result, density), density)
    elif "potential" in paths[0].numbers:
        _lines_of(axes, paths[0], limits)
    for number, task in enumerate(paths):
        along = [task.variables[name] for name in names]
        axes.plot(*along, color=PATH_COLOURS[number % 4] if dark else drawing.COLOURS[number % 7], linewidth=1.4,
                  path_effects=OUTLINE if dark else None, label=_label(task), zorder=2)
    times = [time for task in paths for time in (task.times[0], task.times[-1])]
    for task in paths:
        moments = np.linspace(task.times[0], task.times[-1], MARKED)
        points = [np.interp(moments, task.times, task.variables[name]) for name in names]
        marks = axes.scatter(*points, c=moments, cmap="viridis", vmin=min(times), vmax=max(times), s=22, zorder=3,
                             edgecolor="black", linewidth=0.6)
        for point, time, side in ((0, task.times[0], "right"), (-1, task.times[-1], "left")):
            axes.annotate(drawing.time_label(time), (points[0][point], points[1][point]), textcoords="offset points",
                          xytext=(-6 if side == "right" else 6, 0), ha=side, va="center", fontsize=drawing.small(0.85),
                          path_effects=[patheffects.withStroke(linewidth=2, foreground="white")])
    figure.colorbar(marks, ax=axes, label="$t$ of the points", pad=0.02, aspect=28)
    (low, high), aspect = ranges.square(limits)
    axes.set(xlim=low, ylim=high, aspect=aspect, xlabel=f"${drawing.letter(names[0].removeprefix('path_'))}$",
             ylabel=f"${drawing.letter(names[1].removeprefix('path_'))}$")
    drawing.frame(axes)
    axes.legend(loc="best", facecolor="0.85", frameon=True, edgecolor="none")
    return figure


def _reach(values):
    """Limits with room around all of them."""
    low, high = min(np.nanmin(value) for value in values), max(np.nanmax(value) for value in values)
    margin = 0.2 * (high - low) or 1.0
    return low - margin, high + margin


def _mean_density(figure, axes, field, symbol, density):
    mean = np.trapz(field, density.times, axis=0) / (density.times[-1] - density.times[0])
    image = axes.pcolormesh(*density.axes.values(), mean.T, cmap=drawing.DENSITY_MAP, vmin=0, shading="nearest",
                            rasterized=True)
    axes.set_facecolor(colormaps[drawing.DENSITY_MAP](0.0))
    figure.colorbar(image, ax=axes, label=symbol.replace(", t)", ")") + ", mean over $t$", pad=0.02, aspect=28)


def _lines_of(axes, task, limits):
    """Of the potential, where it is shown."""
    near = [points[(points >= low) & (points <= high)]
            for points, (low, high) in zip((task.numbers[name] for name in _axes(task)), ranges.square(limits)[0])]
    inside = np.ix_(*(np.isin(task.numbers[name], part) for name, part in zip(_axes(task), near)))
    values = task.numbers["potential"][inside]
    finite = values[np.isfinite(values)]
    if finite.size and finite.max() > finite.min():
        # Steep walls would take all the lines: they are spread over the lower values.
        levels = np.linspace(finite.min(), np.quantile(finite, 0.8), 16)
        axes.contour(*near, values.T, levels=levels, colors="0.6", linewidths=0.6, zorder=1)
        axes.plot([], [], color="0.6", linewidth=0.6, label=f"$U$, by {levels[1] - levels[0]:.2g}")


def _bridged(result, density):
    """(Field over time, its name)"""
    letters = ", ".join(map(drawing.letter, density.axes))
    values = np.nan_to_num(density.variables["density"])
    back = next((task for task in result.of("backward-kolmogorov")
                 if task.attributes.get("of") == density.name), None)
    if back is None:
        return values, f"$P({letters}, t)$"
    product = np.maximum(values * np.nan_to_num(back.variables["value"]), 0)
    total = product.reshape(len(product), -1).sum(axis=1) * density.cell()
    return (product / np.where(total > 0, total, 1).reshape(-1, *[1] * (product.ndim - 1)),
            rf"$P J / \langle P, J\rangle({letters}, t)$")


def _marginals(row, density, field):
    """Each over (x_k, t); one scale of colours, in which the sharp ends are cut."""
    points = list(density.axes.values())
    fields = []
    for k in range(len(points)):
        widths = [x[1] - x[0] for j, x in enumerate(points) if j != k]
        fields.append(field.sum(axis=tuple(j + 1 for j in range(len(points)) if j != k)) * np.prod(widths))
    top, _ = ranges.top(fields)
    for axes, values, x in zip(row, fields, points):
        image = axes.pcolormesh(x, density.times, values, cmap=drawing.DENSITY_MAP, vmin=0, vmax=top,
                                shading="nearest", rasterized=True)
        axes.set_ylim(density.times[0], density.times[-1])
        inside = x[(values > 1e-3 * values.max(axis=1, keepdims=True)).any(axis=0)]
        if len(inside):
            axes.set_xlim(max(x[0], inside[0] - 0.3), min(x[-1], inside[-1] + 0.3))
    return image
