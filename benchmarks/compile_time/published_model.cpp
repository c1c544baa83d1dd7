// SPDX-License-Identifier: BSL-1.0
// One of the published sizes of a family as a type: counted, planned, loaded by its names in files, run. How long it takes
// to compile must not depend on the size; see docs/compile_time.md. TYPEFORMER_MODEL names another one.
#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/inspection/flops.hpp>
#include <typeformer/inspection/footprint.hpp>
#include <typeformer/inspection/parameter_count.hpp>
#include <typeformer/models/gpt3.hpp>
#include <typeformer/models/palm.hpp>
#include <typeformer/session/session.hpp>

#ifndef TYPEFORMER_MODEL
#define TYPEFORMER_MODEL gpt3<tf::gpt3_small>
#endif

namespace tf = typeformer;

struct model : tf::TYPEFORMER_MODEL {};

static_assert(tf::parameter_count<model> > 100'000'000);
static_assert(tf::flops<model, tf::evaluating_with<tf::tokens<64>>> > 100 * tf::parameter_count<model>);
static_assert(tf::footprint<model, tf::decoding>::state_bytes > 0);

int main(int count, char** arguments) {
  if (count < 2) return 2;
  const auto weights = tf::load<model>(arguments[1]);
  if (!weights) return 1;
  tf::session<model> run{*weights};
  const std::int32_t prompt[] = {1, 2, 3};
  return run.prefill(prompt) && run.decode(4) ? 0 : 1;
}
