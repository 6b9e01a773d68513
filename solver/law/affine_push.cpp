// SPDX-License-Identifier: GPL-3.0-or-later
// Panels in time, halved until two halves agree with the whole; what a panel does is known once for all components.
// None contains a jump of the coefficients. A process that does not depend on time is doubled from one short panel.
#include <algorithm>
#include <cmath>
#include <optional>
#include <sstream>

#include "grids/failure.hpp"
#include "solver/law/affine.hpp"
#include "solver/law/transport_panel.hpp"

namespace umkehr {

namespace {

constexpr double tolerance = 2e-14;       // between a panel and its halves, which are 2^16 times better
constexpr double longest_turn = 4;        // where collocation is still exact to rounding
constexpr double longest_creation = 1.5;  // below pi/2, where a mass could diverge and return unseen
constexpr std::size_t max_panels = 20000;

using Matrix = Eigen::MatrixXd;

double largest_entry(const Matrix& a) {
  double value = 0;
  for (const double entry : a.reshaped()) value = std::max(value, std::abs(entry));
  return value;
}

bool agree(const TransportPanel& whole, const GaussianTransport& b) {
  const GaussianTransport& a = whole.transport;
  const Eigen::Index d = a.noise.rows();
  const auto close = [](const Matrix& left, const Matrix& right, double scale = 0) {
    return largest_entry(left - right) <= tolerance * std::max(scale, largest_entry(right));
  };
  return close(a.transition.topLeftCorner(d, d), b.transition.topLeftCorner(d, d)) &&
         close(a.transition, b.transition) && close(a.noise, b.noise) &&
         close(a.information, b.information, whole.killing) &&
         std::abs(a.cost - b.cost) <= tolerance * (1 + std::abs(b.cost));
}

/// A time as a user would write it.
std::string text(double t) {
  std::ostringstream stream;
  stream << t;
  return stream.str();
}

[[noreturn]] void refuse_infinite_mass(double t) {
  throw UnfitProblem("negative killing makes the mass infinite near t = " + text(t));
}

class Panels {
 public:
  Panels(const AffineProcess& process, double start, double stop)
      : process_(process), shortest_(4e-16 * (stop - start + std::abs(start) + std::abs(stop))) {
    for (const TimePiece& piece : pieces_between(process.jumps(start, stop), start, stop))
      adapt(solve_panel(process, piece.start, piece.stop));
  }
  const std::vector<TransportPanel>& list() const { return accepted_; }

 private:
  void adapt(const TransportPanel& whole) {
    const double middle = whole.start + 0.5 * (whole.stop - whole.start);
    const TransportPanel left = solve_panel(process_, whole.start, middle);
    const TransportPanel right = solve_panel(process_, middle, whole.stop);
    const std::optional<GaussianTransport> both = left.transport.then(right.transport);
    const bool is_short = whole.turn <= (whole.may_create ? longest_creation : longest_turn);
    const bool is_shortest = whole.stop - whole.start <= shortest_;
    if (both && (is_shortest || (is_short && agree(whole, *both)))) {
      accepted_.push_back(whole);
      accepted_.back().transport = *both;
      accepted_.back().may_create |= left.may_create || right.may_create;
      if (accepted_.size() > max_panels)
        throw UnfitProblem("the process varies too fast for its law near t = " + text(whole.start));
      return;
    }
    if (is_shortest) refuse_infinite_mass(whole.start);
    adapt(left);
    adapt(right);
  }

  const AffineProcess& process_;
  double shortest_;
  std::vector<TransportPanel> accepted_;
};

/// A process that does not depend on time and does not create mass.
GaussianTransport by_doubling(const AffineProcess& process, double start, double stop, double turn) {
  const int doublings = turn > 1 ? static_cast<int>(std::ceil(std::log2(turn))) : 0;
  GaussianTransport transport =
      solve_panel(process, start, start + std::ldexp(stop - start, -doublings)).transport;
  for (int i = 0; i < doublings; ++i) transport = transport.then(transport).value();
  return transport;
}

std::vector<Gaussian> apply(const GaussianTransport& transport, const std::vector<Gaussian>& components,
                            double t) {
  std::vector<Gaussian> moved;
  moved.reserve(components.size());
  for (const Gaussian& gaussian : components) {
    std::optional<Gaussian> next = transport(gaussian);
    if (!next) refuse_infinite_mass(t);
    moved.push_back(std::move(*next));
  }
  return moved;
}

}  // namespace

GaussianMixture AffineProcess::push(const GaussianMixture& initial, double start, double stop) const {
  if (initial.dimension() != dimension()) throw UnfitProblem("law and process differ in dimension");
  if (!(start <= stop)) throw UnfitProblem("a law is pushed forward in time only");
  if (start == stop) return initial;
  if (!depends_on_time()) {
    const TransportPanel whole = solve_panel(*this, start, stop);
    if (!whole.may_create) {
      const GaussianTransport transport = by_doubling(*this, start, stop, whole.turn);
      return GaussianMixture(apply(transport, initial.components(), stop));
    }
  }
  const Panels panels(*this, start, stop);
  std::vector<Gaussian> components = initial.components();
  // Panel by panel where mass is created, so that no divergence on the way goes unseen.
  GaussianTransport transport = GaussianTransport::identity(static_cast<Eigen::Index>(dimension()));
  for (const TransportPanel& panel : panels.list()) {
    transport = transport.then(panel.transport).value();
    if (!panel.may_create && &panel != &panels.list().back()) continue;
    components = apply(transport, components, panel.stop);
    transport = GaussianTransport::identity(static_cast<Eigen::Index>(dimension()));
  }
  return GaussianMixture(std::move(components));
}

GaussianMixture AffineProcess::transition(const Eigen::VectorXd& point, double start, double stop) const {
  const Gaussian mass{1, point, Eigen::MatrixXd::Zero(point.size(), point.size())};
  return push(GaussianMixture({mass}), start, stop);
}

GaussianTransport AffineProcess::transport(double start, double stop) const {
  if (!(start <= stop)) throw UnfitProblem("a law is pushed forward in time only");
  GaussianTransport transport = GaussianTransport::identity(static_cast<Eigen::Index>(dimension()));
  if (start == stop) return transport;
  if (!depends_on_time()) {
    const TransportPanel whole = solve_panel(*this, start, stop);
    if (!whole.may_create) return by_doubling(*this, start, stop, whole.turn);
  }
  const Panels panels(*this, start, stop);
  for (const TransportPanel& panel : panels.list()) {
    const std::optional<GaussianTransport> longer = transport.then(panel.transport);
    if (!longer) refuse_infinite_mass(panel.stop);
    transport = *longer;
  }
  return transport;
}

}  // namespace umkehr
