// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/composition/sequential.hpp>
#include <typeformer/layers/mean_pooling.hpp>
#include <typeformer/layers/unit_length.hpp>

namespace typeformer {

/// One vector of length 1 for each sequence: texts are as similar as the product of their vectors, the cosine between
/// them (Reimers, Gurevych 2019, arXiv:1908.10084, §3). The end of an encoder's chain: `bert_body<config, gelu_erf,
/// sentence_embedding<>>`.
///
/// x [rows][width], y [sequences][width]. `Pooling` is `mean_pooling`, or `first_token` for the vector of `[CLS]`.
template <class Pooling = mean_pooling> struct sentence_embedding : sequential<Pooling, unit_length<>> {};

}  // namespace typeformer
