// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/kernels/closed_form_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "grids/failure.hpp"
#include "solver/bridge/kernels/kernel_family.hpp"
#include "solver/bridge/kernels/narrow_kernel.hpp"

namespace umkehr {
namespace {

constexpr double negligible = 1e-15;  // of an exponent
constexpr double meaningless = 0.4;   // cells: sums over centres are then a tenth off and more
constexpr double narrowest = 1.2;     // cells: the midpoint rule is then off by exp(-2 pi^2 1.44) = 5e-13

Eigen::VectorXd middle(const Grid& grid) {
  Eigen::VectorXd centre(static_cast<Eigen::Index>(grid.dimension()));
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    centre[static_cast<Eigen::Index>(k)] = 0.5 * (grid.axis(k).from + grid.axis(k).to);
  return centre;
}

const Grid& checked(const Grid& grid) {
  for (const Axis& axis : grid.axes())
    if (axis.boundary == Boundary::periodic)
      throw UnfitProblem("closed forms live on the line, and " + axis.name +
                         " is periodic; take method propagator");
  return grid;
}

/// The axes that others depend on, or that depend on others.
std::vector<std::size_t> coupled_axes(const Eigen::MatrixXd& coupling, const Grid& grid) {
  std::vector<std::size_t> coupled;
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    for (std::size_t l = 0; l < grid.dimension(); ++l) {
      const auto i = static_cast<Eigen::Index>(k), j = static_cast<Eigen::Index>(l);
      const double most = std::max(std::abs(coupling(i, j)), std::abs(coupling(j, i)));
      if (k == l || most * grid.axis(k).length() * grid.axis(l).length() < negligible) continue;
      coupled.push_back(k);
      break;
    }
  return coupled;
}

}  // namespace

ClosedFormKernel::ClosedFormKernel(const AffineProcess& process, const Grid& grid, double start, double stop)
    : Kernel(checked(grid)), work_(grid.size()) {
  GaussianForm form = gaussian_form(process, start, stop, middle(grid));
  form.at_start.value += std::log(grid.cell_volume());
  to_start_ = direction(form.coupling, form.at_start, form.at_stop);
  to_stop_ = direction(form.coupling.transpose(), form.at_stop, form.at_start);
  warn_of_width(form);
}

ClosedFormKernel::Direction ClosedFormKernel::direction(const Eigen::MatrixXd& coupling, const Quadratic& out,
                                                        const Quadratic& in) const {
  Direction along{coupling, out, std::vector<double>(size()), std::vector<double>(size()), {}, {}, {}};
  out.values(grid().centres(), along.squares_out);
  in.values(grid().centres(), along.squares_in);
  const std::vector<std::size_t> coupled = coupled_axes(coupling, grid());
  along.lines.resize(grid().dimension());
  for (std::size_t k = 0; k < grid().dimension(); ++k) {
    const auto i = static_cast<Eigen::Index>(k);
    if (std::find(coupled.begin(), coupled.end(), k) == coupled.end())
      along.lines[k].emplace(coupling(i, i), grid(), k);
  }
  if (coupled.size() == 2) {
    const auto i = static_cast<Eigen::Index>(coupled[0]), j = static_cast<Eigen::Index>(coupled[1]);
    Eigen::Matrix2d pair;
    pair << coupling(i, i), coupling(i, j), coupling(j, i), coupling(j, j);
    along.plane.emplace(pair, grid(), std::array{coupled[0], coupled[1]});
  }
  if (coupled.size() == 3) along.space.emplace(coupling, grid());
  return along;
}

void ClosedFormKernel::act(Direction& along, std::span<const double> in, std::span<double> out) {
  for (std::size_t n = 0; n < work_.size(); ++n) work_[n] = in[n] + along.squares_in[n];
  for (const std::optional<LineLogSum>& line : along.lines)
    if (line) (*line)(work_, work_);
  if (along.plane) {
    (*along.plane)(work_, out);
    std::copy(out.begin(), out.end(), work_.begin());
  }
  if (along.space) {
    (*along.space)(work_, out);
    std::copy(out.begin(), out.end(), work_.begin());
  }
  for (std::size_t n = 0; n < work_.size(); ++n) out[n] = work_[n] + along.squares_out[n];
}

/// <y_k> by the same sum over (y_k - from) exp(in), all of them positive.
void ClosedFormKernel::act_with_gradient(Direction& along, std::span<const double> in, std::span<double> out,
                                         Gradient gradient) {
  act(along, in, out);
  const Points centres = grid().centres();
  const std::size_t d = grid().dimension();
  Points mean(d, size());
  std::vector<double> weighted(size());
  for (std::size_t k = 0; k < d; ++k) {
    const Axis& axis = grid().axis(k);
    for (std::size_t n = 0; n < size(); ++n) weighted[n] = in[n] + std::log(centres[k][n] - axis.from);
    act(along, weighted, mean[k]);
    for (std::size_t n = 0; n < size(); ++n) mean[k][n] = std::exp(mean[k][n] - out[n]) - 0.5 * axis.length();
  }
  Eigen::VectorXd x(static_cast<Eigen::Index>(d)), y(x.size());
  for (std::size_t n = 0; n < size(); ++n) {
    for (Eigen::Index k = 0; k < x.size(); ++k) {
      x[k] = centres[static_cast<std::size_t>(k)][n];
      y[k] = mean[static_cast<std::size_t>(k)][n];
    }
    const Eigen::VectorXd slope = along.out.slope(x);
    for (std::size_t k = 0; k < d; ++k) {
      const auto i = static_cast<Eigen::Index>(k);
      gradient[k][n] = std::isfinite(out[n]) ? along.coupling.row(i).dot(y) + slope[i] : 0;
    }
  }
}

void ClosedFormKernel::apply(std::span<const double> log_chi, std::span<double> out) {
  act(to_start_, log_chi, out);
}

void ClosedFormKernel::apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) {
  act(to_stop_, log_chi_hat, out);
}

