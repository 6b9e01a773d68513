# SPDX-License-Identifier: GPL-3.0-or-later
"""Particles over a swept key: an expectation beside that of a grid, and how far samples are from the data."""
from functools import partial

import numpy as np
from matplotlib.ticker import LogLocator

from . import drawing
from .over_key import axis_of, main_key, other_runs
from .particle_estimates import bars

DISTANCES = [("energy_distance", "energy distance"), ("sliced_wasserstein", "sliced Wasserstein distance"),
             ("maximum_mean_discrepancy", "maximum mean discrepancy, squared")]


def figures(result):
    for group in result.swept:
        if group.is_alike or group.solve != "particles":
            continue
        if group.name in result.expected:
            yield f"expectation_{group.name}", partial(_expectation, result, group, result.expected[group.name])
        if all(name in group.group for name, _ in DISTANCES):
            yield f"distances_{group.name}", partial(_distances, result, group)


def _expectation(result, group, numbers):
    main = main_key(group)
    key, value, error = group.keys[main], group.values("value"), group.values("value_error")
    figure, (left, right) = drawing.row(2, 3.4, 3.2, 1.5)
    drawing.title(figure, result.title)
    for number, (label, index) in enumerate(other_runs(group, main)):
        look = drawing.task_line(number) | {"linewidth": 1, "label": drawing.plain(label) or drawing.plain(group.name)}
        bars(left, key.values, value[index], error[index], **look)
        if key.name == "count":
            right.plot(key.values, error[index], marker="o", markersize=2.5, **look)
        else:
            bars(right, key.values, np.abs(numbers["deviation"][index]), error[index], **look)
    expected = np.ravel(numbers["expected"])
    left.axhline(expected[0], color="0.72", linewidth=3.5, zorder=0, label=drawing.plain(numbers["reference_task"]))
    axis_of(left, key)
    left.set_ylabel(r"$E[J_1\,e^{-\int V}]$")
    _guides(right, group, main, np.abs(numbers["deviation"]), error)
    right.set_ylabel("standard error" if key.name == "count" else "deviation from the grid")
    handles, labels = left.get_legend_handles_labels()
    more = [pair for pair in zip(*right.get_legend_handles_labels()) if pair[1] not in labels]
    drawing.legend(right, handles=handles + [handle for handle, _ in more], labels=labels + [text for _, text in more],
                   title=r"$\pm 2$ errors")
    return figure


def _guides(panel, group, main, deviation, error):
    """Powers of the step, or of the count."""
    key = group.keys[main]
    if key.texts:
        axis_of(panel, key)
        return
    panel.set(xscale="log", yscale="log")
    axis_of(panel, key)
    x = np.sort(key.values)
    if key.name == "count":
        at_first = np.moveaxis(error, main, 0)[np.argmin(key.values)]
        panel.yaxis.set_major_locator(LogLocator(subs=(1, 3)))
        panel.yaxis.set_major_formatter("{x:g}")
        panel.plot(x, 1.3 * np.max(at_first) * (x / x[0]) ** -0.5, color="0.6", linewidth=0.8, linestyle=":",
                   label=r"$N^{-1/2}$")
        return
    at_last = np.moveaxis(deviation, main, 0)[np.argmax(key.values)]
    panel.plot(x, 1.5 * np.max(at_last) * x / x[-1], color="0.6", linewidth=0.8, linestyle=":",
               label=f"${drawing.letter(key.name)}$")
    panel.plot(x, 0.6 * np.min(at_last) * (x / x[-1]) ** 2, color="0.6", linewidth=0.8, linestyle="--",
               label=f"${drawing.letter(key.name)}^2$")
    panel.set_ylim(bottom=0.2 * np.min(error))


def _distances(result, group):
    main = main_key(group)
    key = group.keys[main]
    shown = DISTANCES[:2] if drawing.narrow() else DISTANCES
    figure, row = drawing.row(len(shown), 2.9, 3.0, 1.6)
    drawing.title(figure, result.title)
    for panel, (name, label) in zip(row, shown):
        values, errors = group.values(name), group.values(f"{name}_error")
        panel.set_yscale("log")
        for number, (told, index) in enumerate(other_runs(group, main)):
            look = drawing.task_line(number) | {"linewidth": 1}
            _above_error(panel, key.values, values[index], errors[index], look,
                         drawing.plain(told) or drawing.plain(group.name))
        for other, beside in enumerate(_alike(result, name)):
            _level(panel, beside, name, drawing.COLOURS[(len(list(other_runs(group, main))) + other) % 7])
        axis_of(panel, key)
        panel.set_ylabel(label)
        panel.set_ylim(bottom=0.4 * np.nanmin(errors))
    row[-1].plot([], [], linestyle="none", marker="v", markersize=5, markerfacecolor="none", color="0.4",
                 label="at most")
    handles, labels = row[-1].get_legend_handles_labels()
    lines = sum(handle in row[-1].lines for handle in handles)  # which matplotlib puts before bars
    drawing.legend(row[-1], handles=handles[lines:] + handles[:lines], labels=labels[lines:] + labels[:lines],
                   title=r"$\pm 2$ errors")
    return figure


def _above_error(panel, x, values, errors, look, label):
    """What two errors hide has an arrow from where it may reach up to."""
    order = np.argsort(x)
    x, values, errors = x[order], values[order], errors[order]
    known = values > 2 * errors
    bars(panel, x[known], values[known], errors[known], label=label, **look)
    panel.plot(x[~known], np.maximum(values, 0)[~known] + 2 * errors[~known], linestyle="none", marker="v",
               markersize=5, markerfacecolor="none", color=look["color"])


def _alike(result, name):
    return [group for group in result.swept if group.is_alike and group.solve == "particles" and name in group.group]


def _level(panel, group, name, colour):
    value, error = (float(np.ravel(group.values(one))[0]) for one in (name, f"{name}_error"))
    top = max(value, 0) + 2 * error
    panel.axhline(top, color=colour, linewidth=1, linestyle=(0, (1.5, 1.5)),
                  label=f"{drawing.plain(group.name)}, at most")
