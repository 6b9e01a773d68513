# SPDX-License-Identifier: GPL-3.0-or-later
"""T1 by numpy and scipy, as an expert would write it, and by QuantLib."""
from functools import partial

import numpy as np

from problems import DoubleWell


def entries():
    """Yields (program, method, points, steps, solve, error of what solve returns)."""
    try:
        from scipy.linalg import lapack  # noqa: F401
        from scipy.special import erf  # noqa: F401
        for points, steps in ((1024, 128), (1024, 512)):
            yield ("scipy", "Scharfetter-Gummel, Crank-Nicolson, dgttrs", points, steps,
                   partial(crank_nicolson, points, steps), partial(DoubleWell.error, cell_means=True))
    except ImportError:
        print("scipy is not installed: its T1 entries are left out")
    for points in (80, 96):
        yield ("numpy", "sinc, symmetrised, eigh", points, None, partial(sinc, points),
               partial(DoubleWell.error, cell_means=False))
    try:
        import QuantLib  # noqa: F401
        yield ("QuantLib", "Crank-Nicolson, central", 1024, 512, partial(quantlib, 1024, 512),
               partial(DoubleWell.error, cell_means=True))
    except ImportError:
        print("QuantLib is not installed: its T1 entry is left out")


def sinc(points):
    return DoubleWell.spectral(points, DoubleWell.half_width)[2]


def _start_means(points):
    from scipy.special import erf
    width, centres = DoubleWell.grid(points)
    edges = np.append(centres - width / 2, centres[-1] + width / 2)
    return np.diff(0.5 * erf((edges - DoubleWell.mean) / (DoubleWell.deviation * np.sqrt(2)))) / width


def _bands(points):
    """Lower, main and upper diagonal of the exponentially fitted generator."""
    width, centres = DoubleWell.grid(points)
    diffusivity = DoubleWell.diffusion / 2
    peclet = DoubleWell.drift(centres[:-1] + width / 2) * width / diffusivity
    safe = np.where(np.abs(peclet) < 1e-6, 1.0, peclet)
    down = np.where(np.abs(peclet) < 1e-6, 1 - peclet / 2, safe / np.expm1(safe)) * diffusivity / width ** 2
    up = down + peclet * diffusivity / width ** 2
    main = np.zeros(points)
    main[:-1] -= up
    main[1:] -= down
    return up, main, down


def crank_nicolson(points, steps):
    """Two steps of backward Euler halves (Rannacher), then Crank-Nicolson, with one factorisation for all."""
    from scipy.linalg import lapack
    lower, main, upper = _bands(points)
    half = DoubleWell.stop / steps / 2
    factors = lapack.dgttrf(-half * lower, 1 - half * main, -half * upper)[:5]
    density = _start_means(points)
    for _ in range(4):
        density = lapack.dgttrs(*factors, density)[0]
    lower, main, upper = half * lower, 1 + half * main, half * upper
    for _ in range(steps - 2):
        right = main * density
        right[1:] += lower * density[:-1]
        right[:-1] += upper * density[1:]
        density = lapack.dgttrs(*factors, right, overwrite_b=1)[0]
    return density


def quantlib(points, steps):
    import QuantLib as ql

    from peers_quantlib import march
    _, x = DoubleWell.grid(points)
    return march([x], [DoubleWell.drift(x)], [1 - 3 * x ** 2], DoubleWell.diffusion, _start_means(points),
                 DoubleWell.stop, steps, ql.FdmSchemeDesc.CrankNicolson())
