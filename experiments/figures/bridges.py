# SPDX-License-Identifier: GPL-3.0-or-later
"""Schroedinger bridges in one dimension: the control u = D d_x ln chi (3.26), the joint density of the ends (3.28)."""
from functools import partial

import numpy as np

from . import drawing, ranges
from .line_page import Page, over_time, profiles, split


def figures(result):
    tasks = [task for task in result.of("schroedinger-bridge") if task.dimension == 1]
    for page, ending in split(tasks):
        yield "bridge_control" + ending, partial(_control, result, page)
    for page, ending in split([task for task in tasks if "coupling" in task.variables]):
        yield "coupling" + ending, partial(_coupling, result, page)


def _control(result, tasks):
    page = Page(result, tasks, [task.variables["density"] for task in tasks], over_time(tasks))
    fields = [np.where(task.trusted(), task.variables[f"control_{next(iter(task.axes))}"], np.nan)
              for task in tasks]
    limit = max(ranges.quantile(np.abs(field), 0.97) for field in fields)
    for (panels, task, shown), field in zip(page.columns(), fields):
        page.map(panels, task, shown, field, drawing.SIGNED_MAP, -limit, limit)
        panels[-1].axhline(0, color="0.7", linewidth=0.6)
        profiles(panels[-1], task, shown, field)
        panels[-1].set_xlim(ranges.window(task, range(len(task.times)), 1e-5)[0])
    return page.finish(rf"$u = D\,\partial_{{{page.letter}}} \ln \chi$", extend="both")


def _coupling(result, tasks):
    figure, row = drawing.row(len(tasks), 2.9, 3.1, 0.6)
    drawing.title(figure, result.title)
    for panel, task in zip(row, tasks):
        letter, points = next(iter(task.axes.items()))
        joint = task.variables["coupling"]
        image = panel.pcolormesh(points, points, joint.T, cmap=drawing.DENSITY_MAP, shading="nearest", rasterized=True,
                                 vmin=0)
        for set_limits, along in ((panel.set_xlim, joint.sum(axis=1)), (panel.set_ylim, joint.sum(axis=0))):
            inside = points[along > 1e-4 * along.max()]
            set_limits(inside[0], inside[-1])
        panel.set(title=drawing.plain(task.name), xlabel=f"${drawing.letter(letter)}_i$",
                  ylabel=f"${drawing.letter(letter)}_f$")
        drawing.frame(panel)
        figure.colorbar(image, ax=panel, pad=0.02, aspect=18)
    figure.axes[-1].set_ylabel(r"$\pi = \hat\chi_i\, G\, \chi_f$")
    return figure
