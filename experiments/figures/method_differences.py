# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the values of several methods on one grid are from each other: where, at the first time, and over time."""
from functools import partial

from . import drawing


def figures(result, solve, name, letter):
    pairs = [pair for pair in result.pairs if pair.of == "value" and pair.first.solve == solve]
    if pairs:
        yield name, partial(_draw, result, pairs, letter)


def label(pair):
    return f"{drawing.plain(pair.first.name)},\n{drawing.plain(pair.second.name)}"


def _draw(result, pairs, letter):
    """The panels where and when, each where there is more than one place or time."""
    first = pairs[0].first
    panels = ["first_difference"] * (first.dimension == 1) + ["difference"] * (len(first.times) > 1) or ["difference"]
    figure, row = drawing.row(len(panels), 3.3, 2.9, 1.6)
    drawing.title(figure, result.title)
    for axes, panel in zip(row, panels):
        for number, pair in enumerate(pairs):
            where = panel == "first_difference"
            axes.semilogy(next(iter(first.axes.values())) if where else first.times,
                          drawing.above_epsilon(pair.numbers[panel]), label=label(pair),
                          marker=None if where else "o", markersize=2, **drawing.task_line(number))
        drawing.machine_epsilon(axes, 1e-10)
    if panels[0] == "first_difference":
        time = drawing.time_label(first.times[0]).strip("$")
        row[0].set_xlabel(f"${drawing.letter(next(iter(first.axes)))}$")
        row[0].set_ylabel(rf"$|{letter}_a - {letter}_b|\,/\,\max|{letter}_b|$ at ${time}$")
    if panels[-1] == "difference":
        row[-1].set_xlabel("$t$")
        row[-1].set_ylabel(rf"$\|{letter}_a - {letter}_b\|_1\,/\,\|{letter}_b\|_1$")
    drawing.legend(row[-1], title="$a$, $b$", labelspacing=0.8)
    return figure
