// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/cells/cells.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>
#include <string>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "grids/log_sum_exp.hpp"

namespace umkehr {
namespace {

using Eigen::Index;

constexpr double column_error = 1e-12;  // of the sums of g
constexpr int polishing_steps = 4;

/// g between as many cells as there are on the larger side, each of volume 1.
class CellKernel : public Kernel {
 public:
  CellKernel(const Eigen::MatrixXd& kernel, const Links& links)
      : Kernel(Grid({Axis{"k", 0, 1.0 * static_cast<double>(side(kernel)), side(kernel)}})),
        log_(Eigen::MatrixXd::Constant(static_cast<Index>(size()), static_cast<Index>(size()), log_zero)),
        terms_(size()) {
    for (Index k = 0; k < kernel.rows(); ++k)
      for (Index l = 0; l < kernel.cols(); ++l)
        if (links(k, l)) log_(k, l) = std::log(kernel(k, l));
  }
  void apply(std::span<const double> log_chi, std::span<double> out) override {
    for (std::size_t l = 0; l < size(); ++l) {
      for (std::size_t k = 0; k < size(); ++k) terms_[k] = log(k, l) + log_chi[k];
      out[l] = log_sum_exp(terms_);
    }
  }
  void apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) override {
    for (std::size_t k = 0; k < size(); ++k) {
      for (std::size_t l = 0; l < size(); ++l) terms_[l] = log(k, l) + log_chi_hat[l];
      out[k] = log_sum_exp(terms_);
    }
  }
  std::size_t memory() const override { return size() * size() * sizeof(double); }

 private:
  static std::size_t side(const Eigen::MatrixXd& kernel) {
    return static_cast<std::size_t>(std::max<Index>(2, std::max(kernel.rows(), kernel.cols())));
  }
  double log(std::size_t k, std::size_t l) const {
    return log_(static_cast<Index>(k), static_cast<Index>(l));
  }

