// SPDX-License-Identifier: GPL-3.0-or-later
// Groups of the result file for the tasks that give values: the backward equation, the spectrum, control.
#pragma once

#include <string>

#include "experiments/output/result.hpp"
#include "experiments/tasks/task.hpp"
#include "grids/grid.hpp"
#include "solver/hjb/hjb.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/spectrum/spectrum.hpp"

namespace umkehr {

/// value(t, axes...) = J, and pairing(t) = <P, J> where steps were replayed.
Group backward_kolmogorov_group(const std::string& name, const Grid& grid, const BackwardKolmogorovTask& task,
                                const BackwardKolmogorovSolution& solution);
/// eigenvalue(index), eigenfunction(index, axes...), with their imaginary parts where there are any.
Group spectrum_group(const std::string& name, const Grid& grid, const SpectrumTask& task,
                     const Spectrum& spectrum);
/// The same for several D: eigenvalue(diffusion, index), and kramers(diffusion), the lowest of Kramers' rates, in a potential
/// with several wells. `rates` holds these rates, one list a D.
Group spectra_group(const std::string& name, const SpectrumTask& task, const std::vector<Spectrum>& spectra,
                    const std::vector<std::vector<double>>& rates);
/// value(t, axes...) = lambda and control_*(t, axes...) = -D d lambda; density(t, axes...) of the process under control
/// where `density` holds one.
Group hjb_group(const std::string& name, const Grid& grid, const HjbTask& task, const HjbSolution& solution,
                const History& density);

}  // namespace umkehr
