// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "experiments/command/help.hpp"
#include "experiments/command/machine/exit_code.hpp"
#include "experiments/command/runs/verbs.hpp"
#include "experiments/input/named_process.hpp"
#include "experiments/tasks/registry.hpp"
#include "experiments/text/nearest.hpp"

namespace umkehr {
namespace {

/// The options of all verbs, where CLI11 puts what it reads.
struct CommandLine {
  CLI::App app{help::summary, "umkehr"};
  RunOptions run;
  CompareOptions compare;
  PlotOptions plot;
  std::filesystem::path info;
  int threads = 0;
  double max_seconds = 0;
};

/// What is wrong with a number of seconds; empty if nothing is.
std::string positive_and_finite(const std::string& text) {
  double value = 0;
  const bool is_number = CLI::detail::lexical_cast(text, value);
  return is_number && value > 0 && std::isfinite(value) ? ""
                                                        : "\"" + text + "\" is no positive finite number";
}

int run_verb(CommandLine& line, const CLI::App& verb) {
  if (verb.count("--threads") > 0) line.run.threads = line.threads;
  if (verb.count("--max-seconds") > 0) line.run.max_seconds = line.max_seconds;
  return run(line.run);
}

/// As an unset variable of a shell gives it.
std::string problem_with_name(const std::string& text) {
  return text.empty() ? "an empty name; leave the option out, or name what is to be written" : "";
}

void add_run(CommandLine& line) {
  CLI::App* verb =
      line.app.add_subcommand("run", "Solve every task of an experiment and write one result file");
  verb->add_option("FILE.toml", line.run.experiment, "the experiment")->required();
  verb->add_option("-o,--output", line.run.output,
                   "result file; default: beside the experiment, ending in .h5")
      ->type_name("RESULT.h5")
      ->check(CLI::Validator(problem_with_name, ""));
  verb->add_option("--set", line.run.settings, "another value for a key of the experiment; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  verb->add_option(
          "--sweep", line.run.sweeps,
          "solve for each of these values of a key, into one result; repeated: for every combination")
      ->type_name("KEY=V1,V2,...")
      ->allow_extra_args(false);
  verb->add_option("--threads", line.threads, "threads, no more than processors; results do not depend on it")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  verb->add_option("--max-seconds", line.max_seconds,
                   "stop, with exit 3, a run that takes longer or is bound to; default: none")
      ->type_name("S")
      ->check(CLI::Validator(positive_and_finite, "", "positive and finite"));
  verb->add_flag("--json", line.run.json, "print one JSON object instead of a table");
  verb->add_flag("--quiet", line.run.quiet, "print nothing but warnings and errors");
  verb->add_flag("--dry-run", line.run.dry_run,
                 "print the plan, all defaults, the memory and the time needed; solve nothing");
  verb->add_flag("--keep-going", line.run.keep_going,
                 "when a task or a run fails, or on a signal, write the finished ones and name the others");
  verb->footer(help::tables + task_kinds_help() + help::values + '\n' + help::processes +
               named_processes_help());
}

/// CLI11's own checks let NaN and infinities pass.
std::string problem_with_tolerance(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (!text.empty() && *end == '\0' && std::isfinite(value) && value >= 0) return {};
  return "\"" + text.substr(0, 80) + "\" is no tolerance; give a finite number that is 0 or more";
}

void add_compare(CommandLine& line) {
  const CLI::Validator tolerance(problem_with_tolerance, "");
  CLI::App* verb =
      line.app.add_subcommand("compare", "Compare two results, or a result with its law in closed form");
  verb->add_option("A.h5", line.compare.first, "a result")->required();
  verb->add_option("B.h5", line.compare.second, "the result to hold it against");
  verb->add_flag("--analytic", line.compare.analytic, "hold it against the law that is known in closed form");
  verb->add_option("--rtol", line.compare.rtol, "relative difference allowed")
      ->type_name("R")
      ->check(tolerance);
  verb->add_option("--atol", line.compare.atol, "absolute difference allowed")
      ->type_name("A")
      ->check(tolerance);
  verb->add_option("--only", line.compare.only,
                   "variables, GROUP/VARIABLE or groups that count; default: all")
      ->type_name("NAME,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb->add_flag("--json", line.compare.json, "print one JSON object instead of a table");
  verb->footer(comparison_rule);
}

void add_plot(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand(
      "plot", "Draw the figures that answer the question of a result, six at most (PNG and SVG)");
  verb->add_option("RESULT.h5", line.plot.result, "a result")->required();
  verb->add_option("-o,--output", line.plot.output,
                   "folder of the figures; default: beside the result, of its name")
      ->type_name("DIR")
      ->check(CLI::Validator(problem_with_name, ""));
  verb->add_option("--only", line.plot.only, "draw these figures, or all of a kind, such as density")
      ->type_name("NAME,...")
      ->allow_extra_args(false);
  verb->add_flag("--all", line.plot.all, "draw every figure");
  verb->add_flag("--list", line.plot.list, "print the names of all figures; draw nothing");
  verb->add_option("--format", line.plot.formats, "png, svg, pdf; default: png,svg")
      ->type_name("FORMAT,...")
      ->allow_extra_args(false);
  verb->add_option("--width", line.plot.width,
                   "width of each figure in pt, in, cm, mm or px, such as 246pt for a column of a journal")
      ->type_name("WIDTH");
  verb->add_flag("--no-titles", line.plot.no_titles, "leave out the titles, for figures with a caption");
  verb->footer("UMKEHR_PYTHON names the Python that draws; default: /usr/bin/python3, else python3.");
}

void add_others(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("info", "Print what a result holds");
  verb->add_option("RESULT.h5", line.info, "a result")->required();
}

int call_verb(CommandLine& line) {
  const CLI::App& verb = *line.app.get_subcommands().front();
  if (verb.get_name() == "run") return run_verb(line, verb);
  if (verb.get_name() == "compare") return compare(line.compare);
  if (verb.get_name() == "plot") return plot(line.plot);
  return info(line.info);
}

void check_verb(int count, char** words) {
  const std::vector<std::string> verbs = {"run", "compare", "plot", "info"};
  if (count < 2) throw UsageError("no verb; give one of run, compare, plot, info, or --help");
  const std::string word = words[1];
  if (word == "-h" || word == "--help" || word == "--version") return;
  if (std::find(verbs.begin(), verbs.end(), word) != verbs.end()) return;
  throw UsageError("\"" + word.substr(0, 80) + "\" is no verb; " + suggestion(word, verbs) +
                   " (see umkehr --help)");
}

}  // namespace

std::function<int()> parse_command_line(int count, char** words) {
  check_verb(count, words);
  const auto line = std::make_shared<CommandLine>();
  line->app.set_version_flag("--version", "umkehr " UMKEHR_VERSION);
  line->app.require_subcommand(1);
  line->app.footer(help::footer);
  add_run(*line);
  add_compare(*line);
  add_plot(*line);
  add_others(*line);
  try {
    line->app.parse(count, words);
  } catch (const CLI::Success& help) {
    return [line, help] { return line->app.exit(help); };
  } catch (const CLI::ParseError& error) {
    const auto chosen = line->app.get_subcommands();
    const std::string verb = chosen.empty() ? "" : chosen.front()->get_name() + " ";
    throw UsageError(std::string(error.what()) + "; see umkehr " + verb + "--help");
  }
  return [line] { return call_verb(*line); };
}

}  // namespace umkehr