  Eigen::MatrixXd log_;
  std::vector<double> terms_;
};

/// As a user would write it.
std::string text(double x) {
  std::ostringstream stream;
  stream << std::setprecision(12) << x;
  return stream.str();
}

std::string list(const std::vector<std::size_t>& cells) {
  std::string text = cells.size() == 1 ? "cell " : "cells ";
  for (std::size_t i = 0; i < cells.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(cells[i] + 1);
  return text;
}

double share(const std::vector<std::size_t>& cells, const Counts& counts) {
  double sum = 0;
  for (const std::size_t cell : cells) sum += static_cast<double>(counts[cell]);
  return sum / static_cast<double>(total(counts));
}

void check_numbers(const Cells& cells) {
  const auto size = [](const Counts& counts) { return static_cast<Index>(counts.size()); };
  if (cells.kernel.rows() != size(cells.final) || cells.kernel.cols() != size(cells.initial))
    throw UnfitProblem("the kernel needs a row for each final and a column for each initial cell");
  if (total(cells.initial) != total(cells.final) || total(cells.initial) < 1)
    throw UnfitProblem("initial and final cells must hold the same number of particles, 1 at least");
  if (std::min(*std::min_element(cells.initial.begin(), cells.initial.end()),
               *std::min_element(cells.final.begin(), cells.final.end())) < 0)
    throw UnfitProblem("a cell cannot hold fewer than no particles");
  for (Index l = 0; l < cells.kernel.cols(); ++l) {
    double sum = 0;
    for (const double g : cells.kernel.col(l)) {
      if (!(g >= 0)) throw UnfitProblem("a probability of the kernel is negative or no number");
      sum += g;
    }
    if (!(std::abs(sum - 1) <= column_error))
      throw UnfitProblem("column " + std::to_string(l + 1) + " of the kernel adds to " + text(sum) +
                         ", not to 1");
  }
}

Links usable(const Cells& cells) {
  const std::int64_t count = total(cells.initial);
  const Links links = cells.kernel.array() > 0;
  CountTable capacity = CountTable::Zero(links.rows(), links.cols());
  for (Index k = 0; k < links.rows(); ++k)
    for (Index l = 0; l < links.cols(); ++l) capacity(k, l) = links(k, l) ? count : 0;
  const CellFlow flow = largest_flow(capacity, cells.initial, cells.final);
  if (!flow.is_complete)
    throw UnfitProblem("the kernel cannot join these ends: " + text(share(flow.full_from, cells.initial)) +
                       " of the particles begin in " + list(flow.full_from) + " and reach " +
                       (flow.full_to.empty() ? "no cell" : list(flow.full_to) + " only") +
                       ", meant to hold " + text(share(flow.full_to, cells.final)) +
                       "; change final, or make zeros of the kernel positive");
  return usable_links(links, flow.flow);
}

std::vector<double> shares(const Counts& counts, std::size_t size) {
  std::vector<double> p(size, 0.0);
  for (std::size_t i = 0; i < counts.size(); ++i)
    p[i] = static_cast<double>(counts[i]) / static_cast<double>(total(counts));
  return p;
}

/// h, the table and its potential part from ln chi_f, whatever it is.
void tilt_optimum(const Cells& cells, CellsOptimum& o) {
  const Eigen::MatrixXd& g = cells.kernel;
  const double count = static_cast<double>(total(cells.initial));
  o.bridge = o.table = Eigen::MatrixXd::Zero(g.rows(), g.cols());
  long double divergence = 0;
  for (Index l = 0; l < g.cols(); ++l) {
    const auto particles = static_cast<double>(cells.initial[static_cast<std::size_t>(l)]);
    if (particles == 0) continue;
    std::vector<double> terms(static_cast<std::size_t>(g.rows()), log_zero);
    for (Index k = 0; k < g.rows(); ++k)
      if (o.links(k, l))
        terms[static_cast<std::size_t>(k)] = std::log(g(k, l)) + o.log_chi_final[static_cast<std::size_t>(k)];
    const double log_chi = log_sum_exp(terms);
    for (Index k = 0; k < g.rows(); ++k) {
      o.bridge(k, l) = std::exp(terms[static_cast<std::size_t>(k)] - log_chi);
      o.table(k, l) = o.bridge(k, l) * particles / count;
    }
    divergence -= static_cast<long double>(particles) / count * log_chi;
  }
  for (std::size_t k = 0; k < cells.final.size(); ++k)
    if (cells.final[k] > 0)
      divergence += static_cast<long double>(cells.final[k]) / count * o.log_chi_final[k];
  o.divergence = static_cast<double>(divergence);
  const auto free = static_cast<Index>(o.free.size());
  o.spread = Eigen::MatrixXd::Zero(free, free);
  for (Index i = 0; i < free; ++i)
    for (Index j = 0; j < free; ++j) {
      const auto k = static_cast<Index>(o.free[static_cast<std::size_t>(i)]);
      const auto other = static_cast<Index>(o.free[static_cast<std::size_t>(j)]);
      for (Index l = 0; l < g.cols(); ++l)
        for (Index m = 0; m < g.rows(); ++m) {
          // A variance as h times what is not h, without a difference.
          if (i == j && m != k) o.spread(i, i) += o.table(k, l) * o.bridge(m, l);
          if (i != j && m == other) o.spread(i, j) -= o.table(k, l) * o.bridge(m, l);
        }
    }
}

/// All cells k that hold something, but the best filled of each connected part.
std::vector<std::size_t> free_cells(const Links& links, const Counts& final) {
  const std::vector<std::size_t> part = parts_of(links);
  std::vector<std::size_t> free;
  for (std::size_t k = 0; k < part.size(); ++k) {
    std::size_t fullest = k;
    for (std::size_t other = 0; other < part.size(); ++other)
      if (part[other] == part[k] &&
          (final[other] > final[fullest] || (final[other] == final[fullest] && other < fullest)))
        fullest = other;
    if (fullest != k) free.push_back(k);
  }
  return free;
}

/// One step towards the maximum of sum_k p_f ln chi_f - sum_l p_i ln chi_i.
void polish(const Cells& cells, CellsOptimum& o) {
  const auto free = static_cast<Index>(o.free.size());
  if (free == 0) return;
  Eigen::MatrixXd missing(free, 1);
  for (Index i = 0; i < free; ++i) {
    const std::size_t k = o.free[static_cast<std::size_t>(i)];
    missing(i, 0) = static_cast<double>(cells.final[k]) / static_cast<double>(total(cells.final));
    for (const double entry : o.table.row(static_cast<Index>(k))) missing(i, 0) -= entry;
  }
  const Eigen::MatrixXd step = solve(o.spread, missing);
  for (Index i = 0; i < free; ++i) {
    if (!(std::abs(step(i, 0)) < 1))
      return;  // too flat for Newton's method: the iteration has said what it could
    o.log_chi_final[o.free[static_cast<std::size_t>(i)]] += step(i, 0);
  }
  tilt_optimum(cells, o);
}

}  // namespace

void check(const Cells& cells) {
  check_numbers(cells);
  usable(cells);
}

CellsOptimum solve_cells(const Cells& cells) {
  check_numbers(cells);
  CellsOptimum optimum;
  optimum.links = usable(cells);
  CellKernel kernel(cells.kernel, optimum.links);
  const SchroedingerSolution solution = solve_schroedinger_system(
      kernel, kernel.grid(), shares(cells.initial, kernel.size()), shares(cells.final, kernel.size()));
  optimum.iterations = solution.iterations;
  optimum.log_chi_final.assign(
      solution.log_chi_final.begin(),
      solution.log_chi_final.begin() + static_cast<std::ptrdiff_t>(cells.final.size()));
  optimum.free = free_cells(optimum.links, cells.final);
  tilt_optimum(cells, optimum);
  for (int n = 0; n < polishing_steps; ++n) polish(cells, optimum);
  return optimum;
}

}  // namespace umkehr
