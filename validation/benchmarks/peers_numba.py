# SPDX-License-Identifier: GPL-3.0-or-later
"""Douglas alternating directions with central fluxes for T2, compiled by numba on both cores.

(1 - h/2 Ax) u = (1 + h/2 Ax + h Ay) p, then (1 - h/2 Ay) p' = u - h/2 Ay p; one factorisation for all steps.
"""
import numba
import numpy as np

from problems import Rotation

BLOCK = 32


@numba.njit(parallel=True, fastmath=True)
def apply(values, lower, main, upper, out):
    """One tridiagonal matrix a column, along the first axis."""
    rows, columns = values.shape
    for i in numba.prange(rows):
        for j in range(columns):
            total = main[i, j] * values[i, j]
            if i > 0:
                total += lower[i, j] * values[i - 1, j]
            if i < rows - 1:
                total += upper[i, j] * values[i + 1, j]
            out[i, j] = total


@numba.njit(parallel=True, fastmath=True)
def solve(right, lower, pivot, swept):
    """Thomas sweeps down the columns, a band of columns a task."""
    rows, columns = right.shape
    for band in numba.prange(columns // BLOCK):
        first, last = band * BLOCK, (band + 1) * BLOCK
        for j in range(first, last):
            right[0, j] *= pivot[0, j]
        for i in range(1, rows):
            for j in range(first, last):
                right[i, j] = (right[i, j] + lower[i, j] * right[i - 1, j]) * pivot[i, j]
        for i in range(rows - 2, -1, -1):
            for j in range(first, last):
                right[i, j] += swept[i, j] * right[i + 1, j]


@numba.njit(parallel=True)
def transpose(values, out):
    blocks = values.shape[0] // BLOCK
    for bi in numba.prange(blocks):
        for bj in range(blocks):
            for i in range(bi * BLOCK, (bi + 1) * BLOCK):
                for j in range(bj * BLOCK, (bj + 1) * BLOCK):
                    out[j, i] = values[i, j]


@numba.njit(parallel=True, fastmath=True)
def combine(a, b, b_factor, c, c_factor, out):
    for i in numba.prange(a.shape[0]):
        for j in range(a.shape[1]):
            out[i, j] = a[i, j] + b_factor * b[i, j] + c_factor * c[i, j]


def bands(points, sense):
    """Of the drift (-q + sense 2 r)/2 along q, the first axis, at transverse r."""
    width, centres = Rotation.grid(points)
    faces = centres[:-1] + width / 2
    speed = 0.5 * (-faces[:, None] + sense * 2 * centres[None, :]) / (2 * width)
    rate = Rotation.diffusion / 2 / width ** 2
    lower, main, upper = (np.zeros((points, points)) for _ in range(3))
    lower[1:], upper[:-1] = rate + speed, rate - speed
    main[:-1] -= rate + speed
    main[1:] -= rate - speed
    return lower, main, upper


def factors(lower, main, upper, half):
    """What `solve` needs for 1 - half times the matrix."""
    pivot, swept = np.empty_like(main), np.zeros_like(main)
    before = 0.0
    for i in range(len(main)):
        pivot[i] = 1 / (1 - half * main[i] - half * lower[i] * before)
        swept[i] = before = half * upper[i] * pivot[i]
    return half * lower, pivot, swept


class DouglasADI:
    def __init__(self, threads):
        numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))

    def __call__(self, points, steps):
        step = Rotation.stop / steps
        along_x, along_y = bands(points, 1), bands(points, -1)
        factors_x, factors_y = factors(*along_x, step / 2), factors(*along_y, step / 2)
        density = Rotation.exact(points, 0.0)
        turned, x_part, y_part, y_turned, right = (np.empty_like(density) for _ in range(5))
        for _ in range(steps):
            apply(density, *along_x, x_part)
            transpose(density, turned)
            apply(turned, *along_y, y_turned)
            transpose(y_turned, y_part)
            combine(density, x_part, step / 2, y_part, step, right)
            solve(right, *factors_x)
            transpose(right, turned)
            combine(turned, y_turned, -step / 2, y_turned, 0.0, turned)
            solve(turned, *factors_y)
            transpose(turned, density)
        return density
