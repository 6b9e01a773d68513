# SPDX-License-Identifier: GPL-3.0-or-later
"""The two formulas of the benchmark `formula`, by numpy on arrays that stay in cache."""
from functools import partial

import numpy as np

POINTS = 4096


def entries():
    x, t = np.linspace(-8, 8, POINTS, endpoint=False), 0.1
    yield "numpy", "x - x^3", POINTS, None, partial(cubic, x), None
    yield "numpy", "-beta*x/2 + sin(3*x)*exp(-t)", POINTS, None, partial(mixed, x, 0.1 + 19.9 * t, t), None


def cubic(x):
    return x - x * x * x


def mixed(x, beta, t):
    return -beta * x / 2 + np.sin(3 * x) * np.exp(-t)
