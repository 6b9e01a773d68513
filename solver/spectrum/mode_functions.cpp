// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/mode_functions.hpp"

#include <algorithm>
#include <cmath>

#include "solver/process/quasi_potential.hpp"

namespace umkehr {
namespace {

double weight(const std::vector<double>& phi, std::size_t i) {
  return phi.empty() ? 1 : std::exp(-phi[i]);
}

void continue_constant(const Grid& grid, std::vector<bool> known, std::vector<double>& field) {
  for (std::size_t k = grid.dimension(); k-- > 0;) {
    const std::size_t points = grid.axis(k).points, stride = grid.stride(k);
    for (std::size_t cell = 0; cell < grid.size(); ++cell) {
      if (cell / stride % points != 0) continue;
      const auto at = [&](std::size_t i) { return cell + i * stride; };
      for (std::size_t i = 1; i < points; ++i)
        if (!known[at(i)] && known[at(i - 1)]) field[at(i)] = field[at(i - 1)], known[at(i)] = true;
      for (std::size_t i = points - 1; i-- > 0;)
        if (!known[at(i)] && known[at(i + 1)]) field[at(i)] = field[at(i + 1)], known[at(i)] = true;
    }
  }
}

}  // namespace

std::vector<double> potential(const Process& process, const Grid& grid) {
  const auto quasi = QuasiPotential::of(process, grid);
  if (!quasi) return {};
  std::vector<double> phi(grid.size());
  (*quasi)(grid.centres(), phi);
  const double least = *std::min_element(phi.begin(), phi.end());
  for (double& value : phi) value -= least;
  return phi;
}

void normalise(const std::vector<double>& phi, std::vector<double>& re, std::vector<double>& im) {
  double square = 0, all = 0;
  for (std::size_t i = 0; i < re.size(); ++i) {
    square += (re[i] * re[i] + im[i] * im[i]) * weight(phi, i);
    all += weight(phi, i);
  }
  const double scale = std::sqrt(all / square);
  for (std::size_t i = 0; i < re.size(); ++i) {
    re[i] *= scale;
    im[i] *= scale;
  }
}

void orient(const std::vector<double>& phi, std::vector<double>& re, std::vector<double>& im) {
  const auto square = [&](std::size_t i) { return (re[i] * re[i] + im[i] * im[i]) * weight(phi, i); };
  double largest = 0;
  for (std::size_t i = 0; i < re.size(); ++i) largest = std::max(largest, square(i));
  std::size_t last = re.size() - 1;
  while (last > 0 && square(last) < 0.5 * largest) --last;
  const double size = std::hypot(re[last], im[last]), c = re[last] / size, s = -im[last] / size;
  for (std::size_t i = 0; i < re.size(); ++i) {
    const double x = re[i], y = im[i];
    re[i] = c * x - s * y;
    im[i] = s * x + c * y;
  }
}

std::vector<double> function_of(const Grid& grid, const std::vector<double>& phi,
                                const std::vector<double>& psi, const std::vector<bool>& kept) {
  double largest = 0;
  for (const double value : psi) largest = std::max(largest, std::abs(value));
  std::vector<double> field(grid.size());
  std::vector<bool> known(grid.size());
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (!kept[i]) continue;
    known[i] = std::abs(psi[i]) > 1e-10 * largest || phi[i] < 40;
    field[i] = psi[i] * std::exp(phi[i] / 2);
  }
  continue_constant(grid, known, field);
  return field;
}

}  // namespace umkehr
