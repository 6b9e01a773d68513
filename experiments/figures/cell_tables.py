# SPDX-License-Identifier: GPL-3.0-or-later
"""Schroedinger's cells: how rare the change is in N, and the table by which it most probably came about."""
from functools import partial

import numpy as np

from . import drawing

LABELLED = 12  # entries of the table carry their values up to so many cells


def figures(result):
    for cells in result.cells:
        yield f"cells_{cells.name}", partial(_draw, result, cells)


def _draw(result, cells):
    figure, (left, right) = drawing.row(2, 3.8, 3.3)
    drawing.title(figure, result.title, cells.name)
    _rates(left, cells)
    _table(figure, right, cells)
    return figure


def _rates(panel, cells):
    count, exact = cells.particles, cells.variables["rate"]
    panel.axhline(cells.variables["divergence"], color="0.45", linewidth=0.9, linestyle=(0, (5, 2)),
                  label=r"$D_{\mathrm{KL}}(h^*\Vert g)$")
    panel.plot(count, cells.variables["table_rate"], color=drawing.COLOURS[4], marker="s", markersize=3.5,
               linewidth=0.8, label=r"$c^*$ alone")
    panel.plot(count, cells.variables["correction"], color=drawing.COLOURS[0],
               label=r"with the next term, $\frac{r}{2}\,\frac{\ln N}{N}$")
    panel.plot(count, exact, color=drawing.COLOURS[1], marker="o", markersize=4, linestyle="none",
               label=r"$\{b\}$ given $\{a\}$, exact")
    _trials(panel, cells)
    if len(count) > 1 and count[-1] > 20 * count[0]:
        panel.set_xscale("log")
    panel.set_xlabel("$N$")
    panel.set_ylabel(r"$-\frac{1}{N}\,\ln\,\mathrm{Prob}$")
    panel.legend()


def _trials(panel, cells):
    """What was seen, where it was, and the rate by trials under the bridge, with their standard errors."""
    count, variables = cells.particles, cells.variables
    if "frequency" in variables:
        share, error = variables["frequency"], variables["frequency_error"]
        seen = share > 2 * error
        panel.errorbar(count[seen], -np.log(share[seen]) / count[seen], error[seen] / share[seen] / count[seen],
                       color=drawing.COLOURS[3], marker="D", markersize=7.5, markerfacecolor="none",
                       linestyle="none", capsize=2, linewidth=0.9, label="as often as it is seen")
    if "sampled_rate" in variables:
        panel.errorbar(count, variables["sampled_rate"], variables["sampled_rate_error"], color=drawing.COLOURS[2],
                       marker="x", markersize=6, linestyle="none", capsize=2, linewidth=0.9,
                       label="by trials under the bridge")


def _table(figure, panel, cells):
    table = cells.variables["optimum"]
    shown = np.where(table > 0, table, np.nan)
    panel.set_facecolor(drawing.OUTSIDE)
    rows, columns = table.shape
    image = panel.imshow(shown, cmap=drawing.DENSITY_MAP, origin="lower", vmin=0, aspect="auto",
                         extent=(0.5, columns + 0.5, 0.5, rows + 0.5))
    if max(rows, columns) <= LABELLED:
        for (k, l), value in np.ndenumerate(table):
            colour = "0.35" if value == 0 else "white" if value < 0.6 * table.max() else "black"
            panel.text(l + 1, k + 1, f"{value:.2g}" if value >= 0.0095 else "<0.01" if value > 0 else "0",
                       ha="center", va="center", fontsize=drawing.small(), color=colour)
        panel.set_xticks(range(1, columns + 1))
        panel.set_yticks(range(1, rows + 1))
    panel.set_xlabel("from cell $l$")
    panel.set_ylabel("to cell $k$")
    figure.colorbar(image, ax=panel, label=r"$c^*(k, l)/N$")
    drawing.frame(panel)
