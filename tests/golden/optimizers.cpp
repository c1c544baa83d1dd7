// SPDX-License-Identifier: BSL-1.0
#include <fstream>
#include <iterator>

#include <support/safetensors_case.hpp>
#include <support/shared_data.hpp>
#include <typeformer/optimizers/adafactor_with_momentum.hpp>
#include <typeformer/optimizers/adagrad.hpp>
#include <typeformer/optimizers/adam.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/clip_gradients.hpp>
#include <typeformer/optimizers/hf_adamw.hpp>
#include <typeformer/optimizers/lamb.hpp>
#include <typeformer/optimizers/lion.hpp>
#include <typeformer/optimizers/rmsprop.hpp>
#include <typeformer/optimizers/rmsprop_with_momentum.hpp>
#include <typeformer/optimizers/schedules/constant_schedule.hpp>
#include <typeformer/optimizers/schedules/cosine_restarts_schedule.hpp>
#include <typeformer/optimizers/schedules/cosine_schedule.hpp>
#include <typeformer/optimizers/schedules/inverse_square_root_schedule.hpp>
#include <typeformer/optimizers/schedules/linear_schedule.hpp>
#include <typeformer/optimizers/schedules/polynomial_schedule.hpp>
#include <typeformer/optimizers/sgd.hpp>
#include <typeformer/optimizers/sgd_with_momentum.hpp>

// Optimizers and schedules against those of PyTorch, Hugging Face, pytorch_lamb and lion_pytorch, with the
// hyper-parameters that the reference data names.
namespace typeformer {
namespace {

using testing::report_skipped, testing::safetensors_case;

rapidjson::Document read_json(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  INFO(path);
  REQUIRE(document.IsObject());
  return document;
}

/// The hyper-parameters of one case; what nobody asked for is an error, so that no option is passed over in silence.
class hyper_parameters {
 public:
  explicit hyper_parameters(const rapidjson::Value& given) : given_{given} {}

  bool has(const char* name) const { return given_.HasMember(name) && !given_[name].IsNull(); }
  double number(const char* name, double otherwise = 0) {
    asked_.insert(name);
    return has(name) ? given_[name].GetDouble() : otherwise;
  }
  std::int64_t count(const char* name) { return static_cast<std::int64_t>(number(name)); }
  bool flag(const char* name, bool otherwise = false) {
    asked_.insert(name);
    return has(name) ? given_[name].GetBool() : otherwise;
  }
  double part(const char* name, unsigned i, double otherwise) {
    asked_.insert(name);
    return has(name) ? given_[name][i].GetDouble() : otherwise;
  }
  void ignore(const char* name) { asked_.insert(name); }
  void require_all_asked() const {
    for (const auto& [name, value] : given_.GetObject()) {
      INFO(name.GetString() << " is not understood");
      CHECK(asked_.contains(name.GetString()));
    }
  }

