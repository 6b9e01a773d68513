# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of a sweep over the swept key: scalars as lines over its values, fields as one line a value."""
from functools import partial
from itertools import product

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import LogNorm, Normalize

from . import drawing, ranges

MOST_PANELS = 6
MOST_LINES = 7   # that a legend tells apart; more have a bar of colours
MOST_ROWS = 3    # combinations of the other keys
LEVELS = 4       # eigenvalues and the like
FIELDS = ("density", "value")
TIMES = 3


def figures(groups):
    for group in groups:
        if group.is_alike:
            continue
        scalars = _scalars(group)
        for name, shown in (("sweep", [one for one in scalars if not _is_of_error(one[0])]),
                            ("sweep_errors", [one for one in scalars if _is_of_error(one[0])])):
            if shown:
                yield f"{name}_{group.name}", partial(_draw_scalars, group, shown)
        for variable in FIELDS:
            own = group.own_axes(variable) if variable in group.group else []
            if own[:1] == ["t"] and len(own) == 2:
                yield f"sweep_{variable}_{group.name}", partial(_draw_lines, group, variable)
            elif own[:1] == ["t"] and variable == "density":
                yield f"sweep_marginals_{group.name}", partial(_draw_marginals, group)
        series = _series(group)
        if series:
            yield f"sweep_time_{group.name}", partial(_draw_series, group, series)


# What is drawn over what

def main_key(group):
    """The key with the most numbers, or the last one."""
    numbers = [k for k, key in enumerate(group.keys) if not key.texts]
    return max(numbers, key=lambda k: len(group.keys[k].values)) if numbers else len(group.keys) - 1


def other_runs(group, main):
    """(label, index with a slice along the main key) for each combination of the others."""
    others = [range(len(key.values)) if k != main else [slice(None)] for k, key in enumerate(group.keys)]
    for index in product(*others):
        yield ", ".join(key.label(n) for k, (key, n) in enumerate(zip(group.keys, index)) if k != main), index


def _spans_decades(values):
    values = values[np.isfinite(values)]
    return values.size > 1 and np.all(values > 0) and values.max() > 20 * values.min()


def _is_geometric(values):
    values = np.sort(values)
    if len(values) < 3 or values[0] <= 0:
        return False
    return np.ptp(np.diff(np.log(values))) < 0.1 * np.log(values[-1] / values[0]) and values[-1] > 4 * values[0]


def _is_of_error(name):
    return name == "minimum" or name.endswith(("error", "difference"))


def _scalars(group):
    """(label, values of all runs); of lists, such as eigenvalues, the first ones."""
    found = [(name, group.values(name)) for name in group.variables() if not _is_bar(group, name)]
    for axis in ("index", "N"):
        if axis in group.group:
            for name in group.variables(axis):
                count = min(LEVELS, group.group[name].shape[-1])
                found += [(f"{name} {n}", group.values(name, n)) for n in range(count)]
    return [(name, values) for name, values in found if np.isfinite(values).any()]


def _series(group):
    """What changes in time or from run to run, without the errors that are bars elsewhere."""
    return [name for name in group.variables("t")
            if not _is_bar(group, name) and np.ptp(np.nan_to_num(group.values(name))) > 0][:TIMES]


def _is_bar(group, name):
    return group.solve == "particles" and name.endswith("_error") and name.removesuffix("_error") in group.group


def axis_of(panel, key):
    name = drawing.plain(key.name)
    panel.set_xlabel(name)
    if key.texts:
        panel.set_xticks(range(len(key.texts)), [drawing.plain(text[:24]) for text in key.texts], ha="right",
                         rotation=60 if len(key.texts) > 4 else 20, rotation_mode="anchor")
    elif _spans_decades(key.values) or _is_geometric(key.values):
        panel.set_xscale("log")
        shown = key.values if len(key.values) <= 5 else key.values[::2]
        panel.set_xticks(shown, [f"{value:.3g}" if value < 1000 else f"{value:.6g}" for value in shown])
        panel.minorticks_off()


