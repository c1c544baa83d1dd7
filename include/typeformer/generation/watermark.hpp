// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/philox.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/candidates.hpp>
#include <typeformer/generation/sampling_error.hpp>

namespace typeformer {

struct watermark_settings {
  std::uint64_t key = 0;         ///< whoever knows it finds the watermark
  float green_fraction = 0.25f;  ///< of the vocabulary, behind each token
  float bias = 2.0f;             ///< is added to the logits of green tokens
};

/// Which tokens are green behind a token (Kirchenbauer et al. 2023, arXiv:2301.10226, Algorithm 2). A text with more
/// green tokens than chance allows was generated with the watermark.
///
/// Philox makes a number of each pair of tokens and the key; the token is green if it is below the green fraction. The
/// paper draws a list of exactly that size instead, which cannot be asked for one token alone. The detector counts
/// pairs, so it needs neither the model nor the vocabulary.
class watermark {
 public:
  /// Errors: a fraction outside of (0, 1), or so small that no token would be green; a bias that is not finite.
  static constexpr result<watermark, sampling_error> of(const watermark_settings& settings) {
    if (!(settings.green_fraction >= 0x1p-32f && settings.green_fraction < 1.0f))
      return failure{sampling_error::problem::green_fraction_is_outside_of_zero_to_one};
    if (!is_finite(settings.bias)) return failure{sampling_error::problem::watermark_bias_is_not_a_finite_number};
    return watermark{settings};
  }

  constexpr float bias() const { return bias_; }
  constexpr double green_fraction() const { return static_cast<double>(threshold_) * 0x1p-32; }

  constexpr bool is_green(std::int32_t previous, std::int32_t id) const {
    return word_of(block_of(previous, id), id) < threshold_;
  }

  /// Adds the bias to the green ones of some candidates. Cost: a block of Philox for each four ids.
  constexpr void raise(candidates& left, std::int32_t previous) const {
    std::uint32_t number = 0xFFFF'FFFF;
    philox::counter_type block{};
    left.transform_logits([&](const candidate& item) {
      const auto its_number = static_cast<std::uint32_t>(item.id) / 4;
      if (its_number != number) block = block_of(previous, item.id);
      number = its_number;
      return word_of(block, item.id) < threshold_ ? item.logit + bias_ : item.logit;
    });
  }

 private:
  constexpr explicit watermark(const watermark_settings& settings)
      : key_{static_cast<std::uint32_t>(settings.key), static_cast<std::uint32_t>(settings.key >> 32)},
        threshold_{static_cast<std::uint32_t>(settings.green_fraction * 0x1p32f)},
        bias_{settings.bias} {}

  constexpr philox::counter_type block_of(std::int32_t previous, std::int32_t id) const {
    constexpr std::uint32_t purpose = 0x6772'6E6C;  // streams of samplers have other blocks, should the keys be equal
    return philox::block({static_cast<std::uint32_t>(id) / 4, static_cast<std::uint32_t>(previous), purpose, purpose},
                         key_);
  }
  static constexpr std::uint32_t word_of(const philox::counter_type& block, std::int32_t id) {
    return block[static_cast<std::uint32_t>(id) % 4];
  }

  philox::key_type key_;
  std::uint32_t threshold_;
  float bias_;
};

/// A filter that puts a watermark into a text. `previous` is the last token of the prompt at first, and then of the
/// text; the caller owns it. Place it behind filters that depend on the sign of logits. Before `temperature`, its bias
/// is divided by the temperature, too.
class watermarked_by {
 public:
  constexpr watermarked_by(const watermark& mark, std::int32_t& previous) : mark_{mark}, previous_{&previous} {}

  constexpr void operator()(candidates& left) const { mark_.raise(left, *previous_); }
  constexpr void chosen(std::int32_t id) const { *previous_ = id; }

 private:
  watermark mark_;
  std::int32_t* previous_;
};

}  // namespace typeformer
