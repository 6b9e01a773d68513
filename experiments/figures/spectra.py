# SPDX-License-Identifier: GPL-3.0-or-later
"""Eigenvalues and eigenfunctions of -L (2.26, 2.28), and what they say about a density: mode n decays at lambda_n."""
from functools import partial

import numpy as np
from matplotlib.ticker import MaxNLocator

from . import drawing, plane_maps, ranges
from .method_differences import label

LINES = 5       # eigenfunctions in a panel
MODES = 4       # of a density
ROUND_OFF = 1e-10  # of an eigenfunction that grows, times a density that ends at 1e-16
MARKERS = "os^Dv"


def figures(result):
    tasks = result.of("spectrum")
    if not tasks:
        return
    yield "spectrum", partial(_eigenvalues, result, tasks)
    if any(task.dimension == 1 for task in tasks):
        yield "eigenfunctions", partial(_lines, result, [task for task in tasks if task.dimension == 1])
    for task in tasks:
        if task.dimension == 2:
            yield f"eigenfunctions_{task.name}", partial(_maps, result, task)
    real = next((task for task in tasks if "eigenvalue_imaginary" not in task.variables), None)
    decaying = [task for task in result.tasks if len(task.times) > 2 and _same_axes(task, real)]
    if decaying and len(real.times) > 1:
        yield "modes", partial(_modes, result, decaying[0], real)


def _eigenvalues(result, tasks):
    pairs = [pair for pair in result.pairs if pair.of == "eigenvalue"]
    compared = [pair for pair in pairs if pair.second is pairs[0].second]
    figure, row = drawing.row(2 if compared else 1, 3.4, 3.1, 1.6 * bool(compared))
    drawing.title(figure, result.title)
    is_complex = any("eigenvalue_imaginary" in task.variables for task in tasks)
    (_complex if is_complex else _ladder)(row[0], tasks)
    for number, pair in enumerate(compared):
        row[1].semilogy(pair.first.times, drawing.above_epsilon(pair.numbers["difference"]),
                        marker=MARKERS[number % 5], markersize=4, label=label(pair), **drawing.task_line(number))
    if compared:
        drawing.machine_epsilon(row[1], 1e-10)
        row[1].xaxis.set_major_locator(MaxNLocator(integer=True))
        row[1].set(xlabel="$n$", ylabel=r"$|\lambda_n^a - \lambda_n^b|$")
        drawing.legend(row[1], title="$a$, $b$", labelspacing=0.8)
    return figure


def _complex_values(task):
    return task.variables["eigenvalue"] + 1j * task.variables.get("eigenvalue_imaginary", 0)


def _complex(axes, tasks):
    for number, task in enumerate(tasks):
        values = _complex_values(task)
        axes.plot(values.real, values.imag, MARKERS[number % 5], markersize=9 - 2 * min(number, 2),
                  markerfacecolor="none", color=drawing.COLOURS[number % len(drawing.COLOURS)],
                  label=drawing.plain(task.name))
    axes.axhline(0, color="0.8", linewidth=0.6, zorder=0)
    axes.set(xlabel=r"$\mathrm{Re}\,\lambda_n$", ylabel=r"$\mathrm{Im}\,\lambda_n$")
    axes.legend(loc="best")


