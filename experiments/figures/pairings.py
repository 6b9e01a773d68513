# SPDX-License-Identifier: GPL-3.0-or-later
"""<P, J> of the backward tasks that replay a forward one, which stays as it was, beside the mass that is killed."""
import numpy as np

from . import drawing
from .mass_entropy import CONSERVED


def figures(result):
    paired = [task for task in result.of("backward-kolmogorov")
              if "pairing" in task.variables and len(task.times) > 1]
    if paired:
        yield "pairing", lambda: _draw(result, paired)


def _changes(task):
    mass = task.variables.get("mass")
    return mass is not None and np.nanmax(np.abs(mass - mass[0]), initial=0) > CONSERVED


def _draw(result, paired):
    names = {task.attributes.get("of") for task in paired}
    killed = [task for task in result.tasks if task.name in names and _changes(task)]
    figure, row = drawing.row(2 if killed else 1, 3.6, 2.9, 0.4)
    drawing.title(figure, result.title)
    for number, task in enumerate(paired):
        pairing = task.variables["pairing"]
        row[0].semilogy(task.times, drawing.above_epsilon(pairing / pairing[0] - 1), marker="o", markersize=2.5,
                           label=rf"{drawing.plain(task.name)}: {pairing[0]:.6g}", **drawing.task_line(number))
    drawing.machine_epsilon(row[0])
    row[0].legend(loc="upper left", title=r"$\langle P, J\rangle$ at the first time",
                  title_fontsize=drawing.small(0.85))
    row[0].set_ylabel(r"$|\langle P, J\rangle(t)\,/\,\langle P, J\rangle(t_0) - 1|$")
    for number, task in enumerate(killed):
        mass = task.variables["mass"]
        row[1].plot(task.times, mass[0] - mass, label=drawing.plain(task.name), **drawing.task_line(number))
    for axes in row:
        axes.set_xlabel("$t$")
    if killed:
        row[1].set_ylabel("killed mass $M(t_0) - M(t)$")
        row[1].legend(loc="best")
    return figure
