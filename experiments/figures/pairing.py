# SPDX-License-Identifier: GPL-3.0-or-later
"""<P, J> of the backward tasks that replay a forward one, which stays as it was, beside the mass that is killed."""
import numpy as np
from matplotlib import pyplot

import style
from totals import CONSERVED


def figures(result):
    paired = [task for task in result.of("backward-kolmogorov")
              if "pairing" in task.variables and len(task.times) > 1]
    names = {task.attributes.get("of") for task in paired}
    killed = [task for task in result.tasks if task.name in names and _changes(task)]
    if paired:
        yield "pairing", _draw(result, paired, killed)


def _changes(task):
    mass = task.variables.get("mass")
    return mass is not None and np.nanmax(np.abs(mass - mass[0]), initial=0) > CONSERVED


def _draw(result, paired, killed):
    columns = 2 if killed else 1
    figure, row = pyplot.subplots(1, columns, figsize=(3.6 * columns + 0.4, 2.9), squeeze=False)
    figure.suptitle(style.plain(result.title), fontsize=11)
    for number, task in enumerate(paired):
        pairing = task.variables["pairing"]
        row[0, 0].semilogy(task.times, style.above_epsilon(pairing / pairing[0] - 1), marker="o", markersize=2.5,
                           label=rf"{style.plain(task.name)}: {pairing[0]:.6g}", **style.task_line(number))
    style.machine_epsilon(row[0, 0])
    row[0, 0].legend(loc="upper left", title=r"$\langle P, J\rangle$ at the first time", title_fontsize=8.5)
    row[0, 0].set_ylabel(r"$|\langle P, J\rangle(t)\,/\,\langle P, J\rangle(t_0) - 1|$")
    for number, task in enumerate(killed):
        mass = task.variables["mass"]
        row[0, 1].plot(task.times, mass[0] - mass, label=style.plain(task.name), **style.task_line(number))
    for axes in row[0]:
        axes.set_xlabel("$t$")
    if killed:
        row[0, 1].set_ylabel("killed mass $M(t_0) - M(t)$")
        row[0, 1].legend(loc="best")
    return figure
