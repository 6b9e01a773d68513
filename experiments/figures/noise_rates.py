# SPDX-License-Identifier: GPL-3.0-or-later
"""Relaxation rates over the strength D of the noise (2.26), beside Kramers' formula."""
from functools import partial

import numpy as np
from matplotlib.ticker import LogLocator

from . import drawing

LINES = 4


def figures(result):
    for scan in result.scans:
        name = "rates" if len(result.scans) == 1 else f"rates_{scan.name}"
        yield name, partial(_draw, result, scan)


def _draw(result, scan):
    noise, rates = scan.noise, scan.variables["eigenvalue"]
    kramers = scan.variables.get("kramers")
    figure, row = drawing.row(1 if kramers is None else 2, 3.5, 3.1)
    drawing.title(figure, result.title)
    for number, values in enumerate(rates.T[1:1 + LINES]):
        row[0].semilogy(1 / noise, values, marker="o", markersize=3, label=rf"$\lambda_{number + 1}$",
                           **drawing.task_line(number))
    if kramers is not None:
        row[0].semilogy(1 / noise, kramers, color="black", linestyle=":", label="Kramers")
        _deviation(row[1], noise, rates[:, 1], kramers)
    row[0].set(xlabel="$1/D$", ylabel=r"eigenvalues of $-L$")
    row[0].legend()
    return figure


def _deviation(axes, noise, exact, kramers):
    deviation = np.abs(exact / kramers - 1)
    axes.loglog(noise, deviation, marker="o", markersize=3, color=drawing.COLOURS[0], label="exact against Kramers")
    axes.loglog(noise, deviation[0] * noise / noise[0], color="0.5", linestyle="--", label=r"$\propto D$")
    for axis in (axes.xaxis, axes.yaxis):  # within a decade or two powers of ten alone would label little
        axis.set_major_locator(LogLocator(subs=(1, 3)))
        axis.set_major_formatter("{x:g}")
    axes.set(xlabel="$D$", ylabel=r"$|\lambda_1 / \lambda_{\mathrm{Kramers}} - 1|$")
    axes.legend()
