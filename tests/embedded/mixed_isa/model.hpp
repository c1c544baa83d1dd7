// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/all.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/parameters/initialize.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

struct small
    : typeformer::gpt2<typeformer::gpt2_config{.layers = 1, .width = 32, .heads = 2, .vocabulary = 61, .context = 16}> {
};
/// The names of its functions do not show what is inside.
struct bundle {
  typeformer::weights<small> weights;
};
typeformer::weights<small> make();
bundle make_bundle();
double infer(const typeformer::weights<small>& weights);
double infer_bundle(const bundle& bundle);