 private:
  const rapidjson::Value& given_;
  std::set<std::string> asked_;
};

/// The state of one tensor.
template <class S, Optimizer O> struct tensor_state {
  std::array<std::vector<S>, std::size_t(O::state_arrays)> arrays;
  std::vector<S> compact;
};

/// How the reference calls the arrays of state, in our order.
using state_names = std::vector<const char*>;

template <class S> void judge_compact_state(safetensors_case& c, const std::string& prefix, const std::vector<S>& got) {
  auto at = got.begin();
  for (const char* const name : {"exp_avg_sq", "exp_avg_sq_row", "exp_avg_sq_col"}) {
    if (!c.has(prefix + name)) {
      // A row factor of one row is not in the file; it stands before the columns.
      if (std::string_view{name} == "exp_avg_sq_row" && at == got.begin()) ++at;
      continue;
    }
    const auto size = static_cast<std::ptrdiff_t>(c[prefix + name].values.size());
    REQUIRE(got.end() - at >= size);
    c.judge(prefix + name, std::vector<S>(at, at + size));
    at += size;
  }
  CHECK(at == got.end());
}

template <class S, Optimizer O> void judge_optimizer(safetensors_case& c, const rapidjson::Value& entry,
                                                     const O& optimizer, double rate, const state_names& names) {
  const int steps = entry["steps"].GetInt();
  REQUIRE(steps > 0);
  REQUIRE(entry["shapes"].Size() > 0);
  for (unsigned i = 0; i < entry["shapes"].Size(); ++i) {
    const std::string tensor = std::to_string(i);
    const auto& shape = c["p" + tensor + ".0"].shape;
    std::vector<S> values = c["p" + tensor + ".0"].as<S>();
    tensor_state<S, O> state;
    for (auto& array : state.arrays) array.resize(values.size());
    state.compact.resize(std::size_t(compact_state_size<O>(shape)));
    for (int step = 0; step < steps; ++step) {
      const std::vector<S> gradient = c["g" + tensor + "." + std::to_string(step)].as<S>();
      tensor_update<S, O::state_arrays> update{.values = values.data(),
                                               .gradient = gradient.data(),
                                               .state = {},
                                               .shape = shape,
                                               .compact_state = state.compact.data()};
      for (std::size_t a = 0; a < state.arrays.size(); ++a) update.state[a] = state.arrays[a].data();
      optimizer.update(update, step_context{step + 1, rate});
      c.judge("p" + tensor + "." + std::to_string(step + 1), values);
    }
    REQUIRE(names.size() == state.arrays.size());
    for (std::size_t a = 0; a < names.size(); ++a) c.judge("state" + tensor + "." + names[a], state.arrays[a]);
    if (!state.compact.empty()) judge_compact_state(c, "state" + tensor + ".", state.compact);
  }
  c.require_all_judged({"state"});
}

template <class S> void judge_case(safetensors_case& c, const rapidjson::Value& entry, const std::string& name) {
  hyper_parameters h{entry["params"]};
  const std::string optimizer = entry["optimizer"].GetString();
  const double rate = h.number("lr", optimizer.find("Adagrad") != std::string::npos ? 1e-2 : 1e-3);
  const auto judge = [&](const auto& chosen, const state_names& names) {
    h.require_all_asked();
    judge_optimizer<S>(c, entry, chosen, rate, names);
  };
  if (optimizer == "torch.optim.adamw.AdamW") {
    const auto with = [&]<bool AMSGrad>(std::bool_constant<AMSGrad>) {
      return basic_adamw<AMSGrad>{.beta1 = h.part("betas", 0, 0.9),
                                  .beta2 = h.part("betas", 1, 0.999),
                                  .epsilon = h.number("eps", 1e-8),
                                  .weight_decay = h.number("weight_decay", 1e-2)};
    };
    if (h.flag("amsgrad")) judge(with(std::true_type{}), {"exp_avg", "exp_avg_sq", "max_exp_avg_sq"});
    else judge(with(std::false_type{}), {"exp_avg", "exp_avg_sq"});
  } else if (optimizer == "torch.optim.adam.Adam") {
    const auto with = [&]<bool AMSGrad>(std::bool_constant<AMSGrad>) {
      return basic_adam<AMSGrad>{.beta1 = h.part("betas", 0, 0.9),
                                 .beta2 = h.part("betas", 1, 0.999),
                                 .epsilon = h.number("eps", 1e-8),
                                 .weight_decay = h.number("weight_decay")};
    };
    if (h.flag("amsgrad")) judge(with(std::true_type{}), {"exp_avg", "exp_avg_sq", "max_exp_avg_sq"});
    else judge(with(std::false_type{}), {"exp_avg", "exp_avg_sq"});
  } else if (optimizer == "torch.optim.sgd.SGD") {
    const double momentum = h.number("momentum"), dampening = h.number("dampening"), decay = h.number("weight_decay");
    const bool nesterov = h.flag("nesterov");
    if (momentum == 0) judge(sgd{.weight_decay = decay}, {});
    else
      judge(
          sgd_with_momentum{.momentum = momentum, .dampening = dampening, .nesterov = nesterov, .weight_decay = decay},
          {"momentum_buffer"});
  } else if (optimizer == "torch.optim.rmsprop.RMSprop") {
    const double momentum = h.number("momentum"), alpha = h.number("alpha", 0.99), eps = h.number("eps", 1e-8),
                 decay = h.number("weight_decay");
    const auto with = [&]<bool Centered>(std::bool_constant<Centered>, const state_names& plain,
                                         const state_names& moving) {
      if (momentum == 0)
        judge(basic_rmsprop<Centered>{.smoothing = alpha, .epsilon = eps, .weight_decay = decay}, plain);
      else
        judge(
            basic_rmsprop_with_momentum<Centered>{
                .momentum = momentum, .smoothing = alpha, .epsilon = eps, .weight_decay = decay},
            moving);
    };
    if (h.flag("centered"))
      with(std::true_type{}, {"square_avg", "grad_avg"}, {"square_avg", "momentum_buffer", "grad_avg"});
    else with(std::false_type{}, {"square_avg"}, {"square_avg", "momentum_buffer"});
  } else if (optimizer == "torch.optim.adagrad.Adagrad") {
    judge(adagrad{.rate_decay = h.number("lr_decay"),
                  .initial_sum = h.number("initial_accumulator_value"),
                  .epsilon = h.number("eps", 1e-10),
                  .weight_decay = h.number("weight_decay")},
          {"sum"});
  } else if (optimizer == "transformers.optimization.AdamW") {
    h.ignore("no_deprecation_warning");
    judge(hf_adamw{.beta1 = h.part("betas", 0, 0.9),
                   .beta2 = h.part("betas", 1, 0.999),
                   .epsilon = h.number("eps", 1e-6),
                   .weight_decay = h.number("weight_decay"),
                   .correct_bias = h.flag("correct_bias", true)},
          {"exp_avg", "exp_avg_sq"});
  } else if (optimizer == "transformers.optimization.Adafactor") {
    const adafactor rule{.square_epsilon = h.part("eps", 0, 1e-30),
                         .scale_epsilon = h.part("eps", 1, 1e-3),
                         .clip_threshold = h.number("clip_threshold", 1),
                         .decay_rate = h.number("decay_rate", -0.8),
                         .weight_decay = h.number("weight_decay"),
                         .scale_parameter = h.flag("scale_parameter", true),
                         .relative_step = h.flag("relative_step", true),
                         .warmup_init = h.flag("warmup_init")};
    const double beta1 = h.number("beta1", -1);
    if (beta1 < 0) judge(rule, {});
    else judge(adafactor_with_momentum{.beta1 = beta1, .rule = rule}, {"exp_avg"});
  } else if (optimizer == "pytorch_lamb.lamb.Lamb") {
    judge(lamb{.beta1 = h.part("betas", 0, 0.9),
               .beta2 = h.part("betas", 1, 0.999),
               .epsilon = h.number("eps", 1e-6),
               .weight_decay = h.number("weight_decay")},
          {"exp_avg", "exp_avg_sq"});
  } else if (optimizer == "lion_pytorch.lion_pytorch.Lion") {
    judge(lion{.beta1 = h.part("betas", 0, 0.9),
               .beta2 = h.part("betas", 1, 0.99),
               .weight_decay = h.number("weight_decay")},
          {"exp_avg"});
  } else {
    report_skipped(name + ": no optimizer " + optimizer);
  }
}

void judge_schedule(safetensors_case& c, const std::string& name, const rapidjson::Value& entry) {
  hyper_parameters h{entry};
  const double rate = h.number("base_lr", 1);
  const std::int64_t warm_up = h.count("num_warmup_steps"), steps = h.count("num_training_steps");
  const auto judge = [&](const auto& schedule) {
    h.require_all_asked();
    std::vector<double> got;
    for (std::size_t t = 0; t < c[name].values.size(); ++t) got.push_back(schedule(static_cast<std::int64_t>(t)));
    REQUIRE(!got.empty());
    c.judge(name, got);
    for (std::size_t t = 0; t < got.size(); ++t)
      CHECK(got[t] == Approx(c[name].values[t]).epsilon(1e-13).margin(1e-15));
  };
  if (name.starts_with("constant")) judge(constant_schedule{rate, warm_up});
  else if (name.starts_with("linear")) judge(linear_schedule{rate, warm_up, steps});
  else if (name.starts_with("cosine_hard_restarts"))
    judge(cosine_restarts_schedule{rate, warm_up, steps, h.number("num_cycles", 1)});
  else if (name.starts_with("cosine")) judge(cosine_schedule{rate, warm_up, steps, h.number("num_cycles", 0.5)});
  else if (name.starts_with("polynomial"))
    judge(polynomial_schedule{rate, warm_up, steps, h.number("lr_end", 1e-7), h.number("power", 1)});
  else if (name.starts_with("inverse_sqrt")) judge(inverse_square_root_schedule{rate, warm_up, h.count("timescale")});
  else report_skipped("no schedule " + name);
}

TEST_CASE("optimizers follow the reference for every step, in double and float") {
  TYPEFORMER_NEEDS_SHARED(folder, "fixtures/optim/index.json");
  const rapidjson::Document cases = read_json(folder);
  REQUIRE(cases.MemberCount() > 1);
  for (const auto& [key, entry] : cases.GetObject()) {
    const std::string name = key.GetString();
    if (!entry.HasMember("optimizer")) continue;
    INFO(name);
    safetensors_case in_double{folder.parent_path() / (name + ".safetensors")},
        in_float{folder.parent_path() / (name + ".safetensors")};
    judge_case<double>(in_double, entry, name);
    judge_case<float>(in_float, entry, name);
  }
}

TEST_CASE("schedules follow the reference at every step") {
  TYPEFORMER_NEEDS_SHARED(folder, "fixtures/optim/index.json");
  const rapidjson::Document cases = read_json(folder);
  REQUIRE(cases.HasMember("lr_schedules"));
  safetensors_case c{folder.parent_path() / "lr_schedules.safetensors"};
  for (const auto& [name, entry] : cases["lr_schedules"].GetObject()) {
    INFO(name.GetString());
    judge_schedule(c, name.GetString(), entry);
  }
  c.require_all_judged({""});
}

template <class S> void judge_clipping(const std::filesystem::path& path) {
  safetensors_case c{path};
  std::vector<S> gradients;
  std::vector<std::size_t> ends;
  for (int i = 0; c.has("in.grad" + std::to_string(i)); ++i) {
    const std::vector<S> part = c["in.grad" + std::to_string(i)].as<S>();
    gradients.insert(gradients.end(), part.begin(), part.end());
    ends.push_back(gradients.size());
  }
  const double norm = clip_gradients<S>(gradients, c.attribute("max_norm"));
  c.judge("out.total_norm", std::vector<double>{norm});
  for (std::size_t i = 0, begin = 0; i < ends.size(); begin = ends[i++])
    c.judge("out.grad" + std::to_string(i),
            std::vector<S>(gradients.begin() + std::ptrdiff_t(begin), gradients.begin() + std::ptrdiff_t(ends[i])));
  c.require_all_judged({"out."});
}

TEST_CASE("the global norm is clipped as PyTorch does") {
  TYPEFORMER_NEEDS_SHARED(path, "fixtures/ops/clip_grad_norm.safetensors");
  judge_clipping<double>(path);
  judge_clipping<float>(path);
}

}  // namespace
}  // namespace typeformer
