// SPDX-License-Identifier: GPL-3.0-or-later
// VP, VE and sub-VP after Song et al., Score-based generative modeling through stochastic differential equations
// (2021), eqs. (9), (11), (13) and appendix B, with D = g^2 and F = f; the cosine schedule after Nichol and Dhariwal
// (2021), eq. (17), in continuous time: exp(-int beta) = cos^2(pi/2 (t + offset)/(1 + offset)) up to a factor.
#include "solver/process/known_processes.hpp"

#include <charconv>
#include <string>

#include "grids/failure.hpp"

namespace umkehr {

namespace {

FormulaNames axes_of(std::size_t dimension) {
  FormulaNames names;
  names.axes.assign(dimension, "x");
  for (std::size_t k = 0; k < dimension; ++k) names.axes[k] += std::to_string(k + 1);
  return names;
}

Formula coordinate(std::size_t axis, std::size_t dimension) {
  const FormulaNames names = axes_of(dimension);
  return Formula::parse(names.axes[axis], names);
}

/// The shortest text that reads back as this number.
std::string number(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

using Parameters = std::map<std::string, double>;

Formula formula_of_time(const std::string& text, const Parameters& parameters, std::size_t dimension) {
  FormulaNames names = axes_of(dimension);
  for (const auto& [name, value] : parameters) names.definitions[name] = number(value);
  return Formula::parse(text, names);
}

/// A function of time as a formula in d dimensions.
Formula in_dimension(const Formula& formula, std::size_t dimension) {
  if (formula.dimension() == 0) return formula;
  return formula.dimension() == dimension ? formula : Formula::parse(formula.text(), axes_of(dimension));
}

Coefficient linear_restoring_force(const Coefficient& beta, std::size_t axis, std::size_t dimension) {
  if (const Formula* formula = beta.formula())
    return Formula::constant(-0.5, dimension) * in_dimension(*formula, dimension) *
           coordinate(axis, dimension);
  return Coefficient::Function([beta, axis](const Points& x, double t, std::span<double> out) {
    beta(x, t, out);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] *= -0.5 * x[axis][i];
  });
}

void require(bool holds, const char* what) {
  if (!holds) throw UnfitProblem(what);
}

Process every_axis_free(const Coefficient& diffusion, std::size_t dimension) {
  require(dimension > 0, "a process has at least one dimension");
  return {std::vector<Coefficient>(dimension, 0.0), std::vector<Coefficient>(dimension, diffusion), 0.0, {}};
}

Formula linear_schedule(double beta_min, double beta_max, std::size_t dimension) {
  require(beta_min >= 0 && beta_max >= 0 && beta_min + beta_max > 0,
          "beta_min and beta_max must be >= 0, and one > 0");
  return formula_of_time("a + b*t", {{"a", beta_min}, {"b", beta_max - beta_min}}, dimension);
}

}  // namespace

Process brownian(Coefficient diffusion, std::size_t dimension) {
  return every_axis_free(diffusion, dimension);
}

Process ornstein_uhlenbeck(Coefficient beta, Coefficient diffusion, std::size_t dimension) {
  Process process = every_axis_free(diffusion, dimension);
  for (std::size_t k = 0; k < dimension; ++k) process.drift[k] = linear_restoring_force(beta, k, dimension);
  return process;
}

Process variance_preserving(double beta_min, double beta_max, std::size_t dimension) {
  const Formula beta = linear_schedule(beta_min, beta_max, dimension);
  return ornstein_uhlenbeck(beta, beta, dimension);
}

Process variance_preserving_cosine(double offset, std::size_t dimension) {
  require(offset >= 0, "offset must be >= 0");
  const Formula beta = formula_of_time("pi/(1 + s)*tan(pi/2*(t + s)/(1 + s))", {{"s", offset}}, dimension);
  return ornstein_uhlenbeck(beta, beta, dimension);
}

Process variance_exploding(double sigma_min, double sigma_max, std::size_t dimension) {
  require(sigma_min > 0 && sigma_max > sigma_min, "sigma_min must be > 0 and sigma_max > sigma_min");
  return brownian(
      formula_of_time("2*log(b/a)*(a*(b/a)^t)^2", {{"a", sigma_min}, {"b", sigma_max}}, dimension),
      dimension);
}

Process sub_variance_preserving(double beta_min, double beta_max, std::size_t dimension) {
  const Formula beta = linear_schedule(beta_min, beta_max, dimension);
  const Formula integral =
      formula_of_time("t*(a + b*t/2)", {{"a", beta_min}, {"b", beta_max - beta_min}}, dimension);
  FormulaNames names = axes_of(dimension);
  names.definitions = {{"beta", beta.text()}, {"integral", integral.text()}};
  // 1 - exp(-2 B) = 2 exp(-B) sinh(B) keeps its digits where B is small.
  return ornstein_uhlenbeck(beta, Formula::parse("2*beta*exp(-integral)*sinh(integral)", names), dimension);
}

Process double_well(Coefficient diffusion, std::size_t dimension) {
  std::string potential = "0";
  for (const std::string& x : axes_of(dimension).axes) potential += " + " + x + "^4/4 - " + x + "^2/2";
  return in_potential(Formula::parse(potential, axes_of(dimension)), std::vector(dimension, diffusion));
}

Process in_potential(const Formula& potential, std::vector<Coefficient> diffusion, Coefficient killing) {
  require(diffusion.size() == potential.dimension(), "a diffusion for each axis of the potential");
  std::vector<Coefficient> drift;
  for (std::size_t k = 0; k < diffusion.size(); ++k) drift.emplace_back(-potential.derivative(k));
  return {std::move(drift), std::move(diffusion), std::move(killing), potential};
}

const std::vector<NamedProcess>& named_processes() {
  using Values = ParameterValues;
  static const std::vector<NamedProcess> all = {
      {"brownian",
       "0",
       "diffusion",
       {{"diffusion"}},
       [](const Values& given, std::size_t dimension) {
         return brownian(given.function.at("diffusion"), dimension);
       }},
      {"ornstein-uhlenbeck",
       "-beta*x/2",
       "diffusion",
       {{"beta"}, {"diffusion"}},
       [](const Values& given, std::size_t dimension) {
         return ornstein_uhlenbeck(given.function.at("beta"), given.function.at("diffusion"), dimension);
       }},
      {"vp",
       "-(beta_min + (beta_max - beta_min)*t)*x/2",
       "beta_min + (beta_max - beta_min)*t",
       {{"beta_min", 0.1, true}, {"beta_max", 20.0}},
       [](const Values& given, std::size_t dimension) {
         return variance_preserving(given.number.at("beta_min"), given.number.at("beta_max"), dimension);
       }},
      {"vp-cosine",
       "-pi/(1 + offset)*tan(pi/2*(t + offset)/(1 + offset))*x/2",
       "pi/(1 + offset)*tan(pi/2*(t + offset)/(1 + offset))",
       {{"offset", 0.008, true}},
       [](const Values& given, std::size_t dimension) {
         return variance_preserving_cosine(given.number.at("offset"), dimension);
       },
       1.0},
      {"ve",
       "0",
       "2*log(sigma_max/sigma_min)*(sigma_min*(sigma_max/sigma_min)^t)^2",
       {{"sigma_min", 0.01}, {"sigma_max", 50.0, false, "sigma_min"}},
       [](const Values& given, std::size_t dimension) {
         return variance_exploding(given.number.at("sigma_min"), given.number.at("sigma_max"), dimension);
       }},
      {"sub-vp",
       "-(beta_min + (beta_max - beta_min)*t)*x/2",
       "(beta_min + (beta_max - beta_min)*t)*(1 - exp(-2*beta_min*t - (beta_max - beta_min)*t^2))",
       {{"beta_min", 0.1, true}, {"beta_max", 20.0}},
       [](const Values& given, std::size_t dimension) {
         return sub_variance_preserving(given.number.at("beta_min"), given.number.at("beta_max"), dimension);
       }},
      {"double-well",
       "x - x^3",
       "diffusion",
       {{"diffusion"}},
       [](const Values& given, std::size_t dimension) {
         return double_well(given.function.at("diffusion"), dimension);
       }},
  };
  return all;
}

}  // namespace umkehr
