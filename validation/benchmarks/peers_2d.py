# SPDX-License-Identifier: GPL-3.0-or-later
"""T2 by numba, numpy with scipy.fft, and QuantLib."""
from functools import partial

import numpy as np

from problems import Rotation


def entries(threads):
    """Yields (program, method, points, steps, solve, error of what solve returns)."""
    try:
        from peers_numba import DouglasADI
        adi = DouglasADI(threads)
        for points, steps in ((256, 64), (512, 64)):
            yield ("numba", "central fluxes, Douglas ADI", points, steps, partial(adi, points, steps),
                   Rotation.error)
    except ImportError:
        print("numba is not installed: its T2 entries are left out")
    try:
        import scipy.fft  # noqa: F401
        for points, steps in ((64, 64), (96, 128)):
            yield ("numpy, scipy.fft", "Fourier, integrating-factor RK4", points, steps,
                   partial(fourier, points, steps, threads), Rotation.error)
    except ImportError:
        print("scipy is not installed: its T2 entries are left out")
    try:
        import QuantLib  # noqa: F401
        yield "QuantLib", "central, Hundsdorfer ADI", 256, 32, partial(quantlib, 256, 32), Rotation.error
    except ImportError:
        print("QuantLib is not installed: its T2 entry is left out")


def fourier(points, steps, threads):
    import scipy.fft
    width, x = Rotation.grid(points)
    k = 2 * np.pi * scipy.fft.fftfreq(points, width)[:, None]
    m = 2 * np.pi * scipy.fft.rfftfreq(points, width)[None, :]
    decay = np.exp(-0.5 * Rotation.stop / steps * Rotation.diffusion / 2 * (k ** 2 + m ** 2))
    along_x, along_y = 1j * np.where(np.arange(points)[:, None] == points // 2, 0, k), 1j * m
    along_y[0, -1] = 0
    # The linear drift is bent to zero near the seam of the periodic box.
    bend = 0.5 * (1 - np.tanh((np.abs(x) - 5.2) / 0.15))
    bend = bend[:, None] * bend[None, :]
    drift_x = 0.5 * (-x[:, None] + 2 * x[None, :]) * bend
    drift_y = 0.5 * (-x[None, :] - 2 * x[:, None]) * bend
    step = Rotation.stop / steps
    there = partial(scipy.fft.rfft2, workers=threads)
    back = partial(scipy.fft.irfft2, workers=threads, s=(points, points))

    def change(modes):
        density = back(modes)
        return -step * (along_x * there(drift_x * density) + along_y * there(drift_y * density))

    modes = there(Rotation.exact(points, 0.0))
    for _ in range(steps):
        first = change(modes)
        second = change(decay * (modes + first / 2))
        third = change(decay * modes + second / 2)
        fourth = change(decay * (decay * modes + third))
        modes = decay * (decay * (modes + first / 6) + (second + third) / 3) + fourth / 6
    return back(modes)


def quantlib(points, steps):
    import QuantLib as ql

    from peers_quantlib import march
    _, x = Rotation.grid(points)
    y_slow, x_fast = np.meshgrid(x, x, indexing="ij")
    drifts = [(0.5 * (-x_fast + 2 * y_slow)).ravel(), (0.5 * (-y_slow - 2 * x_fast)).ravel()]
    slopes = [np.full(points * points, -0.5)] * 2
    density = march([x, x], drifts, slopes, Rotation.diffusion, Rotation.exact(points, 0.0).T.ravel(),
                    Rotation.stop, steps, ql.FdmSchemeDesc.Hundsdorfer())
    return density.reshape(points, points).T
