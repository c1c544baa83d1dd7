// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/optimizers/adafactor_with_momentum.hpp>
#include <typeformer/optimizers/adagrad.hpp>
#include <typeformer/optimizers/adam.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/hf_adamw.hpp>
#include <typeformer/optimizers/lamb.hpp>
#include <typeformer/optimizers/lion.hpp>
#include <typeformer/optimizers/rmsprop.hpp>
#include <typeformer/optimizers/rmsprop_with_momentum.hpp>
#include <typeformer/optimizers/sgd.hpp>
#include <typeformer/optimizers/sgd_with_momentum.hpp>

#include "given_case.hpp"

namespace typeformer::conformance {

/// The reference's names of the arrays of state, in the library's order.
using state_names = std::vector<const char*>;

/// Factored second moments: rows, then columns, or all elements if the tensor is a vector.
template <class S>
void put_compact_state(tensors& results, const std::string& prefix, const std::vector<std::int64_t>& shape,
                       const std::vector<S>& state) {
  if (shape.size() < 2) return put(results, prefix + "exp_avg_sq", shape, state);
  const std::vector<std::int64_t> rows(shape.begin(), shape.end() - 1);
  std::vector<std::int64_t> columns(shape.begin(), shape.end() - 2);
  columns.push_back(shape.back());
  std::ptrdiff_t row_count = 1;
  for (const std::int64_t extent : rows) row_count *= extent;
  put(results, prefix + "exp_avg_sq_row", rows, std::vector<S>(state.begin(), state.begin() + row_count));
  put(results, prefix + "exp_avg_sq_col", columns, std::vector<S>(state.begin() + row_count, state.end()));
}

/// Every tensor of the case through all steps for which it has a gradient: p{i}.{t}, state{i}.*. To maximize, the
/// gradient is negated.
template <class S, Optimizer O>
void run_optimizer(given_case& c, const O& optimizer, double rate, bool climbs, const state_names& names,
                   tensors& results) {
  for (int i = 0; c.has("p" + std::to_string(i) + ".0"); ++i) {
    const std::string number = std::to_string(i), prefix = "state" + number + ".";
    auto parameter = c.get<S>("p" + number + ".0");
    const std::vector<index_type> extents(parameter.shape.begin(), parameter.shape.end());
    std::array<std::vector<S>, std::size_t(O::state_arrays)> state;
    for (auto& array : state) array.resize(parameter.values.size());
    std::vector<S> compact(static_cast<std::size_t>(compact_state_size<O>(extents)));
    int step = 0;
    // check.py treats the initial values and the gradients, which are inputs, as results too.
    put_like(results, "p" + number + ".0", parameter, parameter.values);
    for (; c.has("g" + number + "." + std::to_string(step)); ++step) {
      auto gradient = c.get<S>("g" + number + "." + std::to_string(step));
      if (gradient.shape != parameter.shape) throw wrong_case("a gradient of another shape than its parameter");
      put_like(results, "g" + number + "." + std::to_string(step), gradient, gradient.values);
      if (climbs)
        for (S& value : gradient.values) value = -value;
      tensor_update<S, O::state_arrays> update{.values = parameter.values.data(),
                                               .gradient = gradient.values.data(),
                                               .state = {},
                                               .shape = extents,
                                               .compact_state = compact.data()};
      for (std::size_t a = 0; a < state.size(); ++a) update.state[a] = state[a].data();
      optimizer.update(update, step_context{step + 1, rate});
      put_like(results, "p" + number + "." + std::to_string(step + 1), parameter, parameter.values);
    }
    for (std::size_t a = 0; a < names.size(); ++a) put_like(results, prefix + names[a], parameter, state[a]);
    if (!compact.empty()) put_compact_state(results, prefix, parameter.shape, compact);
    put(results, prefix + "step", {}, std::vector<S>{static_cast<S>(step)});
  }
  if (results.empty()) throw wrong_case("p0.0 is absent");
}

/// A rule with two moments.
template <class Rule> Rule with_moments(attributes& h, double epsilon, double decay) {
  Rule rule;
  rule.beta1 = h.part("betas", 0, 0.9);
  rule.beta2 = h.part("betas", 1, 0.999);
  rule.epsilon = h.number("eps", epsilon);
  rule.weight_decay = decay;
  return rule;
}

/// The results of a case of an optimizer. Its hyper-parameters are in `params`, those of the reference in `defaults`.
///
/// Throws `not_supported` if the optimizer or an option has no counterpart.
template <class S> tensors compute_optimizer(given_case& c) {
  const rapidjson::Value& json = c.json();
  if (!json.HasMember("optimizer") || !json["optimizer"].IsString() || !json.HasMember("params") ||
      !json["params"].IsObject())
    throw wrong_case("no optimizer and params among the attributes");
  attributes h(json["params"], json.HasMember("defaults") && json["defaults"].IsObject() ? &json["defaults"] : nullptr);
  const std::string path = json["optimizer"].GetString(), name = path.substr(path.rfind('.') + 1);
  const bool huggingface = path.starts_with("transformers.");
  for (const char* const speed : {"foreach", "fused", "capturable", "differentiable", "no_deprecation_warning"})
    h.ignore(speed);
  const bool climbs = h.flag("maximize");
  const double rate = h.number("lr", name == "Adagrad" || name == "RMSprop" ? 1e-2
                                     : name == "Lion"                       ? 1e-4
                                                                            : 1e-3),
               decay = h.number("weight_decay", name == "AdamW" && !huggingface ? 1e-2 : 0);
  tensors results;
  const auto run = [&](const auto& optimizer, const state_names& names) {
    h.require_all_asked();
    run_optimizer<S>(c, optimizer, rate, climbs, names, results);
  };
  const state_names moments{"exp_avg", "exp_avg_sq"}, moments_and_most{"exp_avg", "exp_avg_sq", "max_exp_avg_sq"};
  if (name == "AdamW" && !huggingface) {
    if (h.flag("amsgrad")) run(with_moments<basic_adamw<true>>(h, 1e-8, decay), moments_and_most);
    else run(with_moments<basic_adamw<false>>(h, 1e-8, decay), moments);
  } else if (name == "Adam") {
    if (h.flag("amsgrad")) run(with_moments<basic_adam<true>>(h, 1e-8, decay), moments_and_most);
    else run(with_moments<basic_adam<false>>(h, 1e-8, decay), moments);
  } else if (name == "SGD") {
    const double momentum = h.number("momentum", 0), dampening = h.number("dampening", 0);
    const bool nesterov = h.flag("nesterov");
    if (momentum == 0) run(sgd{.weight_decay = decay}, {});
    else
      run(sgd_with_momentum{.momentum = momentum, .dampening = dampening, .nesterov = nesterov, .weight_decay = decay},
          {"momentum_buffer"});
  } else if (name == "RMSprop") {
    const double momentum = h.number("momentum", 0), alpha = h.number("alpha", 0.99), epsilon = h.number("eps", 1e-8);
    state_names names{"square_avg"};
    if (momentum != 0) names.push_back("momentum_buffer");
    const auto run_rmsprop = [&]<bool Centered>(std::bool_constant<Centered>) {  // an array of state more
      if (Centered) names.push_back("grad_avg");
      const basic_rmsprop<Centered> plain{.smoothing = alpha, .epsilon = epsilon, .weight_decay = decay};
      const basic_rmsprop_with_momentum<Centered> moving{
          .momentum = momentum, .smoothing = alpha, .epsilon = epsilon, .weight_decay = decay};
      if (momentum == 0) run(plain, names);
      else run(moving, names);
    };
    if (h.flag("centered")) run_rmsprop(std::true_type{});
    else run_rmsprop(std::false_type{});
  } else if (name == "Adagrad") {
    run(adagrad{.rate_decay = h.number("lr_decay", 0),
                .initial_sum = h.number("initial_accumulator_value", 0),
                .epsilon = h.number("eps", 1e-10),
                .weight_decay = decay},
        {"sum"});
  } else if (name == "AdamW") {
    auto rule = with_moments<hf_adamw>(h, 1e-6, decay);
    rule.correct_bias = h.flag("correct_bias", true);
    run(rule, moments);
  } else if (name == "Adafactor") {
    const adafactor rule{.square_epsilon = h.part("eps", 0, 1e-30),
                         .scale_epsilon = h.part("eps", 1, 1e-3),
                         .clip_threshold = h.number("clip_threshold", 1),
                         .decay_rate = h.number("decay_rate", -0.8),
                         .weight_decay = decay,
                         .scale_parameter = h.flag("scale_parameter", true),
                         .relative_step = h.flag("relative_step", true),
                         .warmup_init = h.flag("warmup_init")};
    if (h.has("beta1")) run(adafactor_with_momentum{.beta1 = h.number("beta1"), .rule = rule}, {"exp_avg"});
    else run(rule, {});
  } else if (name == "Lamb") {
    if (h.flag("adam")) throw not_supported("Lamb with adam");
    run(with_moments<lamb>(h, 1e-6, decay), moments);
  } else if (name == "Lion") {
    h.ignore("use_triton");
    run(lion{.beta1 = h.part("betas", 0, 0.9), .beta2 = h.part("betas", 1, 0.99), .weight_decay = decay}, {"exp_avg"});
  } else {
    throw not_supported("optimizer " + path);
  }
  return results;
}

}  // namespace typeformer::conformance