void ClosedFormKernel::apply_with_gradient(std::span<const double> log_chi, std::span<double> out,
                                           Gradient gradient) {
  act_with_gradient(to_start_, log_chi, out, gradient);
}

void ClosedFormKernel::apply_transpose_with_gradient(std::span<const double> log_chi_hat,
                                                     std::span<double> out, Gradient gradient) {
  act_with_gradient(to_stop_, log_chi_hat, out, gradient);
}

std::size_t ClosedFormKernel::memory() const {
  std::size_t bytes = 5 * size() * sizeof(double);
  for (const Direction* along : {&to_start_, &to_stop_}) {
    for (const std::optional<LineLogSum>& line : along->lines) bytes += line ? line->memory() : 0;
    if (along->plane) bytes += along->plane->memory();
    if (along->space) bytes += along->space->memory();
  }
  return bytes;
}

void ClosedFormKernel::warn_of_width(const GaussianForm& form) {
  for (std::size_t k = 0; k < grid().dimension(); ++k) {
    const auto i = static_cast<Eigen::Index>(k);
    const Axis& axis = grid().axis(k);
    const double steepest = std::max(form.at_stop.curvature(i, i), form.at_start.curvature(i, i));
    const double cells = 1 / std::sqrt(std::max(steepest, 1e-300)) / axis.spacing();
    width_ = std::min(width_, cells);
    if (cells >= narrowest) continue;
    std::ostringstream text;
    text.precision(3);
    text << "the kernel is " << cells << " cells of " << axis.name
         << " wide, and sums over it are exact to 1e-12 from " << narrowest
         << " on; take points = " << std::ceil(static_cast<double>(axis.points) * narrowest / cells);
    warnings_.push_back(text.str());
  }
}

namespace {

class ClosedFormKernels : public KernelFamily {
 public:
  ClosedFormKernels(AffineProcess process, Grid grid) : process_(std::move(process)), grid_(checked(grid)) {}
  std::unique_ptr<Kernel> between(double start, double stop) override {
    auto kernel = std::make_unique<ClosedFormKernel>(process_, grid_, start, stop);
    if (kernel->width() < meaningless) throw UnfitProblem(kernel->warnings().front());
    return kernel;
  }
  std::unique_ptr<Kernel> values_between(double start, double stop) override {
    const GaussianTransport transport = process_.transport(start, stop);
    if (!NarrowKernel::suits(transport, grid_)) return between(start, stop);
    return std::make_unique<NarrowKernel>(transport, grid_);
  }
  bool reaches_far() const override { return true; }

 private:
  AffineProcess process_;
  Grid grid_;
};

}  // namespace

std::unique_ptr<KernelFamily> closed_form_kernels(const AffineProcess& process, const Grid& grid) {
  return std::make_unique<ClosedFormKernels>(process, grid);
}

}  // namespace umkehr
