# SPDX-License-Identifier: GPL-3.0-or-later
"""T3 by numpy, in the scaling form, and by POT: entropic transport between two mixtures."""
from functools import partial

import numpy as np

SPREAD, TOLERANCE = 0.05, 1e-9


def entries():
    """Yields (program, method, points, sweeps, solve, error of what solve returns, dimension)."""
    yield "numpy", "dense kernel, scaling form", 2000, None, partial(dense, 2000), float, 1
    yield "numpy", "separable kernel, scaling form", 128, None, partial(separable, 128), float, 2
    try:
        import ot  # noqa: F401
        yield "POT", "sinkhorn", 2000, None, partial(transport, 2000), float, 1
    except ImportError:
        print("POT is not installed: its T3 entry is left out")


def _bump(square, width, dimension):
    return np.exp(-0.5 * square / width ** 2) / width ** dimension


def _masses(density):
    floored = np.maximum(density, 1e-12 * density.max())
    return floored / floored.sum()


def line(points):
    x = np.linspace(-3, 3, points)
    first = 0.5 * _bump((x + 1.0) ** 2, 0.3, 1) + 0.5 * _bump((x - 0.5) ** 2, 0.2, 1)
    last = 0.3 * _bump((x + 0.5) ** 2, 0.25, 1) + 0.7 * _bump((x - 1.2) ** 2, 0.3, 1)
    return x, _masses(first), _masses(last)


def plane(points):
    x = np.linspace(-2, 2, points)

    def bump(a, b, width):
        return _bump((x[:, None] - a) ** 2 + (x[None, :] - b) ** 2, width, 2)
    first = 0.5 * bump(-0.8, -0.4, 0.3) + 0.5 * bump(0.4, 0.6, 0.25)
    last = 0.3 * bump(-0.6, 0.7, 0.25) + 0.7 * bump(0.8, -0.5, 0.3)
    return x, _masses(first), _masses(last)


def _kernel(x):
    return np.exp(-0.5 * (x[:, None] - x[None, :]) ** 2 / SPREAD)


def dense(points):
    """Gives the L1 error of the first marginal once the second one is met."""
    x, first, last = line(points)
    kernel = _kernel(x)
    v = np.ones(points)
    product = kernel @ v
    while True:
        u = first / product
        v = last / (u @ kernel)
        product = kernel @ v
        error = np.abs(u * product - first).sum()
        if error < TOLERANCE:
            return error


def separable(points):
    x, first, last = plane(points)
    kernel = _kernel(x)
    v = np.ones((points, points))
    product = kernel @ v @ kernel
    while True:
        u = first / product
        v = last / (kernel @ u @ kernel)
        product = kernel @ v @ kernel
        error = np.abs(u * product - first).sum()
        if error < TOLERANCE:
            return error


def transport(points):
    import ot
    x, first, last = line(points)
    cost = 0.5 * (x[:, None] - x[None, :]) ** 2
    plan = ot.sinkhorn(first, last, cost, SPREAD, stopThr=TOLERANCE, numItermax=10_000)
    return np.abs(plan.sum(axis=1) - first).sum() + np.abs(plan.sum(axis=0) - last).sum()