def _draw_scalars(group, scalars, result):
    main = main_key(group)
    shown = [one for one in scalars if np.ptp(one[1][np.isfinite(one[1])]) > 0] or scalars
    shown = shown[:MOST_PANELS]
    columns = min(3, len(shown))
    rows = -(-len(shown) // columns)
    figure = drawing.figure(2.9 * columns + 0.6, 2.5 * rows + 0.4)
    panels = figure.subplots(rows, columns, squeeze=False)
    drawing.title(figure, result.title, group.name)
    key = group.keys[main]
    order = np.argsort(key.values)
    for panel, (name, values) in zip(panels.flat, shown):
        for number, (label, index) in enumerate(other_runs(group, main)):
            look = drawing.task_line(number) | ({"linestyle": "none"} if key.texts else {})
            panel.errorbar(key.values[order], values[index][order], _two_errors(group, name, index, order), marker="o",
                           markersize=3.5, elinewidth=0.8, capsize=1.5, label=drawing.plain(label), **look)
        axis_of(panel, key)
        panel.set_ylabel(drawing.plain(name))
        if _spans_decades(values):
            panel.set_yscale("log")
        elif np.all(np.nan_to_num(values) == np.round(np.nan_to_num(values))):
            panel.yaxis.get_major_locator().set_params(integer=True)
    for panel in panels.flat[len(shown):]:
        panel.axis("off")
    if len(group.keys) > 1:
        drawing.legend(panels[0, columns - 1])
    return figure


def _two_errors(group, name, index, order):
    """Of what is estimated; bounds of other errors are no bars."""
    if group.solve != "particles" or f"{name}_error" not in group.group:
        return None
    return 2 * group.values(f"{name}_error")[index][order]


# Fields

class _Lines:
    """A row of panels for each combination of the other keys, and one line a value of the main one."""

    def __init__(self, group, result, columns, titles):
        self.group, self.main = group, main_key(group)
        self.key = group.keys[self.main]
        self.rows = list(other_runs(group, self.main))[-MOST_ROWS:]
        self.figure = drawing.figure(2.9 * columns + 1.2, 2.4 * len(self.rows) + 0.4)
        self.panels = self.figure.subplots(len(self.rows), columns, squeeze=False, sharex="col")
        drawing.title(self.figure, result.title, group.name)
        for panel, title in zip(self.panels[0], titles):
            panel.set_title(title)
        for row, (label, _) in zip(self.panels, self.rows):
            if label:
                row[0].set_title(f"{drawing.plain(label)}: {row[0].get_title()}".rstrip(": "))
        count = len(self.key.values)
        spread = LogNorm if _spans_decades(self.key.values) and not self.key.texts else Normalize
        self.norm = spread(self.key.values.min(), self.key.values.max() if count > 1 else self.key.values.min() + 1)
        self.colours = [colormaps["viridis"](0.92 * self.norm(value)) for value in self.key.values]
        if self._has_legend():
            self.colours = [drawing.COLOURS[n % len(drawing.COLOURS)] for n in range(count)]

    def draw(self, panel, points, values):
        """`values`: one line a value of the key."""
        for number, line in enumerate(values):
            if np.isfinite(line).any():
                panel.plot(points, line, color=self.colours[number], label=drawing.plain(self.key.label(number)),
                           linestyle=drawing.DASHES[number // len(drawing.COLOURS) % len(drawing.DASHES)] if self._has_legend() else "-")

    def finish(self):
        if self._has_legend():
            drawing.legend(self.panels[0, -1])
            return self.figure
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import ListedColormap
        shown = ListedColormap(colormaps["viridis"](np.linspace(0, 0.92, 256)))
        self.figure.colorbar(ScalarMappable(self.norm, shown), ax=list(self.panels[:, -1]),
                             label=drawing.plain(self.key.name))
        return self.figure

    def _has_legend(self):
        return len(self.key.values) <= MOST_LINES or bool(self.key.texts)


def _shown_times(group, variable):
    times = group.coordinate("t")
    return ranges.times(np.asarray(group.group[variable][(0,) * len(group.keys)], float), TIMES), times


def _draw_lines(group, variable, result):
    letter = group.own_axes(variable)[1]
    points = group.coordinate(letter)
    shown, times = _shown_times(group, variable)
    lines = _Lines(group, result, len(shown), [drawing.time_label(times[n]) for n in shown])
    for column, n in enumerate(shown):
        values = group.values(variable, n)
        for row, (_, index) in zip(lines.panels, lines.rows):
            lines.draw(row[column], points, values[index])
            row[column].set_xlim(_window(points, values, variable))
        lines.panels[-1, column].set_xlabel(f"${drawing.letter(letter)}$")
    symbol = "P" if variable == "density" else r"\lambda" if group.solve == "hjb" else "J"
    for row in lines.panels:
        row[0].set_ylabel(f"${symbol}({drawing.letter(letter)}, t)$")
    return lines.finish()


def _window(points, values, variable):
    if variable != "density":
        return points[0], points[-1]
    values = np.nan_to_num(values)
    inside = points[(values > 1e-3 * values.max()).reshape(-1, len(points)).any(axis=0)]
    margin = 0.05 * (inside[-1] - inside[0]) + (points[1] - points[0])
    return max(points[0], inside[0] - margin), min(points[-1], inside[-1] + margin)


def _draw_marginals(group, result):
    axes = group.own_axes("density")[1:]
    last = len(group.coordinate("t")) - 1
    density, points = group.values("density", last), [group.coordinate(axis) for axis in axes]
    lines = _Lines(group, result, len(axes), [drawing.time_label(group.coordinate("t")[last])] + [""] * (len(axes) - 1))
    first = len(group.keys)
    for column, x in enumerate(points):
        others = [k for k in range(len(axes)) if k != column]
        cell = np.prod([points[k][1] - points[k][0] for k in others])
        marginal = density.sum(axis=tuple(first + k for k in others)) * cell
        for row, (_, index) in zip(lines.panels, lines.rows):
            lines.draw(row[column], x, marginal[index])
            row[column].set_xlim(_window(x, marginal, "density"))
        lines.panels[-1, column].set_xlabel(f"${drawing.letter(axes[column])}$")
    for row in lines.panels:
        row[0].set_ylabel("marginals of $P$")
    return lines.finish()


def _draw_series(group, names, result):
    times = group.coordinate("t")
    lines = _Lines(group, result, len(names), [drawing.plain(name) for name in names])
    for column, name in enumerate(names):
        values = group.values(name)
        for row, (_, index) in zip(lines.panels, lines.rows):
            lines.draw(row[column], times, values[index])
            if _spans_decades(values):
                row[column].set_yscale("log")
        lines.panels[-1, column].set_xlabel("$t$")
    return lines.finish()
