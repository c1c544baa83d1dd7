// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/optimizers/schedules/constant_schedule.hpp>
#include <typeformer/optimizers/schedules/cosine_restarts_schedule.hpp>
#include <typeformer/optimizers/schedules/cosine_schedule.hpp>
#include <typeformer/optimizers/schedules/inverse_square_root_schedule.hpp>
#include <typeformer/optimizers/schedules/linear_schedule.hpp>
#include <typeformer/optimizers/schedules/polynomial_schedule.hpp>

#include "given_case.hpp"

namespace typeformer::conformance {

/// The rates of one schedule, by the beginning of its name.
inline std::vector<double> compute_schedule(const std::string& name, const rapidjson::Value& parameters,
                                            std::size_t count) {
  attributes h(parameters);
  h.ignore("note");
  const double rate = h.number("base_lr", 1);
  const std::int64_t warm_up = h.count("num_warmup_steps"), steps = h.count("num_training_steps");
  std::vector<double> rates;
  const auto run = [&](const auto& schedule) {
    h.require_all_asked();
    for (std::size_t t = 0; t < count; ++t) rates.push_back(schedule(static_cast<std::int64_t>(t)));
  };
  if (name.starts_with("constant")) run(constant_schedule{rate, warm_up});
  else if (name.starts_with("linear")) run(linear_schedule{rate, warm_up, steps});
  else if (name.starts_with("cosine_hard_restarts") || name.starts_with("cosine_with_hard_restarts"))
    run(cosine_restarts_schedule{rate, warm_up, steps, h.number("num_cycles", 1)});
  else if (name.starts_with("cosine")) run(cosine_schedule{rate, warm_up, steps, h.number("num_cycles", 0.5)});
  else if (name.starts_with("polynomial"))
    run(polynomial_schedule{rate, warm_up, steps, h.number("lr_end", 1e-7), h.number("power", 1)});
  else if (name.starts_with("inverse_sqrt")) run(inverse_square_root_schedule{rate, warm_up, h.count("timescale")});
  else throw not_supported("schedule " + name);
  return rates;
}

/// A file of schedules: every tensor is the rates of the schedule that the attribute of its name describes.
inline tensors compute_schedules(given_case& c) {
  tensors results;
  for (const stored_tensor& tensor : c.file().tensors()) {
    const std::string name(tensor.name);
    if (!c.json().HasMember(name.c_str()) || !c.json()[name.c_str()].IsObject())
      throw wrong_case("no attributes for " + name);
    put(results, name, shape_of(c.file(), name),
        compute_schedule(name, c.json()[name.c_str()], tensor.element_count()));
  }
  return results;
}

/// Whether a file of the optimizers' folder holds schedules.
inline bool holds_schedules(const given_case& c) { return !c.json().HasMember("optimizer"); }

}  // namespace typeformer::conformance
