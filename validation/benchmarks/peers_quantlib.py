# SPDX-License-Identifier: GPL-3.0-or-later
"""The forward equation through QuantLib's own finite-difference operators and schemes, which are C++."""
import numpy as np
import QuantLib as ql


class ForwardOperator:
    """-F dP + (D/2) d^2 P - F' P along each direction, as FdmLinearOpComposite wants it."""

    def __init__(self, mesher, drifts, slopes, diffusion):
        self.maps = [self._along(k, mesher, drift, slope, diffusion)
                     for k, (drift, slope) in enumerate(zip(drifts, slopes))]

    @staticmethod
    def _along(direction, mesher, drift, slope, diffusion):
        halves = ql.Array(list(np.full(drift.size, diffusion / 2)))
        second = ql.SecondDerivativeOp(direction, mesher).mult(halves)
        first = ql.FirstDerivativeOp(direction, mesher).mult(ql.Array(list(-drift)))
        together = ql.TripleBandLinearOp(direction, mesher)
        together.axpyb(ql.Array(1, 1.0), first, second, ql.Array(list(-slope)))
        return together

    def size(self):
        return len(self.maps)

    def setTime(self, start, stop):
        """The coefficients are constant."""

    def apply(self, values):
        total = self.maps[0].apply(values)
        for band in self.maps[1:]:
            total = total + band.apply(values)
        return total

    def apply_mixed(self, values):
        return ql.Array(len(values), 0.0)

    def apply_direction(self, direction, values):
        return self.maps[direction].apply(values)

    def solve_splitting(self, direction, values, step):
        return self.maps[direction].solve_splitting(values, step, 1.0)

    def preconditioner(self, values, step):
        return self.solve_splitting(0, values, step)


def march(axes, drifts, slopes, diffusion, start, stop, steps, scheme):
    """`start` with the first axis fastest, as QuantLib counts."""
    mesher = ql.FdmMesherComposite(*[ql.Predefined1dMesher(list(x)) for x in axes])
    operator = ql.FdmLinearOpCompositeProxy(ForwardOperator(mesher, drifts, slopes, diffusion))
    solver = ql.FdmBackwardSolver(operator, ql.FdmBoundaryConditionSet(), None, scheme)
    values = ql.Array(list(start))
    rolled = solver.rollback(values, stop, 0.0, steps, 0)
    return np.array(list(values if rolled is None else rolled))
