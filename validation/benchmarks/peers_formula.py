# SPDX-License-Identifier: GPL-3.0-or-later
"""The two formulas of the benchmark `formula`, by numpy on arrays that stay in cache."""
from functools import partial

import numpy as np

POINTS = 4096


def entries():
    x, beta, t = (np.random.default_rng(seed).uniform(0.1, 1.0, POINTS) for seed in (1, 2, 3))
    yield "numpy", "x - x^3", POINTS, None, partial(cubic, x), None
    yield "numpy", "-beta*x/2 + sin(3*x)*exp(-t)", POINTS, None, partial(mixed, x, beta, t), None


def cubic(x):
    return x - x * x * x


def mixed(x, beta, t):
    return -beta * x / 2 + np.sin(3 * x) * np.exp(-t)
