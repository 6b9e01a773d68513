# SPDX-License-Identifier: GPL-3.0-or-later
"""Reverse diffusion (3.29-3.35): the density recovered from noise to data beside the forward run, and its error."""
from functools import partial

from . import drawing, ranges

MOMENTS = 4


def figures(result):
    forward = {task.name: task for task in result.groups}
    tasks = [task for task in result.of("reverse-diffusion") if len(task.times) > 1]
    lines = [task for task in tasks if task.dimension == 1 and task.attributes.get("of") in forward]
    for task in lines:
        yield f"reversal_{task.name}", partial(_recovered, result, task, forward[task.attributes["of"]])
    if tasks:
        yield "reversal_error", partial(_errors, result, tasks)


def _recovered(result, task, of):
    """From noise, on the left, to data."""
    letter, points = next(iter(task.axes.items()))
    shown = ranges.times(of.variables["density"], MOMENTS)[::-1]
    rows = 2 if drawing.narrow() and len(shown) > 2 else 1
    columns = -(-len(shown) // rows)
    figure = drawing.figure(2.1 * len(shown) + 0.5, 2.6 if rows == 1 else 4.6)
    drawing.title(figure, result.title, task.name)
    panels = list(figure.subplots(rows, columns, sharey=True, squeeze=False).flat)
    for panel in panels[len(shown):]:
        panel.remove()
    for panel, index in zip(panels, shown):
        panel.plot(points, of.variables["density"][index], color="0.72", linewidth=3.5, label="forward")
        panel.plot(points, task.variables["density"][index], color=drawing.COLOURS[0], linewidth=1.2, label="reverse")
        panel.set(title=drawing.time_label(task.times[index]), xlabel=f"${drawing.letter(letter)}$",
                  xlim=ranges.window(task, shown, 1e-5)[0])
    for panel in panels[::columns]:
        panel.set_ylabel("$P$")
    panels[0].legend(loc="upper left")
    return figure


def _errors(result, tasks):
    figure, (axes,) = drawing.row(1, 4.6, 3.1)
    drawing.title(figure, result.title)
    for number, task in enumerate(tasks):
        axes.semilogy(task.times, drawing.above_epsilon(task.variables["error"]), marker="o", markersize=2,
                      label=drawing.plain(task.name), **drawing.task_line(number))
    axes.invert_xaxis()  # as the reversal goes
    drawing.machine_epsilon(axes)
    axes.set(xlabel="$t$, from noise to data", ylabel="density, relative $L^1$ error")
    drawing.legend(axes)
    return figure
