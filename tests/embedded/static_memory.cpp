// SPDX-License-Identifier: BSL-1.0
// Static objects of every class that holds a model's memory, with weights whose address the linker knows.
#include <typeformer/execution/all.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/parallel/spin_workers.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

namespace tf = typeformer;

struct small
    : tf::llama<tf::llama_config{.layers = 2, .width = 32, .heads = 2, .hidden = 64, .vocabulary = 64, .context = 32}> {
};

using flash = tf::canonical_weights<small>;
extern const float in_flash[tf::layout_of<small>.parameters];
const float in_flash[tf::layout_of<small>.parameters] = {1};
tf::spin_pool<1> placed_pool;

template <template <class, class...> class Runner, class... Options>
using in_place = Runner<small, tf::tokens<8>, tf::storage::in_place, tf::reads<flash>, Options...>;
template <template <class, class, class...> class Learner>
using training_pass_in_place = Learner<small, tf::causal_language_model, tf::tokens<8>, tf::storage::in_place>;

// The test finds each of them in the object file by its name.
in_place<tf::session> placed_session{flash{in_flash}};
static in_place<tf::forward_pass> placed_forward_pass{flash{in_flash}};
in_place<tf::session, tf::on_workers<tf::spin_workers<1>>> placed_session_on_workers{flash{in_flash},
                                                                                     tf::spin_workers<1>{placed_pool}};
training_pass_in_place<tf::training_pass> placed_training_pass;
static training_pass_in_place<tf::loss_pass> placed_loss_pass;
template <int> struct of_a_template {
  static inline in_place<tf::session> placed_member{flash{in_flash}};
};

bool use_them(const tf::token_batch& batch, float* gradients) {
  static in_place<tf::session> placed_in_a_function{flash{in_flash}};
  const std::int32_t ids[] = {1, 2};
  return placed_session.decode(1) && placed_forward_pass.run(ids) && placed_session_on_workers.decode(2) &&
         *placed_training_pass.run(in_flash, gradients, batch) > 0 &&
         placed_loss_pass.run(in_flash, batch)->parts[0].loss > 0 && of_a_template<1>::placed_member.decode(1) &&
         placed_in_a_function.decode(1);
}
