# SPDX-License-Identifier: GPL-3.0-or-later
"""Most probable paths (2.11) over the density of the paths that arrive, P J / <P, J>, or else over P."""
import numpy as np
from matplotlib import patheffects, pyplot

import choose
import style
from page import over_time

PATH_COLOURS = ["white", "#E69F00", "#56B4E9", "#CC79A7"]
OUTLINE = [patheffects.Stroke(linewidth=2.6, foreground="black"), patheffects.Normal()]


def figures(result):
    paths = result.of("most-probable-path")
    for dimension in sorted({len(_components(task)) for task in paths}):
        some = [task for task in paths if len(_components(task)) == dimension]
        yield "most_probable_path" + (f"_{dimension}" if len(some) < len(paths) else ""), _draw(result, some)


def _components(task):
    return [name for name in task.variables if name.startswith("path_")]


def _draw(result, paths):
    names = _components(paths[0])
    densities = [task for task in result.tasks if [f"path_{axis}" for axis in task.axes] == names]
    figure, row = pyplot.subplots(1, len(names), figsize=(3.4 * len(names) + 1.6, 3.6), squeeze=False, sharey=True)
    figure.suptitle(style.plain(result.title), fontsize=11)
    image = symbol = None
    if densities and over_time(densities[:1]):
        field, symbol = _bridged(result, densities[0])
        image = _marginals(row[0], densities[0], field)
    for axes, name in zip(row[0], names):
        for task, colour in zip(paths, PATH_COLOURS):
            action = task.variables.get("action")
            label = style.plain(task.name) + ("" if action is None else rf", $A = {float(action):.4g}$")
            axes.plot(task.variables[name], task.times, color=colour, linewidth=1.4, path_effects=OUTLINE,
                      label=label)
        axes.set_xlabel(f"${style.letter(name.removeprefix('path_'))}$")
        style.frame(axes)
    row[0, 0].set_ylabel("$t$")
    if image is not None:
        figure.colorbar(image, ax=list(row[0]), label=symbol, extend="max", pad=0.02)
    row[0, 0].legend(loc="upper left", facecolor="0.75", frameon=True, edgecolor="none")
    return figure


def _bridged(result, density):
    """(Field over time, its name)"""
    letters = ", ".join(map(style.letter, density.axes))
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
    top, _ = choose.top(fields)
    for axes, values, x in zip(row, fields, points):
        image = axes.pcolormesh(x, density.times, values, cmap=style.DENSITY_MAP, vmin=0, vmax=top,
                                shading="nearest", rasterized=True)
        axes.set_ylim(density.times[0], density.times[-1])
        inside = x[(values > 1e-3 * values.max(axis=1, keepdims=True)).any(axis=0)]
        if len(inside):
            axes.set_xlim(max(x[0], inside[0] - 0.3), min(x[-1], inside[-1] + 0.3))
    return image
