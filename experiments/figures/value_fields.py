# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of the backward equation J (2.26-2.29), and of control lambda with u = -D grad lambda (3.24)."""
from functools import partial

import numpy as np

from . import drawing, plane_maps, ranges, space_slices
from .line_page import Page, over_time, profiles, split


def figures(result, solve, name, symbol):
    """`name` of the files, `symbol` of the value."""
    tasks = result.of(solve)
    for page, ending in split([task for task in tasks if task.dimension == 1]):
        axis = next(iter(page[0].axes))
        yield name + ending, partial(_line, result, page, "value", symbol)
        if f"control_{axis}" in page[0].variables:
            yield "control" + ending, partial(_line, result, page, f"control_{axis}",
                                              rf"u = -D\,\partial_{{{drawing.letter(axis)}}} \lambda", symbol="")
    for task in tasks:
        if task.dimension == 2:
            yield f"{name}_{task.name}", partial(_plane, result, task, symbol)
        if task.dimension == 3:
            yield f"{name}_{task.name}", partial(space_slices.values, result, task, symbol)


def _line(result, tasks, variable, letter, symbol=None):
    fields = [task.variables[variable] for task in tasks]
    page = Page(result, tasks, fields, over_time(tasks))
    low, high, extend = ranges.span(fields)
    colours, low, high = drawing.values_map(low, high)
    for (panels, task, shown), field in zip(page.columns(), fields):
        page.map(panels, task, shown, field, colours, low, high)
        profiles(panels[-1], task, shown, field)
        if low < 0 < high:
            panels[-1].axhline(0, color="0.7", linewidth=0.6, zorder=0)
    return page.finish(f"${letter}({page.letter}, t)$" if symbol is None else f"${letter}$", extend)


def _plane(result, task, letter):
    values = task.variables["value"]
    shown = ranges.times(values, plane_maps.MAPS)
    colours = drawing.values_map(*ranges.span([values[shown]])[:2])[0]
    page = plane_maps.Maps(result, task, [drawing.time_label(task.times[index]) for index in shown], ranges.whole(task),
                           colours)
    control = [task.variables.get(f"control_{axis}") for axis in task.axes]
    for panel, index in zip(page.panels, shown):
        low, high, extend = ranges.span([values[index]])
        if colours == drawing.SIGNED_MAP:
            low, high = min(low, -high), max(high, -low)
        page.map(panel, values[index], low, high, extend)
        page.arrows(panel, control, index, np.ones(values[index].shape, bool),
                    "white" if colours == drawing.DENSITY_MAP else "black")
    note = r"arrows: $u = -D\,\nabla \lambda$" if control[0] is not None else ""
    return page.finish(f"${letter}({page.letters}, t)$", note)