def _ladder(axes, tasks):
    for number, task in enumerate(tasks):
        values = task.variables["eigenvalue"]
        axes.hlines(values, number - 0.36, number + 0.36, color=drawing.COLOURS[number % len(drawing.COLOURS)],
                    linewidth=1.6)
    axes.set_xticks(range(len(tasks)), [drawing.plain(task.name).replace("_", "\n") for task in tasks])
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.5, len(tasks))
    values = tasks[0].variables["eigenvalue"]
    for level in _apart(values, 0.05):
        text = f"{level[0]}" if len(level) == 1 else f"{level[0]}{', ' if len(level) == 2 else '-'}{level[-1]}"
        axes.annotate(f"$n = {text}$", (len(tasks) - 0.58, values[level].mean()), fontsize=drawing.small(),
                      color="0.3", va="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5})
    escape = tasks[0].numbers.get("kramers")
    if escape is not None and len(values) > 1:
        axes.axhline(escape, color="black", linestyle=":", linewidth=0.9, zorder=0)
        axes.set_title(rf"$\lambda_1 = {values[1]:.6g}$, Kramers (dotted): {escape:.3g}", fontsize=drawing.small(0.85))
    axes.set_ylabel(r"eigenvalues $\lambda_n$ of $-L$")


def _apart(values, share):
    """Numbers of the levels, together where they are too close for a name each."""
    groups = [[0]]
    for n in range(1, len(values)):
        if values[n] - values[groups[-1][0]] > share * (values[-1] - values[0]):
            groups.append([])
        groups[-1].append(n)
    return groups


def _lines(result, tasks):
    figure, row = drawing.row(len(tasks), 2.7, 3.0, 1.3, sharey=True)
    drawing.title(figure, result.title)
    count = min(LINES, *(len(task.times) for task in tasks))
    for axes, task in zip(row, tasks):
        (name, points), = task.axes.items()
        functions = _like(task.variables["eigenfunction"], tasks[0])
        for n, colour in zip(range(count), drawing.COLOURS):
            axes.plot(points, functions[n], color=colour, linestyle=drawing.DASHES[n % len(drawing.DASHES)],
                      label=f"$n = {n}$")
        axes.axhline(0, color="0.85", linewidth=0.6, zorder=0)
        axes.set_title(drawing.plain(task.name))
        axes.set_xlabel(f"${drawing.letter(name)}$")
        axes.set_xlim(*_bulk(result, task))
    # Polynomials grow in the tails: the scale is that of the bulk, where the mean square is one.
    for axes in row:
        axes.set_ylim(-4, 4)
    part = r"\mathrm{Re}\," if any("eigenfunction_imaginary" in task.variables for task in tasks) else ""
    row[0].set_ylabel(rf"${part}\varphi_n({drawing.letter(next(iter(tasks[0].axes)))})$")
    drawing.legend(row[-1], columns=5, handlelength=1.2, columnspacing=1)
    return figure


def _like(functions, first):
    """With the signs, which are free, of the first task."""
    model = first.variables["eigenfunction"]
    if functions.shape != model.shape:
        return functions
    same = (np.nan_to_num(np.clip(functions, -4, 4) * np.clip(model, -4, 4))).reshape(len(functions), -1).sum(axis=1)
    return functions * np.where(same < 0, -1, 1).reshape(-1, *[1] * (functions.ndim - 1))


def _bulk(result, task):
    """Where a density of the file is, else the whole axis."""
    density = next((other for other in result.tasks if _same_axes(other, task)), None)
    points = next(iter(task.axes.values()))
    return ranges.window(density, range(len(density.times)), 1e-4)[0] if density else (points[0], points[-1])


def _same_axes(a, b):
    return b is not None and list(a.axes) == list(b.axes) and all(
        np.array_equal(a.axes[name], b.axes[name]) for name in a.axes)


def _maps(result, task):
    count = min(6, len(task.times))
    values = _complex_values(task)
    titles = [rf"$\lambda_{{{n}}} = {_number(values[n])}$" for n in range(count)]
    page = plane_maps.Maps(result, task, titles, ranges.whole(task), drawing.SIGNED_MAP)
    for n, panel in enumerate(page.panels):
        function = task.variables["eigenfunction"][n]
        limit = min(ranges.largest(np.abs(function)), 3.0)
        page.map(panel, function, -limit, limit, "both" if limit == 3.0 else "neither")
    part = r"\mathrm{Re}\," if "eigenfunction_imaginary" in task.variables else ""
    return page.finish(rf"${part}\varphi_n({page.letters})$")


def _number(value):
    real = 0.0 if abs(value.real) < 1e-10 else value.real
    return f"{real:.4g}" if abs(value.imag) < 1e-10 else f"{real:.4g} {value.imag:+.4g}\\,i"


def _modes(result, density, spectrum):
    """<phi_n, P(t)> beside what is left of its first value at the rate lambda_n."""
    figure, (axes,) = drawing.row(1, 4.6, 3.1)
    drawing.title(figure, result.title)
    functions, rates = spectrum.variables["eigenfunction"], spectrum.variables["eigenvalue"]
    times, trusted = density.times, np.where(density.trusted(), density.variables["density"], 0)
    first = 1 if abs(rates[0]) < 1e-9 else 0
    for number, n in enumerate(range(first, min(first + MODES, len(rates)))):
        # Where there is no density a growing eigenfunction would only add up round-off.
        amplitude = np.abs((trusted * functions[n]).reshape(len(times), -1).sum(axis=1)) * density.cell()
        expected = amplitude[0] * np.exp(-rates[n] * (times - times[0]))
        if amplitude[0] < 1e-6:  # by symmetry
            continue
        seen = amplitude > ROUND_OFF
        colour = drawing.COLOURS[number]
        axes.semilogy(times[seen], amplitude[seen], "o", markersize=3.5, markerfacecolor="none", color=colour,
                      label=rf"$n = {n}$, $\lambda_n = {rates[n]:.4g}$")
        axes.semilogy(times, np.where(expected > ROUND_OFF, expected, np.nan), color=colour, linewidth=0.9)
    axes.set(xlabel="$t$", ylabel=rf"$|\langle \varphi_n, P(t)\rangle|$, {drawing.plain(density.name)}")
    drawing.legend(axes, title=r"lines: $e^{-\lambda_n (t - t_0)}$")
    return figure
